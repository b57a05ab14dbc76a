# SPDX-License-Identifier: MIT
# Loaded by a panel: its ranges, x_low to x_high and y_low to y_high, and the
# numbers at its logarithmic axes. Releases of gnuplot choose those differently,
# some so many that they overlap, so they are chosen here: powers of ten; where
# an axis holds fewer than two, what lies between; and where it holds hardly any
# of that, numbers at equal distances.

# A number at the very end would be lost to rounding.
all = 1 - 1e-9
set xrange [all * x_low:x_high / all]
set yrange [all * y_low:y_high / all]

# The numbers of a range that are one of the parts times a power of ten, and
# more than nothing as they are written.
powers(low, high, parts) = (found = "", \
    unused = sum [d = floor(log10(low)):ceil(log10(high))] \
    sum [w = 1:words(parts)] (of = word(parts, w) * 10.0 ** d, \
    of >= low && of <= high && of > 1e-19 ? \
    (found = found . sprintf(" %.20f", of), 0) : 0), found)
round_step(width) = 10.0 ** floor(log10(width)) * \
    (width < 2 * 10.0 ** floor(log10(width)) ? 0.2 : 1)
steps_of(low, high, step) = (found = "", \
    unused = sum [k = ceil(low / step):floor(high / step)] \
    (found = found . sprintf(" %.20f", k * step), 0), found)
choice(low, high) = words(powers(low, high, "1")) > 1 ? \
    powers(low, high, "1") : words(powers(low, high, "1 2 5")) > 1 ? \
    powers(low, high, "1 2 5") : \
    steps_of(low, high, round_step(high - low))
# Those of them that are at least so far apart, the range being 1.
spread(low, high, least) = (list = choice(low, high), kept = "", at = -1.0, \
    unused = sum [w = 1:words(list)] ( \
    place = log(word(list, w) / low) / log(high / low), place - at >= least ? \
    (at = place, kept = kept . " " . word(list, w), 0) : 0), kept)
# The format with the digits that equal distances may need.
digits(low, high) = words(powers(low, high, "1 2 5")) > 1 ? 0 : \
    int(3 * floor(log10(high) / 3) - floor(log10(round_step(high - low))))
detailed(form, low, high) = (cut = strstrt(form, "%.0s"), cut && \
    digits(low, high) > 0 ? form[1:cut - 1] . sprintf("%%.%ds", \
    digits(low, high)) . form[cut + 4:*] : form)

set format x log_x ? detailed(x_format, x_low, x_high) : x_format
set format y log_y ? detailed(y_format, y_low, y_high) : y_format

# Small panels are clearer with the numbered tics alone.
between = panels > 2 ? "" : "2 3 4 5 6 7 8 9"
if (log_x) {
    set xtics () # none yet
    do for [tic in powers(x_low, x_high, between)] {
        set xtics add ("" real(tic) 1)
    }
    room = 2.6 + 2 * char * (digits(x_low, x_high) > 0)
    do for [tic in spread(x_low, x_high, room * text_px / panel_width)] {
        set xtics add (real(tic) 0)
    }
}
if (log_y) {
    set ytics ()
    do for [tic in powers(y_low, y_high, between)] {
        set ytics add ("" real(tic) 1)
    }
    do for [tic in spread(y_low, y_high, 1.2 * text_px / panel_height)] {
        set ytics add (real(tic) 0)
    }
}
