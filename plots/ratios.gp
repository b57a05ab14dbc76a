# SPDX-License-Identifier: MIT
# Which backend is cheaper, by how much, over the plane of highest fd and fd
# count: each backend over the next, packed above, strided below, and
# the line where the two cost the same (crossovers.csv). A cell that holds "="
# is level: the ratio's 95 % interval includes 1. A hollow one was disturbed, an
# empty one was not measured, or failed.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5
load "common.gp"
ratios = run . "/ratios.csv"
crossovers = run . "/crossovers.csv"

layouts = ""
xs = ""
ys = ""
compared = ""
stats ratios using ( \
    compared = with_word(with_word(compared, strcol("first")), \
        strcol("second")), \
    layouts = with_word(layouts, strcol("layout")), \
    xs = with_near(xs, column("highest_fd")), \
    ys = with_number(ys, column("fd_count")), \
    ready_counts = with_number(ready_counts, column("ready_count")), 1) \
    nooutput
if (strlen(layouts) == 0) { exit status no_data }
ready = int(word(ready_counts, 1))
pairs = ""
last = ""
do for [name in heads] {
    if (index_in(compared, name)) {
        if (strlen(last)) { pairs = with_word(pairs, last . "/" . name) }
        last = name
    }
}
if (strlen(pairs) == 0) { exit status no_data }

# Cells of one size, whatever the distance of their values: place 1, 2, ... and
# between two of them in proportion to the logarithm.
between(v, low, high) = log(1.0 * v / low) / log(1.0 * high / low)
place_of(v) = v <= word(ys, 1) ? 1 : v >= word(ys, words(ys)) ? words(ys) : \
    sum [w = 1:words(ys) - 1] (v >= word(ys, w) && v < word(ys, w + 1) ? \
    w + between(v, word(ys, w), word(ys, w + 1)) : 0)
x_of(x) = near_in(xs, column("highest_fd")) ? \
    near_in(xs, column("highest_fd")) : NaN
y_of(x) = index_in(ys, sprintf("%.0f", column("fd_count")))

is_pair(a, b) = strcol("first") eq a && strcol("second") eq b && \
    strcol("stage") eq "all" && strcol("layout") eq layout && \
    column("ready_count") == ready
is_crossing(a, b) = (is_pair(a, b) || is_pair(b, a)) && \
    strcol("variable") eq "fd_count" && strcol("status") eq "found"
crossing_of(a, b, name) = is_crossing(a, b) ? place_of(column(name)) : NaN
number(r) = r < 9.95 ? sprintf("%.1f", r) : r < 999.5 ? sprintf("%.0f", r) : \
    sprintf("%.1fk", r / 1000)
cell_text(x) = column("low") < 1 && column("high") > 1 ? "=" : \
    number(column("ratio"))
# The palette ends where the numbers go on.
limit = 16.0
clipped(r) = r > limit ? limit : r < 1 / limit ? 1 / limit : r
# The page has nine classes of colours for it.
class_of(r) = 0xc0 + int(4.5 + 4 * log(clipped(r)) / log(limit))
is_cell(hollow) = is_pair(first, second) && is_doubtful(0) == hollow
cell = is_page ? '(is_cell(0) ? class_of(column("ratio")) : NaN) \
    with boxxyerror fill solid noborder linecolor rgb variable' : \
    '(is_cell(0) ? clipped(column("ratio")) : NaN) \
    with boxxyerror fill solid noborder linecolor palette'
says(x) = sprintf("%s over %s: %s [%s, %s]\nhighest fd %.0f, %.0f watched, %.0f ready, %s", \
    first, second, three(column("ratio")), three(column("low")), \
    three(column("high")), column("highest_fd"), column("fd_count"), \
    column("ready_count"), strcol("layout"))

set palette defined (-1 "#2166ac", -0.5 "#92c5de", 0 "#f7f7f7", \
    0.5 "#fdb863", 1 "#d9791f")
set cbrange [1 / limit:limit]
set logscale cb
unset grid
unset colorbox # the cells hold the numbers
# A column of a paper has room for the first layout only.
if (is_column) { layouts = word(layouts, 1) }
stats findings using (find_all(sweep, word(layouts, 1) . ": ")) nooutput
panels = words(pairs) * (words(layouts) < 2 ? 1 : 2)
slide_columns = words(pairs)
tic_chars = 5
with_labels = 0
own_y = 1
labels_last = 1
panel_height = 1.7 * small_px * words(ys)
page_height = panel_height
load "layout.gp"
# What a cell has room for: its number below, four characters within.
wanted = strlen(word(xs, words(xs))) > 4 ? strlen(word(xs, words(xs))) : 4
most = int(panel_width / (char * small_px * (wanted + 0.5)))
every = (words(xs) + most - 1) / most
thinned = ""
do for [i = words(xs):1:-every] { thinned = word(xs, i) . " " . thinned }
xs = thinned
set tics font small_font
set xtics out scale 0 (word(xs, 1) 1)
set ytics out scale 0 (word(ys, 1) 1)
set format xy "%.0f"
do for [i = 1:words(xs)] { set xtics add (word(xs, i) i) }
do for [i = 1:words(ys)] { set ytics add (word(ys, i) i) }
set xrange [0.5:words(xs) + 0.5]
set yrange [0.5:words(ys) + 0.5]
x_title = "highest watched fd (M)" . \
    (every > 1 ? sprintf(", one of %d shown", every) : "")
do for [layout in layouts] {
    y_title = sprintf("fds watched (N), %s", layout)
    do for [pair in pairs] {
        slash = strstrt(pair, "/")
        first = pair[1:slash - 1]
        second = pair[slash + 1:*]
        heading = sprintf("Cost of %s over %s%s", first, second, \
            is_page && words(layouts) > 1 ? ", " . layout : "")
        load "heads.gp"
        plot ratios using (x_of(0)):(y_of(0)):(0.5):(0.5): \
            @cell, \
            ratios using (x_of(0)):(is_cell(1) ? y_of(0) : NaN):(0.45):(0.4) \
            with boxxyerror fill empty linecolor rgb grey, \
            for [k = 1:is_page] \
            ratios using (x_of(0)): \
            (is_pair(first, second) ? y_of(0) : NaN):(says(0)): \
            (5 - is_doubtful(0)) \
            with labels hypertext point ls 7 pointtype variable pointsize 0.01, \
            ratios using (x_of(0)):(y_of(0)): \
            (is_pair(first, second) ? cell_text(0) : "") \
            with labels noenhanced font small_font, \
            for [side in "-0.5 0.28"] crossovers using (x_of(0) + side): \
            (crossing_of(first, second, "place")):(0.22):(0) \
            with vectors nohead linecolor "black" linewidth 1.6 * line
        load "drawn.gp"
        if (is_slide) { y_title = "" }
    }
}
unset multiplot
