# SPDX-License-Identifier: MIT
# Cost of one call against the highest watched fd; a panel for each number of
# fds watched, all on equal axes.
run = ARG1
out = ARG2
run_id = ARG3
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
set xrange [0.9 * smallest:1.1 * largest]
set xlabel "highest watched fd (M)" offset 0, 0.4
x_factor = "highest_fd"
panels = words(fd_counts) < 4 ? words(fd_counts) : 4
rows = panels > 2 ? 2 : 1
panel_stretch = rows
width = 720
height = 70 + 280 * rows
load "output.gp"
set multiplot layout rows, 2 margins 0.1, 0.86, 60.0 / height, \
    1 - 56.0 / height spacing 0.24, 0.22
do for [panel = 1:panels] {
    count = int(word(fd_counts, panel))
    fixed(x) = column("fd_count") == count && column("ready_count") == ready
    heading = sprintf("%.0f fd%s watched", count, count == 1 ? "" : "s")
    finding = ""
    stats findings using (find_title(word(fd_counts, panel))) nooutput
    y_title = panel % 2 ? "cost of one call" : ""
    load "panel.gp"
    unset label 100
}
unset multiplot
