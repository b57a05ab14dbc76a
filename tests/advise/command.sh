#!/bin/sh
# SPDX-License-Identifier: MIT
# command.sh PROGRAMS SOURCES WAITER: what pollbench advise says, in words and as
# JSON, and the one line that it says where it cannot look.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/../smoke/expect.sh"
waiter=$3
models=$SOURCES/tests/advise/cold_models.csv

pids=
ended() {
    # shellcheck disable=SC2086 # a list
    [ -z "$pids" ] || kill -9 $pids 2>/dev/null || true
    rm -rf "$SCRATCH"
}
trap ended EXIT

# begin COMMAND...: in the background; pid is its number
begin() {
    "$@" >/dev/null 2>&1 </dev/null &
    pid=$!
    pids="$pids $pid"
}

# waits CALL FDS [PROGRAM]: a waiter with that set, which waits $rate times a
# second, with 0 without a rest
rate=200
waits() {
    head -c 16 /dev/zero >"$SCRATCH/waits"
    begin "${3:-$waiter}" "$1" "$2" 1 "$rate" "$SCRATCH/waits"
    while [ "$(od -An -tu8 -N8 "$SCRATCH/waits" | tr -d ' ')" -lt 5 ]; do
        kill -0 "$pid" || fail "the waiter has ended"
        sleep 0.05
    done
}

advise() {
    "$PROGRAMS/pollbench" advise --seconds 0.5 --pid "$@"
}

# A run of this machine, with models of waits that sleep.
run=$SCRATCH/run
pollbench --output "$run" 2>/dev/null
cp "$models" "$run/"
mv "$run/cold_models.csv" "$run/models.csv"

# tells STATUS PATTERN PID: it ends with that, and one line is like that
tells() {
    status=0
    advise "$3" "$run" >"$SCRATCH/told" 2>"$SCRATCH/said" || status=$?
    [ "$status" -eq "$1" ] ||
        fail "status $status, not $1: $(cat "$SCRATCH/told" "$SCRATCH/said")"
    grep -qE -- "$2" "$SCRATCH/told" ||
        fail "not /$2/: $(cat "$SCRATCH/told" "$SCRATCH/said")"
}

# What it looks like. Waits of a busy machine may be starved: then no advice is
# what is wanted.
waits poll 500
status=0
advise "$pid" "$run" >"$SCRATCH/told" || status=$?
if [ "$status" -eq 0 ]; then
    grep -qE '^(Switch to epoll: it saves about|Stay: no other call saves 1 %)' \
        "$SCRATCH/told" || fail "no advice: $(cat "$SCRATCH/told")"
    grep -qE '^  poll  .* now$' "$SCRATCH/told" || fail "no row of poll"
else
    grep -q '^Cannot tell: ' "$SCRATCH/told" || fail "$(cat "$SCRATCH/told")"
fi
grep -q "^thread [0-9]*: poll, 500 fds (\(UNIX\\|socket\) 499, eventfd 1), highest 599, " \
    "$SCRATCH/told" || fail "another set: $(cat "$SCRATCH/told")"
if command -v python3 >/dev/null; then
    advise "$pid" --json "$run" >"$SCRATCH/json" || [ $? -eq 3 ]
    python3 - "$SCRATCH/json" <<'END'
import json, sys
told = json.load(open(sys.argv[1]))
thread, = told["threads"]
assert (thread["call"], thread["fds"], thread["highest_fd"]) == ("poll", 500, 599)
assert thread["events"] == {"0x3": 167, "0x1": 333}, thread["events"]
assert thread["answer"] in ("switch", "stay", "cannot tell")
assert told["reads"] < 100 * told["seconds"] * told["all_threads"] + 1000
END
fi
[ ! -e /dev/full ] || expect 1 "standard output" \
    sh -c "'$PROGRAMS/pollbench' advise -s 0.1 -p $pid '$run' >/dev/full"
kill -9 "$pid"

# One whose name is an attack on who reads /proc.
name=$(printf 'a) Z 0 (\n\033[1mb')
cp "$waiter" "$SCRATCH/$name"
waits epoll_pwait 3 "$SCRATCH/$name"
advise "$pid" "$run" >"$SCRATCH/told" || [ $? -eq 3 ]
grep -q '^a) Z 0 (??\[1mb ([0-9]*), looked at for' "$SCRATCH/told" ||
    fail "another name: $(cat "$SCRATCH/told")"
kill -9 "$pid"

# One that counts its waits, as it is told to: it may be saturated.
preload=$("$PROGRAMS/pollbench" advise --preload)
[ -f "${preload#LD_PRELOAD=}" ] || fail "--preload: $preload"
rate=0
export "${preload?}"
case $(sed -n 's/^POLLBENCH_SANITIZE[^=]*=//p' \
    "$PROGRAMS/../CMakeCache.txt" 2>/dev/null) in
