#!/bin/sh
# SPDX-License-Identifier: MIT
# Allocations fail, one at a time: each of the first 60, 60 spread over the rest
# (all of them with `all`), and all from some point on. What may follow
# is a correct result, rows that say why, or one clear line.
#
# usage: no_memory.sh PROGRAMS SHIM [all]
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
shim=$2
[ -f "$shim" ] || fail "$shim: not there"
how=${3:-some}
need timeout

# fail_at N COMMAND...: sets status
fail_at() {
    n=$1
    shift
    status=0
    timeout 100 env LD_PRELOAD="$shim" SHIM_FAIL_ALLOCATION="$n" \
        SHIM_REPORT="$SCRATCH/count" "$@" \
        >"$SCRATCH/out" 2>"$SCRATCH/messages" || status=$?
}

# Which to let fail: a number or, with a minus behind, all from there on.
choose() {
    awk -v n="$1" -v how="$how" 'BEGIN {
        step = how == "all" || n <= 120 ? 1 : (n - 60) / 60
        for (i = 1; i <= n; i += i <= 60 ? 1 : step) {
            print int(i)
            if (int(i) % 10 == 1)
                print int(i) "-"
        }
    }'
}

# Two, when it failed in the measuring process and in the one that waits.
says_one_line() {
    lines=$(complaints "$SCRATCH/messages" | wc -l)
    [ "$lines" -eq 1 ] || { [ "$1" = run ] && [ "$lines" -eq 2 ]; } ||
        fail "$1: allocation $n: not one line: $(cat "$SCRATCH/messages")"
}

# check VERB: what a run of it left in $run
check() {
    case $status in
    0) ;;
    1 | 2 | 77) n_refused=$((n_refused + 1)) && says_one_line "$1" ;;
    *) fail "$1: allocation $n: exit status $status:" \
        "$(cat "$SCRATCH/messages")" ;;
    esac
    if [ "$1" = run ]; then
        [ ! -s "$run/samples.csv" ] ||
            is_whole "$run" any -v rounds=2 -v may_fail=1 ||
            fail "allocation $n: not whole"
    elif [ "$status" -eq 0 ]; then
        diff -r "$run" "$SCRATCH/reference.$1" >&2 ||
            fail "$1: allocation $n: not what it should be"
    fi
}

# each VERB FOLDER COMMAND...: FOLDER is what is there before, or none
each() {
    verb=$1
    before=$2
    shift 2
    n_refused=0
    n_tried=0
    run=$SCRATCH/run
    rm -rf "$run"
    [ "$before" = none ] || cp -r "$before" "$run"
    fail_at 0 "$@"
    [ "$verb" = run ] || cp -r "$run" "$SCRATCH/reference.$verb"
    choose "$(cat "$SCRATCH/count")" >"$SCRATCH/numbers"
    while read -r number; do
        rm -rf "$run"
        [ "$before" = none ] || cp -r "$before" "$run"
        fail_at "$number" "$@" </dev/null
        check "$verb"
        n_tried=$((n_tried + 1))
    done <"$SCRATCH/numbers"
    [ "$n_refused" -gt 0 ] || fail "$verb: no allocation was needed"
    echo "$verb: of $(cat "$SCRATCH/count") allocations one, or all from one on," \
        "failed in $n_tried runs: $n_refused said so, else a right result"
}

# shellcheck disable=SC2086
each run none "$VERBS/pollbench-run" $TINY --invocations 2 --rounds 2 \
    --output "$SCRATCH/run"
pollbench --output "$SCRATCH/measured" 2>/dev/null
each fit "$SCRATCH/measured" "$VERBS/pollbench-fit" "$SCRATCH/run"
each report "$SCRATCH/reference.fit" "$VERBS/pollbench-report" \
    "$SCRATCH/run"
mv "$SCRATCH/reference.report" "$SCRATCH/reported"
# One that has something for every part of a report.
each report "$(dirname "$0")/../report/run" "$VERBS/pollbench-report" \
    "$SCRATCH/run"
rm -r "$SCRATCH/reference.report"
# Samples that were packed away keep the sum that they had.
mv "$SCRATCH/reported" "$SCRATCH/packed"
rm "$SCRATCH/packed/samples.csv"
each report "$SCRATCH/packed" "$VERBS/pollbench-report" "$SCRATCH/run"

# export FORMAT FOLDER
export_of() {
    each "export" "$2" "$VERBS/pollbench-export" --format "$1" \
        --output "$SCRATCH/run/export" "$SCRATCH/run"
    rm -r "$SCRATCH/reference.export"
}
for format in datapackage gbench; do
    export_of "$format" "$SCRATCH/reference.fit"
done
for format in bmf tsv; do
    export_of "$format" "$(dirname "$0")/../report/run"
done

# A comparison that fails does not end as one that found a change.
cp -r "$SCRATCH/reference.fit" "$SCRATCH/first"
pollbench --output "$SCRATCH/second" 2>/dev/null
"$VERBS/pollbench-fit" "$SCRATCH/second" 2>/dev/null
compare_at() {
    rm -rf "$SCRATCH/compared"
    fail_at "$1" "$VERBS/pollbench-compare" --threshold 1000 \
        --report "$SCRATCH/compared" "$SCRATCH/first" "$SCRATCH/second"
    case $status in
    0 | 3) ;;
    2) n_refused=$((n_refused + 1)) ;;
    *) fail "compare: allocation $1: exit status $status:" \
        "$(cat "$SCRATCH/messages")" ;;
    esac
}
n_refused=0
compare_at 0
choose "$(cat "$SCRATCH/count")" >"$SCRATCH/numbers"
while read -r number; do
    compare_at "$number"
done <"$SCRATCH/numbers"
[ "$n_refused" -gt 0 ] || fail "compare: no allocation was needed"
