# SPDX-License-Identifier: MIT
# Cost of one call against the highest watched fd; a panel for each number of
# fds watched, all on equal axes.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
load "common.gp"

sweep = "highest_fd"
stats points using (note_factors(0)) nooutput
if (strlen(layouts) == 0) { exit status no_data }
layout = word(layouts, 1)
ready = int(word(ready_counts, 1))
fixed(x) = column("ready_count") == ready
stats points using (note_cost(0)) nooutput
y_low = 0.7 * smallest
y_high = 1.4 * largest
smallest = 1e300; largest = 0
stats points using (in_panel(0) ? note(column("highest_fd")) : 1) nooutput

set logscale xy
x_low = 0.9 * smallest
x_high = 1.1 * largest
x_title = "highest watched fd (M)"
x_factor = "highest_fd"
panels = words(fd_counts) < 4 ? words(fd_counts) : 4
own_y = 1
told = "highest_fd"
load "layout.gp"
do for [panel = 1:panels] {
    count = int(word(fd_counts, panel))
    fixed(x) = column("fd_count") == count && column("ready_count") == ready
    heading = sprintf("%.0f fd%s watched", count, count == 1 ? "" : "s")
    finding = ""
    stats findings using (find_title(word(fd_counts, panel))) nooutput
    y_title = (panel - 1) % columns ? "" : "cost of one call"
    load "panel.gp"
}
unset multiplot
