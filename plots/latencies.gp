# SPDX-License-Identifier: MIT
# How long it takes from when an event is due to the return of the wait, for each
# way of waiting (the stages of the sweep, with a writer on another CPU): its
# percentiles against the number of fds watched; and, of the number that most
# have, how many events take as long (the complementary distribution, both axes
# logarithmic), beside the time from the write alone.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5
load "common.gp"
in_sweep(x) = strcol("sweep") eq sweep && strcol("writer") eq "other"

# A metric is response_p99, say: p99 is what one event of 100 is beyond.
kind_of(x) = substr(strcol("metric"), 1, strstrt(strcol("metric"), "_p") - 1)
percent_of(x) = substr(strcol("metric"), strstrt(strcol("metric"), "_p") + 2, \
    strlen(strcol("metric")))
is_latency(x) = in_sweep(0) && strstrt(strcol("metric"), "_p") > 0 && \
    strlen(strcol("estimate_ns")) > 0
one_of(x) = is_latency(0) ? 1 / (1 - real("0." . percent_of(0))) : NaN

stages = ""
counts = ""
note_stage(x) = is_latency(0) ? (stages = with_word(stages, strcol("stage")), \
    counts = with_number(counts, column("fd_count")), \
    note_row(0), note(column("fd_count"))) : 1
stats points using (note_stage(0)) nooutput
if (strlen(stages) == 0) { exit status no_data }
x_least = 0.9 * smallest
x_most = 1.1 * largest
# Of which most backends and ways of waiting have what the distribution takes.
best = 0
do for [n in counts] {
    n_here = 0
    stats points using (is_latency(0) && column("fd_count") == n ? \
        (n_here = n_here + 1, 1) : 1) nooutput
    if (n_here >= best) { best = n_here; of_count = n }
}

panels = 2 * words(stages)
slide_columns = 2
own_y = 1
label_chars = 14
load "layout.gp"
rows = points
set logscale xy
y_format = "%.0s %cs"
per_ns = 1e-9
y_of(name) = strlen(strcol(name)) ? per_ns * column(name) : NaN
has_doubts(x) = is_doubtful(0)
is_of_panel(x) = is_latency(0) && strcol("stage") eq stage && (is_over_count ? \
    kind_of(0) eq "response" && index_in("50 99 999", percent_of(0)) > 0 : \
    column("fd_count") == of_count)
line_of(x) = strcol("backend") . " " . \
    (is_over_count ? "p" . percent_of(0) : kind_of(0))
says(x) = sprintf("%s: %s", line_of(0), \
    said_ns(column("estimate_ns"), column("low_ns"), column("high_ns")))
n_known = 0
array known[12]
note_line(x) = !is_of_panel(0) ? 1 : (note(column("estimate_ns")), \
    int(sum [k = 1:n_known] (known[k] eq line_of(0))) > 0 || n_known == 12 ? \
    1 : (n_known = n_known + 1, known[n_known] = line_of(0), 1))
is_on(i) = is_of_panel(0) && line_of(0) eq line_name[i]
do for [panel = 1:panels] {
    is_over_count = panel % 2
    stage = word(stages, (panel + 1) / 2)
    set autoscale xy
    n_known = 0; smallest = 1e300; largest = 0
    stats points using (note_line(0)) nooutput
    n_series = n_known
    do for [i = 1:n_series] {
        line_name[i] = known[i]
        line_style[i] = 1 + (i - 1) % styles
    }
    x_of(x) = is_over_count ? column("fd_count") : one_of(0)
    x_low = is_over_count ? x_least : 1
    x_high = is_over_count ? x_most : 1500
    y_low = 0.5e-9 * smallest
    y_high = 2e-9 * largest
    x_title = is_over_count ? "fds watched (N)" : \
        "one event of so many takes longer"
    y_title = panel % 2 ? "from due to returned" : ""
    heading = stage . (is_over_count ? "" : sprintf(", %s fds", of_count))
    load "lines.gp"
}
unset multiplot
