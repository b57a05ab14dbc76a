# SPDX-License-Identifier: MIT
# What the awks that read gnuplot's SVG share. In text < is written &lt;, so each
# record is a tag and what follows it.
BEGIN {
    RS = "<"
}

function attribute(s, name)
{
    if (!match(s, " " name "='[^']*"))
        return ""
    return substr(s, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
}
