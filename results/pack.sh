#!/bin/sh
# SPDX-License-Identifier: MIT
# pack.sh RUN PROGRAMS [FIGURE...]: makes a finished run small enough to keep in
# git, with these figures only. PROGRAMS is the folder with pollfit and
# pollreport. The rows of samples.csv are put in order of their series, which
# packs better; all that follows from them is made anew. The longest of the
# files that pollfit makes again in a second are then left out; SHA256SUMS has
# them all the same.
set -eu

[ $# -ge 2 ] || {
    echo "usage: pack.sh RUN PROGRAMS [FIGURE...]" >&2
    exit 2
}
run=$1 programs=$2
shift 2
for file in samples.csv host.csv; do
    [ -s "$run/$file" ] || {
        echo "pack.sh: $run/$file: not there; is $run a run, not packed yet?" >&2
        exit 1
    }
done

{
    head -n 1 "$run/samples.csv"
    tail -n +2 "$run/samples.csv" | LC_ALL=C sort -s -t, -k1,10
} >"$run/samples.csv.sorted"
mv "$run/samples.csv.sorted" "$run/samples.csv"
rm -rf "$run/figures"
"$programs/pollfit" "$run"
[ $# -eq 0 ] || "$(dirname "$0")/../plots/draw.sh" "$run" "$@"
"$programs/pollreport" "$run"
xz -9e -f "$run/samples.csv"
for file in points fits ratios history; do
    rm "$run/$file.csv"
done