*address*) export ASAN_OPTIONS=verify_asan_link_order=0 ;;
esac
waits libc_poll 500
unset LD_PRELOAD
rate=200
advise "$pid" --preload "$run" >"$SCRATCH/told" || [ $? -eq 3 ]
grep -q "looked at for .* through /proc, with what it counts; nothing" \
    "$SCRATCH/told" || fail "$(cat "$SCRATCH/told")"
grep -qE '^  it counts: 1\.0 fds? ready at each wait, [0-9]+ % of which sleep; ' \
    "$SCRATCH/told" || fail "$(cat "$SCRATCH/told")"
grep -qE '^Switch to epoll: it saves about [0-9]+ % of a core \[|^Cannot tell: ' \
    "$SCRATCH/told" || fail "$(cat "$SCRATCH/told")"
if command -v python3 >/dev/null; then
    advise "$pid" --json "$run" >"$SCRATCH/json" || [ $? -eq 3 ]
    python3 - "$SCRATCH/json" <<'END'
import json, sys
thread, = json.load(open(sys.argv[1]))["threads"]
assert thread["waits"] > 0 and abs(thread["returned"] - thread["waits"]) < 2
assert 0 < thread["waiting_ns"]
END
fi
kill -9 "$pid"

# One that does not, and why.
waits poll 20
expect 1 "process $pid does not count its waits: it was not started with" \
    advise "$pid" --preload "$run"
kill -9 "$pid"
if [ "$(uname -m)" = x86_64 ]; then # one page with pause(2), again and again
    {
        printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\76\0\1\0\0\0'
        printf '\170\0\100\0\0\0\0\0\100\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
        printf '\0\0\0\0\100\0\70\0\1\0\0\0\0\0\0\0'
        printf '\1\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0\0\0\100\0\0\0\0\0'
        printf '\0\0\100\0\0\0\0\0\201\0\0\0\0\0\0\0\201\0\0\0\0\0\0\0'
        printf '\0\20\0\0\0\0\0\0\270\42\0\0\0\17\5\353\367'
    } >"$SCRATCH/static"
    chmod 755 "$SCRATCH/static"
    begin "$SCRATCH/static"
    sleep 0.2
    ! kill -0 "$pid" 2>/dev/null ||
        expect 1 "process $pid does not count its waits: it is linked static" \
            advise "$pid" --preload "$run"
fi
cp "$(command -v sleep)" "$SCRATCH/secure"
if [ "$(id -u)" -eq 0 ] && chown 65534 "$SCRATCH/secure" 2>/dev/null &&
    chmod 4755 "$SCRATCH/secure"; then
    begin "$SCRATCH/secure" 60
    sleep 0.2
    # A file system may be mounted so that it does not matter whose it is.
    [ "$(stat -c %u "/proc/$pid")" -eq 0 ] ||
        expect 1 "process $pid does not count its waits: it has rights" \
            advise "$pid" --preload "$run"
fi

# A trace in the place of a process, by a tool that may be there or not.
{
    for i in 0 1 2 3 4 5 6 7 8 9; do
        for j in 0 1 2 3 4 5 6 7 8 9; do
            echo "[pid 7] 10.$i${j}0000 poll([{fd=5, events=POLLIN}, ...], 1000, -1) = 2"
        done
    done
} >"$SCRATCH/trace"
"$PROGRAMS/pollbench" advise --trace "$SCRATCH/trace" "$run" >"$SCRATCH/told" ||
    fail "trace: $(cat "$SCRATCH/told")"
grep -q "trace, a trace of 1.0 s, with a tracer's distortion: the 2.0 fds" \
    "$SCRATCH/told" || fail "$(cat "$SCRATCH/told")"
grep -q '^thread 7: poll, 1000 fds, 101 waits/s$' "$SCRATCH/told" ||
    fail "$(cat "$SCRATCH/told")"
grep -q '^Switch to epoll: it saves about' "$SCRATCH/told" ||
    fail "$(cat "$SCRATCH/told")"
if command -v python3 >/dev/null; then
    "$PROGRAMS/pollbench" advise --json --trace "$SCRATCH/trace" "$run" \
        >"$SCRATCH/json"
    python3 - "$SCRATCH/json" <<'END'
import json, sys
thread, = json.load(open(sys.argv[1]))["threads"]
assert thread["traced"] and thread["busy"] is None, thread
assert thread["highest_fd"] is None and thread["events"] == {}, thread
assert 100 < thread["waits_per_second"]["value"] < 102, thread
assert (thread["fds"], thread["waits"], thread["answer"]) == (1000, 100, "switch")
END
fi
expect 1 "told: no two waits at different times are in it" \
    "$PROGRAMS/pollbench" advise --trace "$SCRATCH/told" "$run"
