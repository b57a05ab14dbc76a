#!/bin/sh
# SPDX-License-Identifier: MIT
# kernels.sh RUNS PROGRAMS [FIGURE]: what each thing costs under each kernel, as
# the table of docs/instructions.md: analyses the packed runs in the folder RUNS,
# one a kernel, and sets them side by side; draws FIGURE, an SVG. PROGRAMS is the
# folder with pollbench.
set -eu

[ $# -eq 2 ] || [ $# -eq 3 ] || {
    echo 'kernels.sh: usage: kernels.sh RUNS PROGRAMS [FIGURE]' >&2
    exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

for packed in "$1"/*/samples.csv.xz; do
    run=$work/$(basename "$(dirname "$packed")")
    cp -R "$(dirname "$packed")" "$run"
    xz -d "$run/samples.csv.xz"
    "$2/pollbench" fit "$run"
done
"$2/pollbench" compare --report "$work/report" "$work"/* >"$work/words" 2>&1 ||
    [ $? -ne 2 ] || {
    cat "$work/words" >&2
    exit 1
}
[ -z "${3:-}" ] || cp "$work/report/figures/compared-slide.svg" "$3"
sed -n '/^## What each costs/,/^## /{/^|/p}' "$work/report/report.md"
