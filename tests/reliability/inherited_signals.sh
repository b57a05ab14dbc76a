#!/bin/sh
# SPDX-License-Identifier: MIT
# Whatever signals the program was started with as ignored or blocked, a run is
# measured, taken up again, and ended by a signal.
#
# usage: inherited_signals.sh PROGRAMS
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
need setsid awk env
env --ignore-signal=CHLD --block-signal=TERM true 2>/dev/null ||
    skip "env cannot set signals here"

# ended SIGNAL ENV-OPTION...: by it, within an invocation
ended() {
    signal=$1
    shift
    # shellcheck disable=SC2086
    env "$@" setsid "$PROGRAMS/pollbench" run $TINY $LONG --output "$run" \
        2>"$SCRATCH/messages" &
    pid=$!
    wait_for_rows "$run" 60 "$pid"
    kill -s "$signal" "$pid"
    status=0
    wait "$pid" || status=$?
    [ "$status" -eq 1 ] || fail "$*: $signal: exit status $status, not 1"
    [ -n "$(fact "$run" partial)" ] || fail "$*: $signal: not marked partial"
    is_whole "$run" 0 -v rounds="$LONG_ROUNDS" ||
        fail "$*: $signal did not end the invocation"
}

run=$SCRATCH/run
for how in --ignore-signal=CHLD --ignore-signal --block-signal; do
    rm -rf "$run"
    # shellcheck disable=SC2086
    env "$how" "$PROGRAMS/pollbench" run $TINY --output "$run" \
        2>"$SCRATCH/messages" || fail "$how: $(cat "$SCRATCH/messages")"
    is_whole "$run" 3 || fail "$how: not whole"
    # Its second half again.
    cp "$run/samples.csv" "$SCRATCH/samples.csv"
    head -n 30 "$SCRATCH/samples.csv" >"$run/samples.csv"
    sed -i '/^complete,yes/d' "$run/host.csv"
    env "$how" "$PROGRAMS/pollbench" run --quiet --resume "$run" \
        2>"$SCRATCH/messages" || fail "$how: $(cat "$SCRATCH/messages")"
    is_whole "$run" 3 || fail "$how: not whole when taken up again"
    for signal in INT TERM; do
        rm -rf "$run"
        ended "$signal" "$how"
    done
done
echo "SIGCHLD ignored, all signals ignored, all blocked: measured, ended by" \
    "SIGINT and SIGTERM, taken up again"
