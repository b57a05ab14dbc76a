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
step_of(name, value) = is_step(name) ? shown(column(value)) : NaN
style_of_step(i) = int(word("7 4 6 5", i))
mark_of_step(i) = int(word("6 13 4 11", i))
colour_of_step(i) = word("#000000 #007353 #2378a8 #9c4a7c", i)

smallest = 1e300; largest = 0
n_labels = 0
do for [i = 1:4] {
    end_x = -1.0
    stats points using (is_step(word(steps, i)) ? \
        (note(shown(column("estimate_ns"))), note(shown(column("low_ns"))), \
        note(shown(column("high_ns"))), column("fd_count") > end_x && \
        column("estimate_ns") > 0 ? (end_x = column("fd_count"), \
        end_y = shown(column("estimate_ns")), 1) : 1) : 1) nooutput
    if (end_x > 0) {
        n_labels = n_labels + 1
        label_text[n_labels] = word(names_of_steps, i)
        label_colour[n_labels] = colour_of_step(i)
        label_y[n_labels] = end_y
    }
}
y_low = 10 ** floor(log10(smallest))
y_high = 10 ** ceil(log10(largest))
y_title = is_slide ? "" : "cost of each fd"
heading = sprintf(is_slide ? "Each fd, with %s" : "Each fd, once, with %s", \
    kernel_set)
load "labels.gp"
load "heads.gp"
set autoscale y
load "axes.gp"
plot for [i = 1:4] points using (column("fd_count")): \
    (step_of(word(steps, i), "low_ns")):(0): \
    (step_of(word(steps, i), "high_ns") - step_of(word(steps, i), "low_ns")) \
    with vectors nohead ls style_of_step(i) linewidth line, \
    for [i = 1:4] points using (column("fd_count")): \
    (step_of(word(steps, i), "estimate_ns")) \
    smooth unique with linespoints ls style_of_step(i) \
    pointtype mark_of_step(i)
load "drawn.gp"

# --- its memory -----------------------------------------------------------

# What the whole kernel allocated meanwhile.
is_memory(name) = strcol("sweep") eq sweep && strcol("stage") eq name && \
    strcol("fd_kind") eq kind && strcol("metric") eq "kernel_bytes" && \
    is_once(0)
memory_of(name) = is_memory(name) && column("estimate_ns") > 0 ? \
    column("estimate_ns") : NaN
memory_end(name, end) = is_memory(name) ? column(end) : NaN
smallest = 1e300; largest = 0
n_labels = 0
do for [name in "build register"] {
    end_x = -1.0
    stats points using (memory_of(name) > 0 ? (note(memory_of(name)), \
        column("fd_count") > end_x ? (end_x = column("fd_count"), \
        end_y = memory_of(name), 1) : 1) : 1) nooutput
    if (end_x > 0) {
        n_labels = n_labels + 1
        label_text[n_labels] = name eq "build" ? kind : \
            kernel_set . " item"
        label_colour[n_labels] = colour_of_step(name eq "build" ? 1 : 2)
        label_y[n_labels] = end_y
    }
}
if (largest > 0) {
    y_low = 10 ** floor(log10(smallest))
    y_high = 10 ** ceil(log10(largest))
    y_format = "%.0s %cB"
    y_title = is_slide ? "" : "memory of each fd"
    heading = "Kernel memory of each"
    load "labels.gp"
    load "heads.gp"
    load "axes.gp"
    plot for [i = 1:2] points using (column("fd_count")): \
        (memory_end(word(steps, i), "low_ns")):(0): \
        (memory_end(word(steps, i), "high_ns") - \
        memory_end(word(steps, i), "low_ns")) \
        with vectors nohead ls style_of_step(i) linewidth line, \
        for [i = 1:2] points using (column("fd_count")): \
        (memory_of(word(steps, i))) \
        with points ls style_of_step(i) pointtype mark_of_step(i)
    load "drawn.gp"
}
unset multiplot
