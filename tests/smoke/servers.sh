#!/bin/sh
# SPDX-License-Identifier: MIT
# servers.sh PROGRAMS SOURCES: the sweep of servers that others wrote: rows of
# those that are installed, and why there are none of the others; nothing is left
# running; and the table that follows from them.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"
trap 'rm -rf "$SCRATCH"' EXIT
run=$SCRATCH/run
tool=$SOURCES/tools/servers.sh

expect 2 usage "$tool"
expect 1 'no points.csv' "$tool" "$SCRATCH"

# new_ones: servers that were not there before; one that is killed takes a moment
running() {
    grep -lxE 'haproxy|lighttpd|memcached' /proc/[0-9]*/comm 2>/dev/null | sort
}
running >"$SCRATCH/before"
new_ones() {
    running | comm -13 "$SCRATCH/before" -
}
none_is_left() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ -n "$(new_ones)" ] || return 0
        sleep 0.2
    done
    fail "$1 servers are left: $(new_ones)"
}

# measure FOLDER OPTION...: flat out, at two counts of connections
measure() {
    folder=$1
    shift
    exec "$PROGRAMS/pollbench" run --quiet --sweep servers -r 3 --patience 0 \
        --rate 0 -N 16,40 --output "$folder" "$@"
}

(measure "$run" -k 2) 2>"$SCRATCH/said" ||
    [ $? -eq 77 ] || fail "$(cat "$SCRATCH/said")"
none_is_left "after the run"

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
n=0
for server in haproxy lighttpd memcached; do
    # A machine that does other things may not give it the time.
    wanted='ok|"not woken, or not done, in time"|"disturbed, .*"'
    command -v "$server" >/dev/null || wanted='"Package not installed"'
    [ "$(nproc)" -gt 1 ] || wanted='"there is no second CPU"'
    grep "^servers,e\{0,1\}poll,.*,$server," "$run/samples.csv" >"$SCRATCH/rows" ||
        fail "no rows of $server"
    ! grep -vE ",($wanted)\$" "$SCRATCH/rows" ||
        fail "rows of $server, not $wanted"
    ! grep -q ',ok$' "$SCRATCH/rows" || n=$((n + 1))
done
# What would be said again is not tried again.
! awk -F, '
    NR == 1 { for (c = 1; $c != "invocation"; c++) ; }
    /,"(Package not installed|Operation not supported)"$/ {
        for (i = 1; i <= c; i++) printf "%s,", $i; print "" }' \
    "$run/samples.csv" | sort | uniq -d | grep . ||
    fail "these were tried more than once"
[ "$n" -gt 0 ] || {
    echo "servers.sh: none of the servers can be measured; the rest is left out"
    exit 0
}
"$PROGRAMS/pollbench" fit "$run" 2>/dev/null
"$tool" "$run" >"$SCRATCH/table" 2>/dev/null ||
    fail "$(cat "$SCRATCH/table")"
for call in poll epoll; do
    [ "$(grep -c "| flat out | [0-9]* | $call | [0-9]" "$SCRATCH/table")" -ge "$n" ] ||
        fail "not a row of each: $(cat "$SCRATCH/table")"
done

# Killed while one serves, the run cannot stop it.
(measure "$SCRATCH/killed" -k 100) 2>/dev/null &
pid=$!
while [ -z "$(new_ones)" ]; do
    kill -0 "$pid" 2>/dev/null || fail "the run has ended before a server was seen"
    sleep 0.05
done
kill -9 "$pid"
none_is_left "after a run that was killed"
