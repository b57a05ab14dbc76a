#!/bin/sh
# SPDX-License-Identifier: MIT
# draw.sh RUN_DIR [FIGURE...]: draws a run's figures into RUN_DIR/figures, each
# for one column of a paper and for a slide, as .svg and .png: growth-column.svg
# and so on. Without names: all that the run has data for.
# Exit status: 0 drawn, 1 failed, 2 wrong usage.
set -eu

of_pollbench="growth highest_fd fd_count ready_count stages ratios steps history"
of_pollscale=scale
all="$of_pollbench $of_pollscale"

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

# draw FIGURE FORM. Into a file aside first: what gnuplot leaves after an error
# must not look like a figure.
draw() {
    name=$1-$2
    status=0
    gnuplot -d -c "$1.gp" "$run" "$aside/$name" "$id" "$aside/points.csv" \
        2>"$aside/log" || status=$?
    case $status in
    0)
        [ -s "$aside/$name" ] || fail "$name: gnuplot wrote nothing"
        if [ "${name##*.}" = svg ]; then
            awk -f tidy.awk "$aside/$name" >"$aside/tidy"
            mv "$aside/tidy" "$aside/$name"
        fi
        mv "$aside/$name" "$run/figures/$name" 2>/dev/null ||
            fail "figure $1: cannot be put into $run/figures (full?)"
        ;;
    3) return 3 ;;
    *)
        cat "$aside/log" >&2
        fail "figure $1: gnuplot failed, see above"
        ;;
    esac
}

# What gnuplot has to read, which it does for every line of a figure.
draw_all() {
    has_files "$1" || return 3
    grep -E "^(sweep|$(sweeps_of "$1"))," "$run/points.csv" \
        >"$aside/points.csv" || return 3
    for form in column.svg column.png slide.svg slide.png; do
        draw "$1" "$form" || return
    done
}

[ $# -ge 1 ] || fail "usage: draw.sh RUN_DIR [FIGURE...]" 2
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
mkdir -p "$run/figures"
aside=$(mktemp -d)
trap 'rm -rf "$aside"' EXIT

for figure in $figures; do
    case " $all " in
    *" $figure "*) ;;
    *) fail "no figure $figure; there are: $all" 2 ;;
    esac
    draw_all "$figure" || echo "no data for figure $figure"
done
echo "Figures are in $run/figures"
