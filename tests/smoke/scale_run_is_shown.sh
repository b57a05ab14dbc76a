#!/bin/sh
# SPDX-License-Identifier: MIT
# What each program makes of a run of growth with the fds: estimates, a figure, a
# page and its tables, or one line that says why not.
#
# usage: scale_run_is_shown.sh PROGRAMS SOURCES
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"

# has FILE TEXT
has() {
    grep -qF -- "$2" "$1" || fail "$1 does not have: $2"
}

for sweep in scale beyond_limit; do
    run=$SCRATCH/$sweep
    "$PROGRAMS/pollbench" run --quiet --sweep "$sweep" --fds 100,300,900 \
        --fd-kind eventfd --most-fds 2000 --invocations 2 --rounds 1 \
        --patience 0 --output "$run" 2>/dev/null
    "$PROGRAMS/pollbench" fit "$run"
    "$PROGRAMS/pollbench" show "$run" >"$SCRATCH/summary"
    [ "$(wc -l <"$SCRATCH/summary")" -ge 1 ] || fail "no summary"
    status=0 # or 3: two invocations may be too few
    cp -r "$run" "$run.again"
    echo 'note,the same again,' >>"$run.again/host.csv"
    "$PROGRAMS/pollbench" compare --all "$run" "$run.again" >"$SCRATCH/compared" ||
        status=$?
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || fail "status $status"
    has "$SCRATCH/compared" "Of kind cost: 0 changed"
    expect 1 'too little data' "$PROGRAMS/pollbench" predict --fds 500 "$run"

    "$SOURCES/tools/scale_tables.sh" "$run" >"$SCRATCH/tables"
    for n in 100 300 900; do
        has "$SCRATCH/tables" "| $n | 1 | "
    done
    has "$SCRATCH/tables" "| register, epoll | kernel | 900 | "

    if command -v gnuplot >/dev/null; then
        "$PROGRAMS/pollbench" draw "$run" >"$SCRATCH/drawn"
        [ "$(cd "$run/figures" && echo ./*.svg)" = \
            "./$sweep-column.svg ./$sweep-slide.svg" ] ||
            fail "other figures: $(ls "$run/figures")"
        # Memory is the whole system's: of few fds it may not show.
        for text in "One wait" "unregister"; do
            has "$run/figures/$sweep-slide.svg" "$text"
        done
        # Of two disturbed invocations an interval may begin next to nothing.
        cp "$run/points.csv" "$SCRATCH/points.csv"
        awk -F, -v OFS=, '
            NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
            NR > 1 && $column["stage"] == "close" {
                $column["low_ns"] = "4e-13"
            }
            { print }' "$SCRATCH/points.csv" >"$run/points.csv"
        "$PROGRAMS/pollbench" draw "$run" >"$SCRATCH/drawn" 2>&1 ||
            fail "$(cat "$SCRATCH/drawn")"
        cp "$SCRATCH/points.csv" "$run/points.csv"
    fi
    "$PROGRAMS/pollbench" report "$run"
    has "$run/report.md" "## How does "
    for n in 100 300 900; do
        grep -qE "^\| epoll.* \| $n \| " "$run/report.md" ||
            fail "nothing of $n fds in the report"
    done
    [ "$sweep" = beyond_limit ] ||
        has "$run/report.md" "growth of process memory"
    ! grep -q "did not measure" "$run/report.md" ||
        fail "a page of another kind of run"
done
echo "both sweeps: estimated, compared, drawn and reported"
