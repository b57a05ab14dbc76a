# SPDX-License-Identifier: MIT
# Loaded by a panel: names its lines at their right ends. label_text,
# label_colour and label_y hold the first n_labels of them; those that would
# overlap make room for each other, those at the edge too.
on_scale(y) = log_y ? log10(y) : y
gap = 1.12 * small_px / panel_height * (on_scale(y_high) - on_scale(y_low))

do for [i = 1:n_labels] { label_y[i] = on_scale(label_y[i]) }
do for [last = n_labels:2:-1] {
    do for [i = 2:last] {
        if (label_y[i - 1] > label_y[i]) {
            swap = label_y[i]
            label_y[i] = label_y[i - 1]
            label_y[i - 1] = swap
            swap = label_text[i]
            label_text[i] = label_text[i - 1]
            label_text[i - 1] = swap
            swap = label_colour[i]
            label_colour[i] = label_colour[i - 1]
            label_colour[i - 1] = swap
        }
    }
}
do for [pass = 1:30] {
    do for [i = 2:n_labels] {
        overlap = gap - (label_y[i] - label_y[i - 1])
        if (overlap > 0) {
            label_y[i] = label_y[i] + overlap / 2
            label_y[i - 1] = label_y[i - 1] - overlap / 2
        }
    }
}
# None beyond the panel, above which there is text.
bound = on_scale(y_high)
do for [i = n_labels:1:-1] {
    if (label_y[i] > bound) { label_y[i] = bound }
    bound = label_y[i] - gap
}
bound = on_scale(y_low)
do for [i = 1:n_labels] {
    if (label_y[i] < bound) { label_y[i] = bound }
    bound = label_y[i] + gap
}
do for [i = 1:labels_most] { unset label i }
do for [i = 1:n_labels * with_labels] {
    set label i label_text[i] at graph 1 + 0.6 * text_px / panel_width, \
        first (log_y ? 10 ** label_y[i] : label_y[i]) left noenhanced \
        font small_font textcolor rgb label_colour[i]
}
