# SPDX-License-Identifier: MIT
# From a panel that tidy.awk has been through to one that a page can hold: its
# numbers of colours (common.gp) become classes, of which page.css makes colours;
# ids begin with the variable "id"; the words that stand above the panel become
# its label. Nothing of the run can be more than text here.
BEGIN {
    for (i = 1; i <= 7; i++)
        class_of["0" i] = "b" i - 1
    for (i = 0; i <= 8; i++)
        class_of["c" i] = "q" i
    class_of["d0"] = "grid"
    class_of["d1"] = "frame"
    class_of["d2"] = "quiet"
}

function class_in(s)
{
    return match(s, /#0000[0-9a-f][0-9a-f]/) ? \
        class_of[substr(s, RSTART + 5, 2)] : ""
}

# Without colours, but with a class instead.
function classed(s, class)
{
    gsub(/ (fill|color|stroke) ?='[^']*'/, "", s)
    if (class != "")
        sub(/^[a-z]+/, "& class='" class "'", s)
    return s
}

# Marks of a line stand in a group of their own.
function open_series(class)
{
    if (class == series)
        return
    body = body (series == "" ? "" : "</g>\n") \
        (class == "" ? "" : "<g class=\"series " class "\">")
    series = class
}

NR == 1 {
    next
}
{
    gsub(/[\001-\010\013-\037\177]/, " ")
    end = index($0, ">")
    tag = substr($0, 1, end - 1)
    text = substr($0, end + 1)
    name = tag
    sub(/ .*/, "", name)
}
name == "?xml" {
    next
}
name == "svg" {
    box = attribute(tag, "viewBox")
    next
}
# The words above the panel.
name == "g" && tag ~ /#0000f0/ {
    is_label = 1
    next
}
is_label {
    if (name == "text")
        label = label text
    is_label = name != "/g"
    next
}
name == "defs" || name == "/defs" {
    is_in_defs = name == "defs"
}
is_in_defs && name == "use" {
    is_hollow[id_of_group] = attribute(tag, "xlink:href") ~ /[13579]$/
}
name == "rect" && !is_in_defs { # its ground
    next
}
name == "use" && !is_in_defs {
    open_series(class_in(tag))
    tag = classed(tag, \
        is_hollow[substr(attribute(tag, "xlink:href"), 2)] ? \
        "mark doubtful" : "mark")
}
is_in_defs || name !~ /^\/?(use|title)$/ {
    open_series("")
    class = class_in(tag)
    if (class == "" && name == "g" && !is_in_defs)
        class = "ink"
    tag = classed(tag, class)
}
{
    if (name == "g" && is_in_defs)
        id_of_group = attribute(tag, "id")
    sub(/ xlink:href='#/, " href='#" id "-", tag)
    sub(/ id='/, " id='" id "-", tag)
    gsub(/ +=/, "=", tag)
    gsub(/'/, "\"", tag)
    body = body "<" tag ">" text
}
END {
    gsub(/"/, "\\&quot;", label)
    gsub(/>/, "\\&gt;", label)
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" " \
        "viewBox=\"%s\" role=\"group\" tabindex=\"0\" aria-label=\"%s\">\n%s", \
        box, label, body
}
