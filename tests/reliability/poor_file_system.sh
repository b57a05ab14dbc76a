#!/bin/sh
# SPDX-License-Identifier: MIT
# On a file system without locks, syncing or modes of files, as networks have
# them, everything is measured and analysed all the same; the run says what is
# not guaranteed there.
#
# usage: poor_file_system.sh PROGRAMS SHIM
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
shim=$2
[ -f "$shim" ] || fail "$shim: not there"

# try VARIABLE ERRNO WARNING: a run, the second half of it again, its analysis
try() {
    variable=$1=$2
    warning=$3
    run=$SCRATCH/run
    rm -rf "$run"
    # shellcheck disable=SC2086
    poorly "$PROGRAMS/pollbench" run $TINY --output "$run"
    is_whole "$run" 3 || fail "$variable: not whole"
    warned 1
    cp "$run/samples.csv" "$SCRATCH/samples.csv"
    head -n 30 "$SCRATCH/samples.csv" >"$run/samples.csv"
    sed -i '/^complete,yes/d' "$run/host.csv"
    poorly "$PROGRAMS/pollbench" run --quiet --resume "$run"
    is_whole "$run" 3 || fail "$variable: not whole when taken up again"
    warned 2
    poorly "$PROGRAMS/pollbench" fit "$run"
    poorly "$PROGRAMS/pollbench" report "$run"
}

poorly() {
    env LD_PRELOAD="$shim" "$variable" "$@" >"$SCRATCH/out" \
        2>"$SCRATCH/messages" || fail "$variable: $(cat "$SCRATCH/messages")"
}

# warned TIMES: in host.csv, and the last time on stderr
warned() {
    [ -n "$warning" ] || return 0
    grep -q "$warning" "$SCRATCH/messages" ||
        fail "$variable: not said: $warning"
    [ "$(grep -c "^warning,.*$warning" "$run/host.csv")" -eq "$1" ] ||
        fail "$variable: not in host.csv: $warning"
}

# ENOLCK, EOPNOTSUPP, ENOSYS and EINVAL, by their numbers on Linux.
for error in 37 95 38 22; do
    try SHIM_FLOCK "$error" "cannot be locked"
done
for error in 95 38 22; do
    try SHIM_SYNC "$error" "does not sync"
done
for error in 1 95; do
    try SHIM_CHMOD "$error" ""
done
echo "no locks, no sync, no modes: measured, taken up again and analysed"
