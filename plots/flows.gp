# SPDX-License-Identifier: MIT
# What an event costs against the number of fds that are ready: a panel for each
# way in which events come and go, which are the stages of the sweep; and, where
# that varies, against the most events that a poll may report.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5
load "common.gp"

heading_of(name) = name eq "standing-event" ? "Stays ready" : \
    name eq "served-event" ? "Written, reported, read once" : \
    name eq "manual-event" ? "Read as epoll(7) wants it" : \
    name eq "event-over-floor" ? "Over its write and read" : name
stages = ""
is_all_slots(x) = column("max_events") == 0
fixed(x) = is_all_slots(0)
in_sweep(x) = strcol("sweep") eq sweep && strcol("fd_kind") eq kind
note_stage(x) = in_sweep(0) ? (stages = with_word(stages, strcol("stage")), \
    !is_all_slots(0) ? (n_limited = n_limited + 1, limited_ready = \
    column("ready_count") < limited_ready ? column("ready_count") : \
    limited_ready) : 1, note(column("ready_count"))) : 1
n_limited = 0
limited_ready = 1e9
stats points using (note_stage(0)) nooutput
if (strlen(stages) == 0) { exit status no_data }
x_low = 0.9 * smallest
x_high = 1.1 * largest
in_sweep(x) = strcol("sweep") eq sweep && strcol("stage") eq stage && \
    strcol("fd_kind") eq kind
set logscale x
log_y = 0
x_factor = "ready_count"
x_title = "fds ready (R)"
panels = words(stages) + (n_limited > 0)
slide_columns = panels > 2 ? 2 : panels
own_y = 1
do for [name in known_backends] {
    if (strlen(name) > label_chars) { label_chars = strlen(name) }
}
tic_chars = 7
load "layout.gp"
# From nothing up, so that a line twice as high costs twice as much.
own_range = "set autoscale y; smallest = 1e300; largest = 0; per_ns = 1; \
    stats points using (note_cost(0)) nooutput; " . choose_unit . "; \
    y_low = 0; y_high = 1.15 * largest * per_ns; set ytics autofreq"
do for [panel = 1:words(stages)] {
    stage = word(stages, panel)
    @own_range
    heading = heading_of(stage)
    y_title = (panel - 1) % columns ? "" : "cost of one event"
    load "panel.gp"
}
if (n_limited > 0) {
    stage = "standing-event"
    fixed(x) = column("max_events") > 0 && \
        column("ready_count") == limited_ready
    smallest = 1e300; largest = 0
    stats points using (in_panel(0) ? note(column("max_events")) : 1) nooutput
    x_low = 0.9 * smallest
    x_high = 1.1 * largest
    @own_range
    x_factor = "max_events"
    x_title = "events a poll may report"
    y_title = ""
    heading = sprintf("Stays ready, %.0f fds", limited_ready)
    load "panel.gp"
}
unset multiplot
