#!/bin/sh
# SPDX-License-Identifier: MIT
# A disk that is full at any byte: what was measured before stays whole and can
# be finished when there is room, and no derived file is half-written. A limit
# on file size stands in for the disk, byte by byte; where this may mount, a
# small tmpfs is a disk indeed.
#
# usage: full_at_any_byte.sh PROGRAMS
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
need prlimit

run=$SCRATCH/run

# limited BYTES COMMAND...: sets status. The limit holds for messages, too,
# unless they go through a pipe.
limited() {
    bytes=$1
    shift
    {
        status=0
        prlimit --fsize="$bytes" "$@" 2>&1 >/dev/null || status=$?
        echo "$status" >"$SCRATCH/status"
    } | cat >"$SCRATCH/messages"
    status=$(cat "$SCRATCH/status")
}

# ends_well COMMAND: one line on a failure, none of its own on success
ends_well() {
    case $status in
    0) return ;;
    1) [ "$(complaints "$SCRATCH/messages" | wc -l)" -le 2 ] && grep -q -e 'File too large' -e 'No space left' \
        "$SCRATCH/messages" && return ;;
    esac
    fail "$1: exit status $status: $(cat "$SCRATCH/messages")"
}

# check_run WHAT: the folder that a pollbench without room has left
check_run() {
    ends_well "$1"
    if [ ! -s "$run/samples.csv" ]; then
        [ ! -e "$run" ] || fail "$1: an empty run is in the way"
        n_nothing=$((n_nothing + 1))
        return
    fi
    is_whole "$run" any || fail "$1: not whole"
}

finish_run() {
    [ -e "$run" ] || return 0
    "$PROGRAMS/pollbench" run --quiet --resume "$run" 2>"$SCRATCH/messages" ||
        fail "$1: cannot be finished: $(cat "$SCRATCH/messages")"
    is_whole "$run" 3 || fail "$1: resumed, but not whole"
    [ "$(fact "$run" complete)" = yes ] || fail "$1: not marked complete"
}

pollbench --output "$SCRATCH/measured" 2>/dev/null
n_bytes=$(wc -c <"$SCRATCH/measured/samples.csv")
n_tried=0
n_nothing=0
for limit in $(seq 1 211 "$n_bytes"); do
    rm -rf "$run"
    # shellcheck disable=SC2086
    limited "$limit" "$PROGRAMS/pollbench" run $TINY --output "$run"
    check_run "room for $limit bytes"
    finish_run "room for $limit bytes"
    n_tried=$((n_tried + 1))
done
echo "pollbench: full at $n_tried places ($n_nothing before the first batch)," \
    "whole each time, finished later"

# analyses VERB FOLDER: with room for the largest file, and less
analyses() {
    rm -rf "$SCRATCH/reference"
    cp -r "$2" "$SCRATCH/reference"
    "$PROGRAMS/pollbench" "$1" "$SCRATCH/reference" >/dev/null
    n_bytes=$(wc -c "$SCRATCH"/reference/* | awk '$2 != "total" && $1 > most {
        most = $1 } END { print most }')
    n_tried=0
    n_refused=0
    for limit in $(seq 1 $((n_bytes / 40 + 1)) "$n_bytes"); do
        rm -rf "$run"
        cp -r "$2" "$run"
        limited "$limit" "$PROGRAMS/pollbench" "$1" "$run"
        ends_well "$1 with room for $limit bytes"
        if [ "$status" -eq 0 ]; then
            diff -rq "$run" "$SCRATCH/reference" >&2 ||
                fail "$1: room for $limit bytes: a file is missing, not told"
        else
            n_refused=$((n_refused + 1))
        fi
        for file in "$run"/*; do
            cmp "$file" "$SCRATCH/reference/$(basename "$file")" >&2 ||
                fail "$1: room for $limit bytes: a half-written file"
        done
        n_tried=$((n_tried + 1))
    done
    [ "$n_refused" -gt 0 ] || fail "$1: was never without room"
    echo "$1: full at $n_tried places ($n_refused times it said so), every" \
        "file whole or not there"
}
analyses fit "$SCRATCH/measured"
"$PROGRAMS/pollbench" fit "$SCRATCH/measured" >/dev/null
analyses report "$SCRATCH/measured"

# What goes to standard output counts as well.
for command in "pollbench list" "pollbench show $SCRATCH/measured" \
    "pollbench verify $SCRATCH/reference" "pollbench schema"; do
    # shellcheck disable=SC2086
    "$PROGRAMS"/$command >/dev/full 2>"$SCRATCH/messages" &&
        fail "$command: did not notice that its output is full"
done
echo "standard output: 4 programs notice a full /dev/full"

# --- a disk indeed ----------------------------------------------------------

disk=$SCRATCH/disk
mkdir "$disk"
if ! mount -t tmpfs -o size=4k none "$disk" 2>/dev/null; then
    echo "no tmpfs: may not mount here"
    exit 0
fi
trap 'umount "$disk"; rm -rf "$SCRATCH"' EXIT
run=$disk/run
for pages in 1 2 3 4 5 6 7; do
    rm -rf "$run"
    mount -o "remount,size=$((4 * pages))k" "$disk"
    status=0
    pollbench --output "$run" 2>"$SCRATCH/messages" || status=$?
    check_run "a disk of $pages pages"
    mount -o remount,size=1m "$disk"
    finish_run "a disk of $pages pages"
done
echo "tmpfs of 1 to 7 pages: whole each time, finished when it had grown"
