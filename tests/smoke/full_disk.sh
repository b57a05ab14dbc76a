#!/bin/sh
# SPDX-License-Identifier: MIT
# full_disk.sh PROGRAMS SOURCES: on a disk that fills up, every program says so
# and fails, and the rows that were written stay whole.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"

# A disk of our own, if it can be in a mount namespace of our own: start again
# in one. In a chroot there is none, but root may mount.
user=
[ "$(id -u)" -eq 0 ] || user=-Ur
# shellcheck disable=SC2086 # an option or none
if [ -z "${IN_NAMESPACE:-}" ] && unshare $user -m true 2>/dev/null; then
    IN_NAMESPACE=yes unshare $user -m "$0" "$@"
    exit
fi
disk=$SCRATCH/disk
mkdir "$disk" "$SCRATCH/room"
trap 'umount "$SCRATCH/room/figures" "$disk" 2>/dev/null || true
    rm -rf "$SCRATCH"' EXIT
mount -t tmpfs -o size=128k none "$disk" 2>/dev/null ||
    skip "no mount allowed here"

expect 1 "samples.csv: No space left on device" \
    "$PROGRAMS/pollbench" run --quiet --sweep highest_fd --invocations 50 \
    --rounds 50 --batch 1000 --patience 0 --output "$disk/run"
[ "$(wc -l <"$disk/run/samples.csv")" -gt 10 ] || fail "nothing was kept"
awk -F, 'NR == 1 { columns = NF } NF != columns { exit 1 }' \
    "$disk/run/samples.csv" ||
    fail "a row is not whole"
[ -z "$(tail -c 1 "$disk/run/samples.csv")" ] || fail "half a row at the end"

# What was kept can be analysed where there is room, and not where there is
# none: no half file may look like a result.
expect 1 "No space left on device" "$PROGRAMS/pollbench" fit "$disk/run"
[ ! -e "$disk/run/points.csv" ] || fail "half a points.csv"
cp "$disk/run"/* "$SCRATCH/room"
"$PROGRAMS/pollbench" fit "$SCRATCH/room" 2>"$SCRATCH/said" ||
    fail "what was kept cannot be analysed: $(cat "$SCRATCH/said")"

# draws_no_half COMMAND...: it says so, and what has a figure's name is whole
draws_no_half() {
    expect 1 "highest_fd.*full, or the size of files limited" \
        "$@" "$PROGRAMS/pollbench" draw "$SCRATCH/room" highest_fd
    for figure in "$SCRATCH"/room/figures/* "$SCRATCH"/room/figures/page/*; do
        case $figure in
        */page | *'*') ;;
        *.svg) tail -n 1 "$figure" | grep -qx '</svg>' ;;
        *.png) tail -c 8 "$figure" | grep -q '^IEND' ;;
        esac || fail "half a figure: $figure"
    done
}

if command -v gnuplot >/dev/null; then
    "$PROGRAMS/pollbench" draw "$SCRATCH/room" highest_fd >"$SCRATCH/said" ||
        fail "where there is room: $(cat "$SCRATCH/said")"
    [ "$(find "$SCRATCH/room/figures" -mindepth 1 -type f \
        ! -path '*/page/*' | wc -l)" -eq 2 ] ||
        fail "not two files: $(ls -A "$SCRATCH/room/figures")"
    taken=$(du -sk "$SCRATCH/room/figures" | cut -f 1)
    largest=$(find "$SCRATCH/room/figures" -type f -printf '%s\n' | sort -n | tail -n 1)
    rm -r "$SCRATCH/room/figures"
    mkdir "$SCRATCH/room/figures"
    for part in 8 4 2; do
        mount -t tmpfs -o "size=$((taken / part))k" none "$SCRATCH/room/figures"
        draws_no_half env
        umount "$SCRATCH/room/figures"
    done
    for part in 40 3 2; do
        # shellcheck disable=SC2016 # expanded there
        draws_no_half sh -c 'ulimit -f "$0" && exec "$@"' $((largest / part / 512))
    done
fi
expect 1 "No space left on device" \
    sh -c "'$PROGRAMS/pollbench' list >/dev/full"
