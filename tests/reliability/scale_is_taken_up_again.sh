#!/bin/sh
# SPDX-License-Identifier: MIT
# A run of pollscale that is killed at any moment loses at most the point in
# progress, and --resume finishes it; Ctrl-C ends it cleanly; and nobody else
# writes into its folder.
#
# usage: scale_is_taken_up_again.sh PROGRAMS [KILLS]
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
need setsid flock awk cmp
kills=${2:-6}
run=$SCRATCH/run

# 6 points, 17 rows each; most of the time is spent waiting for memory to settle
POINTS="--quiet --fds 100,200,300 --fd-kind eventfd --table-fds 1024
    --backend poll --backend epoll --invocations 2"

pollscale() {
    "$PROGRAMS/pollscale" "$@" 2>"$SCRATCH/messages"
}

# points_are_whole: each point once, with all its rows, in order, in both files
points_are_whole() {
    awk -F, -v samples="$run/samples.csv" '
        function wrong(text) { print FILENAME ": " text; n_wrong++ }
        FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; n_fields = NF
                   next }
        NF != n_fields { wrong("cut off: " $0) }
        FILENAME == samples {
            if ($column["status"] != "ok") wrong($0)
            at = $column["invocation"] "," $column["round"]
            if (at != last && rows[at]) wrong(at " twice")
            if ($column["sequence"] != rows[at]++) wrong(at " out of order")
            if ($column["backend"] != "ref1") fds[at] = $column["fd_count"]
            last = at
            next
        }
        { of[$column["invocation"] "," $column["fd_count"]]++ }
        END {
            for (k = 0; k < 2; k++)
                for (i = 0; i < 3; i++) {
                    at = k "," i
                    if (rows[at] != 17) wrong(at " has " rows[at] + 0 " rows")
                    if (of[k "," fds[at]] != 3) wrong("memory of " at)
                    n += of[k "," fds[at]]
                    delete of[k "," fds[at]]
                }
            for (at in of) wrong("memory of no point: " at)
            exit n_wrong > 0
        }' "$run/samples.csv" "$run/memory.csv" >&2
}

# start: a run in a process group of its own
start() {
    rm -rf "$run"
    # shellcheck disable=SC2086
    setsid "$PROGRAMS/pollscale" $POINTS --output "$run" \
        2>"$SCRATCH/messages" &
    pid=$!
}

# refused TEXT OPTION...
refused() {
    text=$1
    shift
    pollscale "$@" && fail "not refused: $*"
    grep -q "$text" "$SCRATCH/messages" ||
        fail "refused otherwise: $(cat "$SCRATCH/messages")"
    [ "$(wc -l <"$SCRATCH/messages")" -eq 1 ] || fail "not one line"
}

# take_up: what is whole stays, and the rest is measured
take_up() {
    n_whole=$(awk 'NR == 1 || /^reference,ref1,/ { n = NR } END { print n }' \
        "$run/samples.csv")
    head -n "$n_whole" "$run/samples.csv" >"$SCRATCH/before"
    pollscale --quiet --resume "$run" || fail "$(cat "$SCRATCH/messages")"
    head -n "$n_whole" "$run/samples.csv" | cmp - "$SCRATCH/before" ||
        fail "rows that were whole have changed"
    points_are_whole || fail "not whole"
    [ "$(fact "$run" complete)" = yes ] || fail "not marked complete"
}

for signal in INT TERM HUP; do
    start
    wait_for_rows "$run" 1 "$pid"
    cp "$run/host.csv" "$SCRATCH/host.csv"
    # shellcheck disable=SC2086
    refused 'not overwritten' $POINTS --output "$run"
    refused 'another run is writing there' --resume "$run"
    cmp "$SCRATCH/host.csv" "$run/host.csv"
    kill -s "$signal" -- "-$pid"
    kill -s "$signal" -- "-$pid" 2>/dev/null || true
    status=0
    wait "$pid" || status=$?
    [ "$status" -eq 1 ] || fail "$signal: exit status $status, not 1"
    [ -n "$(fact "$run" partial)" ] || fail "$signal: not marked partial"
    [ "$(fact "$run" complete)" = no ] || fail "$signal: marked complete"
done
cp -r "$run" "$SCRATCH/foreign"
sed -i 's/^limit_hard,/&9/' "$SCRATCH/foreign/host.csv"
refused 'another limit_hard' --resume "$SCRATCH/foreign"
take_up
[ "$(grep -c '^seam,' "$run/host.csv")" -eq 1 ] || fail "no seam, or two"

# A row of memory.csv whose samples are lost, and half a row of each.
head -n 40 "$run/samples.csv" >"$SCRATCH/samples"
head -n 9 "$run/memory.csv" >"$SCRATCH/memory"
for file in samples memory; do
    cp "$SCRATCH/$file" "$run/$file.csv"
    printf 'scale,none,bu' >>"$run/$file.csv"
done
sed -i 's/^complete,yes/complete,no/' "$run/host.csv"

# A read that fails is not the end of the file.
if strace -e inject=getpid:error=EPERM true 2>/dev/null; then
    cp "$run/memory.csv" "$SCRATCH/memory.csv"
    strace -qqq -o /dev/null -P "$run/memory.csv" -e inject=read:error=EIO \
        "$PROGRAMS/pollscale" --quiet --resume "$run" \
        2>"$SCRATCH/messages" && fail "did not notice that a read failed"
    grep -q 'memory.csv: Input/output error' "$SCRATCH/messages" ||
        fail "a read failed: $(cat "$SCRATCH/messages")"
    cmp "$run/memory.csv" "$SCRATCH/memory.csv"
fi
take_up

for i in $(seq "$kills"); do
    start
    wait_for_rows "$run" 0 "$pid"
    sleep "$(awk -v i="$i" -v n="$kills" -v seed="$$" 'BEGIN {
        srand(seed + i); print rand() * 2 }')"
    kill -s KILL -- "-$pid" 2>/dev/null || true # it may have ended
    wait "$pid" 2>/dev/null || true
    flock "$run/samples.csv" true # a killed child lets go a moment later
    [ "$(fact "$run" complete)" = yes ] || take_up
done
echo "interrupted by 3 signals and killed $kills times: taken up again, whole"
