#!/bin/sh
# SPDX-License-Identifier: MIT
# What differs between the points of a case and is not among the factors that it
# says it varies is an error that names it, never part of an average; what it
# does vary is none.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

synthetic "$work/run" 3 2 0 0 0 1
"$programs/pollbench" fit "$work/run" 2>/dev/null ||
    fail "the cases as they are were refused"

# One row of another kind of fd in a case that holds the kind.
cp -r "$work/run" "$work/kind"
awk -F, -v OFS=, 'NR == 1 { print $0, "fd_kind"; next }
    { print $0, $1 == "fd_count" && !done++ ? "pipe" : "socketpair" }' \
    "$work/run/samples.csv" >"$work/kind/samples.csv"
refused_in_a_line 1 \
    "fd_kind differs within sweep fd_count (socketpair, pipe)" \
    "$programs/pollbench" fit "$work/kind"

# Once the case says so, they are points of their own.
sed '/^fd_count,/s/,fd_count,/,fd_count fd_kind,/' "$work/run/cases.csv" \
    >"$work/kind/cases.csv"
"$programs/pollbench" fit "$work/kind" 2>"$work/said" || fail "$(cat "$work/said")"
grep -q ',pipe,' "$work/kind/points.csv" || fail "the pipe has no point"

# A factor that this program does not know cannot be held.
sed 's/fd_count fd_kind/fd_count weather/' "$work/kind/cases.csv" \
    >"$work/run/cases.csv"
refused_in_a_line 1 "sweep fd_count varies weather" \
    "$programs/pollbench" fit "$work/run"
