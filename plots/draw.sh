#!/bin/sh
# SPDX-License-Identifier: MIT
# draw.sh RUN_DIR [FIGURE...]: draws a run's figures into RUN_DIR/figures, each
# as .svg and .png. Without names: all that the run has data for.
# Exit status: 0 drawn, 1 failed, 2 wrong usage.
set -eu

all="growth highest_fd fd_count ready_count stages ratios steps history"

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

# draw FIGURE FORMAT. Into a file aside first: what gnuplot leaves after an
# error must not look like a figure.
draw() {
    status=0
    gnuplot -d -c "$1.gp" "$run" "$aside/$1.$2" "$id" 2>"$aside/log" ||
        status=$?
    case $status in
    0)
        [ -s "$aside/$1.$2" ] || fail "$1.$2: gnuplot wrote nothing"
        [ "$2" = png ] || sed -i -zEf tidy.sed "$aside/$1.$2"
        mv "$aside/$1.$2" "$run/figures/$1.$2" 2>/dev/null ||
            fail "figure $1: cannot be put into $run/figures (full?)"
        ;;
    3) return 3 ;;
    *)
        cat "$aside/log" >&2
        fail "figure $1: gnuplot failed, see above"
        ;;
    esac
}

[ $# -ge 1 ] || fail "usage: draw.sh RUN_DIR [FIGURE...]" 2
[ -d "$1" ] || fail "$1: no such folder"
command -v gnuplot >/dev/null || fail "gnuplot is not installed"
# Absolute: gnuplot takes a name that starts with < or | for a command.
run=$(CDPATH='' cd -- "$1" && pwd)
shift
[ -s "$run/host.csv" ] || fail "$run: no host.csv; this is no run"
[ -s "$run/points.csv" ] || fail "$run: no points.csv; run pollfit on it first"
figures=${*:-$all}
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
    if has_files "$figure" && draw "$figure" svg; then
        draw "$figure" png
    else
        echo "no data for figure $figure"
    fi
done
echo "Figures are in $run/figures"
