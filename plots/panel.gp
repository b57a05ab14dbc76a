# SPDX-License-Identifier: MIT
# Loaded once a panel: the cost of a call over the factor x_factor for every
# backend, with 95 % intervals, each line named at its right end. The figure
# has set sweep, stage, layout and fixed(), the scales and both ranges, x_low to
# x_high and y_low to y_high, the latter in seconds.

set autoscale xy # stats heeds the ranges
# The last point of each line that has points enough is where its name goes.
n_labels = 0
names = ""
do for [name in backends] {
    end_x = -1.0
    n_rows = 0
    stats points using (is_row_of(name) && column(x_factor) > end_x ? \
        (end_y = shown(column("estimate_ns")), end_x = column(x_factor), \
        n_rows = n_rows + 1, 1) : 1) nooutput
    if (n_rows >= fewest_rows) {
        n_labels = n_labels + 1
        names = with_word(names, name)
        label_text[n_labels] = name[1:label_chars]
        label_colour[n_labels] = text_colour(name)
        label_y[n_labels] = end_y
    }
}
load "labels.gp"

load "heads.gp"
load "axes.gp"
# Unique sorts: rows may come in any order.
plot for [name in names] points \
    using (column(x_factor)):(cost_of(name, "low_ns")):(0): \
    (cost_of(name, "high_ns") - cost_of(name, "low_ns")) \
    with vectors nohead ls style_of(name) \
    linewidth (with_marks ? 1.0 : 0.5) * line, \
    for [name in names] points \
    using (column(x_factor)):(cost_of(name, "estimate_ns")) \
    smooth unique with linespoints ls style_of(name) \
    pointtype (with_marks ? mark_of(name) : -2)
load "drawn.gp"
