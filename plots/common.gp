# SPDX-License-Identifier: MIT
# What all figures share: the three forms, colours, reading a run.
#
# A figure is drawn from this folder: gnuplot -d -c FIGURE.gp RUN_DIR OUT ID
# POINTS SWEEP VARIES AXIS, with OUT ending in -column.svg, -column.png,
# -slide.svg, -slide.png or -page.svg (before which come "-1", "-2", ...: a file
# for each panel), POINTS a points.csv with at least the figure's sweeps, and
# last what cases.csv says of the case that it shows. It takes its arguments,
# loads this file, reads what it needs, says how many panels it has and loads
# layout.gp. Figures show what the CSV files hold; the only arithmetic is
# scaling of units and placing of labels.
#
# Text from a run is data: it is only ever the value of a string variable, shown
# with enhanced text off, so nothing in it can act as a command.

set encoding utf8
set datafile separator comma
set datafile columnheaders
set datafile commentschars ""
set datafile missing NaN
host = run . "/host.csv"
findings = run . "/findings.csv"

# --- the forms: one column of a paper, a slide, a panel of the page ---------

# All lengths are in CSS pixels, 96 an inch: a column is 85 mm wide and its text
# 7 to 8 points high; a slide of 16:9 is 13.3 inches wide; a panel of the page is
# as wide as a phone. Pictures in pixels are 300 an inch in a column, 1920 wide
# on a slide.
is_slide = out[strlen(out) - 9:strlen(out) - 3] eq "-slide."
is_page = out[strlen(out) - 8:*] eq "-page.svg"
is_column = !is_slide && !is_page
is_png = out[strlen(out) - 3:*] eq ".png"
chosen(column, slide, page) = is_page ? page : is_slide ? slide : column
width = chosen(321, 1280, 400)
slide_height = 720
text_px = chosen(10.0, 20.0, 12.5)
small_px = chosen(9.4, 17.5, 12.5)
heading_px = chosen(10.7, 22.0, 0)
line = chosen(1.0, 2.2, 1.2)
pixels = is_png ? (is_slide ? 1.5 : 300 / 96.0) : 1 # to a CSS pixel
char = 0.56 # mean width of a character over its font's size
text_font = "DejaVu Sans"
small_font = sprintf("%s,%.1f", text_font, small_px)
heading_font = sprintf("%s,%.1f", text_font, heading_px)

# --- colours: Okabe and Ito's, told apart by colour-blind readers -----------

# In the order of known_backends, from the first again when there are more; the
# last three also for what is no backend of the library, such as other event
# loops, and the very last for others' results; grey for what nobody watches.
# A page has its own colours, light and dark: there these are numbers, of which
# page.awk makes classes.
styles = 7
grey = is_page ? "#0000d2" : "#6e6e6e"
dark_grey = is_page ? "#0000d2" : "#404040"
line_colour(i) = is_page ? sprintf("#%06x", i) : \
    word("#d55e00 #e69f00 #0072b2 #009e73 #cc79a7 #56b4e9 #000000", i)
# Text in the colour of a line must stand out on white: amber alone does not.
style_colour(i) = i > styles ? grey : is_page ? line_colour(i) : \
    word("#b34e00 #8f6300 #005f95 #007353 #9c4a7c #2378a8 #000000", i)
# Filled ones; the hollow form of each is the one before it.
mark_of(i) = int(word("9 5 7 13 11 15 5 7", i))
# A mark's unit grows with the font in SVG, and not in PNG.
mark = is_png ? 0.066 * pixels * text_px : 0.78
do for [i = 1:styles] {
    set style line i lc rgb line_colour(i) lw 1.3 * line \
        ps word("0.7 0.55 0.6 0.75 0.7 0.6 0.6", i) * mark pt mark_of(i)
}
set style line 8 lc rgb grey lw 0.7 * line ps 0.45 * mark pt mark_of(8)
set style line 20 lc rgb (is_page ? "#0000d0" : "#dddddd") lw 0.6 * line
set style line 21 lc rgb (is_page ? "#0000d1" : "#606060") lw 0.8 * line

# The library's backends in their order, from backends.csv; heads are those that
# are no variant of another, kernel_sets those whose set takes a descriptor.
known_backends = ""
heads = ""
kernel_sets = ""
with_backend(list, holds) = list . (!holds ? "" : \
    (strlen(list) ? " " : "") . strcol("name"))
