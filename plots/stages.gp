# SPDX-License-Identifier: MIT
# Whose is the cost? What the program does before the call (prepare), the call
# itself (wait) and what the program does after it (collect), each timed apart:
# above over the highest fd, below over the number of fds; equal y axes.
run = ARG1
out = ARG2
run_id = ARG3
load "common.gp"

sweep = "stages"
stage = "wait"
stats points using (note_factors(0)) nooutput
if (strlen(layouts) == 0) { exit status no_data }
layout = word(layouts, 1)

# The sweep is a cross: one N with many M, one M with many N.
smallest = 1e300; largest = 0
stats points using (in_sweep(0) ? note(column("highest_fd")) : 1) nooutput
top = largest
lowest = smallest
count = 0
stats points using (in_sweep(0) && !is_near(column("highest_fd"), top) ? \
    (count = column("fd_count"), 1) : 1) nooutput
over_m(x) = column("fd_count") == count
over_n(x) = is_near(column("highest_fd"), top)
smallest = 1e300; largest = 0
do for [name in "prepare wait collect"] {
    stage = name
    stats points using (note_cost(0)) nooutput
}
floor_ns = 1
y_low = 0.6e-9
y_high = 1.6 * largest

panel_stretch = 1.6
set logscale xy
set label 99 "Costs below 1 ns are drawn at 1 ns." at screen 0.988, 0.022 \
    right font text_font . ",7" textcolor rgb grey
width = 860
height = 520
load "output.gp"
set multiplot layout 2, 3 margins 0.09, 0.895, 0.115, 0.94 spacing 0.14, 0.16
do for [row = 1:2] {
    y_title = "cost of the stage"
    set format y "%.0s %cs"
    do for [name in "prepare wait collect"] {
        stage = name
        if (row == 1) {
            fixed(x) = over_m(0)
            x_factor = "highest_fd"
            set xrange [0.9 * lowest:1.1 * top]
            set xlabel sprintf("highest fd (M), %.0f watched", count) \
                offset 0, 0.4
            heading = name . (name eq "wait" ? " (the call)" : " (the program)")
        } else {
            fixed(x) = over_n(0)
            x_factor = "fd_count"
            set xrange [0.9:1.1 * top]
            set xlabel sprintf("fds watched (N), highest %.0f", top)
            heading = ""
        }
        load "panel.gp"
        unset label 99
        unset label 100
        y_title = ""
        set format y ""
    }
}
unset multiplot
