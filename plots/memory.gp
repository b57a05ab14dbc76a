# SPDX-License-Identifier: MIT
# What an fd takes: a bar for each backend, on which stand the bytes of the fd
# itself, of the kernel for watching it, and of the process for that.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5
load "common.gp"

in_case(x) = strcol("sweep") eq sweep && strcol("fd_kind") eq kind
fds = 0
watchers = ""
note_watcher(x) = in_case(0) ? ( \
    fds = column("fd_count") > fds ? column("fd_count") : fds, \
    watchers = strcol("stage") eq "register" ? \
        with_word(watchers, strcol("backend")) : watchers, 1) : 1
stats points using (note_watcher(0)) nooutput
n_bars = words(watchers)
if (n_bars == 0) { exit status no_data }

# From one end to the other of each part, and what is told of it.
n_parts = 3
part_names = "build.kernel_bytes register.kernel_bytes register.process_bytes"
part_words(p) = p == 1 ? "fd" : p == 2 ? "watch: kernel" : "process"
is_part(p, bar) = in_case(0) && column("fd_count") == fds && \
    strcol("backend") eq (p == 1 ? "none" : word(watchers, bar)) && \
    strcol("stage") . "." . strcol("metric") eq word(part_names, p)
array ends[n_parts * n_bars]
array low[n_parts * n_bars]
array high[n_parts * n_bars]
at(p, bar) = (bar - 1) * n_parts + p
note_part(p, bar) = is_part(p, bar) ? (ends[at(p, bar)] = \
    column("estimate_ns"), low[at(p, bar)] = number("low_ns"), \
    high[at(p, bar)] = number("high_ns"), 1) : 1
do for [i = 1:n_parts * n_bars] { ends[i] = 0.0; low[i] = NaN; high[i] = NaN }
do for [bar = 1:n_bars] {
    do for [p = 1:n_parts] {
        stats points using (note_part(p, bar)) nooutput
    }
}
from(p, bar) = p == 1 ? 0.0 : to(p - 1, bar)
to(p, bar) = from(p, bar) + ends[at(p, bar)]
most = 0
do for [bar = 1:n_bars] { most = to(n_parts, bar) > most ? to(n_parts, bar) : most }

with_labels = 0
tic_chars = 0
do for [name in watchers] {
    tic_chars = strlen(name) > tic_chars ? strlen(name) : tic_chars
}
panel_height = 26.0 * n_bars + 40
page_height = 30.0 * n_bars + 50
load "layout.gp"
log_x = 0
log_y = 0
x_low = 0
x_high = 1.05 * most
y_low = 0
y_high = n_bars + 1.2
x_format = "%.0f"
x_title = sprintf("bytes for each fd (%s, %.0f watched)", kind, fds)
y_title = ""
heading = "Memory of an fd, and of watching it"
load "heads.gp"
load "axes.gp"
set ytics () scale 0
do for [bar = 1:n_bars] {
    set ytics add (word(watchers, bar) n_bars + 1 - bar)
}
unset grid
set grid xtics ls 20
thick = chosen(9.0, 26.0, 14.0)
do for [p = 1:n_parts] {
    set label 200 + p part_words(p) at graph (p - 1) * 0.34, \
        graph 1 - 0.6 * text_px / panel_height left noenhanced \
        font small_font textcolor rgb style_colour(p)
}
says(p, bar) = sprintf("%s: %s\n%.0f%s bytes", word(watchers, bar), \
    part_words(p), ends[at(p, bar)], low[at(p, bar)] < high[at(p, bar)] ? \
    sprintf(" [%.0f, %.0f]", low[at(p, bar)], high[at(p, bar)]) : "")
# The points of "+" count from 0; there must be two, and one more does no harm.
bar_of(n) = n < n_bars ? int(n) + 1 : n_bars
bars = 'for [p = 1:n_parts] "+" using (from(p, bar_of($0))): \
    (n_bars + 1 - bar_of($0)):(ends[at(p, bar_of($0))]):(0) \
    with vectors nohead ls p linewidth thick'
set samples n_bars + 1
if (is_page) {
    plot @bars, for [p = 1:n_parts] "+" using (to(p, bar_of($0))): \
        (n_bars + 1 - bar_of($0)):(says(p, bar_of($0))) with labels \
        hypertext point ls p pointtype mark_of(p) pointsize 0.6 * mark
} else {
    plot @bars
}
load "drawn.gp"
unset multiplot