note_backend(x) = (known_backends = with_backend(known_backends, 1), \
    heads = with_backend(heads, strcol("name") eq strcol("family")), \
    kernel_sets = with_backend(kernel_sets, column("own_fds") > 0), 1)
stats run . "/backends.csv" using (note_backend(0)) nooutput
# Called within other sums and loops, whose counter is lost to gnuplot 5.4.1 if
# its name is that of the one here; so in all functions.
index_in(list, name) = \
    int(sum [w = 1:words(list)] (word(list, w) eq name ? w : 0))
n_spare = 3
style_of(name) = name eq "unwatched" ? 8 : \
    index_in(known_backends, name) ? \
    1 + (index_in(known_backends, name) - 1) % styles : \
    styles - n_spare + 1 + (index_in(backends, name) - 1) % n_spare

# --- what was measured: a time, or a count of instructions ------------------

# A fact of host.csv. gnuplot ends a quoted field at its first comma or quote;
# a caption can do with that.
fact = ""
note_fact(key) = strcol("key") eq key ? (fact = strcol("value"), 1) : 1
stats host using (note_fact("counter")) nooutput
is_counted = fact eq "instructions"
metric = is_counted ? "instructions" : "cost"
# Times are drawn in seconds, so that gnuplot's SI prefixes can name them.
cost_scale = is_counted ? 1 : 1e-9
cost_format = is_counted ? "%.0s%c" : "%.0s %cs"
cost_title = is_counted ? "instructions of one call" : "cost of one call"

# --- reading ----------------------------------------------------------------

# Adds a word to a list unless it is there; lists are strings of words.
with_word(list, name) = strlen(name) == 0 || index_in(list, name) ? list : \
    list . (strlen(list) ? " " : "") . name
# The same with numbers, which stay in order.
with_number(list, number) = (below = "", above = "", \
    unused = sum [v = 1:words(list)] (word(list, v) < number ? \
    (below = with_word(below, word(list, v)), 0) : word(list, v) > number ? \
    (above = with_word(above, word(list, v)), 0) : 0), \
    with_word(below, sprintf("%.0f", number)) . \
    (strlen(above) ? " " . above : ""))

# Which fds there are decides how near to an asked-for highest fd a point can
# be: up to seven numbers away, it counts as the same.
is_near(a, b) = abs(a - b) <= 7
near_in(list, number) = int(sum [w = 1:words(list)] \
    (is_near(word(list, w), number) ? w : 0))
with_near(list, number) = near_in(list, number) ? list : \
    with_number(list, number)

# The rows of a panel: sweep, which the figure sets, stage and layout, and what
# its fixed(x) says of the others (the argument is not used; gnuplot wants one).
stage = "all"
layout = "packed"
fixed(x) = 1
in_sweep(x) = strcol("sweep") eq sweep && strcol("stage") eq stage && \
    strcol("fd_kind") eq kind
in_panel(x) = in_sweep(0) && strcol("layout") eq layout && fixed(0)
is_row_of(backend) = strcol("backend") eq backend && in_panel(0)
# What lies below the lowest cost that a figure can show is drawn there, and the
# figure says so.
floor_ns = 0
per_ns = cost_scale
shown(value_ns) = per_ns * (value_ns > floor_ns ? value_ns : \
    value_ns <= floor_ns ? floor_ns : NaN)
cost_of(backend, name) = is_row_of(backend) ? shown(column(name)) : NaN

# Which backends and values of factors are there, in the order of the file.
backends = ""
note_row(x) = (backends = with_word(backends, strcol("backend")), 1)

# Which kinds of fds: as models and verdicts do, a figure shows the one that
# most points have, and says so if there are others.
kind = ""
kinds = ""
kind_rows = 0
is_of_backend(x) = index_in(known_backends, strcol("backend")) > 0
note_kind(x) = !is_of_backend(0) ? 1 : \
    (kinds = with_word(kinds, strcol("fd_kind")), 1)
count_kind(name) = is_of_backend(0) && strcol("fd_kind") eq name ? \
    (n_rows = n_rows + 1, 1) : 1

