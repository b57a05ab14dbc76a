#!/bin/sh
# SPDX-License-Identifier: MIT
# A clock that stands still, leaps or falls back: rows that met it say so, and
# none of the others holds a time that the fault has made.
#
# usage: bad_clock.sh PROGRAMS SHIM
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
shim=$2
[ -f "$shim" ] || fail "$shim: not there"
need timeout

# with_clock FAULT FOLDER OPTION...: returns 1 when the clock is refused
with_clock() {
    fault=$1
    folder=$2
    shift 2
    # shellcheck disable=SC2086
    timeout 300 env LD_PRELOAD="$shim" SHIM_CLOCK="$fault" \
        "$PROGRAMS/pollbench" run $TINY "$@" --output "$folder" \
        2>"$SCRATCH/messages" && return
    status=$?
    grep -q 'the clock jumps' "$SCRATCH/messages" ||
        fail "$fault: exit status $status: $(cat "$SCRATCH/messages")"
    return 1
}

# count FOLDER CONDITION: rows for which it holds, as awk has it
count() {
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        { ns = $column["batch_ns"]; overhead = $column["overhead_ns"]
            said = $NF ~ /the clock stood still/ }
        '"$2"' { n++ } END { print n + 0 }' "$1/samples.csv"
}

# check FAULT [OPTION...]: sets said, the number of rows that say so
check() {
    run=$SCRATCH/$1
    rounds=${3:-3}
    with_clock "$1" "$run" --rounds "$rounds" || { echo "$1: refused"; said=refused; return; }
    is_whole "$run" 3 -v may_fail=1 -v rounds="$rounds" || fail "$1: not whole"
    said=$(count "$run" said)
    # An hour in a batch, or nothing: a time that the clock made up.
    [ "$(count "$run" '!said && (ns <= 0 || ns > 1e12 || overhead < 0 ||
        overhead > 1e12)')" -eq 0 ] ||
        fail "$1: a row holds a time that never was"
    [ "$(count "$run" 'said && ns != ""')" -eq 0 ] ||
        fail "$1: a row says so and holds a time"
    [ "$said" -eq 0 ] || grep -q 'column status says why' "$SCRATCH/messages" ||
        fail "$1: no word on standard error"
    echo "$1: $said of $(count "$run" 1) rows say so"
}

check still:1
[ "$said" -eq "$(count "$run" 1)" ] || fail "a clock that always stands still"
# About 8250 readings go by before the first batch, to find what one costs;
# then it is to stop in the middle of an invocation.
n_within=0
for n in 8300 8350 8400 8450 8500 8550 8600; do
    check "still:$n"
    [ "$said" -eq 0 ] || [ "$said" -eq "$(count "$run" 1)" ] ||
        n_within=$((n_within + 1))
done
[ "$n_within" -gt 0 ] || fail "it never stopped in the middle of a run"
# So often that nothing can be timed; in about half of the batches that find
# out what a reading costs, and a few times in each invocation; hardly ever.
for fault in leap:5 back:5 leap:401 back:401 leap:1009 back:1009; do
    check "$fault" --rounds 40
    case $fault:$said in
    *:5:refused | back:401:refused | *:401:[1-9]* | *:1009:*) ;;
    *) fail "$fault: $said" ;;
    esac
done
