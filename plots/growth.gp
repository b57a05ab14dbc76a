# SPDX-License-Identifier: MIT
# The figure of the project: how the cost of one call grows with the highest
# fd, few fds watched, and with the number of fds, the highest fixed; beside
# each other on equal axes.
run = ARG1
out = ARG2
run_id = ARG3
load "common.gp"

sweep = "highest_fd"
stats points using (note_factors(0)) nooutput
if (strlen(layouts) == 0) { exit status no_data }
layout = word(layouts, 1)
fewest = int(word(fd_counts, 1))
ready = int(word(ready_counts, 1))
fixed(x) = column("fd_count") == fewest && column("ready_count") == ready
stats points using (note_cost(0)) nooutput

sweep = "fd_count"
highest_fds = ""
stats points using (note_factors(0)) nooutput
if (strlen(highest_fds) == 0) { exit status no_data }
top = int(word(highest_fds, 1))
fixed(x) = is_near(column("highest_fd"), top) && \
    column("ready_count") == ready
stats points using (note_cost(0)) nooutput
y_low = 0.7 * smallest
y_high = 1.6 * largest

set logscale xy
set xrange [1:1.1 * top]
width = 720
height = 350
load "output.gp"
set multiplot layout 1, 2 margins 0.1, 0.86, 0.16, 0.83 spacing 0.15, 0

sweep = "highest_fd"
fixed(x) = column("fd_count") == fewest && column("ready_count") == ready
x_factor = "highest_fd"
set xlabel "highest watched fd (M)" offset 0, 0.4
heading = sprintf("Highest fd (M); %.0f watched, %.0f ready", fewest, ready)
stats findings using (find_title(sprintf("%.0f", fewest))) nooutput
load "panel.gp"

unset label 100
sweep = "fd_count"
fixed(x) = is_near(column("highest_fd"), top) && \
    column("ready_count") == ready
x_factor = "fd_count"
y_title = ""
set format y ""
set xlabel "fds watched (N)"
heading = sprintf("Number of fds (N); highest %.0f, %.0f ready", top, ready)
finding = ""
stats findings using (find_title("")) nooutput
load "panel.gp"
unset multiplot
