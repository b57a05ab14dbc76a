# SPDX-License-Identifier: MIT
# What others have published (history.csv) beside this run's own line: cost per
# watched fd of one call with one fd ready; a panel for each system call, on
# equal axes. Some of the published figures hold more than the call; the column
# "includes" says what.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5 # over the fds watched, whose points are this run's
load "common.gp"
if (is_counted) { exit status no_data } # others have published times
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
array keys[labels_most]
n_keys = 0
key_of(x) = strcol("series") . "\t" . strcol("kernel")
number_of(key) = int(sum [w = 1:n_keys] (keys[w] eq key ? w : 0))
note_key(key) = number_of(key) == 0 && n_keys < labels_most ? \
    (n_keys = n_keys + 1, keys[n_keys] = key, 1) : 1
stats history using (is_shown(0) ? \
    (note_key(key_of(0)), note(1e-9 * column("fd_ns"))) : 1) nooutput
if (n_keys == 0) { exit status no_data }
y_low = 0.6 * smallest
y_high = 1.5 * largest
smallest = 1e300; largest = 0
stats history using (is_shown(0) ? note(column("fds")) : 1) nooutput

is_ours(i) = keys[i][1:8] eq "this run"
is_on(i) = is_shown(0) && strcol("backend") eq call && \
    number_of(key_of(0)) == i
x_of(x) = column("fds")
y_of(name) = 1e-9 * column("fd_ns")
says(x) = sprintf("%s, %s: %s per fd\n%.0f watched%s%s", strcol("series"), \
    strcol("kernel"), three(column("fd_ns") / unit_of(column("fd_ns"))) . " " . \
    unit_name(unit_of(column("fd_ns"))), column("fds"), \
    strcol("includes") eq "" ? "" : "; includes ", strcol("includes"))
# This run's are points of a sweep.
doubtful = ""
note_doubt(x) = strcol("sweep") eq sweep && is_doubtful(0) ? (doubtful = \
    with_word(doubtful, strcol("backend") . "/" . strcol("fd_count")), 1) : 1
stats points using (note_doubt(0)) nooutput
has_doubts(x) = strcol("series") eq "this run" && \
    index_in(doubtful, strcol("backend") . "/" . strcol("fds")) > 0

set logscale xy
x_low = 0.8 * smallest
x_high = 1.2 * largest
stats findings using (find_all("history", "")) nooutput
panels = words(calls)
slide_columns = panels
own_y = !is_slide
panel_height = 150
rows = history
n_series = n_keys
do for [i = 1:n_keys] {
    line_name[i] = keys[i][1:strstrt(keys[i], "\t") - 1]
    if (strlen(line_name[i]) > label_chars) { label_chars = strlen(line_name[i]) }
}
with_bars = 0
load "layout.gp"
x_title = "fds watched (N)"
y_title = is_slide ? "cost of one call per watched fd" : "cost per watched fd"
do for [call in calls] {
    do for [i = 1:n_keys] {
        line_style[i] = is_ours(i) ? style_of(call) : styles + 1
    }
    heading = call
    load "lines.gp"
    if (is_slide) { y_title = ""; y_format = "" }
}
unset multiplot
