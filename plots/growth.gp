# SPDX-License-Identifier: MIT
# The figure of the project: how the cost of one call grows with the highest
# fd, few fds watched, and with the number of fds, the highest fixed; beside
# each other on equal axes.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
over_m = ARG5 # the sweeps
over_n = ARG6
load "common.gp"

sweep = over_m
stats points using (note_factors(0)) nooutput
if (strlen(layouts) == 0) { exit status no_data }
layout = word(layouts, 1)
fewest = int(word(fd_counts, 1))
ready = int(word(ready_counts, 1))
fixed(x) = column("fd_count") == fewest && column("ready_count") == ready
stats points using (note_cost(0)) nooutput

sweep = over_n
highest_fds = ""
stats points using (note_factors(0)) nooutput
if (strlen(highest_fds) == 0) { exit status no_data }
top = int(word(highest_fds, 1))
fixed(x) = is_near(column("highest_fd"), top) && \
    column("ready_count") == ready
stats points using (note_cost(0)) nooutput
y_low = 0.7 * smallest
y_high = 1.6 * largest
smallest = 1e300; largest = 0
stats points using (strcol("sweep") eq over_m || strcol("sweep") eq over_n ? \
    note(column("highest_fd")) : 1) nooutput

set logscale xy
x_low = 1
x_high = 1.1 * largest
panels = 2
own_y = !is_slide
told = over_m . " " . over_n
load "layout.gp"

sweep = over_m
fixed(x) = column("fd_count") == fewest && column("ready_count") == ready
x_factor = "highest_fd"
x_title = "highest watched fd (M)"
heading = sprintf("Highest fd (M); %.0f watched, %.0f ready", fewest, ready)
stats findings using (find_title(sprintf("%.0f", fewest))) nooutput
load "panel.gp"

sweep = over_n
fixed(x) = is_near(column("highest_fd"), top) && \
    column("ready_count") == ready
x_factor = "fd_count"
if (is_slide) { y_title = ""; y_format = "" }
x_title = "fds watched (N)"
heading = sprintf("Number of fds (N); highest %.0f, %.0f ready", top, ready)
finding = ""
stats findings using (find_title("")) nooutput
load "panel.gp"
unset multiplot
