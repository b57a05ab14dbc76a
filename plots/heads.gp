# SPDX-License-Identifier: MIT
# Loaded by a panel: its heading, what was found, and the names of its axes.
# Places are computed, and each line is a label of its own, since the terminals
# differ in the distance of lines. The page has these words above the panel, so
# there they are a label that page.awk takes out.
if (is_page) {
    n_drawn = n_drawn + 1
    set output sprintf("%s-%d%s", out[1:strlen(out) - 9], n_drawn, \
        out[strlen(out) - 8:*])
    set label 96 heading . (strlen(finding) ? ": " : "") . finding . \
        (strlen(note) ? ". " : "") . note at graph 0, 0 noenhanced \
        textcolor rgb "#0000f0"
    note = ""
} else {
text = wrapped(finding, panel_chars)
# Beside each other at one height, above each other near their panels.
bottom = n_lines(text) < finding_lines ? n_lines(text) : finding_lines
below = is_slide ? finding_lines : bottom
set label 96 heading at graph 0, \
    1 + (below * line_px + 1.1 * heading_px) / panel_height left \
    noenhanced font heading_font
do for [i = 1:finding_lines] {
    set label 80 + i line_of_text(text, i) at graph 0, \
        1 + (bottom - i + 0.85) * line_px / panel_height left \
        noenhanced font small_font textcolor rgb "#404040"
}
}
set label 97 x_title at graph 0.5, -2.7 * text_px / panel_height center \
    noenhanced
set label 98 y_title at screen y_title_x, graph 0.5 center rotate by 90 \
    noenhanced
