# SPDX-License-Identifier: MIT
# Cost of one call against the number of watched fds, the highest fd fixed.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
load "common.gp"

sweep = "fd_count"
stats points using (note_factors(0)) nooutput
if (strlen(layouts) == 0) { exit status no_data }
layout = word(layouts, 1)
top = int(word(highest_fds, 1))
ready = int(word(ready_counts, 1))
fixed(x) = is_near(column("highest_fd"), top) && column("ready_count") == ready
stats points using (note_cost(0)) nooutput
y_low = 0.7 * smallest
y_high = 1.4 * largest
smallest = 1e300; largest = 0
stats points using (in_panel(0) ? note(column("fd_count")) : 1) nooutput

set logscale xy
x_title = "fds watched (N)"
heading = sprintf("Number of fds (N); highest %.0f, %.0f ready", top, ready)
x_factor = "fd_count"
stats findings using (find_title("")) nooutput
x_low = 0.9 * smallest
x_high = 1.1 * largest
told = "fd_count"
load "layout.gp"
load "panel.gp"
unset multiplot
