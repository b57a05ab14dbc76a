#!/bin/sh
# SPDX-License-Identifier: MIT
# small_machine.sh PROGRAMS SOURCES: few descriptors or one CPU make a shorter
# run that says so, never a wrong one.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"

# measure NAME: a short run of everything
measure() {
    "$PROGRAMS/pollbench" run --quiet --preset quick --invocations 2 --rounds 2 \
        --batch 1000 --patience 0 --output "$SCRATCH/$1" 2>"$SCRATCH/said"
}

# shellcheck disable=SC3045 # not POSIX, but every sh on Linux has it
for limit in 64 256 1024; do
    (
        ulimit -n "$limit"
        measure "$limit"
    ) || fail "under ulimit -n $limit: $(cat "$SCRATCH/said")"
    grep -q "^warning,.*limit is $limit desc" "$SCRATCH/$limit/host.csv" ||
        fail "ulimit -n $limit: the run does not say that it is shorter"
    highest=$(fact "$SCRATCH/$limit" highest_fd_possible)
    # Of a block of 8 the point has the number that it can have.
    awk -F, -v highest="$highest" -v limit="$limit" '
        NR > 1 && $5 > most { most = $5 }
        END { exit !(int(most / 8) == int(highest / 8) && most < limit && most > limit / 2) }' \
        "$SCRATCH/$limit/samples.csv" ||
        fail "ulimit -n $limit: the ladder does not end where it can"
    sweeps=$(awk -F, 'NR > 1 { print $1 }' "$SCRATCH/$limit/cases.csv")
    for sweep in $sweeps; do
        grep -q "^$sweep," "$SCRATCH/$limit/samples.csv" ||
            grep -q "^warning,.*sweep $sweep is left out" \
                "$SCRATCH/$limit/host.csv" ||
            fail "ulimit -n $limit: nothing is said of sweep $sweep"
    done
    "$PROGRAMS/pollbench" fit "$SCRATCH/$limit" 2>"$SCRATCH/said" ||
        fail "pollbench fit, ulimit -n $limit: $(cat "$SCRATCH/said")"
done

# Too few for anything: said, not tried.
expect 77 "descriptors" sh -c "ulimit -n 16; exec '$PROGRAMS/pollbench' run \
    --output '$SCRATCH/none'"
[ ! -e "$SCRATCH/none" ] || fail "a run without descriptors left a folder"

need taskset
cpu=$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')
taskset -c "$cpu" "$PROGRAMS/pollbench" run --quiet --sweep null --invocations 2 \
    --rounds 2 --patience 0 --output "$SCRATCH/one" || fail "on one CPU"
[ "$(fact "$SCRATCH/one" cpus_used)" = "$cpu" ] ||
    fail "one CPU allowed, others used"
