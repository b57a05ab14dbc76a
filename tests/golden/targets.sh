#!/bin/sh
# SPDX-License-Identifier: MIT
# tools/targets.sh finds the rows of every target in what fit writes, and
# tells what was met from what was missed and what the run does not show.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

run=$work/run
synthetic "$run" 8 8 0.02 0.003 0.05 20261123
"$programs/pollbench" fit "$run"
printf 'farm_build,100000000,ns\nfarm_tear_down,49000000,ns\n' \
    >>"$run/host.csv"

# says STATUS LINE...: it ends so, and has a line for each extended expression.
says() {
    wanted=$1
    shift
    status=0
    "$here/../../tools/targets.sh" "$run" >"$work/said" || status=$?
    [ "$status" -eq "$wanted" ] || fail "status $status: $(cat "$work/said")"
    for line; do
        grep -qE -- "$line" "$work/said" ||
            fail "no line \"$line\": $(cat "$work/said")"
    done
}

# The synthetic library adds 10 ns to each bare call.
says 1 '^T8 .* 149  at most 150 ms: met$' '^T9 .* 3  at most 3 steps: met$' \
    '^T7 .* poll and epoll, N = 1 +(9\.9|10\.)[0-9]*  at most 8 ns: missed$'
if grep 'cannot tell' "$work/said"; then
    fail "a target's rows are not in the files"
fi

rm "$run/layer.csv"
says 0 '^T7 .*: cannot tell$' '^T10 .*: met$'

refused 2 'usage: targets.sh RUN' "$here/../../tools/targets.sh"

# And tools/run_to_run.sh counts what one run holds of another's.
synthetic "$work/next" 8 8 0.02 0.003 0.05 20261124
"$programs/pollbench" fit "$work/next"
said=$("$here/../../tools/run_to_run.sh" "$run" "$work/next")
echo "$said" | grep -qE '^[0-9]+ of [1-9][0-9]+ slopes held, (9[0-9]|100) %$' ||
    fail "of two runs of one truth: $said"
synthetic "$work/slow" 8 8 0.02 0.003 0.05 20261124 1.5
"$programs/pollbench" fit "$work/slow"
said=$("$here/../../tools/run_to_run.sh" "$run" "$work/slow")
echo "$said" | grep -qE '^[0-9]+ of [0-9]+ slopes held, [1-4]?[0-9] %$' ||
    fail "of a run half as dear again: $said"
refused 2 'usage: run_to_run.sh RUN' "$here/../../tools/run_to_run.sh" "$run"
