# SPDX-License-Identifier: MIT
# What a case measured against what it varies first; a panel for each value of
# the first word that it varies besides (its metric, say, or its stage) or of how
# many fds are ready, and for each load of a server; a line for each backend and
# each value of the rest, unless that follows from the first. What is no time, or
# may be nothing, has straight axes. What models predict of a line is a dashed one.
run = ARG1
out = ARG2
run_id = ARG3
points = ARG4
sweep = ARG5
varies = ARG6
axis = ARG7
predictions = ARGC > 7 ? ARG8 : ""
load "common.gp"
# But for percentiles that are there for distributions; see latencies.gp.
in_sweep(x) = strcol("sweep") eq sweep && \
    !index_in("p10 p90 p98", substr(strcol("metric"), \
    strlen(strcol("metric")) - 2, strlen(strcol("metric"))))

x_factor = word(varies, 1)
x_title = axis
words_of_factors = \
    "stage layout fd_kind server cache ready_place writer change metric"
facet = "stage"
do for [i = words(varies):2:-1] {
    if (index_in(words_of_factors . " ready_count", word(varies, i))) {
        facet = word(varies, i)
    }
}
# Of servers beside each other one metric is shown, the first: what a request
# takes.
if (facet eq "server") {
    of_all = ""
    stats points using (in_sweep(0) && strlen(of_all) == 0 ? \
        (of_all = strcol("metric"), 1) : 1) nooutput
    in_sweep(x) = strcol("sweep") eq sweep && strcol("metric") eq of_all
}
# All of one sign in a text in the place of another; word lists have no blanks.
swapped(s, one, other) = (text_of_it = "", unused = sum [c = 1:strlen(s)] \
    (text_of_it = text_of_it . (s[c:c] eq one ? other : s[c:c]), 0), \
    text_of_it)
# What else varies, as it stands behind the backend.
text_of(name) = swapped(index_in(words_of_factors, name) ? strcol(name) : \
    name eq "rate" ? rate_of(0) : \
    sprintf("%.0f.%s", column(name), name), "_", ".")
rate_of(x) = column("rate") > 0 ? sprintf("%.0f.per.s", column("rate")) : \
    "flat.out"
others = ""
has_load = index_in(varies, "busy_fds")
load_of(x) = !has_load ? "" : \
    sprintf(":.%.0f.busy,.%s", column("busy_fds"), rate_of(0))
facet_of(x) = strcol(facet) . load_of(0)
note_value(name) = in_sweep(0) ? (xs = with_word(xs, strcol(x_factor)), \
    values = with_word(values, strcol(x_factor) . "." . text_of(name)), 1) : 1
do for [i = 2:words(varies)] {
    values = ""
    xs = ""
    if (!index_in(facet . (has_load ? " busy_fds rate" : ""), \
            word(varies, i))) {
        stats points using (note_value(word(varies, i))) nooutput
    }
    if (words(values) > words(xs)) { others = others . " " . word(varies, i) }
}
line_of(x) = strcol("backend") . \
    (words(others) > 0 ? "." . text_of(word(others, 1)) : "") . \
    (words(others) > 1 ? "." . text_of(word(others, 2)) : "")
facets = ""
lines = ""
note_lines_of(x) = in_sweep(0) && strlen(strcol("estimate_ns")) ? \
    (facets = with_word(facets, facet_of(0)), \
    lines = with_word(lines, line_of(0)), 1) : 1
stats points using (note_lines_of(0)) nooutput
if (strlen(facets) == 0) { exit status no_data }
do for [name in lines] {
    if (strlen(name) > label_chars) { label_chars = strlen(name) }
}

panels = words(facets) < 4 ? words(facets) : 4
own_y = 1
load "layout.gp"
rows = points
n_series = words(lines) < labels_most ? words(lines) : labels_most
do for [i = 1:n_series] {
    line_name[i] = swapped(word(lines, i), ".", " ")
    line_style[i] = 1 + (i - 1) % styles
}
is_in_panel(x) = in_sweep(0) && facet_of(0) eq panel_of
is_on(i) = is_in_panel(0) && line_of(0) eq word(lines, i)
x_of(x) = column(x_factor)
y_of(name) = strlen(strcol(name)) ? per_ns * column(name) : NaN
unit = ""
note_unit(x) = is_in_panel(0) ? (unit = strcol("unit"), \
    is_zero = is_zero || number("estimate_ns") <= 0, \
    note(number("estimate_ns")), note(number("low_ns")), \
    note(number("high_ns")), \
    x_low = column(x_factor) < x_low ? column(x_factor) : x_low, \
    x_most = column(x_factor) > x_most ? column(x_factor) : x_most, 1) : 1
said_value(v, low, high) = unit eq "ns" ? ": " . said_ns(v, low, high) : \
    sprintf(", %s: %s%s", heading, three(v), low == low && low < high ? \
    sprintf(" [%s, %s]", three(low), three(high)) : "")
says(x) = sprintf("%s%s\n%s %.0f%s", swapped(line_of(0), ".", " "), \
    said_value(column("estimate_ns"), number("low_ns"), number("high_ns")), \
    axis, column(x_factor), disturbance(0))
has_doubts(x) = is_doubtful(0)
do for [panel = 1:panels] {
    panel_of = word(facets, panel)
    smallest = 1e300; largest = 0; is_zero = 0; x_low = 1e300; x_most = 0
    set autoscale xy
    stats points using (note_unit(0)) nooutput
    if (strlen(predictions)) {
        stats predictions using (is_in_panel(0) ? \
            note(number("predicted")) : 1) nooutput
    }
    is_time = unit eq "ns"
    log_y = is_time && !is_zero
    log_x = log_y && x_low > 0
    unset logscale
    if (log_x) { set logscale x }
    if (log_y) { set logscale y }
    per_ns = log_y ? 1e-9 : 1
    y_format = log_y ? "%.0s %cs" : "%g"
    if (is_time && !log_y) { @choose_unit }
    if (!log_x) { x_format = "%.0f"; set xtics ceil(x_most / 8.0); x_low = 0 } \
        else { x_low = 0.9 * x_low }
    x_high = 1.1 * x_most
    y_low = log_y ? 0.7e-9 * smallest : 0
    y_high = largest > 0 ? (log_y ? 1.4e-9 : 1.15 * per_ns) * largest : 1
    if (!log_y) {
        ten = 10.0 ** floor(log10(y_high))
        set ytics y_high < 2 * ten ? 0.5 * ten : y_high < 5 * ten ? ten : \
            2 * ten
    }
    # Metrics have words in findings.csv.
    named = panel_of[1:strstrt(panel_of . ":", ":") - 1]
    heading = panel_of eq "all" ? "Cost of one call" : \
        facet eq "ready_count" ? panel_of . " ready at a time" : \
        swapped(named, "_", " ")
    stats findings using (strcol("sweep") eq "metric " . named ? \
        (heading = strcol("title"), 1) : 1) nooutput
    heading = heading . swapped(panel_of[strlen(named) + 1:*], ".", " ")
    y_title = !is_page ? "" : is_time ? "time" : unit
    load "lines.gp"
}
unset multiplot