# The title that the analysis gives the panel of a sweep in which count fds are
# watched ("" where that is what varies); empty where it has nothing to say.
find_title(count) = strcol("sweep") eq sweep && strcol("fd_count") eq count ? \
    (finding = strcol("title"), 1) : 1

# Broken into lines of at most so many characters: where a part of the sentence
# ends, or between words if the part is too long for a line.
ends_part(s) = s[strlen(s):*] eq ";"
end_line(next_line) = (lines_of = lines_of . \
    (strlen(line_of) ? line_of . "\n" : ""), line_of = next_line, 0)
is_unit(s) = index_in("ns µs ms s ns; µs; ms; s; instructions " . \
    "instructions;", s) > 0
add_word(s, most) = strlen(part_of) && !is_unit(s) && \
    strlen(part_of) + 1 + strlen(s) > most ? \
    (end_line(part_of), part_of = s, 0) : \
    (part_of = part_of . (strlen(part_of) ? " " : "") . s, 0)
add_part(most) = (strlen(line_of) + 1 + strlen(part_of) > most ? \
    end_line(part_of) : \
    (line_of = line_of . (strlen(line_of) ? " " : "") . part_of, 0), \
    part_of = "", 0)
wrapped(s, most) = (lines_of = "", line_of = "", part_of = "", \
    unused = sum [v = 1:words(s)] (add_word(word(s, v), most), \
    v == words(s) || ends_part(word(s, v)) ? add_part(most) : 0), \
    lines_of . line_of)
n_lines(s) = strlen(s) == 0 ? 0 : \
    1 + int(sum [w = 1:strlen(s)] (s[w:w] eq "\n" ? 1 : 0))

# Line number i, empty beyond the last.
line_of_text(s, i) = (rest_of = s, unused = sum [k = 2:i] ( \
    strstrt(rest_of, "\n") ? (rest_of = rest_of[strstrt(rest_of, "\n") + 1:*], \
    0) : (rest_of = "", 0)), strstrt(rest_of, "\n") ? \
    rest_of[1:strstrt(rest_of, "\n") - 1] : rest_of)

# Titles of the sweep that the analysis gives for all that it varies.
find_all(name, before) = strcol("sweep") eq name ? (title = title . \
    (strlen(title) ? "\n" : "") . before . strcol("title"), 1) : 1

# The distinct values of the factors in a sweep: a user's own ranges may hold
# several where the standard sweeps have one; figures then show the first.
layouts = ""
highest_fds = ""
fd_counts = ""
ready_counts = ""
note_factors(x) = in_sweep(0) ? ( \
    layouts = with_word(layouts, strcol("layout")), \
    highest_fds = with_near(highest_fds, column("highest_fd")), \
    fd_counts = with_number(fd_counts, column("fd_count")), \
    ready_counts = with_number(ready_counts, column("ready_count")), 1) : 1

# What was disturbed is drawn hollow.
doubts = "contended dirty few failed"
has_doubt(flags) = \
    int(sum [w = 1:words(doubts)] (strstrt(flags, word(doubts, w)) > 0)) > 0
is_doubtful(x) = has_doubt(strcol("flags"))

# The extent of a column, and of costs with their intervals, over the rows for
# which in_panel() holds.
smallest = 1e300
largest = 0
note(value) = value > 0 ? \
    ((value < smallest ? (smallest = value) : 0), \
     (value > largest ? (largest = value) : 0), 1) : 1
# A column that may be empty: since gnuplot 6 a row in which one is read that is
# missing counts as missing itself.
number(name) = strlen(strcol(name)) ? column(name) : NaN
note_interval(x) = (note(shown(column("estimate_ns"))), \
    note(shown(number("low_ns"))), note(shown(number("high_ns"))))
note_cost(x) = in_panel(0) ? note_interval(0) : 1

# A straight axis has one unit; gnuplot would write 1.2 and 1.4 ms as 1 ms.
choose_unit = 'per_ns = 1 / unit_of(largest / 5); \
    y_format = is_counted ? "%.1s%c" : "%g " . unit_name(unit_of(largest / 5))'

# What a mark says on the page: numbers as the report writes them.
unit_of(ns) = is_counted ? 1.0 : abs(ns) >= 1e9 ? 1e9 : abs(ns) >= 1e6 ? 1e6 : \
    abs(ns) >= 1e3 ? 1e3 : 1.0
