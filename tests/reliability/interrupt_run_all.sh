#!/bin/sh
# SPDX-License-Identifier: MIT
# A signal ends run_all.sh in whatever it does, and leaves nothing running:
# Ctrl-C, which the whole process group gets, and one to the script alone. What
# was measured until then is whole, analysed and marked partial, one line says
# how to go on, and that finishes it.
#
# usage: interrupt_run_all.sh PROGRAMS
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
need setsid awk
# A shell makes what it starts beside itself deaf to Ctrl-C; a terminal's not.
env --default-signal=INT true 2>/dev/null || skip "env has no --default-signal"
root=$(cd "$HERE/../.." && pwd)

# The programs are built already, and the figures are not in question.
mkdir "$SCRATCH/build" "$SCRATCH/bin"
ln -s "$(cd "$PROGRAMS" && pwd)" "$SCRATCH/build/bench"
stub() {
    printf '#!/bin/sh\n%s\n' "$2" >"$SCRATCH/bin/$1"
    chmod +x "$SCRATCH/bin/$1"
}
stub cmake 'exit 0'
stub gnuplot 'exit 1'

# start OPTION...: in a process group of its own, as from a terminal. Every
# process below it can be told by its environment.
start() {
    POLLBENCH_TEST_MARK=$SCRATCH PATH=$SCRATCH/bin:$PATH \
        setsid env --default-signal=INT "$root/run_all.sh" --no-install --build-dir "$SCRATCH/build" "$@" \
        >"$SCRATCH/out" 2>"$SCRATCH/messages" &
    pid=$!
}

# long_run DIR: to be interrupted in the middle
long_run() {
    # shellcheck disable=SC2086
    start --output "$1" -- $TINY $LONG
}

# wait_until COMMAND...: up to a minute
wait_until() {
    for _ in $(seq 600); do
        ! "$@" || return 0
        kill -0 "$pid" 2>/dev/null || fail "ended: $(cat "$SCRATCH/messages")"
        sleep 0.1
    done
    fail "after a minute still not: $*"
}

has_rows() {
    [ -e "$1/samples.csv" ] && [ "$(wc -l <"$1/samples.csv")" -gt 60 ]
}

says() {
    grep -q "$1" "$SCRATCH/out"
}

still_runs() {
    grep -lsz "^POLLBENCH_TEST_MARK=$SCRATCH\$" /proc/[0-9]*/environ |
        sed 's#/proc/\(.*\)/environ#\1#' >"$SCRATCH/running"
    [ -s "$SCRATCH/running" ]
}

# ends STATUS TEXT: and says one line about it; a killed measuring process is
# gone a moment later
ends() {
    status=0
    wait "$pid" || status=$?
    [ "$status" -eq "$1" ] ||
        fail "exit status $status, not $1: $(cat "$SCRATCH/messages")"
    for _ in $(seq 20); do
        still_runs || break
        sleep 0.1
    done
    ! still_runs || fail "still running: $(xargs ps -fp <"$SCRATCH/running")"
    grep '^run_all\.sh: ' "$SCRATCH/messages" >"$SCRATCH/lines" || true
    [ "$(wc -l <"$SCRATCH/lines")" -eq 1 ] ||
        fail "not one line: $(cat "$SCRATCH/messages")"
    grep -q "$2" "$SCRATCH/lines" ||
        fail "not '$2': $(cat "$SCRATCH/messages")"
}

# Measuring: every signal, to the group and to the script alone.
for signal in INT TERM HUP; do
    for whom in group script; do
        run=$SCRATCH/$signal.$whom
        long_run "$run"
        wait_until has_rows "$run"
        [ "$whom" = script ] || kill -s "$signal" -- "-$pid"
        [ "$whom" = group ] || kill -s "$signal" "$pid"
        ends 1 "measuring ended early; go on with: run_all.sh --resume $run"
        is_whole "$run" 0 -v rounds="$LONG_ROUNDS" || fail "$run: not whole"
        [ -n "$(fact "$run" partial)" ] || fail "$run: not marked partial"
        [ "$(fact "$run" complete)" = no ] || fail "$run: marked complete"
        for file in points.csv claims.csv report.html; do
            [ -s "$run/$file" ] || fail "$run: not analysed: no $file"
        done
        ! says 'Drawing' || fail "$run: who wants to stop waits for figures"
    done
done
[ "$(fact "$SCRATCH/INT.group" partial)" = Interrupt ] ||
    fail "Ctrl-C is told as $(fact "$SCRATCH/INT.group" partial)"

# What its line says finishes it.
run=$SCRATCH/INT.group
start --resume "$run"
wait "$pid" || fail "--resume: $(cat "$SCRATCH/messages")"
is_whole "$run" 2 -v rounds="$LONG_ROUNDS" || fail "resumed, but not whole"
[ "$(fact "$run" complete)" = yes ] || fail "resumed, but not complete"
[ "$(grep -c '^seam,' "$run/host.csv")" -eq 1 ] || fail "no seam, or two"

# Before anything is measured, and after.
stub cmake 'echo building >&2; sleep 1000 & sleep 1000'
for whom in group script; do
    long_run "$SCRATCH/none"
    wait_until grep -q building "$SCRATCH/build/run_all.log"
    [ "$whom" = script ] || kill -s INT -- "-$pid"
    [ "$whom" = group ] || kill -s TERM "$pid"
    ends 1 'interrupted (SIG[A-Z]*) while building'
    [ ! -e "$SCRATCH/none" ] || fail "a folder without a run"
    : >"$SCRATCH/build/run_all.log"
done
stub cmake 'exit 0'
stub gnuplot "case \$* in *'set term'*) exit 0 ;; esac
: >'$SCRATCH/drawing'
sleep 1000 & sleep 1000"
run=$SCRATCH/drawn
# shellcheck disable=SC2086
start --output "$run" -- $TINY --sweep fd_count # which has a figure
wait_until [ -e "$SCRATCH/drawing" ]
kill -s TERM "$pid"
ends 1 "while drawing; go on with: run_all.sh --resume $run"

echo "interrupted by 3 signals to the group and to the script alone: whole," \
    "partial, analysed, finished by the line it says, nothing left running"
