# SPDX-License-Identifier: MIT
# Whose is the cost? What the program does before the call (prepare), the call
# itself (wait) and what the program does after it (collect), each timed apart:
# above over the highest fd, below over the number of fds; equal y axes.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5
load "common.gp"

stage = "wait"
stats points using (note_factors(0)) nooutput
if (strlen(layouts) == 0) { exit status no_data }
layout = word(layouts, 1)

# The sweep is a cross: one N with many M, one M with many N; a single fd at
# other M tells a bitmap's words apart and is not drawn.
smallest = 1e300; largest = 0
stats points using (in_sweep(0) && column("fd_count") > 1 ? \
    note(column("highest_fd")) : 1) nooutput
most_m = largest
lowest = smallest
count = 0
stats points using (in_sweep(0) && column("highest_fd") == lowest && \
    column("fd_count") > 1 ? (count = column("fd_count"), 1) : 1) nooutput
top = most_m
stats points using (in_sweep(0) && column("fd_count") > 1 && \
    column("fd_count") != count ? (top = column("highest_fd"), 1) : 1) nooutput
over_m(x) = column("fd_count") == count
over_n(x) = is_near(column("highest_fd"), top)
smallest = 1e300; largest = 0
do for [name in "prepare wait collect"] {
    stage = name
    stats points using (note_cost(0)) nooutput
}
floor_ns = 1
y_low = 0.6 * per_ns
y_high = 1.6 * largest
x_high = 1.1 * most_m

set logscale xy
one = is_counted ? "instruction" : "ns"
note = note . (strlen(note) ? "  " : "") . \
    sprintf("Costs below 1 %s are drawn at 1 %s.", one, one)
stats findings using (find_all(sweep, strlen(strcol("fd_count")) ? \
    "Highest fd " : "Fds watched ")) nooutput
panels = 6
slide_columns = 3
column_columns = 2
in_columns = is_column
panel_height = 95
labels_last = is_column
load "layout.gp"
do for [arm = 1:2] {
    do for [name in "prepare wait collect"] {
        stage = name
        with_labels = !is_column || arm == 2
        # Where the arms are columns, the left one's numbers and names serve.
        is_first = is_page || (is_slide ? name eq "prepare" : arm == 1)
        y_format = is_first ? cost_format : ""
        y_title = is_first ? "cost of the stage" : ""
        heading = !is_column || arm == 1 ? name . \
            (name eq "wait" ? " (the call)" : " (the program)") : ""
        if (arm == 1) {
            fixed(x) = over_m(0)
            x_factor = "highest_fd"
            x_low = 0.9 * lowest
            x_title = is_column ? "highest fd (M)" : \
                sprintf("highest fd (M), %.0f watched", count)
        } else {
            fixed(x) = over_n(0)
            x_factor = "fd_count"
            x_low = 0.9
            x_title = is_column ? "fds watched (N)" : \
                sprintf("fds watched (N), highest %.0f", top)
        }
        load "panel.gp"
    }
}
unset multiplot
