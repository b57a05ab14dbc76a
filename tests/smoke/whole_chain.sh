#!/bin/sh
# SPDX-License-Identifier: MIT
# whole_chain.sh PROGRAMS SOURCES: run_all.sh from a clone to a figure, as an
# ordinary user, without a terminal, in a path with spaces, called from
# elsewhere, twice, and once without gnuplot.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"

tree="$SCRATCH/a tree with spaces"
mkdir "$tree" "$SCRATCH/elsewhere"
(cd "$SOURCES" && tar -c --exclude './build*' --exclude ./.git \
    --exclude './results/2*' .) | tar -x -C "$tree"
chmod 755 "$SCRATCH"
[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$tree" "$SCRATCH/elsewhere"
cd "$SCRATCH/elsewhere" || exit

# run OPTION...: a short run; what it said is in $SCRATCH/log
run() {
    as_user "$tree/run_all.sh" --no-install --quick "$@" -- --invocations 2 \
        --rounds 2 --batch 1000 --patience 0 --most-fds 600 \
        >"$SCRATCH/log" 2>&1 </dev/null
}

has_all_of() {
    for file; do
        [ -s "$folder/$file" ] || fail "no $file: $(cat "$SCRATCH/log")"
    done
}

# What make was told that calls us must not keep this one from building.
export MAKEFLAGS=-n
run || fail "first run: $(cat "$SCRATCH/log")"
folder=$(echo "$tree"/results/2*)
[ -d "$folder" ] || fail "not one folder: $folder"
has_all_of samples.csv host.csv points.csv models.csv claims.csv \
    crossovers.csv
grep -qF "Results are in $folder" "$SCRATCH/log" || fail "does not say where"
for call in select poll epoll; do
    grep -q "^- With .*, $call costs .* ns" "$SCRATCH/log" || fail "no sentence on $call"
done
if command -v gnuplot >/dev/null; then
    for figure in growth classes highest_fd fd_count ready_count stages grid \
        steps sawtooth history; do
        has_all_of "figures/$figure-column.svg" "figures/$figure-slide.svg" \
            "figures/page/$figure-1.svg"
        grep -q '</svg>' "$folder/figures/$figure-slide.svg" ||
            fail "half a figure"
    done
fi

# A second time, with a place of its own, with some sweeps only.
sums=$(cd "$folder" && find . -type f -exec cksum {} + | sort)
run --only highest_fd fd_count --output "second one" ||
    fail "second run: $(cat "$SCRATCH/log")"
[ "$(echo "$tree"/results/2*)" = "$folder" ] || fail "a folder too many"
folder="$SCRATCH/elsewhere/second one"
has_all_of samples.csv points.csv
[ "$(cut -d, -f1 "$folder/points.csv" | sort -u | grep -c fd)" -eq 2 ] ||
    fail "other sweeps than asked for"
expect 1 "exists already" as_user "$tree/run_all.sh" --output "second one"
[ "$sums" = "$(cd "$tree"/results/2* && find . -type f -exec cksum {} + |
    sort)" ] || fail "the first run was changed by the second"

# Resuming what is complete measures nothing and changes no sample.
sum=$(cksum <"$folder/samples.csv")
# It is nobody's business whether somebody listens.
as_user "$tree/run_all.sh" --no-install --resume "$folder" \
    >&- 2>"$SCRATCH/log" <&- || fail "resume: $(cat "$SCRATCH/log")"
[ "$sum" = "$(cksum <"$folder/samples.csv")" ] || fail "samples were changed"

# Without gnuplot: everything but the figures, and it says so.
path_without "$SCRATCH/bin" gnuplot
PATH=$SCRATCH/bin run --only highest_fd --output "no gnuplot" ||
    fail "without gnuplot: $(cat "$SCRATCH/log")"
grep -q "No figures: gnuplot is not installed" "$SCRATCH/log" ||
    fail "does not say that the figures are left out"
[ -s "no gnuplot/points.csv" ] || fail "no analysis without gnuplot"
[ ! -e "no gnuplot/figures" ] || fail "figures without gnuplot"

# What is wrong in its own options is told by pollbench, the status passed on.
status=0
as_user "$tree/run_all.sh" --no-install --output third -- --fds x \
    >"$SCRATCH/log" 2>&1 </dev/null || status=$?
[ "$status" -eq 2 ] || fail "wrong option of pollbench: status $status"
grep -q "'x' is not a list" "$SCRATCH/log" || fail "wrong option: not told"
