# SPDX-License-Identifier: MIT
# Loaded once a figure, before anything is drawn: places its panels in the form
# that is asked for, opens out and writes what stands around the panels. The
# figure has set what common.gp lists under "what layout.gp asks of a figure".

own_x = is_page || panels < 3
columns = is_page ? 1 : is_slide ? slide_columns : column_columns
columns = columns < panels ? columns : panels
n_rows = is_page ? 1 : (panels + columns - 1) / columns

do for [name in backends] {
    if (strlen(name) > label_chars) { label_chars = strlen(name) }
}
label_chars = label_chars < 24 ? label_chars : 24
label_room = label_chars * char * small_px + 0.9 * text_px
tic_room = tic_chars * char * text_px + 0.9 * text_px
left_room = tic_room + 1.5 * text_px
right_room = with_labels ? label_room : 0.8 * text_px
apart = (labels_last ? 0.8 * text_px : right_room) + \
    (own_y ? tic_room : 1.4 * text_px)
panel_width = (width - left_room - right_room - (columns - 1) * apart) / \
    columns

# Text above panels takes as many lines as the longest title needs.
line_px = 1.3 * small_px
panel_chars = int((panel_width + (labels_last && columns > 1 ? 0 : \
    right_room) - 0.5 * text_px) / (char * small_px))
finding_lines = 0
note_lines(s) = n_lines(s) > finding_lines ? (finding_lines = n_lines(s), 1) : 1
if (strlen(told)) {
    stats findings using (index_in(told, strcol("sweep")) ? \
        note_lines(wrapped(strcol("title"), panel_chars)) : 1) nooutput
    finding_lines = finding_lines < 4 ? finding_lines : 4
}
head_room = is_page ? 0.8 * text_px : 1.4 * heading_px + finding_lines * line_px + 0.9 * text_px
axis_room = 3.3 * text_px

figure_chars = int((width - 1.2 * text_px) / (char * small_px))
caption = wrapped(caption . (strlen(note) ? "  ·  " . note : ""), figure_chars)
foot_room = is_page ? 0 : (n_lines(caption) + 0.5) * line_px
if (is_page) { caption = ""; title = "" } # the page has them
# A title may have several lines, each of which may be broken.
title_of = title
title = ""
while (strlen(title_of)) {
    cut = strstrt(title_of, "\n")
    piece = cut ? title_of[1:cut - 1] : title_of
    title_of = cut ? title_of[cut + 1:*] : ""
    title = title . (strlen(title) ? "\n" : "") . \
        wrapped(piece, int(figure_chars * small_px / text_px))
}
title_room = n_lines(title) * 1.3 * text_px + \
    (strlen(title) ? 0.5 * text_px : 0)

rest = title_room + foot_room + n_rows * (head_room + axis_room)
if (is_slide) { panel_height = (slide_height - rest) / n_rows }
if (is_page) { panel_height = page_height }
height = int(rest + n_rows * panel_height + 0.5)

ground = is_page ? "" : 'background "white"'
n_drawn = 0
if (is_png) {
    # pngcairo takes points, and has 96 pixels to the inch.
    set terminal pngcairo noenhanced \
        size int(pixels * width + 0.5), int(pixels * height + 0.5) \
        font sprintf("%s,%.1f", text_font, text_px) \
        fontscale 0.75 * pixels linewidth pixels
} else {
    set terminal svg noenhanced size width, height font \
        sprintf("%s,Verdana,sans-serif,%.1f", text_font, text_px) \
        fontscale 1 @ground
}
if (!is_page) { set output out } # else a panel has its own

do for [i = 1:n_lines(caption)] {
    set label 100 + i line_of_text(caption, i) \
        at screen 0.5 * text_px / width, \
        (foot_room - (i - 0.3) * line_px) / height left noenhanced \
        font small_font textcolor rgb grey
}
do for [i = 1:n_lines(title)] {
    set label 110 + i line_of_text(title, i) \
        at screen 0.5 * text_px / width, \
        1 - (1.3 * i - 0.4) * text_px / height left noenhanced
}
y_title_x = 0.8 * text_px / width
left_edge = left_room / width
right_edge = 1 - right_room / width
low_edge = (foot_room + axis_room) / height
high_edge = 1 - (title_room + head_room) / height
gap_x = apart / width
gap_y = (head_room + axis_room) / height
if (is_page) {
    set lmargin at screen left_edge
    set rmargin at screen right_edge
    set bmargin at screen low_edge
    set tmargin at screen high_edge
} else { if (in_columns) {
    set multiplot layout n_rows, columns columnsfirst \
        margins left_edge, right_edge, low_edge, high_edge spacing gap_x, gap_y
} else {
    set multiplot layout n_rows, columns \
        margins left_edge, right_edge, low_edge, high_edge spacing gap_x, gap_y
} }
