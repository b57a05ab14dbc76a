# SPDX-License-Identifier: MIT
# What an instruction took (per_instruction.csv): over the fds watched and over
# those ready. Where a line is level the cost grows as the work does; where it
# rises, memory is waited for.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4 # of the sweeps over both
over_n = ARG5
over_r = ARG6
load "common.gp"
rows = run . "/per_instruction.csv"

sweep = over_r
stats rows using (in_sweep(0) ? (fd_counts = \
    with_number(fd_counts, column("fd_count")), 1) : 1) nooutput
most = words(fd_counts) ? int(word(fd_counts, words(fd_counts))) : 0
is_of(x) = in_sweep(0) && strcol("layout") eq "packed" && \
    (sweep eq over_n ? column("ready_count") == 1 : \
    column("fd_count") == most && column("ready_count") > 0)
note_row_of(name) = is_of(0) ? (note(column("ns")), note(number("high"))) : 1
x_most = 0
do for [name in over_n . " " . over_r] {
    sweep = name
    stats rows using (note_row_of(name)) nooutput
    stats rows using (is_of(0) && column("fd_count") > x_most ? \
        (x_most = column("fd_count"), 1) : 1) nooutput
}
if (largest <= 0) { exit status no_data }
log_y = 0
set logscale x
y_low = 0
y_high = 1.1 * largest
y_format = "%g"
y_title = "ns per instruction"
panels = 2
own_y = 1
told = "per_instruction"
load "layout.gp"

n_series = words(backends)
do for [i = 1:n_series] {
    line_name[i] = word(backends, i)
    line_style[i] = style_of(line_name[i])
}
is_on(i) = is_of(0) && strcol("backend") eq line_name[i]
x_of(x) = column(x_factor)
y_of(name) = name eq "estimate_ns" ? column("ns") : \
    number(name[1:strlen(name) - 3])
says(x) = sprintf("%s: %s ns per instruction\n%.0f watched, %.0f ready, %s " . \
    "instructions", strcol("backend"), three(column("ns")), \
    column("fd_count"), column("ready_count"), \
    three(column("instructions")))
has_doubts(x) = is_doubtful(0)
do for [name in over_n . " " . over_r] {
    sweep = name
    x_factor = name eq over_n ? "fd_count" : "ready_count"
    x_title = name eq over_n ? "fds watched (N)" : "fds ready (R)"
    heading = name eq over_n ? "Number of fds (N), 1 ready" : \
        sprintf("Ready fds (R) of %.0f", most)
    x_low = 0.9
    x_high = 1.1 * (name eq over_n ? x_most : most)
    finding = ""
    swept = sweep
    sweep = told
    stats findings using (find_title(name eq over_n ? "" : \
        sprintf("%.0f", most))) nooutput
    sweep = swept
    load "lines.gp"
    y_title = ""
}
unset multiplot
