#!/bin/sh
# SPDX-License-Identifier: MIT
# pack.sh RUN [PROGRAMS [COUNTED]]: makes a finished run small enough to keep in git. Without
# PROGRAMS only what was measured stays, from which all else can be made again.
# PROGRAMS is the folder with pollbench, COUNTED a run of counts that is to stand
# beside the times. All that follows from the rows is made
# anew, with the figures that report.md shows; the page, which holds its own, is
# left to pollbench draw and report. Then the long CSV files are packed:
# xz -dk RUN/*.xz brings the whole run back. models.csv, crossovers.csv,
# growth.csv and slopes.csv stay: pollbench show reads them.
set -eu

case $# in
1 | 2 | 3) ;;
*)
    echo "usage: pack.sh RUN [PROGRAMS [COUNTED]]" >&2
    exit 2
    ;;
esac
run=$1 programs=${2:-} counted=${3:-}
for file in samples.csv host.csv; do
    [ -s "$run/$file" ] || {
        echo "pack.sh: $run/$file: not there; is $run a run, not packed yet?" >&2
        exit 1
    }
done

# Numbers in text: nothing in them is aligned, so pb=0; found by trying.
pack() {
    xz -kf --lzma2=preset=9e,lc=2,pb=0 "$run/$1"
}

[ -n "$programs" ] || {
    pack samples.csv
    find "$run" -mindepth 1 ! -name samples.csv.xz ! -name host.csv \
        ! -name backends.csv ! -name cases.csv -delete
    exit
}
rm -rf "$run/figures"
"$programs/pollbench" fit ${counted:+--counted "$counted"} "$run"
"$programs/pollbench" draw --form slide "$run"
long=$(find "$run" -maxdepth 1 -name '*.csv' -size +30000c \
    ! -name models.csv ! -name claims.csv ! -name crossovers.csv ! -name growth.csv \
    ! -name slopes.csv -exec basename {} \;)
for file in $long; do
    pack "$file"
done
# While both are there: the sums are of both, the links to what stays.
"$programs/pollbench" report "$run"
for file in $long; do
    rm "$run/$file"
done
rm "$run/report.html"
sed -i '/  report\.html$/d' "$run/SHA256SUMS"
