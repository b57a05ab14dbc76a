# SPDX-License-Identifier: MIT
# Where cost jumps instead of growing: the fine scans over the highest fd and
# over the number of fds, with the steps that the analysis found (steps.csv;
# minor ones are left to the table).
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5
load "common.gp"
steps = run . "/steps.csv"

stats points using (in_sweep(0) ? (note(column("fd_count")), \
    layouts = with_word(layouts, strcol("layout")), 1) : 1) nooutput
if (strlen(layouts) == 0) { exit status no_data }
layout = word(layouts, 1)
fewest = int(smallest)
# Where the other scan is, which has this many fds at many values of M.
top = 0
stats points using (in_sweep(0) && column("fd_count") != fewest ? \
    (top = column("highest_fd"), 1) : 1) nooutput

is_step(x) = strcol("variable") eq x_factor && strcol("stage") eq stage && \
    strcol("layout") eq layout && n_steps < 50 && \
    strstrt(strcol("flags"), "minor") == 0
n_steps = 0
array step_place[50]
array step_ns[50]
array step_owner[50]

log_y = 0
fewest_rows = 2
with_marks = 0
set logscale x
panels = 2
slide_columns = 1
tic_chars = 8
told = sweep
load "layout.gp"
do for [x_factor in "highest_fd fd_count"] {
    if (x_factor eq "highest_fd") {
        fixed(x) = column("fd_count") == fewest
        count = sprintf("%.0f", fewest)
        heading = sprintf("Highest fd (M), %.0f watched", fewest)
        x_title = "highest watched fd (M)"
    } else {
        fixed(x) = is_near(column("highest_fd"), top)
        count = ""
        heading = sprintf("Number of fds (N), highest %.0f", top)
        x_title = "fds watched (N)"
        log_y = 1 # else what is linear in N hides all
        set logscale y
        per_ns = cost_scale
        y_format = cost_format
    }
    set autoscale xy
    smallest = 1e300; largest = 0
    stats points using (in_panel(0) ? note(column(x_factor)) : 1) nooutput
    if (largest <= smallest) { continue } # this scan was not made
    x_low = 0.95 * smallest
    x_high = 1.05 * largest
    if (!log_y) {
        per_ns = 1
        smallest = 1e300; largest = 0
        stats points using (note_cost(0)) nooutput
        @choose_unit
    }
    smallest = 1e300; largest = 0
    stats points using (note_cost(0)) nooutput
    y_low = 0.8 * smallest
    y_high = 1.05 * largest

    finding = ""
    stats findings using (find_title(count)) nooutput

    unset arrow
    do for [i = 31:30 + n_steps] { unset label i }
    n_steps = 0
    stats steps using (is_step(0) ? (n_steps = n_steps + 1, \
        step_place[n_steps] = column("place"), \
        step_ns[n_steps] = column("size_ns"), \
        step_owner[n_steps] = strcol("backend"), 1) : 1) nooutput
    do for [i = 1:n_steps] {
        # The line is low on the left and high on the right. A step's mark ends
        # at its label, so that none goes through another's.
        is_right = step_place[i] ** 2 > x_low * x_high
        end = (is_right ? n_steps - i + 0.5 : i - 0.3) * line_px / panel_height
        end = is_right ? end : 1 - end
        set arrow 30 + i from step_place[i], graph (is_right ? 1 : 0) \
            to step_place[i], graph end back nohead lc rgb grey \
            lw 0.8 * line dashtype 2
        set label 30 + i sprintf("%+.0f %s", step_ns[i], \
            is_counted ? "" : "ns") at step_place[i], \
            graph end noenhanced font small_font \
            textcolor rgb style_colour(style_of(step_owner[i]))
        if (is_right) {
            set label 30 + i right offset -0.5, 0
        } else {
            set label 30 + i left offset 0.5, 0
        }
    }
    load "panel.gp"
}
unset multiplot
