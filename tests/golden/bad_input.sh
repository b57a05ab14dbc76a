#!/bin/sh
# SPDX-License-Identifier: MIT
# What fit makes of damaged and hostile files: one clear line, or a stated
# "too little data"; never a crash, never a number made of nothing.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

synthetic "$work/good" 6 5 0.02 0.003 0.05 1
samples=$work/good/samples.csv

# damaged: a fresh folder, with host.csv; its samples.csv is to be made.
damaged() {
    rm -rf "$work/bad"
    mkdir "$work/bad"
    cp "$work/good/host.csv" "$work/bad/"
}

# is_refused WORDS: pollbench fit refuses the folder, and leaves nothing in it.
is_refused() {
    refused_in_a_line 1 "$1" "$programs/pollbench" fit "$work/bad"
    for left in "$work"/bad/*; do
        case $left in
        */samples.csv | */host.csv) ;;
        *) fail "it left $left" ;;
        esac
    done
}

# is_taken: pollbench fit analyses the folder.
is_taken() {
    "$programs/pollbench" fit "$work/bad" 2>"$work/stderr" ||
        fail "refused: $(cat "$work/stderr")"
}

# column_is NAME VALUE: so it is in every row of points.csv.
column_is() {
    awk -F, -v name="$1" -v value="$2" '
    NR == 1 {
        while ($++at != name)
            ;
    }
    NR > 1 && $at != value { exit 1 }' "$work/bad/points.csv"
}

header() {
    head -n 1 "$samples"
}

# first_row_with SED-EXPRESSION: the header, and the first row changed.
first_row_with() {
    damaged
    { header && sed -n 2p "$samples" | sed "$1"; } >"$work/bad/samples.csv"
}

# Nothing there, or nothing in it.
damaged
is_refused "xz -dk samples.csv.xz"
: >"$work/bad/samples.csv"
is_refused "the file is empty"
header >"$work/bad/samples.csv"
is_refused "too little data"
rm "$work/bad/samples.csv"
mkdir "$work/bad/samples.csv"
refused_in_a_line 1 "Is a directory" "$programs/pollbench" fit "$work/bad"
refused_in_a_line 1 "No such file" "$programs/pollbench" fit "$work/nowhere"

# Cut off in the middle of a row: that row is left out, with a warning.
damaged
head -c 200000 "$samples" >"$work/bad/samples.csv"
is_taken
grep -q "cut off" "$work/stderr" || fail "no word of the cut"

# Rows in another order, columns in another order: the same answer.
damaged
{ header && tail -n +2 "$samples" | sort -t, -k 15,15 -k 3,3; } \
    >"$work/bad/samples.csv"
is_taken
"$programs/pollbench" fit "$work/good"
awk -F, '{ for (i = NF; i > 1; i--) printf "%s,", $i; print $1 }' \
    "$samples" >"$work/bad/reversed"
for file in points.csv claims.csv steps.csv growth.csv models.csv; do
    cmp "$work/good/$file" "$work/bad/$file" ||
        fail "$file depends on the order of rows"
done
mv "$work/bad/reversed" "$work/bad/samples.csv"
is_taken
cmp "$work/good/points.csv" "$work/bad/points.csv" ||
    fail "points.csv depends on the order of columns"

# Another schema: stated, or two files in one.
damaged
cp "$samples" "$work/bad/"
sed 's/^schema,.*/schema,999,/' "$work/good/host.csv" >"$work/bad/host.csv"
is_refused "schema 999"
damaged
cat "$samples" "$samples" >"$work/bad/samples.csv"
is_refused "is \"highest_fd\", which is not an integer"
damaged
sed 's/,batch_ns,/,nanoseconds,/' "$samples" >"$work/bad/samples.csv"
is_refused "no column named batch_ns"

# Numbers that are none.
damaged
{ header && sed -n 2p "$samples" | awk -F, -v OFS=, '{ $14 = "NaN"; print }'; } \
    >"$work/bad/samples.csv"
is_refused 'samples.csv:2: batch_ns is "NaN"'
{ header && sed -n 2p "$samples" | awk -F, -v OFS=, '{ $14 = -5; print }'; } \
    >"$work/bad/samples.csv"
is_refused "samples.csv:2: batch_ns is -5"
{ header && sed -n 2p "$samples" |
    awk -F, -v OFS=, '{ $13 = "1e3"; print }'; } >"$work/bad/samples.csv"
is_refused 'calls is "1e3"'
first_row_with 's/,ok$/,ok,more/'
is_refused "18 fields where the header has 17"

# A hostile hand: quotes, NULs, control bytes, a field of a megabyte, noise.
first_row_with 's/^reference/ref"erence/'
is_refused "a quote is out of place"
first_row_with 's/^reference/\x00/'
is_refused "NUL"
damaged
{ header && printf '"' && head -c 1000000 /dev/zero | tr '\0' x; } \
    >"$work/bad/samples.csv"
is_refused "longer than 65536 bytes"
damaged
{ header && head -c 100000 "$programs/pollbench"; } >"$work/bad/samples.csv"
refused 1 "samples.csv" "$programs/pollbench" fit "$work/bad"
if tr -d '[:print:]\n' <"$work/stderr" | grep -q .; then
    fail "control bytes of the file reached the terminal"
fi

# A formula is text: it comes out defused, and quotes stay quotes.
damaged
sed 's/^grid,poll,/"=cmd|""x""!A0",poll,/' "$samples" >"$work/bad/samples.csv"
is_taken
grep -qF "\"'=cmd|\"\"x\"\"!A0\",poll" "$work/bad/points.csv" ||
    fail "a formula was not defused"
if grep -q '^=' "$work/bad/points.csv"; then
    fail "a formula is left in points.csv"
fi

# One invocation: points without intervals, verdicts "cannot tell".
damaged
synthetic "$work/bad" 1 5 0.02 0.003 0.05 1
is_taken
column_is low_ns '' || fail "an interval of one invocation"
column_is high_ns '' || fail "an interval of one invocation"
if grep -qE ',(supported|refuted),' "$work/bad/claims.csv"; then
    fail "a verdict on one invocation"
fi

# A few rows only: no model, and a word on it.
damaged
head -n 8 "$samples" >"$work/bad/samples.csv"
is_taken
[ "$(wc -l <"$work/bad/models.csv")" -eq 1 ] || fail "a model of nothing"
"$programs/pollbench" show "$work/bad" | grep -q "No series of this run" ||
    fail "no word of too little data"
refused_in_a_line 1 "too little data" "$programs/pollbench" predict --fds 5 \
    "$work/bad"

# Models that an older pollbench fit wrote, or whose spread was damaged.
cp "$work/good/models.csv" "$work/bad/models.csv"
"$programs/pollbench" predict --fds 5 "$work/bad" >"$work/predicted"
grep -q '\[' "$work/predicted" || fail "no interval: $(cat "$work/predicted")"
sed '1s/,spread,/,other,/' "$work/good/models.csv" >"$work/bad/models.csv"
refused_in_a_line 1 "run pollbench fit again" "$programs/pollbench" predict \
    --fds 5 "$work/bad"
sed 's/ [^ ]*",socketpair/",socketpair/' "$work/good/models.csv" >"$work/bad/models.csv"
refused_in_a_line 1 "not a number for each of" "$programs/pollbench" predict \
    --fds 5 "$work/bad"

# All batches failed: every point says why, none has a number.
damaged
sed '2,$s/,ok$/,wrong answer/' "$samples" >"$work/bad/samples.csv"
is_taken
column_is estimate_ns '' || fail "a number made of failures"
column_is reason '"wrong answer"' || fail "a failure without its reason"
