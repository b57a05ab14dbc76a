#!/bin/sh
# SPDX-License-Identifier: MIT
# counts_repeat.sh PROGRAMS SOURCES: two counted runs of one program under one
# kernel are the same to the last byte, and what is counted is instructions:
# epoll's are the same number whatever N and M are. Then what is said of a guest
# that cannot start its program. With a kernel that tools/kernel.sh fetched.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/../smoke/expect.sh"

skip() {
    echo "skipped: $*"
    exit 77
}

emulator=qemu-system-$(uname -m)
command -v "$emulator" >/dev/null || skip "$emulator is not installed"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/pollbench
kernel=$(find "$cache" -path '*/apt' -prune -o -path "*-*/vmlinuz-*$(
    uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')" -print 2>/dev/null |
    sort | head -n 1)
[ -n "$kernel" ] || skip "no kernel in $cache: tools/kernel.sh SUITE"

build=$SCRATCH/build
{ "$SOURCES/cmake/configure.sh" static "$build" &&
    cmake --build "$build" -j 2 --target pollbench-run guest-init; } \
    >"$SCRATCH/log" 2>&1 || {
    tail -n 20 "$SCRATCH/log"
    fail "no static build"
}
programs=$build/libexec/pollbench

# counted NAME OPTION...
counted() {
    name=$1
    shift
    "$SOURCES/tools/guest.sh" count "$kernel" "$programs" "$SCRATCH/$name" "$@"
}
counted one --sweep raw --sweep null
counted two --sweep raw --sweep null
for file in samples host backends cases; do
    cmp "$SCRATCH/one/$file.csv" "$SCRATCH/two/$file.csv" || fail "$file.csv differs"
done
for fact in counter,instructions complete,yes failed_batches,0 'emulator,' \
    'emulator_command,' "kernel_image,\"$(basename "$kernel")"; do
    grep -q "^$fact" "$SCRATCH/one/host.csv" || fail "no fact $fact"
done
# An older kernel lacks what some backends need.
! grep '^warning,' "$SCRATCH/one/host.csv" | grep -v 'is left out' ||
    fail "warned of what adds nothing"

awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    $column["metric"] != "instructions" || $column["unit"] != "instructions" {
        print "not of instructions: " $0
        exit 1
    }
    {
        cost = ($column["batch_ns"] - $column["overhead_ns"]) / $column["calls"]
        point = $column["backend"] " " $column["stage"] " " \
            $column["highest_fd"] " " $column["fd_count"]
        if (!(point in least) || cost < least[point])
            least[point] = cost
    }
    END {
        for (point in least) {
            split(point, of, " ")
            if (least[point] <= 0) { print point ": nothing"; exit 1 }
            if (of[1] != "epoll" || of[2] != "all")
                continue
            if (n++ && least[point] != epoll) {
                print point ": " least[point] ", not " epoll
                exit 1
            }
            epoll = least[point]
        }
        if (n < 5) { print n + 0 " points of epoll"; exit 1 }
    }' "$SCRATCH/one/samples.csv" || fail "it does not count"

echo '#!/none' >"$SCRATCH/script"
chmod 755 "$SCRATCH/script"
mkdir "$SCRATCH/broken"
cp "$programs/guest-init" "$SCRATCH/broken/"
cp "$SCRATCH/script" "$SCRATCH/broken/pollbench-run"
expect 127 "in the guest: /pollbench-run: No such file" \
    "$SOURCES/tools/guest.sh" count "$kernel" "$SCRATCH/broken" "$SCRATCH/none"
cp "$SCRATCH/script" "$SCRATCH/broken/guest-init"
expect 1 "the kernel panicked: .*init" \
    "$SOURCES/tools/guest.sh" count "$kernel" "$SCRATCH/broken" "$SCRATCH/none"
expect 1 "script: no kernel for" "$SOURCES/tools/guest.sh" \
    count "$SCRATCH/script" "$programs" "$SCRATCH/none"
[ ! -e "$SCRATCH/none" ] || fail "a run of a guest that measured nothing"
echo "counts repeat: $(sed -n 's/^rows,//p' "$SCRATCH/one/host.csv") rows"
