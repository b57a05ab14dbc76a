#!/bin/sh
# SPDX-License-Identifier: MIT
# one_number.sh PROGRAMS TESTS [SOURCES]: page, report.md, the summary and, of
# the reference run, README.md give one quantity (a cost, change, exponent or
# slope of a backend and stage at a base point) one value, wherever it stands.
# The phrases are those of bench/store/phrase.c.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

# What a reader sees of a page, with the cells of a row on a line, and what
# buttons copy and figures say to those who do not see them.
seen() {
    case $1 in
    *.html)
        awk '/^<script>/ { exit } { print }' "$1" | tr '\n' ' ' |
            sed -E 's/<[^>]* (alt|data-copy)="([^"]*)"[^>]*>/\n\2\n/g
                s/<\/t[dh]> *<t[dh][^>]*>/ | /g
                s/<\/(p|li|tr|h[1-6]|div|figure)>/\n/g
                s/<[^>]*>//g; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g
                s/&amp;/\&/g'
        ;;
    *.md) sed 's/\\//g; s/^| //; s/ |$//' "$1" ;;
    *) cat "$1" ;;
    esac
}

# values FILE: a line "KEY = VALUE" for each number that stands in it.
values() {
    seen "$1" | awk '
    # Both ends and what is held, in one order: a cost at one point has one key
    # whatever it was varied along.
    function point(held, place,    parts, n, i, fd, count, ready) {
        n = split(held " and " place, parts, / and /)
        for (i = 1; i <= n; i++) {
            if (parts[i] ~ /^highest fd/)
                fd = parts[i]
            else if (parts[i] ~ /ready$/)
                ready = parts[i]
            else
                count = count " " parts[i]
        }
        return fd "," count "," ready
    }
    function cut(text, before, after,    at) { # between two words
        at = index(text, before)
        if (!at)
            return ""
        text = substr(text, at + length(before))
        at = index(text, after)
        return at ? substr(text, 1, at - 1) : text
    }
    function tell(phrase, rest,    held, who, ends, from, to, base) {
        held = substr(cut(phrase, "ith ", " costs "), 1)
        who = held
        sub(/.*, /, who)
        sub(/, [^,]*$/, "", held)
        ends = cut(phrase, " costs ", ", a change of ")
        split(ends, from, " at ")
        to = ends
        sub(/^[^ ]+ [^ ]+ at (highest fd )?[0-9]+( [a-z]+)? and /, "", to)
        sub(/ and .*/, "", from[2])
        print who ": cost at " point(held, from[2]) " = " from[1]
        print who ": cost at " point(held, substr(to, index(to, " at ") + 4)) \
            " = " substr(to, 1, index(to, " at ") - 1)
        base = who " with " held ", " from[2] " to " \
            substr(to, index(to, " at ") + 4)
        print base ": change = " cut(phrase, "a change of ", "~")
        rest = substr(rest, 1, match(rest, /\. |[Ww]ith |$/) - 1)
        if (match(rest, /; exponent [0-9.-]+( \[[^]]*\])?/))
            print base ": exponent = " substr(rest, RSTART + 11, RLENGTH - 11)
        rest = cut(rest, "; that is ", ";")
        while (match(rest, /-?[0-9.]+ (\[[^]]*\] )?[a-zµ]+( per [a-z0-9 ]+)? from [0-9]+ to [0-9]+/)) {
            from[1] = substr(rest, RSTART, RLENGTH)
            rest = substr(rest, RSTART + RLENGTH)
            to = from[1]
            sub(/ per .* from| from/, "", from[1])
            sub(/ [0-9]+ to [0-9]+$/, "", from[1])
            sub(/.* from /, "", to)
            print base ": slope from " to " = " from[1]
        }
    }
    BEGIN {
        cost = "-?[0-9.e+]+ (\\[[^]]*\\] )?(ns|µs|ms|s)"
        place = "(highest fd )?[0-9]+( watched| ready)?"
        phrase = "[Ww]ith [^,;:|]+, [^ ]+( [a-z]+)? costs " cost " at " place \
            " and " cost " at " place ", a change of " cost
    }
    {
        sub(/^ +/, "")
        rest = $0
        while (match(rest, phrase)) {
            found = substr(rest, RSTART, RLENGTH)
            rest = substr(rest, RSTART + RLENGTH)
            tell(found, rest)
        }
    }'
}

# The keys that have two values, in all of the files together.
disputed() {
    for file; do
        values "$file"
    done | sort -u | awk -F' = ' '
        $1 in value { print $1 ": " value[$1] " and " $2; bad = 1 }
        { value[$1] = $2 }
        END { exit bad }'
}

# agree FILE...: each has some of the numbers, and all say the same.
agree() {
    for file; do
        n=$(values "$file" | sort -u | wc -l)
        [ "$n" -ge 10 ] || fail "$file: only $n numbers were found"
        echo "$file: $n numbers"
    done
    disputed "$@" || fail "one quantity has two values, see above"
}

# shown RUN: analyse it and write its page and summary.
shown() {
    "$programs/pollbench" fit "$1"
    "$programs/pollbench" report "$1"
    "$programs/pollbench" show "$1" >"$1/summary.txt"
}

run=$work/run
synthetic "$run" 8 8 0.02 0.003 0.05 20261123
shown "$run"
agree "$run/report.html" "$run/report.md" "$run/summary.txt"

# Any number that is changed in any of them is noticed.
for change in 's/a change of [0-9.]*/a change of 123456/' \
    's/\(per fd from\|ns from 64\)/0 &/; s/\([0-9.]*\) ns from 64/7\1 ns from 64/' \
    's/exponent [0-9.]*/exponent 0.123/' 's/costs [0-9.]*/costs 9.87/'; do
    sed "$change" "$run/summary.txt" >"$work/other.txt"
    if disputed "$run/report.html" "$work/other.txt" >"$work/words"; then
        fail "not noticed: $change"
    fi
done
sed '/^<li>.* is .*: with/s/costs [0-9.]*/costs 1.23/' \
    "$run/report.html" >"$work/other.html"
if disputed "$work/other.html" "$run/report.md" >"$work/words"; then
    fail "not noticed: a cost in a list of the page"
fi

[ -d "${3:-}/results/reference" ] && command -v xz >/dev/null || exit 0
cp -R "$3/results/reference" "$work/reference"
xz -dkf "$work"/reference/*.xz
shown "$work/reference"
agree "$work/reference/report.html" "$work/reference/report.md" \
    "$work/reference/summary.txt" "$3/README.md"
