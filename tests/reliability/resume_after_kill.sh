#!/bin/sh
# SPDX-License-Identifier: MIT
# A run that is killed at any moment loses at most the round in progress, and
# --resume finishes it: kills runs (some of them again while they resume) at
# random moments, and looks at every byte they kept.
#
# usage: resume_after_kill.sh PROGRAMS [TIMES [SEED [SWEEP]]]
# SWEEP: scale or beyond_limit, whose fds are opened anew for each point
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
need setsid awk cmp
times=${2:-100}
seed=${3:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
echo "seed $seed"
[ -z "${4:-}" ] || TINY="--quiet --sweep $4 --fds 200 --fd-kind eventfd
    --backend poll --backend epoll --most-fds 128 --invocations 3 --rounds 3
    --batch 1000 --patience 0"

now_ms() {
    echo "$(($(date +%s%N) / 1000000))"
}

# How long a run takes here and now, so that the kills fall into it.
whole_ms=1000
for i in 1 2 3; do
    start=$(now_ms)
    pollbench --output "$SCRATCH/reference$i" 2>"$SCRATCH/messages"
    took_ms=$(($(now_ms) - start))
    [ "$took_ms" -ge "$whole_ms" ] || whole_ms=$took_ms
    is_whole "$SCRATCH/reference$i" 3
done

# start_and_kill MS OPTION...: with SIGKILL
start_and_kill() {
    delay_ms=$1
    shift
    # shellcheck disable=SC2086
    setsid "$PROGRAMS/pollbench" run $TINY "$@" 2>"$SCRATCH/messages" &
    pid=$!
    sleep "$(awk -v ms="$delay_ms" 'BEGIN { print ms / 1000 }')"
    # All its processes or only the first, with which the others have to end.
    group=$((i % 2 ? -pid : pid))
    kill -s KILL -- "$group" 2>/dev/null || true # it may have ended
    # The shell's own word of the killing is not ours.
    wait "$pid" 2>/dev/null || true
}

# The bytes of FILE up to the end of its last whole round.
whole_bytes() {
    awk '{ n += length($0) + 1 } NR == 1 || /^reference,ref1,/ { whole = n }
         END { print whole + 0 }' "$1"
}

# check_resumed: what was there before is still there, and all is whole
check_resumed() {
    cmp -n "$kept" "$SCRATCH/before.csv" "$run/samples.csv" >&2 ||
        fail "kill $i: rows that were whole have changed"
    is_whole "$run" 3 || fail "kill $i: the resumed run is not whole"
    [ "$(fact "$run" complete)" = yes ] || fail "kill $i: not marked complete"
    counts_are_right "$run" 3 || fail "kill $i: wrong counts"
}

run=$SCRATCH/run
i=0
n_nothing=0
n_again=0
n_done=0
n_late=0
export LC_ALL=C # length() counts bytes
awk -v n="$((10 * times))" -v whole="$whole_ms" -v seed="$seed" 'BEGIN {
    srand(seed); for (i = 0; i < n; i++) print rand() * whole
}' >"$SCRATCH/moments"
while [ $((i - n_late)) -lt "$times" ] && read -r ms; do
    i=$((i + 1))
    rm -rf "$run"
    start_and_kill "$ms" --output "$run"
    # Every third is killed once more, while it resumes.
    if [ $((i % 3)) -eq 0 ] && [ -d "$run" ]; then
        start_and_kill "$ms" --resume "$run"
        n_again=$((n_again + 1))
    fi
    [ "$(fact "$run" complete 2>/dev/null)" != yes ] || n_late=$((n_late + 1))
    kept=0
    if [ -s "$run/samples.csv" ]; then
        cp "$run/samples.csv" "$SCRATCH/before.csv"
        kept=$(whole_bytes "$SCRATCH/before.csv")
    fi
    if "$PROGRAMS/pollbench" run --quiet --resume "$run" 2>"$SCRATCH/messages"; then
        check_resumed
        n_done=$((n_done + 1))
        continue
    fi
    # Only a run without a single row may ask to be started anew.
    [ "$(complaints "$SCRATCH/messages" | wc -l)" -eq 1 ] ||
        fail "kill $i: not one line: $(cat "$SCRATCH/messages")"
    [ ! -e "$run/samples.csv" ] || [ "$(wc -l <"$run/samples.csv")" -le 1 ] ||
        fail "kill $i: rows, but no resume: $(cat "$SCRATCH/messages")"
    n_nothing=$((n_nothing + 1))
done <"$SCRATCH/moments"
[ $((i - n_late)) -eq "$times" ] || fail "only $((i - n_late)) kills hit a run"
echo "$times runs killed at random moments within $whole_ms ms" \
    "($n_again of $i once more while they resumed):" \
    "$((n_done - n_late)) resumed and whole, $n_nothing had measured nothing;" \
    "$n_late more had ended before the kill and are whole"
