#!/bin/sh
# SPDX-License-Identifier: MIT
# Small and odd machines: each works, or says in one line why not. What this
# machine does not allow to be tried is said, too.
#
# usage: odd_machines.sh PROGRAMS WITHOUT_CALLS
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
without_calls=$2
run=$SCRATCH/run
more= # options

# attempt NAME COMMAND...: it works and the run is whole, or one line says why
attempt() {
    name=$1
    shift
    status=0
    "$@" 2>"$SCRATCH/messages" >/dev/null || status=$?
    case $status in
    0) ;;
    1 | 2 | 77)
        [ "$(complaints "$SCRATCH/messages" | wc -l)" -eq 1 ] ||
            fail "$name: not one line: $(cat "$SCRATCH/messages")"
        echo "$name: $(complaints "$SCRATCH/messages")"
        return ;;
    *) fail "$name: exit status $status: $(cat "$SCRATCH/messages")" ;;
    esac
    said=works
}

# measure NAME WRAPPER...: the tiny run within it, analysed outside
measure() {
    name=$1
    shift
    rm -rf "$run"
    said=
    # shellcheck disable=SC2086
    attempt "$name" "$@" "$PROGRAMS/pollbench" run $TINY $more --output "$run"
    [ "$said" = works ] || return 0
    is_whole "$run" 3 -v may_fail=1 || fail "$name: not whole"
    n_bad=$(sed 1d "$run/samples.csv" | grep -cv ',ok$' || true)
    "$PROGRAMS/pollbench" fit "$run" >/dev/null || fail "$name: cannot be analysed"
    echo "$name: works, $(wc -l <"$run/samples.csv") rows, $n_bad say why not"
}

# must_be_ok: for machines on which every row has to hold a time
must_be_ok() {
    [ "$said" != works ] || [ "$n_bad" -eq 0 ] ||
        fail "$name: $(grep -v ',ok$' "$run/samples.csv" | sed -n 2p)"
}

under_limit() {
    limit=$1
    shift
    # shellcheck disable=SC3045 # every sh on Linux has it
    (ulimit -n "$limit" && exec "$@")
}

# shellcheck disable=SC3045
hard=$(ulimit -Hn)
for limit in 16 63 64 65 100 128 256 1024 4096 20000; do
    if [ "$hard" != unlimited ] && [ "$limit" -gt "$hard" ]; then
        echo "ulimit -n $limit: above this machine's hard limit, not tried"
        continue
    fi
    more=
    [ "$limit" -ge 100 ] || more="--highest-fd 40"
    measure "ulimit -n $limit" under_limit "$limit"
    must_be_ok
done

if command -v taskset >/dev/null; then
    allowed=$(sed -n 's/^Cpus_allowed_list:[^0-9]*\([0-9]*\).*/\1/p' \
        /proc/self/status)
    last=$(sed -n 's/^Cpus_allowed_list:.*[^0-9]\([0-9]*\)$/\1/p' \
        /proc/self/status)
    measure "one CPU" taskset -c "$allowed"
    must_be_ok
    measure "without CPU 0" taskset -c "$last"
    must_be_ok
    if [ "$last" != 0 ] && taskset -c "$last" "$PROGRAMS/pollbench" run --cpus 0 \
        --output "$run.0" 2>"$SCRATCH/messages"; then
        fail "took CPU 0, which is not allowed"
    fi
fi

in_cpuset() {
    echo "$$" >"$cpuset/cgroup.procs" && exec "$@"
}
cpuset=/sys/fs/cgroup/cpuset/pollbench-test
if [ "$last" != 0 ] && mkdir "$cpuset" 2>/dev/null; then
    trap 'rmdir "$cpuset"; rm -rf "$SCRATCH"' EXIT
    echo "$last" >"$cpuset/cpuset.cpus"
    cat /sys/fs/cgroup/cpuset/cpuset.mems >"$cpuset/cpuset.mems"
    measure "cpuset that forbids CPU 0" sh -c \
        "echo \$\$ >$cpuset/cgroup.procs; exec \"\$@\"" sh
    must_be_ok
else
    echo "cpuset that forbids CPU 0: may not make one here, not tried"
fi

# 128 MB of addresses, and of memory where a group can be made.
# shellcheck disable=SC3045
under_memory() {
    (ulimit -v 131072 && exec "$@")
}
if ! command -v nm >/dev/null ||
    ! nm -D "$PROGRAMS/pollbench" | grep -q __asan; then
    measure "128 MB by ulimit -v" under_memory
    must_be_ok
    if [ "$said" = works ]; then
        attempt "fit in 128 MB" under_memory "$PROGRAMS/pollbench" fit "$run"
        attempt "report in 128 MB" under_memory "$PROGRAMS/pollbench" \
            report "$run"
    fi
fi
group=/sys/fs/cgroup/memory/pollbench-test
if mkdir "$group" 2>/dev/null; then
    trap 'rmdir "$group" "$cpuset" 2>/dev/null; rm -rf "$SCRATCH"' EXIT
    echo 128M >"$group/memory.limit_in_bytes"
    measure "128 MB by cgroup" sh -c \
        "echo \$\$ >$group/cgroup.procs; exec \"\$@\"" sh
    must_be_ok
else
    echo "128 MB by cgroup: may not make one here, not tried"
fi

if unshare -m true 2>/dev/null; then
    measure "no /proc" unshare -m sh -c 'umount -l /proc && exec "$@"' sh
    must_be_ok
    measure "no /proc and no /sys" unshare -m sh -c \
        'umount -l /proc && mount -t tmpfs none /sys && exec "$@"' sh
    must_be_ok
else
    echo "no /proc: may not unmount it here, not tried"
fi

# Without a call: what needs it is not measured, and says so.
for lacking in epoll_create1 "epoll_create1 epoll_wait epoll_pwait" \
    "epoll_pwait2 io_uring_setup" close_range getrandom \
    "sched_setaffinity madvise" socketpair; do
    status=0
    # shellcheck disable=SC2086
    "$without_calls" $lacking -- true || status=$?
    [ "$status" -ne 77 ] || {
        echo "seccomp: no filter may be set here, not tried"
        break
    }
    # shellcheck disable=SC2086
    measure "a kernel without $lacking" "$without_calls" $lacking --
done

# Sources that cannot be written to: everything is made elsewhere.
if unshare -m true 2>/dev/null; then
    sources=$(cd "$HERE/../.." && pwd)
    unshare -m sh -c "mount --bind '$sources' '$sources' &&
        mount -o remount,ro,bind '$sources' &&
        cmake -S '$sources' -B '$SCRATCH/build' -DPOLLBENCH_TESTS=OFF &&
        cmake --build '$SCRATCH/build' --target pollbench-run" \
        >"$SCRATCH/messages" 2>&1 ||
        fail "read-only sources: $(tail -n 5 "$SCRATCH/messages")"
    echo "read-only sources: builds elsewhere"
fi

# musl's headers have no argp, and Debian has no libcsv for it.
if command -v musl-gcc >/dev/null; then
    for source in "$HERE"/../../lib/*.c; do
        musl-gcc -std=gnu17 -D_GNU_SOURCE -Wall -Werror -c -o "$SCRATCH/o" \
            -I"$HERE/../../lib/include" -I"$HERE/../../lib" "$source" \
            2>"$SCRATCH/messages" ||
            fail "musl: $source: $(head -n 1 "$SCRATCH/messages")"
    done
    echo "musl: the library builds; the programs need glibc's argp and libcsv"
fi
