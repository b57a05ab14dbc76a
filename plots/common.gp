# SPDX-License-Identifier: MIT
# What all figures share: reading a run, one colour and mark a backend, caption.
#
# A figure is drawn from this folder: gnuplot -d -c FIGURE.gp RUN_DIR OUT ID,
# with OUT ending in .svg or .png. It takes its arguments, loads this file, reads
# what it needs, sets width and height and loads output.gp. Figures show what the
# CSV files hold; the only arithmetic is scaling of units and placing of labels.
#
# Text from a run is data: it is only ever the value of a string variable, shown
# with enhanced text off, so nothing in it can act as a command.

set encoding utf8
set datafile separator comma
set datafile columnheaders
set datafile commentschars ""
set datafile missing NaN
text_font = "DejaVu Sans"
points = run . "/points.csv"
host = run . "/host.csv"
findings = run . "/findings.csv"

# --- colours: Okabe and Ito's, told apart by colour-blind readers -----------

# In the order of known_backends; the last three are for backends to come.
mark_scale = out[strlen(out) - 3:*] eq ".png" ? 1.6 : 0.85
set style line 1 lc rgb "#d55e00" lw 1.6 ps 0.7 * mark_scale
set style line 2 lc rgb "#e69f00" lw 1.6 ps 0.55 * mark_scale
set style line 3 lc rgb "#0072b2" lw 1.6 ps 0.6 * mark_scale
set style line 4 lc rgb "#009e73" lw 1.6 ps 0.75 * mark_scale
set style line 5 lc rgb "#cc79a7" lw 1.6 ps 0.7 * mark_scale
set style line 6 lc rgb "#56b4e9" lw 1.6 ps 0.6 * mark_scale
set style line 7 lc rgb "#000000" lw 1.6 ps 0.6 * mark_scale
grey = "#808080"
set style line 20 lc rgb "#dddddd" lw 0.6
set style line 21 lc rgb "#606060" lw 0.8

known_backends = "select-textbook select poll epoll"
index_in(list, name) = \
    int(sum [i = 1:words(list)] (word(list, i) eq name ? i : 0))
style_of(name) = index_in(known_backends, name) ? \
    index_in(known_backends, name) : \
    5 + (index_in(backends, name) - 1) % 3
mark_of(name) = int(word("9 5 7 13 11 4 6", style_of(name)))
# Text in the colour of a line must stand out on white: amber alone does not.
text_colour(name) = name eq "select" ? "#8f6300" : \
    word("#b34e00 #8f6300 #005f95 #007353 #9c4a7c #2378a8 #000000", \
         style_of(name))

# --- reading ----------------------------------------------------------------

# Adds a word to a list unless it is there; lists are strings of words.
with_word(list, name) = strlen(name) == 0 || index_in(list, name) ? list : \
    list . (strlen(list) ? " " : "") . name
# The same with numbers, which stay in order.
with_number(list, number) = (below = "", above = "", \
    unused = sum [i = 1:words(list)] (word(list, i) < number ? \
    (below = with_word(below, word(list, i)), 0) : word(list, i) > number ? \
    (above = with_word(above, word(list, i)), 0) : 0), \
    with_word(below, sprintf("%.0f", number)) . \
    (strlen(above) ? " " . above : ""))

# Which fds there are decides how near to an asked-for highest fd a point can
# be: up to seven numbers away, it counts as the same.
is_near(a, b) = abs(a - b) <= 7
near_in(list, number) = int(sum [i = 1:words(list)] \
    (is_near(word(list, i), number) ? i : 0))
with_near(list, number) = near_in(list, number) ? list : \
    with_number(list, number)

# The rows of a panel: sweep, stage and layout, and what the figure's fixed(x)
# says of the others (its argument is not used; gnuplot wants one).
sweep = ""
stage = "all"
layout = "packed"
fixed(x) = 1
in_sweep(x) = strcol("sweep") eq sweep && strcol("stage") eq stage
in_panel(x) = in_sweep(0) && strcol("layout") eq layout && fixed(0)
is_row_of(backend) = strcol("backend") eq backend && in_panel(0)
# In seconds, unless a figure sets per_ns, so that gnuplot's SI prefixes can
# name them. What lies below the lowest cost that a figure can show is drawn
# there, and the figure says so.
floor_ns = 0
per_ns = 1e-9
shown(value_ns) = per_ns * (value_ns > floor_ns ? value_ns : \
    value_ns <= floor_ns ? floor_ns : NaN)
cost_of(backend, name) = is_row_of(backend) ? shown(column(name)) : NaN

# Which backends and values of factors are there, in the order of the file.
backends = ""
note_row(x) = (backends = with_word(backends, strcol("backend")), 1)

# A fact of host.csv. gnuplot ends a quoted field at its first comma or quote;
# a caption can do with that.
fact = ""
note_fact(key) = strcol("key") eq key ? (fact = strcol("value"), 1) : 1

# The title that the analysis gives the panel of a sweep in which count fds are
# watched ("" where that is what varies); empty where it has nothing to say.
find_title(count) = strcol("sweep") eq sweep && strcol("fd_count") eq count ? \
    (finding = strcol("title"), 1) : 1

# On two lines, if it is long: broken after the first ; beyond the middle.
wrapped(s) = (cut = 0, unused = sum [i = strlen(s) / 2 - 6:strlen(s) - 1] ( \
    cut == 0 && s[i:i] eq ";" ? (cut = i, 0) : 0), strlen(s) > 44 && cut ? \
    s[1:cut] . "\n" . s[cut + 2:*] : s)

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

# The extent of a column over the rows for which in_panel() holds.
smallest = 1e300
largest = 0
note(value) = value > 0 ? \
    ((value < smallest ? (smallest = value) : 0), \
     (value > largest ? (largest = value) : 0), 1) : 1
note_cost(x) = in_panel(0) ? note(shown(column("estimate_ns"))) : 1

# --- layout -----------------------------------------------------------------

set border 3 ls 21
set tics nomirror scale 0.5 textcolor rgb "#404040"
set grid xtics ytics ls 20
set key off
set errorbars small
set micro
set format y "%.0s %cs"
set format x "%.0s%c"
y_title = "cost of one call" # beside a panel; empty: none
heading = ""      # above a panel: what is held fixed
finding = ""      # below the heading: what came out, from findings.csv
labels_most = 29
array label_text[labels_most]
array label_colour[labels_most]
array label_y[labels_most]
log_y = 1        # the panel's y axis
panel_stretch = 1 # height of the figure over that of a panel
fewest_rows = 1   # a line with fewer points in the panel is left out
with_marks = 1    # for each point; 0 for dense scans
no_data = 3 # exit status for draw.sh: the run holds nothing for this figure

# --- what was measured on, for the caption ----------------------------------

caption = ""
do for [key in "cpu_model kernel started"] {
    fact = ""
    stats host using (note_fact(key)) nooutput
    caption = caption . (strlen(fact) > 60 ? fact[1:59] . "…" : fact) . \
        (strlen(fact) ? "  ·  " : "")
}
caption = caption . "run " . run_id
set label 100 caption at screen 0.012, 0.022 left noenhanced \
    font text_font . ",7" textcolor rgb grey

stats points using (note_row(0)) nooutput
