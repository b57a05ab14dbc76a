#!/bin/sh
# SPDX-License-Identifier: MIT
# What shapes a run besides kernel and machine is a fact of it, and where it
# takes time, the warning names it, and nothing else for it: a tracer, a CPU
# quota, a priority, a filter, a preloaded library, an address layout, another
# CPU, a stop. Its report says so, too.
#
# usage: conditions.sh PROGRAMS SHIM WITHOUT_CALLS
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
shim=$2
without_calls=$3
run=$SCRATCH/run
# What blames the neighbours or the clock, and what names a condition.
BLAME='others used|CPUs changed|something else ran'
NAMED='tracer|quota|scheduled|seccomp|C library|layout|pinned|stopped'

# measure COMMAND...: a run within it
measure() {
    rm -rf "$run"
    # shellcheck disable=SC2086
    "$@" "$PROGRAMS/pollbench" run $TINY --output "$run" \
        2>"$SCRATCH/messages" || fail "$*: $(cat "$SCRATCH/messages")"
}

# said WORDS KEY VALUE: on stderr and in host.csv, and the fact
said() {
    grep -q "warning: .*$1" "$SCRATCH/messages" ||
        fail "not said: $1: $(cat "$SCRATCH/messages")"
    grep -q "^warning,.*$1" "$run/host.csv" || fail "not in host.csv: $1"
    grep -qE "^$2,\"?$3" "$run/host.csv" ||
        fail "no fact $2 $3: $(grep "^$2," "$run/host.csv")"
    echo "named: $1 ($2 $3)"
}

# no_blame: of cache, clock or neighbours, in the run and in its report
no_blame() {
    ! grep -E "$BLAME" "$run/host.csv" >&2 || fail "blames others for it"
    "$PROGRAMS/pollbench" fit "$run" >/dev/null 2>&1
    "$PROGRAMS/pollbench" report "$run" >/dev/null
    ! grep -E "$BLAME|held the shared cache" "$run/report.md" >&2 ||
        fail "the report blames others for it"
    grep -q "$1" "$run/report.md" || fail "not in the report: $1"
}

measure env
if [ "$(fact "$run" seccomp_filters)$(fact "$run" cpu_quota)" = 0none ] &&
    [ "$(fact "$run" aslr)" = on ] && [ "$(nice)" -eq 0 ]; then
    ! grep -E "^warning,.*($NAMED)" "$run/host.csv" >&2 ||
        fail "an ordinary run is called a special one"
fi
[ "$(fact "$run" scheduling)" != "" ] || fail "no fact of its scheduling"

# --- as it was started --------------------------------------------------------

measure nice -n 5
said "scheduled as SCHED_OTHER, nice" scheduling 'SCHED_OTHER, nice [1-9]'
for how in '-i 0:SCHED_IDLE' '-b 0:SCHED_BATCH' '-f 1:SCHED_FIFO, priority 1'; do
    # shellcheck disable=SC2086
    chrt ${how%%:*} true 2>/dev/null || {
        echo "${how##*:}: may not be set here, not tried"
        continue
    }
    # shellcheck disable=SC2086
    measure chrt ${how%%:*}
    said "scheduled as ${how##*:}" scheduling "${how##*:}"
done
if setarch -R true 2>/dev/null; then
    measure setarch -R
    said "same layout in memory" aslr off
fi
measure env LD_PRELOAD="$shim"
said "before the C library" preloaded ".*$shim"
measure env LD_PRELOAD="$SCRATCH/none.so"
! grep -q '^preloaded,' "$run/host.csv" || fail "a library that is not there"
status=0
"$without_calls" io_uring_setup -- true || status=$?
if [ "$status" -ne 77 ]; then
    measure "$without_calls" io_uring_setup --
    said "seccomp filter" seccomp_filters '[1-9]'
fi

# --- while it goes on ---------------------------------------------------------

