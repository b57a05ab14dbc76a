#!/bin/sh
# SPDX-License-Identifier: MIT
# A row that is there twice, a row of another run, another run's host.csv: one
# line that names the first such row, and nothing written. What only looks like
# it (rows in another order, a run taken up again, several batches at one visit)
# is read.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

# measured DIR OPTION...: a small run, measured here.
measured() {
    output=$1
    shift
    "$programs/pollbench" run -q -s raw -b poll -M 63 -r 2 --patience 0 \
        -o "$output" "$@" 2>"$work/said" || fail "$(cat "$work/said")"
}

# mixed RUN: a copy of it, in work/mixed, to be spoilt.
mixed() {
    rm -rf "$work/mixed"
    cp -r "$1" "$work/mixed"
    rows=$work/mixed/samples.csv
    n_lines=$(wc -l <"$rows")
}

# is_refused LINE WORDS: fit names that line of samples.csv ("": none), and
# leaves the folder as it was.
is_refused() {
    ls "$work/mixed" >"$work/before"
    refused_in_a_line 1 "mixed/samples.csv:${1:+$1:} " \
        "$programs/pollbench" fit "$work/mixed"
    grep -qF -- "$2" "$work/stderr" ||
        fail "\"$2\" is not in \"$(cat "$work/stderr")\""
    ls "$work/mixed" >"$work/after"
    cmp "$work/before" "$work/after" || fail "something was written"
}

is_taken() {
    "$programs/pollbench" fit "$work/mixed" 2>"$work/stderr" ||
        fail "refused: $(cat "$work/stderr")"
}

# column NAME FILE: its number.
column() {
    awk -F, -v name="$1" '{ while ($++at != name); print at; exit }' "$2"
}

# say KEY VALUE: host.csv of the mixed run now says so.
say() {
    sed -i "s/^$1,[^,]*,/$1,$2,/" "$work/mixed/host.csv"
}

synthetic "$work/old" 3 3 0.02 0.003 0.05 1
synthetic "$work/longer" 4 3 0.02 0.003 0.05 2
measured "$work/a" -k 2 -N 1:4
measured "$work/b" -k 2 -N 1:4
for run in old a b; do
    mixed "$work/$run"
    is_taken
done

# Rows twice: all of them, one, one with a sequence of its own.
for run in old a; do
    mixed "$work/$run"
    sed 1d "$work/$run/samples.csv" >>"$rows"
    # of a run that says how many there are, it is one too many
    is_refused $((n_lines + 1)) ""
    mixed "$work/$run"
    sed -i '5{p;}' "$rows"
    is_refused 6 "was there before"
done
mixed "$work/old"
awk -F, -v OFS=, -v at="$(column sequence "$rows")" \
    'NR == 9 { $at = 100000; print }' "$rows" >"$work/row"
cat "$work/row" >>"$rows"
is_refused "" "sequence 100000 had this point before"
mixed "$work/old"
sed -i "3r $work/row" "$rows"
is_refused "" "sequence 100000 had this point before"

# Rows of another run: after its own, instead of some of its own, and where
# host.csv does not say which run it is.
mixed "$work/old"
sed 1d "$work/longer/samples.csv" >>"$rows"
is_refused $((n_lines + 1)) "was there before"
for has_host in yes no; do
    mixed "$work/a"
    awk -F, -v at="$(column invocation "$rows")" '
        NR == FNR { if ($at == 0) print; next }
        $at == 1' "$work/a/samples.csv" "$work/b/samples.csv" >"$work/rows"
    { head -n 1 "$work/a/samples.csv" && cat "$work/rows"; } >"$rows"
    if [ "$has_host" = no ]; then
        rm "$work/mixed/host.csv"
    fi
    first=$(awk -F, -v at="$(column invocation "$rows")" \
        'NR > 1 && $at == 1 { print NR; exit }' "$rows")
    is_refused "$first" "seed is"
done

# Another run's host.csv, of the same plan and of another.
mixed "$work/a"
cp "$work/b/host.csv" "$work/mixed/"
is_refused 2 "seed is"

# Files from before there was a column seed.
without_seed() {
    mixed "$work/a"
    sed -i 's/,[^,]*,\([^,]*\)$/,\1/' "$rows"
}
without_seed
is_taken
for bound in invocations:1 rounds:0 series:3 highest_fd_possible:62; do
    without_seed
    say "${bound%:*}" "${bound#*:}"
    refused_in_a_line 1 "by host.csv it is below" \
        "$programs/pollbench" fit "$work/mixed"
done
without_seed
say rows 7
is_refused 9 "by host.csv there are 7 rows"
without_seed
say rows 1000000
is_refused "" "by host.csv there are 1000000"
without_seed
sed -i '$d' "$rows"
is_refused "" "rows are missing"

# What is no fault: a last row cut off, which is left out; another order; a run
# that was taken up again, and one whose points have several batches a visit.
mixed "$work/a"
truncate -s -3 "$rows"
is_taken
grep -q "cut off" "$work/stderr" || fail "no word of the cut"
mixed "$work/a"
{ head -n 1 "$work/a/samples.csv" && sed 1d "$work/a/samples.csv" | sort; } \
    >"$rows"
is_taken
mixed "$work/a"
at=$(column invocation "$rows")
awk -F, -v at="$at" -v round="$(column round "$work/a/samples.csv")" '
    NR == 1 || $at == 0 || $round == 0' "$work/a/samples.csv" >"$rows"
sed -i '/^complete,yes/d; /^rows,/d' "$work/mixed/host.csv"
"$programs/pollbench" run -q --resume "$work/mixed" 2>"$work/said" ||
    fail "$(cat "$work/said")"
tail -n 1 "$rows" | cut -d, -f "$at" | grep -qx 2 ||
    fail "the resume measured no further invocation"
is_taken
"$programs/pollbench" run -q --sweep scale -k 1 -N 4,16 -o "$work/scale" 2>"$work/said" ||
    fail "$(cat "$work/said")"
mixed "$work/scale"
is_taken
{ head -n 1 "$work/scale/samples.csv" &&
    sed 1d "$work/scale/samples.csv" | sort; } >"$rows"
is_taken
