#!/bin/sh
# SPDX-License-Identifier: MIT
# From a run's files to its figures; see --help.
set -eu

of_the_run="growth classes history sawtooth per_instruction"
compared=

usage() {
    cat <<HELP
Usage: pollbench draw [--form FORM]... RUN [FIGURE...]
       pollbench draw [--form FORM]... --compared DIR RUN
Draw a run's figures into RUN/figures, as many at a time as there are CPUs.
Without names: all that the run has data for. With --compared: into DIR/figures,
what DIR/comparison.csv of pollbench compare says, in the colours of RUN.

Figures: $of_the_run, and the sweeps to which the run's cases.csv
gives one.
Forms: column (of a paper) and slide, each of them also as column.png and
slide.png, and page, a file for each panel, which the report puts into its page.
Without any: column, slide and page.
Exit status: 0 drawn, 1 failed, 2 wrong usage.
HELP
}

# In one line, whichever of those that draw come upon it.
fail() {
    [ -z "${aside:-}" ] || mkdir "$aside/failed" 2>/dev/null ||
        [ ! -d "$aside/failed" ] || exit 1
    printf 'pollbench draw: %s\n' "$1" >&2
    exit "${2:-1}"
}

# What cases.csv says of a sweep that was measured: of SWEEP N, field N of
# cases.awk.
of() {
    awk -F '|' -v sweep="$1" -v n="$2" '$1 == sweep { print $n }' \
        "$aside/cases"
}

# The sweeps that a figure shows; with a factor, the first one over it. In one
# line, which may be empty.
shown_as() {
    awk -F '|' -v figure="$1" -v factor="${2:-}" '
        $2 == figure && (factor == "" || $3 ~ "^" factor "( |$)") {
            printf "%s%s", found++ ? "|" : "", $1
            if (factor != "")
                exit
        }
        END { print "" }' "$aside/cases"
}

# A figure of the run is drawn by the file of its name; a sweep's by the one
# that its case names.
script_of() {
    case " $of_the_run compared " in
    *" $1 "*) echo "$1.gp" ;;
    *) echo "$(of "$1" 2).gp" ;;
    esac
}

# The files that it reads besides those that all read.
files_of() {
    case $1 in
    ratios.gp) echo ratios.csv crossovers.csv ;;
    steps.gp) echo steps.csv ;;
    classes.gp) echo growth.csv ;;
    history.gp) echo history.csv ;;
    per_instruction.gp) echo per_instruction.csv ;;
    esac
}

# The sweeps whose points a figure shows.
sweeps_of() {
    case $1 in
    sawtooth) shown_as steps ;;
    growth | classes | history | per_instruction) shown_as series ;;
    *) echo "$1" ;;
    esac
}

# And what its script is told of them, a line each.
told_of() {
    case $1 in
    growth) shown_as series highest_fd && shown_as series fd_count ;;
    history) shown_as series fd_count ;;
    per_instruction) shown_as series fd_count && shown_as series ready_count ;;
    sawtooth) shown_as steps ;;
    classes | compared) ;;
    *)
        echo "$1" && of "$1" 3 && of "$1" 4
        # Where models say how it should be, their rows.
        ! grep -E "^(sweep|$1)," "$run/predictions.csv" \
            >"$aside/predicted-$1.csv" 2>/dev/null ||
            echo "$aside/predicted-$1.csv"
        ;;
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

# Without what gnuplot writes and nothing draws.
tidy() {
    awk -f svg.awk -f tidy.awk "$aside/$1" >"$aside/$1.tidy" 2>>"$aside/$1.log" &&
        mv "$aside/$1.tidy" "$aside/$1"
}

# place NAME PLACE [ID]: a file aside becomes a figure; with an ID, of the page.
place() {
    if is_whole "$1" && [ "${1##*.}" = svg ]; then
        tidy "$1" || true
        [ -z "${3:-}" ] || {
            awk -v id="$3" -f svg.awk -f page.awk "$aside/$1" \
                >"$aside/$1.page.svg" 2>>"$aside/$1.log" || true
            mv "$aside/$1.page.svg" "$aside/$1"
        }
    fi
    is_whole "$1" || fail "$1: not written whole; $full"
    mv "$aside/$1" "$into/figures/$2"
}

# draw FIGURE FORM. Into files aside first, on the same disk: they get the name
# of a figure when they are one.
draw() {
    name=$1-$2
    told_of "$1" >"$aside/$name.told" 2>"$aside/log" || fail "figure $1: $full"
    set -- "$1" "$2" "$aside/points-$1.csv"
    while read -r word; do
        set -- "$@" "$word"
    done <"$aside/$name.told"
    figure=$1 form=$2
    shift 2
    gnuplot -d -c "$(script_of "$figure")" "$run" "$aside/$name" "$id" "$@" \
        2>"$aside/$name.log" &
    status=0
    wait $! || status=$?
    [ "$status" -ne 3 ] || {
        : >"$aside/$figure.none"
        return 0
    }
    [ "$status" -eq 0 ] || [ "$status" -gt 128 ] || {
        cat "$aside/$name.log" >&2
        fail "figure $figure: gnuplot failed, see above"
    }
    if [ "$form" != page.svg ]; then
        place "$name" "$name"
        return
    fi
    rm -f "$into/figures/page/$figure"-[0-9].svg
    for n in 1 2 3 4 5 6 7 8 9; do
        [ ! -e "$aside/$figure-$n-$form" ] || place "$figure-$n-$form" \
            "page/$figure-$n.svg" "$figure-$n"
    done
    [ -e "$into/figures/page/$figure-1.svg" ] ||
        fail "$name: not written whole; $full"
}

