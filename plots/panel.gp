# SPDX-License-Identifier: MIT
# Loaded once a panel: the cost of a call over the factor x_factor, a line for
# each backend. The figure has set sweep, stage, layout and fixed(), and what
# lines.gp asks of it besides, the range of costs in seconds.
rows = points
n_series = words(backends)
do for [i = 1:n_series] {
    line_name[i] = word(backends, i)
    line_style[i] = style_of(line_name[i])
}
is_on(i) = is_row_of(line_name[i])
x_of(x) = column(x_factor)
y_of(name) = shown(column(name))
says(x) = said(0)
has_doubts(x) = is_doubtful(0)
load "lines.gp"
