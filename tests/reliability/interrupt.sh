#!/bin/sh
# SPDX-License-Identifier: MIT
# Ctrl-C ends a run cleanly: what is there is whole and marked partial, and
# --resume finishes it. Meanwhile nobody else writes into its folder.
#
# usage: interrupt.sh PROGRAMS
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
need setsid flock awk

# start OPTION...: in a process group of its own, as from a terminal
start() {
    # shellcheck disable=SC2086
    setsid "$PROGRAMS/pollbench" run $TINY $LONG "$@" 2>"$SCRATCH/messages" &
    pid=$!
}

# expect_refusal TEXT OPTION...
expect_refusal() {
    text=$1
    shift
    "$PROGRAMS/pollbench" run "$@" 2>"$SCRATCH/refusal" &&
        fail "was not refused: $*"
    [ "$(complaints "$SCRATCH/refusal" | wc -l)" -eq 1 ] ||
        fail "not one line: $(cat "$SCRATCH/refusal")"
    grep -q "$text" "$SCRATCH/refusal" ||
        fail "refused for another reason: $(cat "$SCRATCH/refusal")"
}

# interrupt SIGNAL: to the whole group, twice, as impatient people do
interrupt() {
    kill -s "$1" -- "-$pid"
    kill -s "$1" -- "-$pid" 2>/dev/null || true
    status=0
    wait "$pid" || status=$?
    [ "$status" -eq 1 ] || fail "$1: exit status $status, not 1"
    grep -q 'finish with --resume' "$SCRATCH/messages" ||
        fail "$1: does not say how to go on: $(cat "$SCRATCH/messages")"
    is_whole "$run" 0 -v rounds="$LONG_ROUNDS" || fail "$1: not whole"
    [ -n "$(fact "$run" partial)" ] || fail "$1: not marked partial"
    [ "$(fact "$run" complete)" = no ] || fail "$1: marked complete"
}

for signal in INT TERM HUP ALRM; do
    run=$SCRATCH/$signal
    start --output "$run" --label "test=by $signal"
    wait_for_rows "$run" 60 "$pid"
    cp "$run/host.csv" "$SCRATCH/host.csv"
    # shellcheck disable=SC2086
    expect_refusal 'not overwritten' $TINY --output "$run"
    expect_refusal 'another run is writing there' --resume "$run"
    cmp "$SCRATCH/host.csv" "$run/host.csv"
    interrupt "$signal"
done

# Under nohup the end of the terminal is nothing to it.
run=$SCRATCH/nohup
trap '' HUP
start --output "$run"
trap 'exit 1' HUP
wait_for_rows "$run" 60 "$pid"
kill -s HUP -- "-$pid"
wait_for_rows "$run" "$(($(wc -l <"$run/samples.csv") + 60))" "$pid"
interrupt INT

# A run of another host is not finished here: each fact by itself.
run=$SCRATCH/INT
for key in schema project_version kernel machine cpu_model cpus_online \
    limit_hard series; do
    rm -rf "$SCRATCH/foreign"
    cp -r "$run" "$SCRATCH/foreign"
    # Longer and shorter than here: half of a value is no match.
    for change in 's/$/0/' 's/.$//'; do
        awk -F, -v OFS=, -v key="$key" -v change="$change" '
            $1 == key { n = gsub(/"/, "", $2)
                $2 = change ~ /0/ ? $2 "0" : substr($2, 1, length($2) - 1)
                if (n) $2 = "\"" $2 "\"" }
            { print }' "$run/host.csv" >"$SCRATCH/foreign/host.csv"
        expect_refusal "another $key" --resume "$SCRATCH/foreign"
        cmp "$run/samples.csv" "$SCRATCH/foreign/samples.csv"
    done
done

# The measuring process of a killed run may need a while to be gone, in which it
# still has the rows locked; here something else has.
flock "$run/samples.csv" sleep 2 &
until [ "$(flock -n "$run/samples.csv" echo free)" != free ]; do
    sleep 0.05
done
"$PROGRAMS/pollbench" run --quiet --resume "$run" 2>"$SCRATCH/messages" ||
    fail "did not wait: $(cat "$SCRATCH/messages")"
counts_are_right "$run" "$LONG_ROUNDS" || fail "resumed: wrong counts"
[ "$(fact "$run" complete)" = yes ] || fail "resumed, but not complete"
[ "$(grep -c '^seam,' "$run/host.csv")" -eq 1 ] || fail "no seam, or two"
[ "$(grep '^label,' "$run/host.csv")" = 'label,"test=by INT",' ] ||
    fail "the label was not kept: $(grep '^label,' "$run/host.csv")"
echo "interrupted by 4 signals: whole, partial, not entered by others;" \
    "another host refused for each of 8 facts"