expect 1 "none: No such file" \
    "$PROGRAMS/pollbench" advise --trace "$SCRATCH/none" "$run"
expect 2 "one of them" advise 1 --trace "$SCRATCH/trace" "$run"

# Which cannot be told.
begin sleep 60
tells 3 '^Cannot tell: no wait on any fd was seen: it computes, or blocks' "$pid"
begin sh -c 'while :; do :; done'
sleep 0.1
tells 3 '^Cannot tell: ' "$pid"
kill -9 "$pid"
begin sleep 0.3
status=0
"$PROGRAMS/pollbench" advise --pid "$pid" "$run" >"$SCRATCH/told" || status=$?
[ "$status" -eq 3 ] || fail "one that ended: status $status"
grep -q '^It ended' "$SCRATCH/told" || fail "one that ended: not told"

# Which cannot be looked at, each in a line.
expect 1 "there is no process $pid" advise "$pid" "$run"
begin sh -c 'sleep 0 & exec sleep 60'
sleep 0.2
zombie=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null || true)
[ -z "$zombie" ] ||
    expect 1 "process [0-9]+ has ended, and its parent .*zombie" \
        advise "${zombie% }" "$run"
kernel=$(awk '$2 == "(kthreadd)" { print $1 }' /proc/2/stat 2>/dev/null || true)
[ "$kernel" != 2 ] ||
    expect 1 "process 2 is a thread of the kernel" advise 2 "$run"
chmod -R a+rX "$SCRATCH"
# A build that counts its lines has to have room for that as another user.
mkdir -m 777 "$SCRATCH/counted"
export GCOV_PREFIX="$SCRATCH/counted"
begin sleep 60
if [ "$(id -u)" -eq 0 ]; then
    other=$pid
else
    other=1
fi
expect 1 "process $other belongs to another user: run as that user or as root" \
    as_user "$PROGRAMS/pollbench" advise --pid "$other" "$run"
# What may only be executed may not be looked into, whoever's it is.
cp "$(command -v sleep)" "$SCRATCH/closed"
chmod 111 "$SCRATCH/closed"
if [ "$(id -u)" -eq 0 ]; then
    begin setpriv --reuid=65534 --regid=65534 --clear-groups "$SCRATCH/closed" 60
else
    begin "$SCRATCH/closed" 60
fi
sleep 0.2
expect 1 "may not look into process $pid: kernel.yama.* or it is not dumpable" \
    as_user "$PROGRAMS/pollbench" advise --pid "$pid" "$run"

# A 32-bit program, by hand: one page with pause(2), again and again.
if [ "$(uname -m)" = x86_64 ]; then
    {
        printf '\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\2\0\3\0\1\0\0\0'
        printf '\124\200\4\10\64\0\0\0\0\0\0\0\0\0\0\0\64\0\40\0\1\0\0\0\0\0\0\0'
        printf '\1\0\0\0\0\0\0\0\0\200\4\10\0\200\4\10\135\0\0\0\135\0\0\0'
        printf '\5\0\0\0\0\20\0\0\270\35\0\0\0\315\200\353\367'
    } >"$SCRATCH/small"
    chmod 755 "$SCRATCH/small"
    begin "$SCRATCH/small"
    sleep 0.2
    # This kernel may run none.
    [ ! -e "/proc/$pid/exe" ] || ! kill -0 "$pid" 2>/dev/null ||
        expect 1 "process $pid is no 64-bit program: its calls have other" \
            advise "$pid" "$run"
fi

# Usage, and a run that has not what it takes.
expect 2 "is \"x1\", not a whole number from 1 to 2147483647" advise x1 "$run"
expect 2 "is \"-1\", not a whole number" advise -1 "$run"
expect 2 "is \"0\", not a whole number" advise 0 "$run"
expect 2 "not 0.1 to 60" advise 1 --seconds 1e9 "$run"
expect 2 "not 0.1 to 60" advise 1 --seconds nan "$run"
expect 2 "which RUN" advise 1
expect 2 "one RUN" advise 1 "$run" "$run"
expect 2 "which process" "$PROGRAMS/pollbench" advise "$run"
expect 2 "which process" "$PROGRAMS/pollbench" advise --preload "$run"
expect 1 "pollbench-waits.so: No such file" \
    env POLLBENCH_EXEC_PATH="$SCRATCH" "$PROGRAMS/../libexec/pollbench/pollbench-advise" --preload
expect 1 "none/host.csv" advise "$$" "$SCRATCH/none"
mv "$run/models.csv" "$SCRATCH/kept"
expect 1 "models.csv: not there; pollbench fit" advise "$$" "$run"
sed 's/,"0 4",/,"0 x",/' "$SCRATCH/kept" >"$run/models.csv"
waits poll 100
expect 1 "models.csv: spread is" advise "$pid" "$run"
