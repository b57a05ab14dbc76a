# SPDX-License-Identifier: MIT
# Ways of the same wait: cost of one call against what a case varies first, a
# line for each way (what is held in it that others have otherwise). A panel for
# each number of fds watched, in it all backends, of which those that keep the
# set in the program have one line each; where that number is the x axis, a
# panel for each backend.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5
varies = ARG6
axis = ARG7
load "common.gp"

x_factor = word(varies, 1)
x_title = axis
is_over_count = x_factor eq "fd_count"
is_of_sweep(x) = strcol("sweep") eq sweep && strcol("fd_kind") eq kind
# Waits that sleep have fds of their own; of others those that M is held for.
top = 0
note_top(x) = is_of_sweep(0) && column("highest_fd") > top ? \
    (top = column("highest_fd"), 1) : 1
stats points using (note_top(0)) nooutput
in_sweep(x) = is_of_sweep(0) && (strcol("stage") eq "sleep" || \
    is_near(column("highest_fd"), top))
layout = "packed"

# A way is the values of what varies in it, with bars between; a text is told
# as it is, a timeout by what it allows, who writes by where.
told_of(name) = name eq "timeout" ? (column(name) > 0 ? "may sleep" : \
    "timeout 0") : strcol(name)
texts = ""
do for [name in varies] {
    is_told = !index_in("fd_count ready_count highest_fd metric writer layout", \
        name) && name ne x_factor
    texts = is_told ? with_word(texts, name) : texts
}
way_of(x) = strcol("stage") eq "sleep" ? \
    "sleeps, " . strcol("writer") . " CPU" : \
    (way = "", unused = sum [w = 1:words(texts)] (way = way . \
    (strlen(way) ? ", " : "") . told_of(word(texts, w)), 0), way)

ways_most = 16
array ways[ways_most]
n_ways = 0
is_known_way(x) = int(sum [w = 1:n_ways] (ways[w] eq way_of(0))) > 0
note_way(x) = !in_sweep(0) || is_known_way(0) || n_ways == ways_most ? 1 : \
    (n_ways = n_ways + 1, ways[n_ways] = way_of(0), 1)
stats points using (note_way(0)) nooutput
stats points using (note_factors(0)) nooutput
if (n_ways == 0) { exit status no_data }

heads_here = ""
do for [name in heads] {
    heads_here = index_in(backends, name) ? with_word(heads_here, name) : \
        heads_here
}
panel_names = is_over_count ? heads_here : fd_counts
panels = words(panel_names) < 4 ? words(panel_names) : 4
is_of_panel(x) = is_over_count ? strcol("backend") eq panel_name : \
    column("fd_count") == panel_name
in_panel(x) = in_sweep(0) && is_of_panel(0)

x_low = 1e300
x_most = 0
y_low = 1e300
y_most = 0
do for [panel_name in panel_names] {
    smallest = 1e300; largest = 0
    stats points using (in_panel(0) ? note(column(x_factor)) : 1) nooutput
    x_low = smallest < x_low ? smallest : x_low
    x_most = largest > x_most ? largest : x_most
    smallest = 1e300; largest = 0
    stats points using (note_cost(0)) nooutput
    y_low = smallest < y_low ? smallest : y_low
    y_most = largest > y_most ? largest : y_most
}
if (y_most <= 0 || x_most <= 0) { exit status no_data }
x_low = 0.9 * x_low
x_high = 1.1 * x_most
y_low = 0.7 * y_low
y_high = 1.4 * y_most
set logscale xy

# The lines of a panel.
lines_most = 29
array of_backend[lines_most]
array of_way[lines_most]
n_series = 0
keeps_set(name) = index_in(kernel_sets, name) > 0
do for [name in heads_here] {
    is_whole = is_over_count ? name eq word(heads_here, 1) : keeps_set(name)
    do for [w = 1:n_ways] {
        is_line = n_series < lines_most && \
            (is_whole || (!is_over_count && w == 1))
        n_series = is_line ? n_series + 1 : n_series
        if (is_line) {
            of_backend[n_series] = name
            of_way[n_series] = ways[w]
            line_name[n_series] = is_over_count ? ways[w] : \
                is_whole ? name . ", " . ways[w] : name
            line_style[n_series] = is_over_count ? 1 + (w - 1) % styles : \
                is_whole ? 1 + (w + 2) % styles : style_of(name)
            label_chars = strlen(line_name[n_series]) > label_chars ? \
                strlen(line_name[n_series]) : label_chars
        }
    }
}
is_on(i) = in_panel(0) && way_of(0) eq of_way[i] && \
    (is_over_count || strcol("backend") eq of_backend[i])
x_of(x) = column(x_factor)
y_of(name) = shown(column(name))
says(x) = sprintf("%s, %s: %s\n%.0f watched, %s %s%s", strcol("backend"), \
    way_of(0), said_ns(column("estimate_ns"), number("low_ns"), \
    number("high_ns")), column("fd_count"), axis, strcol(x_factor), \
    disturbance(0))
has_doubts(x) = is_doubtful(0)
rows = points
stats findings using (strlen(strcol("fd_count")) ? 1 : \
    find_all(sweep, "")) nooutput
told = is_over_count ? "" : sweep
slide_columns = panels
labels_last = 0
own_y = 1
load "layout.gp"
do for [panel = 1:panels] {
    panel_name = word(panel_names, panel)
    heading = is_over_count ? panel_name : panel_name . " fds watched"
    finding = ""
    stats findings using (find_title(is_over_count ? "none" : panel_name)) \
        nooutput
    y_title = (panel - 1) % columns ? "" : "cost of one call"
    load "lines.gp"
}
unset multiplot
