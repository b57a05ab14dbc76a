# SPDX-License-Identifier: MIT
# How far it goes: what one wait costs, what each fd costs and what memory it
# takes, against the number of fds watched. Level lines are constant per wait or
# per fd.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5
varies = ARG6
load "common.gp"
in_sweep(x) = strcol("sweep") eq sweep && strcol("stage") eq stage && \
    strcol("fd_kind") eq kind && strcol("metric") eq "cost"

note_stage(x) = strcol("stage") eq "all" || strcol("stage") eq "raw" ? \
    (stage = strcol("stage"), 1) : 1
stage = ""
stats points using (note_stage(0)) nooutput
stats points using (note_factors(0)) nooutput
if (strlen(fd_counts) == 0) { exit status no_data }
least = 1.0 * word(fd_counts, 1)
most = 1.0 * word(fd_counts, words(fd_counts))

# The one of which what each fd costs is shown.
kernel_set = word(kernel_sets, 1)
is_once(x) = strcol("backend") eq "none" || strcol("backend") eq kernel_set

set logscale xy
x_low = 0.9 * least
x_high = 1.1 * most
x_title = "fds watched (N)"
if (index_in(varies, "tables") && most > 20000) {
    note = note . (strlen(note) ? "  " : "") . \
        sprintf("Many descriptor tables, %s in one set; others in sum.", \
        kernel_set)
}
stats findings using (find_all(sweep, "A wait among ")) nooutput
panels = 3
slide_columns = 3
own_y = 1
label_chars = strlen("unregister") # or epoll item, socketpair
load "layout.gp"

# --- a wait ---------------------------------------------------------------

stats points using (note_cost(0)) nooutput
y_low = 0.6 * smallest
y_high = 1.8 * largest
x_factor = "fd_count"
heading = "One wait, one fd ready"
y_title = is_slide ? "" : "cost of one wait"
load "panel.gp"

# --- each fd --------------------------------------------------------------

# What is done once per fd, by the bare calls or by that set.
steps = "build register unregister close"
names_of_steps = "open register unregister close"
is_step(name) = strcol("sweep") eq sweep && strcol("stage") eq name && \
    strcol("fd_kind") eq kind && strcol("metric") eq "cost" && is_once(0)
style_of_step(i) = int(word("7 4 6 5", i))

rows = points
n_series = 4
do for [i = 1:n_series] {
    line_name[i] = word(names_of_steps, i)
    line_style[i] = style_of_step(i)
}
is_on(i) = is_step(word(steps, i))
x_of(x) = column("fd_count")
y_of(name) = shown(column(name))
smallest = 1e300; largest = 0
stats points using (sum [i = 1:n_series] (is_on(i) ? note_interval(0) : 0)) \
    nooutput
y_low = 10 ** floor(log10(smallest))
y_high = 10 ** ceil(log10(largest))
y_title = is_slide ? "" : "cost of each fd"
heading = sprintf(is_slide ? "Each fd, with %s" : "Each fd, once, with %s", \
    kernel_set)
load "lines.gp"

# --- its memory -----------------------------------------------------------

# What the whole kernel allocated meanwhile.
is_memory(name) = strcol("sweep") eq sweep && strcol("stage") eq name && \
    strcol("fd_kind") eq kind && strcol("metric") eq "kernel_bytes" && \
    is_once(0)
n_series = 2
line_name[1] = kind
line_name[2] = kernel_set . " item"
is_on(i) = is_memory(word(steps, i))
y_of(name) = column("estimate_ns") > 0 ? column(name) : NaN
said_ns(v, low, high) = sprintf("%.0f bytes [%.0f, %.0f]", v, low, high)
smallest = 1e300; largest = 0
stats points using (sum [i = 1:n_series] (is_on(i) ? \
    note(column("estimate_ns")) + note(column("low_ns")) + \
    note(column("high_ns")) : 0)) nooutput
if (largest > 0) {
    y_low = 10 ** floor(log10(smallest))
    y_high = 10 ** ceil(log10(largest))
    y_format = "%.0s %cB"
    y_title = is_slide ? "" : "memory of each fd"
    heading = "Kernel memory of each"
    load "lines.gp"
}
unset multiplot
