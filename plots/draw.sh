#!/bin/sh
# SPDX-License-Identifier: MIT
# From a run's files to its figures; see --help.
set -eu

of_the_run="growth history"

usage() {
    cat <<HELP
Usage: draw.sh RUN_DIR [FIGURE...]
Draw a run's figures into RUN_DIR/figures, each for one column of a paper and
for a slide, as .svg and .png: growth-column.svg and so on. Without names: all
that the run has data for.

Figures: growth, history, and the sweeps to which the run's cases.csv gives one.
Exit status: 0 drawn, 1 failed, 2 wrong usage.
HELP
}

fail() {
    printf 'draw.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

# What cases.csv says of a sweep that was measured: of SWEEP N, field N of
# cases.awk.
of() {
    awk -F '|' -v sweep="$1" -v n="$2" '$1 == sweep { print $n }' \
        "$aside/cases"
}

# The sweeps that are drawn as series; with a factor, the first one over it.
series() {
    awk -F '|' -v factor="${1:-}" '
        $2 == "series" && (factor == "" || $3 ~ "^" factor "( |$)") {
            printf "%s%s", found++ ? "|" : "", $1
            if (factor != "")
                exit
        }' "$aside/cases"
}

# A figure of the run is drawn by the file of its name; a sweep's by the one
# that its case names.
script_of() {
    case " $of_the_run " in
    *" $1 "*) echo "$1.gp" ;;
    *) echo "$(of "$1" 2).gp" ;;
    esac
}

# The files that it reads besides those that all read.
files_of() {
    case $1 in
    ratios.gp) echo ratios.csv crossovers.csv ;;
    steps.gp) echo steps.csv ;;
    history.gp) echo history.csv ;;
    esac
}

# The sweeps whose points a figure shows.
sweeps_of() {
    case " $of_the_run " in
    *" $1 "*) series ;;
    *) echo "$1" ;;
    esac
}

has_files() {
    for file in points.csv host.csv findings.csv $(files_of "$(script_of "$1")"); do
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
    if [ "$1" = growth ]; then
        set -- "$1" "$(series highest_fd)" "$(series fd_count)"
    else
        set -- "$1" "$1" "$(of "$1" 3)" "$(of "$1" 4)"
    fi
    figure=$1
    shift
    gnuplot -d -c "$(script_of "$figure")" "$run" "$aside/$name" "$id" \
        "$aside/points.csv" "$@" 2>"$aside/log" || status=$?
    [ "$status" -ne 3 ] || return 3
    [ "$status" -eq 0 ] || [ "$status" -gt 128 ] || {
        cat "$aside/log" >&2
        fail "figure $figure: gnuplot failed, see above"
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
    has_files "$1" && [ -n "$(sweeps_of "$1")" ] || return 3
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
for file in points.csv backends.csv cases.csv; do
    [ -s "$run/$file" ] || fail "$run: no $file; run pollfit on it first"
done
id=$(run_id)
cd -- "$(dirname -- "$(readlink -f -- "$0")")"
full="is the disk of $run full, or the size of files limited?"
aside=$(mkdir -p "$run/figures" && mktemp -d "$run/figures/.drawing.XXXXXX") ||
    fail "nothing can be written there; $full"
trap 'rm -rf "$aside"' EXIT
trap 'exit 1' HUP INT TERM
# All that could be asked for, and what was measured.
awk -f cases.awk "$run/cases.csv" >"$aside/declared" 2>"$aside/log" ||
    fail "$run: cases.csv cannot be read"
while IFS='|' read -r sweep rest; do
    ! grep -q "^$sweep," "$run/points.csv" || printf '%s|%s\n' "$sweep" "$rest"
done <"$aside/declared" >"$aside/cases" 2>"$aside/log" ||
    fail "nothing can be written there; $full"
all=$of_the_run
measured=
[ -z "$(series)" ] || measured=$of_the_run
while IFS='|' read -r sweep figure rest; do
    [ -e "$figure.gp" ] || continue
    all="$all $sweep"
    [ -z "$(of "$sweep" 2)" ] || measured="$measured $sweep"
done <"$aside/declared"
forms="column.svg column.png slide.svg slide.png"
gnuplot -d -e 'set terminal pngcairo' 2>/dev/null || {
    echo "As SVG only: this gnuplot has no pngcairo"
    forms="column.svg slide.svg"
}

# Names have nothing in them that the shell would divide.
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $measured
[ $# -gt 0 ] || {
    echo "No figures: no case that was measured has one"
    exit
}
for figure; do
    case " $all " in
    *" $figure "*) ;;
    *) fail "no figure $figure; there are: $all" 2 ;;
    esac
    draw_all "$figure" || echo "no data for figure $figure"
done
echo "Figures are in $run/figures"