# What gnuplot has to read, which it does for every line of a figure.
choose_points() {
    if [ -n "$compared" ]; then
        # Column headline stands before the letters.
        grep -E '^label_a,|,1,[a-z]*,[a-z]*$' "$into/comparison.csv" \
            >"$aside/points-$1.csv" 2>"$aside/log" || fail "figure $1: $full"
        return
    fi
    has_files "$1" && [ -n "$(sweeps_of "$1")" ] || return 1
    status=0
    grep -E "^(sweep|$(sweeps_of "$1"))," "$run/points.csv" \
        >"$aside/points-$1.csv" 2>"$aside/log" || status=$?
    [ "$status" -le 1 ] || fail "figure $1: $full"
    return "$status"
}

# Every n-th of what there is to draw, from the k-th: draw_share K N.
draw_share() {
    trap 'kill $! 2>/dev/null; exit 1' HUP INT TERM
    awk -v k="$1" -v n="$2" 'NR % n == k' "$aside/jobs" >"$aside/jobs-$1"
    while read -r figure form; do
        draw "$figure" "$form"
    done <"$aside/jobs-$1"
}

forms=
while [ "${1:-}" = --form ]; do
    case ${2:-} in
    column | slide | page) forms="$forms $2.svg" ;;
    column.* | slide.* | page.svg) forms="$forms $2" ;;
    *) fail "no form ${2:-}; see pollbench draw --help" 2 ;;
    esac
    shift 2
done
if [ "${1:-}" = --compared ]; then
    compared=${2:-}
    [ -s "$compared/comparison.csv" ] ||
        fail "$compared: no comparison.csv; pollbench compare --report makes it"
    shift 2
fi
case ${1:-} in
'') fail "usage: pollbench draw RUN [FIGURE...]; see --help" 2 ;;
-h | --help)
    usage
    exit
    ;;
-*) fail "unknown option $1; see --help" 2 ;;
esac
[ -d "$1" ] || fail "$1: no such folder"
command -v gnuplot >/dev/null || fail "gnuplot is not installed"
plots=${POLLBENCH_DATA:+$POLLBENCH_DATA/plots}
: "${plots:=$(dirname -- "$(readlink -f -- "$0")")}"
[ -f "$plots/common.gp" ] || fail "$plots: no scripts of figures there; is the \
installation whole? (POLLBENCH_DATA names another folder)"
# Absolute: gnuplot takes a name that starts with < or | for a command.
run=$(CDPATH='' cd -- "$1" && pwd)
into=$(CDPATH='' cd -- "${compared:-$run}" && pwd)
shift
[ -s "$run/host.csv" ] || fail "$run: no host.csv; this is no run"
for file in points.csv backends.csv cases.csv; do
    [ -s "$run/$file" ] || fail "$run: no $file; pollbench fit it first"
done
id=$(run_id)
cd -- "$plots"
full="is the disk of $run full, or the size of files limited?"
aside=$(mkdir -p "$into/figures/page" && mktemp -d "$into/figures/.drawing.XXXXXX") ||
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
all="$of_the_run${compared:+ compared}"
measured=
[ -z "$(shown_as series)" ] || measured="growth classes history"
[ -z "$(shown_as steps)" ] || measured="$measured sawtooth"
[ ! -e "$run/per_instruction.csv" ] || measured="$measured per_instruction"
while IFS='|' read -r sweep figure rest; do
    [ -e "$figure.gp" ] || continue
    all="$all $sweep"
    [ -z "$(of "$sweep" 2)" ] || measured="$measured $sweep"
done <"$aside/declared"
forms=${forms:-page.svg column.svg slide.svg}
case $forms in
*.png*)
    gnuplot -d -e 'set terminal pngcairo' 2>/dev/null ||
        fail "no PNG: this gnuplot has no pngcairo"
    ;;
esac

# Names have nothing in them that the shell would divide.
# shellcheck disable=SC2086
[ -z "$compared" ] || set -- compared
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
    choose_points "$figure" || {
        : >"$aside/$figure.none"
        continue
    }
    for form in $forms; do
        echo "$figure $form"
    done
done >"$aside/jobs"
n=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
workers=
trap 'kill $workers 2>/dev/null; exit 1' HUP INT TERM
k=0
while [ "$k" -lt "$n" ]; do
    draw_share "$k" "$n" &
    workers="$workers $!"
    k=$((k + 1))
done
status=0
for worker in $workers; do
    wait "$worker" || status=1
done
[ "$status" -eq 0 ] || exit 1
for figure; do
    [ ! -e "$aside/$figure.none" ] || echo "no data for figure $figure"
done
echo "Figures are in $into/figures"
