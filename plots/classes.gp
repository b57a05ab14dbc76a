# SPDX-License-Identifier: MIT
# How costs grow (growth.csv): a panel for each series of a factor, in it for each
# backend its class, named at the right, and the exponent with its 95 % interval.
# What does not grow is at 0, without one; where the exponent cannot be told
# either, only the class is named.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
load "common.gp"
growth = run . "/growth.csv"

is_of_run(x) = strcol("stage") eq "all" && strcol("layout") eq layout && \
    strcol("fd_kind") eq kind && strcol("metric") eq metric && \
    (column("typical") == 1 || metric ne "cost") && \
    index_in(known_backends, strcol("backend"))
layout = ""
backends = ""
stats growth using (layout = strlen(layout) ? layout : strcol("layout"), \
    backends = with_word(backends, strcol("backend")), 1) nooutput
# Those of a factor, by how many fds are watched.
most = 9
array of_factor[most]
array of_count[most]
array axis_of[most]
panels = 0
is_of(i) = is_of_run(0) && strcol("variable") eq of_factor[i] && \
    strcol("fd_count") eq of_count[i]
note_panel(x) = is_of_run(0) && strcol("variable") eq factor && \
    panels < most && int(sum [i = 1:panels] is_of(i)) == 0 ? \
    (panels = panels + 1, of_factor[panels] = factor, \
    of_count[panels] = strcol("fd_count"), 1) : 1
do for [factor in "highest_fd fd_count ready_count"] {
    stats growth using (note_panel(0)) nooutput
}
if (panels == 0) { exit status no_data }
axis_for(factor) = factor eq "highest_fd" ? "Highest fd (M)" : \
    factor eq "fd_count" ? "Fds watched (N)" : "Fds ready (R)"

# From the top, in their order.
shown_backends = ""
do for [name in known_backends] {
    shown_backends = index_in(backends, name) ? \
        with_word(shown_backends, name) : shown_backends
}
n_series = words(shown_backends)
place_of(x) = n_series + 1 - index_in(shown_backends, strcol("backend"))
style(x) = style_of(strcol("backend"))
exponent(name) = strcol("class") eq "O(1)" ? 0 : column(name)
plain(s) = s eq "cannot-tell" ? "cannot tell" : s
says(x) = sprintf("%s: %s%s\n%s to %s: %s to %s", strcol("backend"), \
    plain(strcol("class")), column("exponent") == column("exponent") ? \
    sprintf(", exponent %s [%s, %s]", three(column("exponent")), \
    three(column("exponent_low")), three(column("exponent_high"))) : "", \
    strcol("from"), strcol("to"), cost_at("from_ns"), cost_at("to_ns"))
cost_at(name) = three(column(name) / unit_of(column(name))) . " " . \
    unit_name(unit_of(column(name)))

x_low = -0.25
x_high = 2.25
stats growth using (is_of_run(0) ? ( \
    x_low = column("exponent_low") - 0.1 < x_low ? column("exponent_low") - 0.1 : x_low, \
    x_high = column("exponent_high") + 0.1 > x_high ? \
    column("exponent_high") + 0.1 : x_high, 1) : 1) nooutput
y_low = 0.4
y_high = n_series + 0.6
log_x = 0
log_y = 0
slide_columns = 2
own_y = 1
tic_chars = 0
do for [name in shown_backends] {
    tic_chars = strlen(name) > tic_chars ? strlen(name) : tic_chars
}
label_chars = strlen("O(n)..O(n log n)")
panel_height = 1.5 * small_px * n_series
page_height = 1.3 * panel_height
title = "How the cost of a call grows: its class, and its exponent"
load "layout.gp"
set tics font small_font
set ytics ()
do for [name in shown_backends] {
    set ytics add (name n_series + 1 - index_in(shown_backends, name))
}
set xtics ceil((x_high - x_low) * 3 * text_px / panel_width)
x_format = "%.0f"
y_format = "%s"
y_title = ""
x_title = "exponent p, cost as n^p"
mark_size = mark
is_on(i) = is_of(panel) && place_of(0) == n_series + 1 - i
bars = 'for [i = 1:n_series] growth using \
    (is_on(i) ? column("exponent_low") : NaN):(place_of(0)): \
    (column("exponent_high") - column("exponent_low")):(0) \
    with vectors nohead ls style_of(word(shown_backends, i)) \
    linewidth 2 * line'
marks = 'for [i = 1:n_series] growth using \
    (is_on(i) ? exponent("exponent") : NaN):(place_of(0))'
do for [panel = 1:panels] {
    heading = axis_for(of_factor[panel]) . (of_factor[panel] eq "fd_count" ? \
        "" : sprintf(", %s watched", of_count[panel]))
    set autoscale xy
    n_labels = 0
    stats growth using (is_of(panel) ? (n_labels = n_labels + 1, \
        label_text[n_labels] = plain(strcol("class"))[1:label_chars], \
        label_colour[n_labels] = style_colour(style(0)), \
        label_y[n_labels] = place_of(0), 1) : 1) nooutput
    load "labels.gp"
    load "heads.gp"
    load "axes.gp"
    if (is_page) {
        plot @bars, @marks:(says(0)): \
            (mark_of(style_of(word(shown_backends, i))) - is_doubtful(0)) \
            with labels hypertext point ls style_of(word(shown_backends, i)) \
            pointtype variable pointsize mark_size
    } else {
        plot @bars, @marks with points ls style_of(word(shown_backends, i)), \
            for [i = 1:n_series] growth using (is_on(i) && is_doubtful(0) ? \
            exponent("exponent") : NaN):(place_of(0)) \
            with points ls style_of(word(shown_backends, i)) \
            pointsize 0.4 * mark_size linecolor rgb "white"
    }
    load "drawn.gp"
}
unset multiplot
