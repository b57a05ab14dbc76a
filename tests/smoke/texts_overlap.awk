# SPDX-License-Identifier: MIT
# Says which texts of an SVG file, as plots/draw.sh writes it, lie upon each
# other; those that stand upright are left out. In the locale C.
BEGIN {
    RS = "<"
}

function attribute(name)
{
    if (!match($0, "[ '\"]" name "=['\"][^'\"]*['\"]"))
        return ""
    return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
}

# A character is at least half as wide as the font is high, on the average.
function place(text,    width)
{
    gsub(/&[a-z]+;/, "x", text)
    gsub(/[\300-\377][\200-\277]*/, "x", text)
    width = length(text) * size[depth] / 2
    if (size[depth] <= 0)
        print FILENAME ": \"" text "\" has no size"
    n++
    said[n] = text
    left[n] = attribute("x") - width * before[depth]
    right[n] = left[n] + width
    bottom[n] = attribute("y") + 0
    top[n] = bottom[n] - 0.7 * size[depth]
}

/^g[ >]/ {
    depth++
    size[depth] = attribute("font-size")
    before[depth] = attribute("text-anchor")
    before[depth] = before[depth] == "end" ? 1 : before[depth] == "middle" ? 0.5 : 0
}
/^\/g/ {
    depth--
}
/^text / && !/rotate/ {
    place(substr($0, index($0, ">") + 1))
}
END {
    for (i = 1; i <= n; i++)
        for (k = i + 1; k <= n; k++)
            if (left[i] < right[k] && left[k] < right[i] &&
                top[i] < bottom[k] && top[k] < bottom[i])
                print FILENAME ": \"" said[i] "\" lies upon \"" said[k] "\""
    if (n == 0)
        print FILENAME ": no texts"
}
