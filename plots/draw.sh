#!/bin/sh
# SPDX-License-Identifier: MIT
# From a run's files to its figures; see --help.
set -eu

of_pollbench="growth highest_fd fd_count ready_count stages ratios steps history"
of_pollscale=scale
all="$of_pollbench $of_pollscale"

usage() {
    cat <<HELP
Usage: draw.sh RUN_DIR [FIGURE...]
Draw a run's figures into RUN_DIR/figures, each for one column of a paper and
for a slide, as .svg and .png: growth-column.svg and so on. Without names: all
that the run has data for.

Figures: $all
Exit status: 0 drawn, 1 failed, 2 wrong usage.
HELP
}

fail() {
    printf 'draw.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

# The files that a figure reads besides those that all read.
files_of() {
    case $1 in
    ratios) echo ratios.csv crossovers.csv ;;
    steps) echo steps.csv ;;
    history) echo history.csv ;;
    scale) echo memory.csv ;;
    esac
}

# The sweeps whose points a figure shows.
sweeps_of() {
    case $1 in
    growth) echo 'highest_fd|fd_count' ;;
    scale) echo 'scale|beyond_limit' ;;
    ratios | history) echo fd_count ;; # any: for the backends
    *) echo "$1" ;;
    esac
}

has_files() {
    for file in points.csv host.csv findings.csv $(files_of "$1"); do
        [ -s "$run/$file" ] || return 1
    done
}

# As cite.txt has it; packed samples have left their sum behind.
run_id() {
    cd -- "$run"
    if [ -e samples.csv ]; then
        sha256sum host.csv samples.csv
    else
        sha256sum host.csv
        grep ' samples\.csv$' SHA256SUMS || true
    fi | sha256sum | cut -c 1-12
}

# is_whole NAME: whether it ends as its format does. What it is written with
# may not tell of a full disk.
is_whole() {
    case $1 in
    *.svg) tail -c 9 "$aside/$1" | grep -q '</svg>' ;;
    *.png) [ "$(tail -c 8 "$aside/$1" | head -c 4)" = IEND ] ;;
    esac
}

# draw FIGURE FORM. Into a file aside first, on the same disk: it gets the name
# of a figure when it is one.
draw() {
    name=$1-$2
    status=0
    gnuplot -d -c "$1.gp" "$run" "$aside/$name" "$id" "$aside/points.csv" \
        2>"$aside/log" || status=$?
    [ "$status" -ne 3 ] || return 3
    [ "$status" -eq 0 ] || [ "$status" -gt 128 ] || {
        cat "$aside/log" >&2
        fail "figure $1: gnuplot failed, see above"
    }
    if is_whole "$name" && [ "${name##*.}" = svg ]; then
        awk -f tidy.awk "$aside/$name" >"$aside/tidy" 2>"$aside/log" || true
        mv "$aside/tidy" "$aside/$name"
    fi
    is_whole "$name" || fail "$name: not written whole; $full"
    mv "$aside/$name" "$run/figures/$name"
}

# What gnuplot has to read, which it does for every line of a figure.
draw_all() {
    has_files "$1" || return 3
    status=0
    grep -E "^(sweep|$(sweeps_of "$1"))," "$run/points.csv" \
        >"$aside/points.csv" 2>"$aside/log" || status=$?
    [ "$status" -ne 1 ] || return 3
    [ "$status" -eq 0 ] || fail "figure $1: $full"
    for form in $forms; do
        draw "$1" "$form" || return
    done
}

case ${1:-} in
'') fail "usage: draw.sh RUN_DIR [FIGURE...]; see draw.sh --help" 2 ;;
-h | --help)
    usage
    exit
    ;;
-*) fail "unknown option $1; see draw.sh --help" 2 ;;
esac
[ -d "$1" ] || fail "$1: no such folder"
command -v gnuplot >/dev/null || fail "gnuplot is not installed"
# Absolute: gnuplot takes a name that starts with < or | for a command.
run=$(CDPATH='' cd -- "$1" && pwd)
shift
[ -s "$run/host.csv" ] || fail "$run: no host.csv; this is no run"
for file in points.csv backends.csv; do
    [ -s "$run/$file" ] || fail "$run: no $file; run pollfit on it first"
done
if [ -e "$run/memory.csv" ]; then
    figures=${*:-$of_pollscale}
else
    figures=${*:-$of_pollbench}
fi
id=$(run_id)
cd -- "$(dirname -- "$(readlink -f -- "$0")")"
full="is the disk of $run full, or the size of files limited?"
aside=$(mkdir -p "$run/figures" && mktemp -d "$run/figures/.drawing.XXXXXX") ||
    fail "nothing can be written there; $full"
trap 'rm -rf "$aside"' EXIT
trap 'exit 1' HUP INT TERM
forms="column.svg column.png slide.svg slide.png"
gnuplot -d -e 'set terminal pngcairo' 2>/dev/null || {
    echo "As SVG only: this gnuplot has no pngcairo"
    forms="column.svg slide.svg"
}

for figure in $figures; do
    case " $all " in
    *" $figure "*) ;;
    *) fail "no figure $figure; there are: $all" 2 ;;
    esac
    draw_all "$figure" || echo "no data for figure $figure"
done
echo "Figures are in $run/figures"
