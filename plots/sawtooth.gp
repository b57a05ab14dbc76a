# SPDX-License-Identifier: MIT
# What is between the steps: select goes bit by bit through a word of its bitmap
# that holds a watched fd, and past an empty one at once. So over the highest
# fd, which is watched, the cost rises within each word of 64 numbers (between
# the lines) and falls back where the next begins.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5
load "common.gp"

in_words = 640 # where ten words end
stats points using (in_sweep(0) ? (note(column("fd_count")), \
    layouts = with_word(layouts, strcol("layout")), 1) : 1) nooutput
if (strlen(layouts) == 0) { exit status no_data }
layout = word(layouts, 1)
fewest = smallest
x_factor = "highest_fd"
fixed(x) = column("fd_count") == fewest && column(x_factor) < in_words
smallest = 1e300; largest = 0
stats points using (in_panel(0) ? note(column(x_factor)) : 1) nooutput
if (largest <= smallest) { exit status no_data }
x_low = 64 * floor(smallest / 64)
x_high = 64 * ceil(largest / 64)

log_x = 0
log_y = 0
per_ns = 1
smallest = 1e300; largest = 0
stats points using (note_cost(0)) nooutput
@choose_unit
y_low = 0.95 * smallest * per_ns
y_high = 1.02 * largest * per_ns
x_format = "%.0f"
x_title = "highest fd (M); a line where a word begins"
heading = sprintf("Highest fd (M), %.0f watched", fewest)
told = "sawtooth"
stats findings using (strcol("sweep") eq told ? \
    (finding = strcol("title"), 1) : 1) nooutput
if (strlen(finding) == 0) {
    note = note . (strlen(note) ? "  " : "") . \
        "A word of 64 numbers that holds a watched fd is gone through bit by " . \
        "bit, an empty one is passed at once."
}
fewest_rows = 3
panels = 1
tic_chars = 7
load "layout.gp"
every = 64 * ceil(4.0 * text_px * (x_high - x_low) / 64 / panel_width)
set xtics () # none yet
do for [end = x_low:x_high:64] {
    set xtics add ((end - x_low) % every ? "" : sprintf("%.0f", end) end)
}
load "panel.gp"
unset multiplot
