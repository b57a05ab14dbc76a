#!/bin/sh
# SPDX-License-Identifier: MIT
# Reads and writes that transfer a few bytes at a time change nothing.
#
# usage: short_io.sh PROGRAMS SHIM
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
shim=$2
[ -f "$shim" ] || fail "$shim: not there"

slowly() {
    LD_PRELOAD=$shim SHIM_SHORT_IO=1 "$@" 2>"$SCRATCH/messages" ||
        fail "$1: exit status $?: $(cat "$SCRATCH/messages")"
}

run=$SCRATCH/run
# shellcheck disable=SC2086
slowly "$PROGRAMS/pollbench" run $TINY --output "$run"
is_whole "$run" 3 || fail "measuring: not whole"

# Its second half again.
cp -r "$run" "$SCRATCH/resumed"
n_bytes=$(($(wc -c <"$run/samples.csv") * 2 / 5))
head -c "$n_bytes" "$run/samples.csv" >"$SCRATCH/resumed/samples.csv"
sed -i '/^complete,yes/d' "$SCRATCH/resumed/host.csv"
slowly "$PROGRAMS/pollbench" run --quiet --resume "$SCRATCH/resumed"
is_whole "$SCRATCH/resumed" 3 || fail "resuming: not whole"

for verb in fit report; do
    cp -r "$run" "$SCRATCH/right"
    "$PROGRAMS/pollbench" "$verb" "$SCRATCH/right" >"$SCRATCH/right.out"
    slowly "$PROGRAMS/pollbench" "$verb" "$run" >"$SCRATCH/out"
    diff -r "$run" "$SCRATCH/right"
    sed "s,$SCRATCH/right,$run,g" "$SCRATCH/right.out" |
        cmp - "$SCRATCH/out"
    rm -r "$SCRATCH/right"
done
echo "the same bytes, 1 to 7 at a time: run, --resume, fit, report"
