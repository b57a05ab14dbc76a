# SPDX-License-Identifier: MIT
# Which backend is cheaper, by how much, over the plane of highest fd and fd
# count: select over poll and poll over epoll, packed above, strided below, and
# the line where the two cost the same (crossovers.csv). A cell that holds "="
# is level: the ratio's 95 % interval includes 1.
run = ARG1
out = ARG2
load "common.gp"
ratios = run . "/ratios.csv"
crossovers = run . "/crossovers.csv"

layouts = ""
xs = ""
ys = ""
stats ratios using ( \
    layouts = with_word(layouts, strcol("layout")), \
    xs = with_near(xs, column("highest_fd")), \
    ys = with_number(ys, column("fd_count")), 1) nooutput
if (strlen(layouts) == 0) { exit status no_data }

# A cell reaches half-way, on log axes, to the nearest values on either side.
next_below(list, v) = (nearest = 0.0, unused = sum [i = 1:words(list)] ( \
    word(list, i) < v && word(list, i) > nearest ? \
    (nearest = 1.0 * word(list, i), 0) : 0), nearest)
next_above(list, v) = (nearest = 1e9, unused = sum [i = 1:words(list)] ( \
    word(list, i) > v && word(list, i) < nearest ? \
    (nearest = 1.0 * word(list, i), 0) : 0), nearest)
low_edge(list, v) = next_below(list, v) > 0 ? sqrt(v * nearest) : \
    v / sqrt(next_above(list, v) / v)
high_edge(list, v) = next_above(list, v) < 1e9 ? sqrt(v * nearest) : \
    v * sqrt(v / next_below(list, v))

x_of(x) = 1.0 * word(xs, near_in(xs, column("highest_fd")))
is_pair(a, b) = strcol("first") eq a && strcol("second") eq b && \
    strcol("stage") eq "all" && strcol("layout") eq layout
is_crossing(a, b) = (is_pair(a, b) || is_pair(b, a)) && \
    strcol("variable") eq "fd_count" && strcol("status") eq "found"
number(r) = r < 9.95 ? sprintf("%.1f", r) : r < 999.5 ? sprintf("%.0f", r) : \
    sprintf("%.1fk", r / 1000)
cell_text(x) = column("low") < 1 && column("high") > 1 ? "=" : \
    number(column("ratio"))
# The palette ends where the numbers go on.
limit = 16.0
clipped(r) = r > limit ? limit : r < 1 / limit ? 1 / limit : r

set palette defined (-1 "#2166ac", -0.5 "#92c5de", 0 "#f7f7f7", \
    0.5 "#fdb863", 1 "#b35806")
set cbrange [1 / limit:limit]
set logscale xycb
unset grid
smallest = 1e300; largest = 0
stats ratios using (note(column("highest_fd"))) nooutput
set xrange [low_edge(xs, smallest):high_edge(xs, largest)]
smallest = 1e300; largest = 0
stats ratios using (note(column("fd_count"))) nooutput
y_low = low_edge(ys, smallest)
y_high = high_edge(ys, largest)

set format y "%.0s%c"
set xlabel "highest watched fd (M)" offset 0, 0.4
set colorbox user origin 0.89, 0.3 size 0.018, 0.4
set cbtics ("≤ 1/16" 1 / 16.0, "1/4" 0.25, "level" 1, "4×" 4, "≥ 16×" 16)
width = 720
height = 640
load "output.gp"
set multiplot layout 2, 2 margins 0.085, 0.865, 0.095, 0.95 spacing 0.05, 0.14
do for [row = 1:(words(layouts) < 2 ? 1 : 2)] {
    layout = word(layouts, row)
    y_title = sprintf("fds watched (N), %s", layout)
    set format y "%.0s%c"
    do for [pair in "select/poll poll/epoll"] {
        slash = strstrt(pair, "/")
        first = pair[1:slash - 1]
        second = pair[slash + 1:*]
        set title sprintf("cost of %s over %s", first, second)
        set label 98 y_title at screen 0.014, graph 0.5 center rotate by 90
        set yrange [y_low:y_high]
        plot ratios using (column("highest_fd")):(column("fd_count")): \
            (low_edge(xs, x_of(0))):(high_edge(xs, x_of(0))): \
            (low_edge(ys, column("fd_count"))): \
            (high_edge(ys, column("fd_count"))): \
            (is_pair(first, second) ? clipped(column("ratio")) : NaN) \
            with boxxyerror fill solid noborder linecolor palette, \
            ratios using (column("highest_fd")):(column("fd_count")): \
            (is_pair(first, second) ? cell_text(0) : "") \
            with labels noenhanced font text_font . ",6.5", \
            crossovers using (column("highest_fd")): \
            (is_crossing(first, second) ? column("place") : NaN): \
            (column("low")):(column("high")) \
            with yerrorbars linecolor "black" pointtype 0, \
            crossovers using (column("highest_fd")): \
            (is_crossing(first, second) ? column("place") : NaN) \
            smooth unique with linespoints linecolor "black" linewidth 1.5 \
            pointtype 7 pointsize 0.3 * mark_scale
        unset label 100
        y_title = ""
        unset colorbox
        set format y ""
    }
}
unset multiplot
