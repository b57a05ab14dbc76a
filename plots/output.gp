# SPDX-License-Identifier: MIT
# Loaded once a figure, before anything is drawn: opens out, in the format that
# its name ends with, width by height points large.

is_png = out[strlen(out) - 3 : *] eq ".png"
if (is_png) {
    # Twice the size: sharp in a slide and on a screen with small pixels.
    set terminal pngcairo noenhanced size 2 * width, 2 * height \
        font text_font . ",9" fontscale 2 linewidth 2
} else {
    set terminal svg noenhanced size width, height \
        font text_font . ",Verdana,sans-serif,9" fontscale 1.33 \
        background "white"
}
set output out
