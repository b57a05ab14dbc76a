# SPDX-License-Identifier: MIT
# Makes gnuplot's SVG a third as long as it was and leaves the picture as it is:
# what draws nothing goes, a text stands without a group of its own, a group
# says its colour once, groups that look alike become one, lengths have one
# decimal, and what a page would have to encode (" and ends of lines) is rare.

# A tenth of a CSS pixel is finer than eye and printer.
function shortened(s,    out)
{
    for (out = ""; match(s, /[0-9]\.[0-9]+/); s = substr(s, RSTART + RLENGTH))
        out = out substr(s, 1, RSTART + 2)
    s = out s
    gsub(/\.0/, "", s)
    gsub(/[ \t\n]+/, " ", s)
    gsub(/ +'/, "'", s)
    sub(/ $/, "", s)
    return s
}

# rgb(1, 2, 3) as #010203.
function hexadecimal(s,    part, out)
{
    for (out = ""; match(s, /rgb\([ 0-9,]+\)/);
         s = substr(s, RSTART + RLENGTH)) {
        split(substr(s, RSTART + 4, RLENGTH - 5), part, ",")
        out = out substr(s, 1, RSTART - 1) \
            sprintf("#%02x%02x%02x", part[1], part[2], part[3])
    }
    return out s
}

# Groups are opened and closed as what is in them needs it: group[] says in
# which it stands, opened[] which are open in what was written.
function put(s,    i, n, same, wanted)
{
    n = 0
    for (i = 1; i <= depth; i++)
        if (group[i] != "")
            wanted[++n] = group[i]
    same = 0
    while (same < n && same < n_opened && wanted[same + 1] == opened[same + 1])
        same++
    for (; n_opened > same; n_opened--)
        body = body "</g>\n"
    while (n_opened < n) {
        n_opened++
        opened[n_opened] = wanted[n_opened]
        body = body "<" opened[n_opened] ">"
    }
    is_fresh = 0
    body = body s
}

# The colour of the first thing in a group is the group's.
function put_drawn(tag, name,    colour)
{
    colour = attribute(tag, name)
    if (is_fresh && colour != "")
        sub(/color='black'/, "color='" colour "'", group[depth])
    if (colour != "" && attribute(group[depth], "color") == colour)
        sub(" " name "='[^']*'", "", tag)
    sub(/ class='gridline'/, "", tag)
    put("<" shortened(tag) ">")
}

# What stands in <g transform='translate(X,Y)' ...> and there in <text>.
function put_text(text,    look, place)
{
    look = text_look
    if (text == "")
        return
    place = " transform='" attribute(look, "transform") "'"
    sub(/ transform='[^']*'/, "", look)
    sub(/ font-family='[^']*'/, "", look)
    if (place !~ /rotate/) {
        sub(/transform='translate\(/, "x='", place)
        sub(/,/, "' y='", place)
        sub(/\)'/, "'", place)
    }
    group[++depth] = shortened(look)
    put("<text" shortened(place) ">" text "</text>")
    depth--
}

# A mark in its size is defined once: then its place is all that is to say.
function sized(tag,    transform, size, key)
{
    transform = attribute(tag, "transform")
    if (transform !~ /^translate\([^)]*\) scale\([^)]*\)$/)
        return tag
    size = substr(transform, index(transform, ")") + 2)
    key = attribute(tag, "xlink:href") " " size
    if (!(key in sized_id)) {
        n_sized++
        sized_id[key] = "m" n_sized
        mark[++n_marks] = "g id='m" n_sized "'><use xlink:href='" \
            attribute(tag, "xlink:href") "' transform='" shortened(size) \
            "'/></g"
        is_used[sized_id[key]] = 1
    }
    sub(/transform='translate\(/, "x='", tag)
    sub(/,/, "' y='", tag)
    sub(/\) scale\([^)]*\)/, "", tag)
    sub(/'#[^']*'/, "'#" sized_id[key] "'", tag)
    return tag
}

# Marks that are used; a mark may be another one, turned, which stands before
# it.
function used_marks(    i, out)
{
    for (i = n_marks; i > 0; i--)
        if (is_used[attribute(mark[i], "id")]) {
            is_used[substr(attribute(mark[i], "xlink:href"), 2)] = 1
            out = "<" mark[i] ">" out
        }
    return out
}

# What a mark says on the page: gnuplot writes it, hardly encoded, into a handler.
# Of that the text alone is kept.
/^g onmousemove=/ {
    said = $0
    if (!sub(/^g onmousemove="gnuplot_svg[.]showHypertext\(evt,'/, "", said) ||
        !sub(/'\)" onmouseout="gnuplot_svg[.]hideHypertext\(\)">[ \t\n]*$/, "",
            said)) {
        is_strange = 1
        exit 1
    }
    gsub(/\\n/, "\n", said)
    gsub(/>/, "\\&gt;", said)
    group[++depth] = ""
    next
}
{
    end = index($0, ">")
    tag = hexadecimal(substr($0, 1, end - 1))
    gsub(/"/, "'", tag)
    # What SVG assumes anyway.
    sub(/ stroke-linecap='butt' stroke-linejoin='miter'/, "", tag)
    gsub(/[ \t\n]+/, " ", tag)
    name = tag
    sub(/ .*/, "", name)
}
NR == 1 || name ~ /^\/?(title|desc|defs)$/ || name == "/text" {
    is_in_defs = name == "defs"
    next
}
# For a label's box, which no figure has.
name == "filter" || name == "/filter" || name ~ /^fe[A-Z]/ {
    next
}
is_in_defs {
    mark[++n_marks] = tag
    next
}
name == "g" {
    group[++depth] = tag ~ / id=/ || tag ~ / font-size=/ ? "" : shortened(tag)
    is_fresh = group[depth] != ""
    if (tag ~ / font-size=/)
        text_look = tag
    next
}
name == "/g" {
    depth--
    next
}
name == "text" {
    put_text(substr($0, end + 1))
    next
}
name == "path" {
    if (attribute(tag, "d") ~ /[LlHhVvCcSsQqTtAa]/)
        put_drawn(tag, "stroke")
    next
}
name == "use" {
    is_used[substr(attribute(tag, "xlink:href"), 2)] = 1
    put_drawn(sized(tag), "color")
    if (said != "")
        body = substr(body, 1, length(body) - 2) "><title>" said \
            "</title></use>"
    said = ""
    next
}
name == "svg" {
    head = head "<" tag " font-family='DejaVu Sans,Verdana,sans-serif'>\n"
    next
}
name == "/svg" {
    depth = 0
    put("</svg>\n")
    next
}
name == "?xml" {
    head = "<" tag ">\n"
    next
}
{
    put("<" shortened(tag) ">")
}
END {
    if (is_strange)
        exit 1
    printf "%s<defs>%s</defs>\n%s", head, used_marks(), body
}
