#!/bin/sh
# SPDX-License-Identifier: MIT
# That a change cannot be told is not that there is none: compare has an
# exit status for it, and says how many invocations would do. A few points that
# cannot be told are no such case.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

# compared STATUS A B OPTION...: compare of these runs ends so; its words
# are in work/words.
compared() {
    wanted=$1
    a=$work/$2
    b=$work/$3
    shift 3
    status=0
    "$programs/pollbench" compare "$@" "$a" "$b" >"$work/words" 2>"$work/stderr" ||
        status=$?
    [ "$status" -eq "$wanted" ] ||
        fail "$b: status $status, not $wanted: $(cat "$work/words")"
    [ "$wanted" -eq 3 ] || ! grep -q "Cannot tell" "$work/words" ||
        fail "in doubt all the same: $(cat "$work/words")"
}

says() {
    grep -qF -- "$1" "$work/words" || fail "no \"$1\": $(cat "$work/words")"
}

# run NAME INVOCATIONS DRIFT SEED [SLOWDOWN]
run() {
    synthetic "$work/$1" "$2" 3 "$3" 0.003 0 "$4" "${5:-1}"
    "$programs/pollbench" fit "$work/$1" 2>/dev/null
}

# One invocation each, twice as slow, and not slower.
run once 1 0.02 1
run once-more 1 0.02 2
run once-slow 1 0.02 3 2
for other in once-more once-slow; do
    for unit in ns ref; do
        compared 3 once "$other" -u "$unit"
        says "epoll (all)"
        says "at least 6 invocations in each run"
    done
done

# Too few for their scatter; as many as it says are enough.
run few-a 7 0.05 4
run few-b 7 0.05 5
compared 3 few-a few-b -u ns
needed=$(sed -n 's/.* at least \([0-9]*\) invocations.*/\1/p' "$work/words")
[ "$needed" -gt 7 ] || fail "$needed invocations are no more than there were"
[ "$needed" -lt 200 ] || fail "$needed invocations at 5 % of scatter"
run more-a "$needed" 0.05 6
run more-b "$needed" 0.05 7
compared 0 more-a more-b -u ns
run more-slow "$needed" 0.05 8 1.2
compared 1 more-a more-slow -u ns

# marked NAME EVERY FACTOR: more-b, but that of every so many points of poll
# nothing can be told, and that they cost so many times as much.
marked() {
    rm -rf "${work:?}/$1"
    cp -r "$work/more-b" "$work/$1"
    awk -F, -v OFS=, -v every="$2" -v factor="$3" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
        NR > 1 && $column["backend"] == "poll" && n++ % every == 0 {
            $column["flags"] = "dirty"
            $column["estimate_ref"] *= factor
            $column["low_ref"] *= factor
            $column["high_ref"] *= factor
        }
        { print }' "$work/more-b/points.csv" >"$work/$1/points.csv"
}

# A few that cannot be told are left open; not if they would make a change, nor
# if they are most.
marked tenth 10 1
compared 0 more-a tenth --all
grep -Eq '^Of kind cost: .* [1-9][0-9]* cannot be told' "$work/words" ||
    fail "not one point was left open: $(cat "$work/words")"
marked tenth 10 2
compared 3 more-a tenth --all
says "in poll (all)"
marked all 1 1
compared 3 more-a all --all
says "dirty"

# What can be told goes first.
cp -r "$work/more-slow" "$work/mixed"
awk -F, -v OFS=, '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
    NR > 1 && $column["backend"] == "poll" { $column["flags"] = "dirty" }
    { print }' "$work/more-slow/points.csv" >"$work/mixed/points.csv"
compared 1 more-a mixed --all

# The status is told to those who ask.
"$programs/pollbench" compare --help | tr '\n' ' ' | grep -q '3 it cannot be told' ||
    fail "--help does not tell the status"
