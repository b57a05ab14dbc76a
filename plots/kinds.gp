# SPDX-License-Identifier: MIT
# What each kind of fd costs: a panel for each state of a set (one ready, looked
# at; one ready and the others queued on; all ready), in it a row for each kind
# and a mark for each backend, with its 95 % interval.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5
load "common.gp"

# All kinds are shown, those with most fds last in the list of counts.
in_sweep(x) = strcol("sweep") eq sweep && strcol("stage") eq "all"
kinds_here = ""
fd_counts = ""
note_kind_here(x) = in_sweep(0) ? ( \
    kinds_here = with_word(kinds_here, strcol("fd_kind")), \
    fd_counts = column("ready_count") > 1 ? \
    with_number(fd_counts, column("fd_count")) : fd_counts, 1) : 1
stats points using (note_kind_here(0)) nooutput
n_kinds = words(kinds_here)
if (strlen(fd_counts) == 0) { exit status no_data }
note = ""
count = 1.0 * word(fd_counts, words(fd_counts))

state_of(x) = column("ready_count") > 1 ? 3 : column("timeout") > 0 ? 2 : 1
is_of(state) = in_sweep(0) && column("fd_count") == count && \
    state_of(0) == state
headings(state) = sprintf("%.0f watched, %s", count, state == 1 ? \
    "one ready" : state == 2 ? "one ready, may sleep" : "all ready")
in_panel(x) = in_sweep(0) && column("fd_count") == count

shown_backends = ""
do for [name in heads] {
    shown_backends = index_in(backends, name) ? \
        with_word(shown_backends, name) : shown_backends
}
n_series = words(shown_backends)
# Kinds from the top, as they come; the backends of a kind close together.
place_of(x) = n_kinds + 1 - index_in(kinds_here, strcol("fd_kind")) + \
    0.22 * (0.5 * (n_series + 1) - \
    index_in(shown_backends, strcol("backend")))
says(x) = sprintf("%s, %s: %s%s", strcol("fd_kind"), strcol("backend"), \
    said_ns(column("estimate_ns"), number("low_ns"), number("high_ns")), \
    disturbance(0))

smallest = 1e300; largest = 0
stats points using (note_cost(0)) nooutput
x_low = 0.8 * smallest
x_high = 1.25 * largest
y_low = 0.4
y_high = n_kinds + 0.6
set logscale x
log_y = 0
panels = 3
slide_columns = 3
own_y = 1
tic_chars = 0
do for [name in kinds_here] {
    tic_chars = strlen(name) > tic_chars ? strlen(name) : tic_chars
}
panel_height = 1.6 * small_px * n_kinds
page_height = 1.2 * panel_height
stats findings using (find_all(sweep, "")) nooutput
load "layout.gp"
set tics font small_font
set ytics ()
do for [name in kinds_here] {
    set ytics add (name n_kinds + 1 - index_in(kinds_here, name))
}
x_format = "%.0s %cs"
y_format = "%s"
y_title = ""
x_title = "cost of one call"
mark_size = mark
cost(name) = shown(column(name))
is_on(i) = is_of(state) && strcol("backend") eq word(shown_backends, i)
bars = 'for [i = 1:n_series] points using (is_on(i) ? cost("low_ns") : NaN): \
    (place_of(0)):(cost("high_ns") - cost("low_ns")):(0) \
    with vectors nohead ls style_of(word(shown_backends, i)) \
    linewidth 1.5 * line'
marks = 'for [i = 1:n_series] points using \
    (is_on(i) ? cost("estimate_ns") : NaN):(place_of(0))'
do for [state = 1:panels] {
    heading = headings(state)
    finding = ""
    set autoscale xy
    n_labels = 0
    end = n_kinds + 1
    stats points using (is_of(state) && \
        strcol("fd_kind") eq word(kinds_here, 1) && \
        index_in(shown_backends, strcol("backend")) ? \
        (n_labels = n_labels + 1, label_text[n_labels] = strcol("backend"), \
        label_colour[n_labels] = style_colour(style_of(strcol("backend"))), \
        label_y[n_labels] = place_of(0), 1) : 1) nooutput
    load "labels.gp"
    load "heads.gp"
    load "axes.gp"
    if (is_page) {
        plot @bars, @marks:(says(0)): \
            (mark_of(style_of(word(shown_backends, i))) - is_doubtful(0)) \
            with labels hypertext point ls style_of(word(shown_backends, i)) \
            pointtype variable pointsize mark_size
    } else {
        plot @bars, @marks with points ls style_of(word(shown_backends, i)), \
            for [i = 1:n_series] points using (is_on(i) && is_doubtful(0) ? \
            cost("estimate_ns") : NaN):(place_of(0)) \
            with points ls style_of(word(shown_backends, i)) \
            pointsize 0.4 * mark_size linecolor rgb "white"
    }
    load "drawn.gp"
}
unset multiplot