if command -v strace >/dev/null && strace -f true 2>/dev/null; then
    measure strace -f -o "$SCRATCH/trace"
    said "a tracer, strace" tracer strace
    [ "$(fact "$run" traced_rounds)" -eq 9 ] || fail "not traced in 9 rounds"
    no_blame "a tracer, strace"
    # Only the program itself, not those that measure.
    measure strace -o "$SCRATCH/trace"
    ! grep -q '^tracer,' "$run/host.csv" || fail "a tracer of another process"
fi

# group_with_quota: makes one that allows 5 ms of each 50 ms
group=
group_with_quota() {
    for base in /sys/fs/cgroup/cpu /sys/fs/cgroup; do
        group=$base/pollbench-quota-$$
        mkdir "$group" 2>/dev/null || continue
        trap 'rmdir "$group"; rm -rf "$SCRATCH"' EXIT
        if [ -e "$group/cpu.max" ]; then
            echo "5000 50000" >"$group/cpu.max"
        elif [ -e "$group/cpu.cfs_quota_us" ]; then
            echo 50000 >"$group/cpu.cfs_period_us"
            echo 5000 >"$group/cpu.cfs_quota_us"
        else
            rmdir "$group"
            continue
        fi
        mkdir "$group/below"
        trap 'rmdir "$group/below" "$group"; rm -rf "$SCRATCH"' EXIT
        return 0
    done 2>/dev/null
    return 1
}
if group_with_quota; then
    measure sh -c "echo \$\$ >$group/below/cgroup.procs; exec \"\$@\"" sh
    said "the CPU quota (5000 us of every 50000 us) ran out in" \
        throttled_periods '[1-9]'
    [ "$(fact "$run" cpu_quota)" = '"5000 us of every 50000 us"' ] ||
        fail "no fact of the quota"
    no_blame "the CPU quota"
else
    echo "a CPU quota: no group can be made here, not tried"
fi

# start: a long run; its measuring process is in child
start() {
    rm -rf "$run"
    # shellcheck disable=SC2086
    "$PROGRAMS/pollbench" run $TINY $LONG "$@" --output "$run" \
        2>"$SCRATCH/messages" &
    pid=$!
    wait_for_rows "$run" 60 "$pid"
    child=$(cat "/proc/$pid/task/$pid/children")
    child=${child% }
}

end() {
    kill -s INT "$pid"
    wait "$pid" || true
    is_whole "$run" any -v rounds="$LONG_ROUNDS" || fail "not whole"
}

# Stopped for longer than any batch takes, as often as it takes to hit some.
start
for _ in $(seq 15); do
    kill -s STOP "$child"
    sleep 0.2
    kill -s CONT "$child"
    sleep 0.03
done
end
said "stopped and continued" stops '[1-9]'
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    $column["batch_ns"] < 150000000 { next }
    { n++ }
    $column["involuntary_switches"] == 0 {
        print FNR ": stopped within, and not marked"
        bad = 1
    }
    END { print n + 0 " batches were stopped within"; exit bad }' \
    "$run/samples.csv" || fail "a stop leaves a clean row"
no_blame "stopped and continued"

start
renice -n 3 "$child" >/dev/null
sleep 0.3
end
said "was changed meanwhile, from SCHED_OTHER" scheduling "SCHED_OTHER, nice"

last=$(sed -n 's/^Cpus_allowed_list:.*[^0-9]\([0-9]*\)$/\1/p' /proc/self/status)
first=$(sed -n 's/^Cpus_allowed_list:[^0-9]*\([0-9]*\).*/\1/p' \
    /proc/self/status)
if [ "$first" != "$last" ] && command -v taskset >/dev/null; then
    start --cpus "$first"
    taskset -cp "$last" "$child" >/dev/null
    wait_for_rows "$run" "$(($(wc -l <"$run/samples.csv") + 60))" "$pid"
    end
    said "on another CPU than" moved_batches '[1-9]'
    awk -F, -v first="$first" -v last="$last" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        { on[$column["cpu"]]++ }
        END { exit !(on[first] && on[last]) }' "$run/samples.csv" ||
        fail "column cpu does not have both CPUs"
fi
