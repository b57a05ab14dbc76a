# SPDX-License-Identifier: MIT
# What runs of different labels cost (comparison.csv, column headline): a panel
# for each unit, in it a line for each backend over the labels, in the order in
# which the runs were named.
run = ARG1 # of the backends and their colours
out = ARG2
run_id = ARG3
points = ARG4 # comparison.csv
most = 12
array label_of[most]
n_tags = 0
# common.gp takes the backends from a points.csv, which this is alike in that.
kinds_of = run . "/points.csv"
load "common.gp"

tag_of(name) = int(sum [k = 1:n_tags] (label_of[k] eq name ? k : 0))
note_tag(name) = tag_of(name) || n_tags == most ? 1 : \
    (n_tags = n_tags + 1, label_of[n_tags] = name, 1)
is_told(x) = strcol("of") eq "label" && column("headline") == 1
stats points using (is_told(0) ? (note_tag(strcol("label_a")), \
    note_tag(strcol("label_b"))) : 1) nooutput
if (n_tags < 2) { exit status no_data }
shown_backends = ""
do for [name in known_backends] {
    shown_backends = index_in(backends, name) ? \
        with_word(shown_backends, name) : shown_backends
}
n_series = words(shown_backends)
array unit_at[5]
panels = 0
note_unit(name) = panels == 5 || \
    int(sum [k = 1:panels] (unit_at[k] eq name)) ? 1 : \
    (panels = panels + 1, unit_at[panels] = name, 1)
stats points using (is_told(0) && abs(column("a")) > 0 ? \
    note_unit(strcol("unit")) : 1) nooutput

# Of each backend the values of all labels, one after the other.
array value[most * styles]
place_of(name) = most * (index_in(shown_backends, strcol("backend")) - 1) + \
    tag_of(name)
put(name, number) = place_of(name) > 0 ? \
    (value[place_of(name)] = number, note(number), 1) : 1
note_row_of(unit) = is_told(0) && strcol("unit") eq unit ? ( \
    put(strcol("label_a"), column("a")), \
    put(strcol("label_b"), column("b"))) : 1
read_values = 'set datafile separator comma; set datafile columnheaders; \
    do for [k = 1:most * styles] { value[k] = NaN }; \
    smallest = 1e300; largest = 0; \
    stats points using (note_row_of(unit_at[panel])) nooutput'
of_line(k) = 1 + (int(k) - 1) / most
x_of(k) = 1 + (int(k) - 1) % most
says(k) = value[int(k)] != value[int(k)] ? "" : \
    sprintf("%s, %s: %s %s", word(shown_backends, of_line(k)), \
    label_of[x_of(k)], three(value[int(k)]), unit_at[panel])
# "6.1" of "kernel=6.1"
short(name) = name[strstrt(name, "=") + 1:*]

caption = ""
note = ""
log_x = 0
log_y = 0
own_y = 1
tic_chars = 6
slide_columns = 2
title = "What a call costs" . (strstrt(label_of[1], "=") ? \
    ", by " . label_of[1][1:strstrt(label_of[1], "=") - 1] : "")
load "layout.gp"
x_low = 0.8
x_high = n_tags + 0.2
x_format = "%.0f"
y_format = "%g"
x_title = ""
y_title = ""
mark_size = mark
do for [panel = 1:panels] {
    @read_values
    set autoscale xy
    heading = unit_at[panel] . (unit_at[panel] eq "instructions" ? \
        " per call, the lowest fd alone" : "")
    y_low = 0
    y_high = 1.08 * largest
    n_labels = 0
    do for [i = 1:n_series] {
        if (value[most * (i - 1) + n_tags] == value[most * (i - 1) + n_tags]) {
            n_labels = n_labels + 1
            label_text[n_labels] = word(shown_backends, i)
            label_colour[n_labels] = style_colour(style_of(label_text[n_labels]))
            label_y[n_labels] = value[most * (i - 1) + n_tags]
        }
    }
    load "labels.gp"
    load "heads.gp"
    load "axes.gp"
    set xtics ()
    do for [k = 1:n_tags] { set xtics add (short(label_of[k]) k) }
    # As an array has neither.
    set datafile separator whitespace
    unset datafile columnheaders
    if (is_page) {
        plot for [i = 1:n_series] value using \
            (of_line($1) == i ? x_of($1) : NaN):2 \
            with lines ls style_of(word(shown_backends, i)), \
            for [i = 1:n_series] value using \
            (of_line($1) == i ? x_of($1) : NaN):2:(says($1)) \
            with labels hypertext point ls style_of(word(shown_backends, i))
    } else {
        plot for [i = 1:n_series] value using \
            (of_line($1) == i ? x_of($1) : NaN):2 \
            with linespoints ls style_of(word(shown_backends, i))
    }
    load "drawn.gp"
}
unset multiplot
