# SPDX-License-Identifier: MIT
# What others have published (history.csv) beside this run's own line: cost per
# watched fd of one call with one fd ready; a panel for each system call, on
# equal axes. Some of the published figures hold more than the call; the column
# "includes" says what.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
load "common.gp"
history = run . "/history.csv"

published = ""
stats history using (published = with_word(published, strcol("backend")), 1) \
    nooutput
calls = ""
do for [name in heads] {
    if (index_in(published, name)) { calls = with_word(calls, name) }
}
is_shown(x) = column("active") == 1 && index_in(calls, strcol("backend")) && \
    column("fds") > 0

# A line for each source and kernel.
most = 24
array keys[most]
n_keys = 0
key_of(x) = strcol("series") . "\t" . strcol("kernel")
number_of(key) = int(sum [w = 1:n_keys] (keys[w] eq key ? w : 0))
note_key(key) = number_of(key) == 0 && n_keys < most ? \
    (n_keys = n_keys + 1, keys[n_keys] = key, 1) : 1
stats history using (is_shown(0) ? \
    (note_key(key_of(0)), note(1e-9 * column("fd_ns"))) : 1) nooutput
if (n_keys == 0) { exit status no_data }
y_low = 0.6 * smallest
y_high = 1.5 * largest
smallest = 1e300; largest = 0
stats history using (is_shown(0) ? note(column("fds")) : 1) nooutput

is_on_line(i, call) = is_shown(0) && strcol("backend") eq call && \
    number_of(key_of(0)) == i
fd_cost(i, call) = is_on_line(i, call) ? 1e-9 * column("fd_ns") : NaN
is_ours(i) = keys[i][1:8] eq "this run"
colour_of(i, call) = is_ours(i) ? text_colour(call) : "#707070"

set logscale xy
x_low = 0.8 * smallest
x_high = 1.2 * largest
stats findings using (find_all("history", "")) nooutput
panels = words(calls)
slide_columns = panels
own_y = !is_slide
panel_height = 150
do for [i = 1:n_keys] {
    cut = strstrt(keys[i], "\t") - 1
    if (cut > label_chars) { label_chars = cut }
}
load "layout.gp"
x_title = "fds watched (N)"
y_title = is_slide ? "cost of one call per watched fd" : "cost per watched fd"
do for [call in calls] {
    set autoscale xy
    n_labels = 0
    do for [i = 1:n_keys] {
        end_x = -1.0
        stats history using (is_on_line(i, call) && column("fds") > end_x ? \
            (end_y = 1e-9 * column("fd_ns"), end_x = column("fds"), 1) : 1) \
            nooutput
        if (end_x > 0) {
            n_labels = n_labels + 1
            label_text[n_labels] = keys[i][1:strstrt(keys[i], "\t") - 1]
            label_text[n_labels] = label_text[n_labels][1:label_chars]
            label_colour[n_labels] = colour_of(i, call)
            label_y[n_labels] = end_y
        }
    }
    load "labels.gp"
    heading = call
    load "heads.gp"
    load "axes.gp"
    plot for [i = 1:n_keys] history using (column("fds")):(fd_cost(i, call)) \
        smooth unique with linespoints linecolor rgb colour_of(i, call) \
        linewidth (is_ours(i) ? 1.6 : 0.7) * line pointsize 0.45 * mark \
        pointtype (is_ours(i) ? mark_of(call) : 6)
    load "drawn.gp"
    if (is_slide) { y_title = ""; y_format = "" }
}
unset multiplot
