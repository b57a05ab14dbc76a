# SPDX-License-Identifier: MIT
# Of each case in cases.csv: its sweep, figure, factors and axis, with | between.
# Names with anything else in them than names have are left out.
{
    n = 0
    rest = $0
    do {
        if (rest ~ /^"/) {
            match(rest, /^"([^"]|"")*"/)
            field[++n] = substr(rest, 2, RLENGTH - 2)
        } else {
            match(rest, /^[^,]*/)
            field[++n] = substr(rest, 1, RLENGTH)
        }
        rest = substr(rest, RLENGTH + 1)
    } while (sub(/^,/, "", rest))
}
NR == 1 {
    for (i = 1; i <= n; i++)
        at[field[i]] = i
    next
}
field[at["sweep"]] ~ /^[A-Za-z0-9_-]+$/ && field[at["figure"]] ~ /^[a-z_]*$/ &&
    field[at["varies"]] ~ /^[a-z_ ]*$/ {
    axis = field[at["axis"]]
    gsub(/[|]/, " ", axis)
    print field[at["sweep"]] "|" field[at["figure"]] "|" \
        field[at["varies"]] "|" axis
}
