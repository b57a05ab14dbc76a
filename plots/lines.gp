# SPDX-License-Identifier: MIT
# Loaded by a panel: lines over the rows of a file, with 95 % intervals, each
# named at its right end; what was disturbed is hollow. The figure has set rows,
# the number of lines n_series, the name and style of each, is_on(i), which says
# whether a row is on line i, the place of a row x_of(x) and y_of(name) (NaN:
# none), what its mark says(x) and whether it has_doubts(x), the scales and both
# ranges, x_low to x_high and y_low to y_high; and predictions, the file of what
# is predicted of the same rows, which is dashed, if there is one.

set autoscale xy # stats heeds the ranges
do for [i = 1:n_series] { end_x[i] = -1.0; end_rows[i] = 0 }
n_doubts = 0
note_end(i, x, y) = x == x && y == y ? (end_rows[i] = end_rows[i] + 1, \
    n_doubts = n_doubts + has_doubts(0), x > end_x[i] ? (end_x[i] = x, end_y[i] = y, 1) : 1) : 1
stats rows using (sum [i = 1:n_series] \
    (is_on(i) ? note_end(i, x_of(0), y_of("estimate_ns")) : 0)) nooutput
is_drawn(i) = end_rows[i] >= fewest_rows
y_on(i, name) = is_drawn(i) && is_on(i) ? y_of(name) : NaN
doubt_on(i) = has_doubts(0) ? y_on(i, "estimate_ns") : NaN

n_labels = 0
do for [i = 1:n_series] {
    # One name for lines that have the same.
    is_new = is_drawn(i) && int(sum [k = 1:n_labels] \
        (label_text[k] eq line_name[i][1:label_chars])) == 0
    if (is_new) {
        n_labels = n_labels + 1
        label_text[n_labels] = line_name[i][1:label_chars]
        label_colour[n_labels] = style_colour(line_style[i])
        label_y[n_labels] = end_y[i]
    }
}
load "labels.gp"
load "heads.gp"
load "axes.gp"

mark_size = with_marks ? mark : 0.6 * mark
bars = 'for [i = 1:n_series * with_bars] rows using (x_of(0)): \
    (y_on(i, "low_ns")):(0):(y_on(i, "high_ns") - y_on(i, "low_ns")) \
    with vectors nohead ls line_style[i] \
    linewidth (with_marks ? 1.0 : 0.5) * line'
if (!exists("predictions")) { predictions = "" }
foreseen = strlen(predictions) == 0 ? "" : 'for [i = 1:n_series] predictions \
    using (x_of(0)):(y_on(i, "predicted")) smooth unique with lines \
    ls line_style[i] dashtype 3 linewidth 0.7 * line,'
# Unique sorts: rows may come in any order.
curves = 'for [i = 1:n_series] rows using (x_of(0)): \
    (y_on(i, "estimate_ns")) smooth unique with'
if (is_page) {
    plot @bars, @foreseen @curves lines ls line_style[i], \
        for [i = 1:n_series] rows using (x_of(0)):(y_on(i, "estimate_ns")): \
        (says(0)):(mark_of(line_style[i]) - has_doubts(0)) \
        with labels hypertext point ls line_style[i] \
        pointtype variable pointsize 0.6 * mark_size
} else {
    # Hollow: the mark, and a smaller one of the ground on it.
    plot @bars, @foreseen @curves linespoints ls line_style[i] \
        pointtype (with_marks ? mark_of(line_style[i]) : -2), \
        for [i = 1:n_series * (n_doubts > 0)] \
        rows using (x_of(0)):(doubt_on(i)) \
        with points ls line_style[i] pointsize mark_size, \
        for [i = 1:n_series * (n_doubts > 0)] \
        rows using (x_of(0)):(doubt_on(i)) \
        with points ls line_style[i] pointsize 0.55 * mark_size \
        linecolor rgb "white"
}
load "drawn.gp"
