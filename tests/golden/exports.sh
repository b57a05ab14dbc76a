#!/bin/sh
# SPDX-License-Identifier: MIT
# exports.sh PROGRAMS TESTS IS_JSON [update]: a fixed run gives the exports in
# expected/; whatever bytes are in a run, what comes out is JSON or whole lines,
# and true of the files.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"
is_json=$3

# export FORMAT RUN: into $work/FORMAT
export_as() {
    "$programs/pollbench" export --format "$1" "$2" >"$work/$1"
    [ "$1" != tsv ] || return 0
    "$is_json" <"$work/$1" || fail "$1: not JSON"
    ! command -v python3 >/dev/null ||
        python3 -m json.tool "$work/$1" >/dev/null || fail "$1: not JSON"
}

run=$work/run
synthetic "$run" 8 8 0.02 0.003 0.05 20261123
"$programs/pollbench" fit "$run"
cp -r "$run" "$work/evil"

# As expected; sums and sizes follow from the last digits of other files.
for format in datapackage gbench bmf tsv; do
    export_as "$format" "$run"
    grep -vE '^   "(bytes|hash)"|^ "name"' "$work/$format" | head -n 40 |
        sed 's/}, {.*/}/' >"$work/head"
    as_expected "$work/head" "export.$format" "${4:-}"
    "$programs/pollbench" export -f "$format" -o "$work/file" "$run" \
        >"$work/stdout"
    [ ! -s "$work/stdout" ] || fail "$format: printed and written"
    cmp "$work/$format" "$work/file"
done

# described NAME: of each file in datapackage, what it says there under NAME
described() {
    sed -n "s/^   \"$1\": \"\\{0,1\\}\\([^\",]*\\).*/\\1/p" "$work/datapackage"
}

# is_described RUN: each CSV file is there, once, with its size, sum and columns
is_described() {
    described path | sort | cmp - "$work/names" || fail "not all files"
    described path >"$work/paths"
    described bytes >"$work/bytes"
    described hash >"$work/sums"
    sed -n 's/^      "name": "\(.*\)",$/\1/p' "$work/datapackage" \
        >"$work/columns"
    while read -r name; do
        read -r n_bytes <&3 && read -r sum <&4
        [ "$n_bytes" -eq "$(wc -c <"$1/$name")" ] || fail "$name: $n_bytes bytes"
        [ "$sum" = "sha256:$(sha256sum <"$1/$name" | cut -d' ' -f1)" ] ||
            fail "$name: another sum"
        head -n 1 "$1/$name" | tr ',' '\n'
    done <"$work/paths" 3<"$work/bytes" 4<"$work/sums" >"$work/wanted"
    cmp "$work/wanted" "$work/columns" || fail "other columns"
}
(cd "$run" && ls ./*.csv) | sed 's,^\./,,' | sort >"$work/names"
is_described "$run"

# One entry of google-benchmark's form a point and invocation.
awk -F, '
    NR == 1 { while ($++at != "invocations"); }
    $(NF - 1) == "ns" { n += $at }
    END { print n }' "$run/points.csv" >"$work/n"
grep -o '"run_type": "iteration"' "$work/gbench" | wc -l | cmp - "$work/n" ||
    fail "not as many entries as points times invocations"

# Any bytes, numbers that are none, an old file's columns and one not known.
evil=$work/evil
good=$(printf '\302\200\337\277\340\240\200\355\237\277\356\200\200\364\217\277\277')
{
    printf 'cpu_model,"C\377PU \\ ""model"" \t\303\244",\n'
    # overlong, a surrogate, past the last, cut off; the first and last of each
    printf 'bad,"a\300\200\340\200\200\355\240\200\364\220\200\200\342\202",\n'
    printf 'good,"%s",\n' "$good"
    printf 'number,9007199254740993,\nnote,first,\nnote,"l\nast",\n'
} >>"$evil/host.csv"
sed -i '2,$s/"ns per fd"/"ns\tper \xffd"/' "$evil/slopes.csv"
sed -i '1s/,unit$/,other/' "$evil/points.csv"
sed -i '1s/$/,metric,unit/; /^raw,/s/$/,kernel_bytes,bytes/
    /^sweep,\|^raw,/!s/$/,cost,ns/' "$evil/samples.csv"
awk -F, -v OFS=, '
    NR == 1 { while ($++at != "change_ns"); }
    NR > 1 && $1 == "poll" { $at = $(at + 2) = "" }
    NR > 1 && $1 == "epoll" { $(at + 1) = "" }
    { print }' "$run/growth.csv" >"$evil/growth.csv"
for format in datapackage gbench bmf tsv; do
    export_as "$format" "$evil"
done
is_described "$evil"
! grep -q '"name": "raw/' "$work/gbench" || fail "bytes as a time"
bad=$(printf '%14s' '' | sed 's/ /\\ufffd/g')
for text in "\"a$bad\"" "\"$good\"" '"C\ufffdPU' '\\ \"model\" \t' \
    '"9007199254740993"' '"first; l\nast"'; do
    sed 's/\xef\xbf\xbd/\\ufffd/g' "$work/gbench" | grep -qF "$text" ||
        fail "$text: not in gbench"
done
awk -F'\t' 'NF != 5 { exit 1 } $5 ~ /^ns\?per \xef\xbf\xbdd$/ { n++ }
    END { exit !n }' "$work/tsv" || fail "not five fields a line"
grep -q "^poll/.*/change/.*$(printf '\t')ns\$" "$work/tsv" ||
    fail "tsv: poll is left out"
! grep -q '"poll/.*/change/' "$work/bmf" || fail "bmf: a change of nothing"
! grep -A 3 '"epoll/.*/change/' "$work/bmf" | grep -q lower_value ||
    fail "bmf: an end that is not known"

# Usage, and runs that have not what it takes: a line, and nothing is replaced.
refused 2 "which --format? One of datapackage gbench bmf tsv" \
    "$programs/pollbench" export "$run"
refused 2 "--format xml: not one of datapackage gbench bmf tsv" \
    "$programs/pollbench" export --format xml "$run"
refused 2 "which RUN?" "$programs/pollbench" export --format tsv
mv "$evil/growth.csv" "$work/"
mkdir "$work/none"
echo before >"$evil/file"
for format in bmf tsv; do
    refused_in_a_line 1 "growth.csv: not there; pollbench fit" \
        "$programs/pollbench" export -f "$format" "$evil"
    refused_in_a_line 1 "growth.csv: not there; pollbench fit" \
        "$programs/pollbench" export -f "$format" -o "$evil/file" "$evil"
done
for format in datapackage gbench; do
    refused_in_a_line 1 "$work/none/" "$programs/pollbench" export \
        -f "$format" "$work/none"
done
echo before | cmp - "$evil/file" || fail "another file was replaced"
for left in "$evil"/*half*; do
    [ ! -e "$left" ] || fail "it left $left"
done
[ ! -e /dev/full ] || for format in datapackage gbench tsv; do
    status=0
    "$programs/pollbench" export -f "$format" "$run" >/dev/full \
        2>"$work/stderr" || status=$?
    if [ "$status" -ne 1 ] ||
        ! grep -q "standard output: No space" "$work/stderr"; then
        fail "$format: a full disk: $status, $(cat "$work/stderr")"
    fi
done
