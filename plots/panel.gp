# SPDX-License-Identifier: MIT
# Loaded once a panel: the cost of a call over the factor x_factor for every
# backend, with 95 % intervals, each line named at its right end. The figure
# has set sweep, stage, layout and fixed(), the scales and both ranges: y_low
# and y_high, in seconds.

set autoscale y # stats heeds the range
on_scale(y) = log_y ? log10(y) : y

# The last point of each line, in the order of height: where its name goes.
names = ""
array label_y[words(backends) + 1]
do for [name in backends] {
    end_x = -1.0
    end_y = NaN
    n_rows = 0
    stats points using (is_row_of(name) && column(x_factor) > end_x ? \
        (end_y = shown(column("estimate_ns")), end_x = column(x_factor), \
        n_rows = n_rows + 1, 1) : 1) nooutput
    if (n_rows >= fewest_rows) {
        place = 1
        do for [i = 1:words(names)] {
            if (label_y[i] < on_scale(end_y)) { place = i + 1 }
        }
        do for [i = words(names):place:-1] { label_y[i + 1] = label_y[i] }
        label_y[place] = on_scale(end_y)
        before = ""
        after = ""
        do for [i = 1:words(names)] {
            if (i < place) { before = with_word(before, word(names, i)) } \
            else { after = with_word(after, word(names, i)) }
        }
        names = before . " " . name . " " . after
    }
}

# Names that would overlap make room for each other, those at the edge too.
gap = 0.05 * panel_stretch * (on_scale(y_high) - on_scale(y_low))
do for [pass = 1:30] {
    do for [i = 2:words(names)] {
        overlap = gap - (label_y[i] - label_y[i - 1])
        if (overlap > 0) {
            label_y[i] = label_y[i] + overlap / 2
            label_y[i - 1] = label_y[i - 1] - overlap / 2
        }
    }
}
do for [i = 1:words(backends)] { unset label i }
do for [i = 1:words(names)] {
    set label i word(names, i) at graph 1.02, \
        first (log_y ? 10 ** label_y[i] : label_y[i]) left noenhanced \
        font text_font . ",8" textcolor rgb text_colour(word(names, i))
}

set label 96 heading at graph 0, 1 offset 0, strlen(finding) ? 2.5 : 0.8 left
set label 97 wrapped(finding) at graph 0, 1 offset 0, 1.5 left noenhanced \
    font text_font . ",7.5" textcolor rgb "#505050"
set label 98 y_title at screen 0.014, graph 0.5 center rotate by 90
set yrange [y_low:y_high]
# Unique sorts: rows may come in any order.
plot for [name in names] points \
    using (column(x_factor)):(cost_of(name, "low_ns")):(0): \
    (cost_of(name, "high_ns") - cost_of(name, "low_ns")) \
    with vectors nohead ls style_of(name) \
    linewidth (with_marks ? 1.2 : 0.5), \
    for [name in names] points \
    using (column(x_factor)):(cost_of(name, "estimate_ns")) \
    smooth unique with linespoints ls style_of(name) \
    pointtype (with_marks ? mark_of(name) : 0)
