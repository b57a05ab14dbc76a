#!/bin/sh
# SPDX-License-Identifier: MIT
# Every program under valgrind's memory checker: no invalid access, no use of
# what was never set, no leaked memory or descriptor.
#
# usage: valgrind.sh PROGRAMS
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
need valgrind

# under_valgrind OPTION... PROGRAM ARGUMENT...
under_valgrind() {
    rm -f "$SCRATCH"/log.*
    valgrind --quiet --log-file="$SCRATCH/log.%p" "$@" \
        >/dev/null 2>"$SCRATCH/messages"
}

# checked PROGRAM ARGUMENT...
checked() {
    under_valgrind --error-exitcode=99 --leak-check=full \
        --errors-for-leak-kinds=definite,indirect "$@" ||
        fail "$1: $(cat "$SCRATCH"/log.* "$SCRATCH/messages")"
    # A measuring process ends with descriptors that only fill a place.
    [ "$(basename "$1")" = pollbench-run ] || keeps_no_descriptor "$@"
    echo "$(basename "$1"): clean"
}

# Apart from the rest, since to newer valgrinds inherited ones are errors, too;
# they are not the program's, and valgrind's own log is neither.
keeps_no_descriptor() {
    under_valgrind --track-fds=yes "$@" || fail "$1: a second time it fails"
    for log in "$SCRATCH"/log.*; do
        [ -e "$log" ] || continue
        if grep -A1 '^==.*Open file descriptor' "$log" |
            grep -v -e '^--' -e "$log" -e ' [0-2]:' | grep -q 'at 0x'; then
            fail "$1: a descriptor stays open: $(cat "$log")"
        fi
    done
}

run=$SCRATCH/run
# shellcheck disable=SC2086
checked "$VERBS/pollbench-run" $TINY --output "$run"
is_whole "$run" 3
sed -i '/^complete,yes/d' "$run/host.csv"
n_bytes=$(($(wc -c <"$run/samples.csv") * 2 / 5))
head -c "$n_bytes" "$run/samples.csv" >"$run/half" &&
    mv "$run/half" "$run/samples.csv"
checked "$VERBS/pollbench-run" --quiet --resume "$run"
is_whole "$run" 3
checked "$PROGRAMS/pollbench" --help
checked "$VERBS/pollbench-run" --list
checked "$VERBS/pollbench-schema"

# The report's test run has something of everything.
cp -r "$HERE/../report/run" "$SCRATCH/other"
checked "$VERBS/pollbench-fit" "$run"
checked "$VERBS/pollbench-show" "$SCRATCH/other"
checked "$VERBS/pollbench-report" "$SCRATCH/other"
checked "$VERBS/pollbench-verify" "$SCRATCH/other"
for format in datapackage gbench; do
    checked "$VERBS/pollbench-export" --format "$format" "$run"
done
for format in bmf tsv; do
    checked "$VERBS/pollbench-export" --format "$format" "$SCRATCH/other"
done
checked "$VERBS/pollbench-predict" --fds 100 "$SCRATCH/other"
another_run "$SCRATCH/other" "$SCRATCH/another"
checked "$VERBS/pollbench-compare" --all --output "$SCRATCH/comparison.csv" \
    "$SCRATCH/other" "$SCRATCH/another"
