#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints what a run reached beside the targets of targets.csv, for those who
# work on the measuring: targets.sh RUN, analysed. Exit status
# 1 if one was missed, 2 if the usage is wrong.
#
# A target is what the largest value comes to among some rows of a file; rows
# and value are awk's, over the columns' names, of the rows that are of what is
# asked of every call: warm, spread, without a timeout, ... "cannot tell" is a target whose
# file or rows the run lacks.
set -eu

if [ $# -ne 1 ] || [ ! -d "$1" ]; then
    echo 'targets.sh: usage: targets.sh RUN, a folder with points.csv' >&2
    exit 2
fi
run=$1
here=$(dirname -- "$0")

# Fields of RFC 4180 without line ends in them, set apart by \037.
# shellcheck disable=SC2016 # for awk
split='{
    line = ""
    is_quoted = 0
    for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        if (c == "\"" && is_quoted && substr($0, i + 1, 1) == "\"")
            line = line substr($0, ++i, 1)
        else if (c == "\"")
            is_quoted = !is_quoted
        else
            line = line (c == "," && !is_quoted ? "\037" : c)
    }
    print line
}'

functions='
function range(x) {
    if (!n_seen++ || x < least)
        least = x
    if (n_seen == 1 || x > greatest)
        greatest = x
    return 100 * (greatest - least) / least
}
function half_width(value, low, high) {
    return 50 * (high - low) / value
}
function total(x) {
    return sum += x
}
function bound(low, high) {
    return high > -low ? high : -low
}'

# shellcheck disable=SC2016 # for awk
functions=$functions'
function is(x, base) {
    return x == "" || x == base
}
function usual() {
    return is(fd_kind, "socketpair") && is(cache, "warm") && is(timeout, 0) &&
           is(ready_place, "spread") && is(changes, 0) && is(max_events, 0) &&
           is(idle_threads, 0) && is(waiters, 0) && is(metric, "cost")
}'

# reached FILE ROWS VALUE: the largest value; nothing if there is no row
reached() {
    [ -f "$run/$1" ] || return 0
    columns=$(head -n 1 "$run/$1" | awk -F, '{
        for (i = 1; i <= NF; i++)
            print $i " = $" i ";"
    }')
    awk "$split" "$run/$1" | awk -F '\037' "$functions
        NR > 1 { $columns
            if (usual() && ($2) && (x = $3) != \"\" && (!n++ || x > most))
                most = x
        }
        END { if (n) print most + 0 }"
}

awk "$split" "$here/targets.csv" | tr '\037' '\t' | {
    status=0
    IFS='	'
    read -r _ # the names of the columns
    while read -r target what file rows value limit unit; do
        got=$(reached "$file" "$rows" "$value")
        verdict=$(awk -v got="$got" -v limit="$limit" 'BEGIN {
            print got == "" ? "cannot tell" : got <= limit ? "met" : "missed"
        }')
        [ "$verdict" != missed ] || status=1
        printf '%-4s %-52s %12s  at most %s %s: %s\n' "$target" "$what" \
            "$got" "$limit" "$unit" "$verdict"
    done
    exit $status
}
