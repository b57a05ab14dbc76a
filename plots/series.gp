# SPDX-License-Identifier: MIT
# Cost of one call against what a case varies first; a panel for each number of
# fds watched, unless that is it. What else varies is held at its least. A range
# that begins with 0 has straight axes: there a line that starts low and rises
# meets one that starts high.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5
varies = ARG6
axis = ARG7
load "common.gp"

x_factor = word(varies, 1)
x_title = axis
stats points using (note_factors(0)) nooutput
if (strlen(layouts) == 0) { exit status no_data }
layout = word(layouts, 1)

is_over_count = x_factor eq "fd_count"
if (is_over_count) { fd_counts = "all" }
held = ""
do for [name in "highest_fd ready_count " . varies] {
    is_held = !index_in(x_factor . " fd_count occupied_words layout fd_kind", \
        name)
    held = is_held ? with_word(held, name) : held
}
# Which fds there are decides how near a highest fd can be.
array least[words(held) + 1]
n_held = 0
is_at(name, value) = name eq "highest_fd" ? is_near(column(name), value) : \
    column(name) == value
is_of_panel(x) = is_over_count || column("fd_count") == count
fixed(x) = is_of_panel(0) && n_held == \
    int(sum [h = 1:n_held] is_at(word(held, h), least[h]))
note_least(name) = in_panel(0) && column(name) < least[n_held + 1] ? \
    (least[n_held + 1] = column(name), 1) : 1
hold = "n_held = 0; \
    do for [name in held] { \
        least[n_held + 1] = 1e300; \
        stats points using (note_least(name)) nooutput; \
        n_held = n_held + 1 \
    }"

# One range for all panels.
x_low = 1e300
x_most = 0
y_low = 1e300
y_most = 0
is_straight = 0
most = 4
do for [panel = 1:(words(fd_counts) < most ? words(fd_counts) : most)] {
    count = is_over_count ? 0 : int(word(fd_counts, panel))
    @hold
    smallest = 1e300; largest = 0
    stats points using (in_panel(0) && column(x_factor) <= 0 ? \
        (is_straight = 1) : 1) nooutput
    stats points using (in_panel(0) ? note(column(x_factor)) : 1) nooutput
    x_low = smallest < x_low ? smallest : x_low
    x_most = largest > x_most ? largest : x_most
    smallest = 1e300; largest = 0
    stats points using (note_cost(0)) nooutput
    y_low = smallest < y_low ? smallest : y_low
    y_most = largest > y_most ? largest : y_most
}
if (y_most <= 0 || x_most <= 0) { exit status no_data }
x_low = 0.9 * x_low
x_high = 1.1 * x_most
y_low = 0.7 * y_low
y_high = 1.4 * y_most
if (is_straight) {
    log_x = 0
    log_y = 0
    x_low = 0
    y_low = 0
    tic_chars = 7
    x_format = "%.0f"
    most = 3
    slide_columns = most
} else {
    set logscale xy
}
panels = words(fd_counts) < most ? words(fd_counts) : most
own_y = 1
told = sweep
load "layout.gp"
do for [panel = 1:panels] {
    count = is_over_count ? 0 : int(word(fd_counts, panel))
    @hold
    top = index_in(held, "highest_fd") ? \
        int(least[index_in(held, "highest_fd")]) : 0
    first_top = panel == 1 ? top : first_top
    heading = sprintf("%.0f fd%s watched", count, count == 1 ? "" : "s") . \
        (is_near(top, first_top) ? "" : sprintf(", highest %.0f", top))
    if (is_over_count) {
        heading = sprintf("Highest fd %.0f, %.0f ready", top, \
            least[index_in(held, "ready_count")])
    }
    if (is_straight) {
        set autoscale xy
        per_ns = 1
        smallest = 1e300; largest = 0
        stats points using (note_cost(0)) nooutput
        @choose_unit
        y_high = 1.1 * largest * per_ns
        smallest = 1e300; largest = 0
        stats points using (in_panel(0) ? note(column(x_factor)) : 1) nooutput
        x_high = largest
        set xtics ceil(x_high / (panel_width < 14 * text_px ? 2.0 : 4.0))
    }
    finding = ""
    stats findings using (find_title(is_over_count ? "" : \
        word(fd_counts, panel))) nooutput
    y_title = (panel - 1) % columns ? "" : cost_title
    load "panel.gp"
}
unset multiplot
