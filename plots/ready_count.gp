# SPDX-License-Identifier: MIT
# Cost of one call against the number of ready fds, from none to all that are
# watched; a panel for each number watched. Straight axes: the question is
# where a line that starts low and rises meets one that starts high.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
load "common.gp"

sweep = "ready_count"
stats points using (note_factors(0)) nooutput
if (strlen(layouts) == 0) { exit status no_data }
layout = word(layouts, 1)
first_top = int(word(highest_fds, 1))

log_x = 0
log_y = 0
x_factor = "ready_count"
y_low = 0
tic_chars = 7
x_format = "%.0f"
x_title = "ready fds (R)"
panels = words(fd_counts) < 3 ? words(fd_counts) : 3
slide_columns = 3
own_y = 1
told = "ready_count"
load "layout.gp"
do for [panel = 1:panels] {
    count = int(word(fd_counts, panel))
    highest_fds = ""
    stats points using (column("fd_count") == count ? note_factors(0) : 1) \
        nooutput
    top = int(word(highest_fds, 1))
    fixed(x) = column("fd_count") == count && is_near(column("highest_fd"), top)
    set autoscale xy
    per_ns = 1
    smallest = 1e300; largest = 0
    stats points using (note_cost(0)) nooutput
    # Straight axes have one unit; gnuplot would write 1.2 and 1.4 ms as 1 ms.
    unit = largest < 5e3 ? 1 : largest < 5e6 ? 2 : largest < 5e9 ? 3 : 4
    per_ns = 1000.0 ** (1 - unit)
    y_format = "%g " . word("ns µs ms s", unit)
    y_high = 1.1 * largest * per_ns
    x_low = 0
    x_high = count
    set xtics ceil(count / (panel_width < 14 * text_px ? 2.0 : 4.0))
    heading = sprintf("%.0f fds watched", count) . (is_near(top, first_top) ? \
        "" : sprintf(", highest %.0f", top))
    finding = ""
    stats findings using (find_title(word(fd_counts, panel))) nooutput
    load "panel.gp"
    if (is_slide) { y_title = "" }
}
unset multiplot