unit_name(unit) = is_counted ? metric : unit >= 1e9 ? "s" : unit >= 1e6 ? "ms" : \
    unit >= 1e3 ? "µs" : "ns"
three(v) = abs(v) < 1e-3 ? "0" : abs(v) >= 99.95 ? sprintf("%.0f", v) : \
    abs(v) >= 9.995 ? sprintf("%.1f", v) : sprintf("%.2f", v)
said_ns(v, low, high) = sprintf("%s %s%s", three(v / unit_of(v)), \
    unit_name(unit_of(v)), low == low ? sprintf(" [%s, %s]", \
    three(low / unit_of(v)), three(high / unit_of(v))) : "")
disturbance(x) = is_counted ? "\n" . strcol("agreement") : \
    column("clean_batches") == column("batches") && \
    strcol("flags") eq "" ? "" : \
    sprintf("\n%.0f of %.0f batches undisturbed%s%s", \
    column("clean_batches"), column("batches"), \
    strcol("flags") eq "" ? "" : "; ", strcol("flags"))
said(x) = sprintf("%s%s: %s\nhighest fd %.0f, %.0f watched, %.0f ready, %s%s", \
    strcol("backend"), strcol("stage") eq "all" ? "" : ", " . strcol("stage"), \
    said_ns(column("estimate_ns"), number("low_ns"), \
    number("high_ns")), column("highest_fd"), column("fd_count"), \
    column("ready_count"), strcol("layout"), disturbance(0))

# --- how a panel looks ------------------------------------------------------

set border 3 ls 21
set tics nomirror scale 0.5 textcolor rgb dark_grey
set grid xtics ytics ls 20
set key off
set errorbars small
set micro
x_format = "%.0s%c"
y_format = cost_format
x_title = ""      # below a panel
y_title = cost_title # beside it; empty: none
title = ""        # above the figure: what came out, from findings.csv
heading = ""      # above a panel: what is held fixed
finding = ""      # below the heading: what came out, likewise
note = ""         # added to the caption
labels_most = 29
array label_text[labels_most]
array label_colour[labels_most]
array label_y[labels_most]
array line_name[labels_most]
array line_style[labels_most]
array end_x[labels_most]
array end_y[labels_most]
array end_rows[labels_most]
log_x = 1         # the panel's axes
log_y = 1
word_ticks = 0    # numbers at the x axis where a word of a bitmap ends
fewest_rows = 1   # a line with fewer points in the panel is left out
with_marks = 1    # for each point; 0 for dense scans
with_bars = 1     # 95 % intervals
with_labels = 1   # the lines' names at their ends
no_data = 3 # exit status for draw.sh: the run holds nothing for this figure

# --- what layout.gp asks of a figure ----------------------------------------

panels = 1
slide_columns = 2   # beside each other on a slide
column_columns = 1  # and in a column of a paper
in_columns = 0      # panels go down first, then right
own_y = 0           # each panel has numbers at its y axis
labels_last = 0     # only panels at the right edge name their lines
tic_chars = 6       # room for numbers at the y axis
label_chars = 0     # room for names longer than any backend's
panel_height = 130  # of a panel in a column of a paper
page_height = 190   # and in the page
told = ""           # sweeps whose titles stand above panels

# --- what was measured on, for the caption ----------------------------------

caption = ""
note_machine(x) = strcol("sweep") eq "machine" ? \
    (fact = strcol("title"), 1) : 1
do for [key in "machine kernel started"] {
    fact = ""
    if (key eq "machine") {
        stats findings using (note_machine(0)) nooutput
    } else {
        stats host using (note_fact(key)) nooutput
    }
    caption = caption . (strlen(fact) > 140 ? fact[1:139] . "…" : fact) . \
        (strlen(fact) ? "  ·  " : "")
}
caption = caption . "run " . run_id

stats points using (note_row(0)) nooutput
if (!exists("kinds_of")) { kinds_of = points }
stats kinds_of using (note_kind(0)) nooutput
do for [name in kinds] {
    n_rows = 0
    if (words(kinds) > 1) {
        stats kinds_of using (count_kind(name)) nooutput
    }
    if (kind eq "" || n_rows > kind_rows) { kind = name; kind_rows = n_rows }
}
if (words(kinds) > 1) { note = sprintf("Fds: %s only.", kind) }
