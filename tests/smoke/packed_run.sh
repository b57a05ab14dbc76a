#!/bin/sh
# SPDX-License-Identifier: MIT
# packed_run.sh PROGRAMS SOURCES: tools/pack.sh makes a run small; what its
# pages link to is there, its sentences can be read at once, the rest says how to
# get it, and unpacked it is the whole run again.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"
need gnuplot
need xz

run=$SCRATCH/run
"$PROGRAMS/pollbench" run --quiet --preset quick --invocations 2 --rounds 2 \
    --batch 1000 --patience 0 --most-fds 600 --output "$run" 2>/dev/null
before=$(wc -c <"$run/samples.csv")
cp "$run/samples.csv" "$SCRATCH/rows"
"$SOURCES/tools/pack.sh" "$run" "$PROGRAMS" >/dev/null 2>&1 ||
    fail "pack.sh failed"

[ "$(wc -c <"$run/samples.csv.xz")" -lt $((before / 5)) ] || fail "not smaller"
[ ! -e "$run/samples.csv" ] || fail "samples.csv is still there"
grep -oE '\]\([a-z][^)#:]*\)' "$run/report.md" | tr -d ']()' | sort -u |
    while read -r link; do
        case $link in ../*) continue ;; esac
        [ -e "$run/$link" ] || fail "report.md links to $link"
    done
for figure in growth grid steps stages history; do
    grep -q "(figures/$figure-slide.svg)" "$run/report.md" ||
        fail "report.md does not show $figure"
done
"$PROGRAMS/pollbench" show "$run" | grep -q '^- poll is ' || fail "no sentences"
expect 2 "packed away; unpack it first: xz -dk '.*points.csv.xz'" \
    "$PROGRAMS/pollbench" compare "$run" "$SOURCES/tests/report/run"

is_as_it_was() {
    "$PROGRAMS/pollbench" verify "$run" >"$SCRATCH/said" ||
        fail "not as it was: $(cat "$SCRATCH/said")"
}
is_as_it_was
xz -dk "$run"/*.xz
is_as_it_was
cmp "$run/samples.csv" "$SCRATCH/rows" || fail "rows were changed"
