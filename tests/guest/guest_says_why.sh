#!/bin/sh
# SPDX-License-Identifier: MIT
# guest_says_why.sh PROGRAMS SOURCES: tools/guest.sh and kernel.sh, with an emulator
# and a mirror that fail in every way: one line, the right status, nothing half-written.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/../smoke/expect.sh"

bin=$SCRATCH/bin programs=$SCRATCH/programs out=$SCRATCH/out
export XDG_CACHE_HOME="$SCRATCH/cache"
path_without "$bin" qemu-system-x86_64
# program FILE: a script with the commands on stdin
program() {
    { echo '#!/bin/sh' && cat; } >"$1"
    chmod 755 "$1"
}
mkdir "$programs" "$SCRATCH/cache"
for name in guest-init pollbench-run; do
    echo 'exit 0' | program "$programs/$name"
done
head -c 4096 /dev/zero >>"$programs/pollbench-run" # more than one block
echo image >"$SCRATCH/vmlinuz-1"

guest() {
    PATH=$bin "$SOURCES/tools/guest.sh" --architecture amd64 "$@"
}
count="count $SCRATCH/vmlinuz-1 $programs $out"
counted() {
    # shellcheck disable=SC2086 # words
    guest --seconds "${seconds:-60}" $count
}
# emulator: what it does is on stdin; the console is the file console
emulator() {
    rm -f "$bin/qemu-system-x86_64"
    program "$bin/qemu-system-x86_64"
}
# refused STATUS PATTERN COMMAND...: like expect, and nothing is left
refused() {
    expect "$@"
    for left in "$out"*; do
        [ ! -e "$left" ] || fail "left behind: $left, after $*"
    done
}

refused 77 "qemu-system-x86_64 is not installed" counted
emulator <<'END'
echo 'qemu: could not load kernel' && exit 1
END
refused 1 "vmlinuz-1: .*last it said: qemu: could not load kernel" counted
emulator <<'END'
echo 'qemu: linux kernel too old to load a ram disk' && exit 1
END
refused 1 "vmlinuz-1: no kernel for amd64" counted
refused 1 "no kernel there" guest count ./none "$programs" "$out"
refused 1 "guest-init: no such program" \
    guest count "$SCRATCH/vmlinuz-1" "$SCRATCH/cache" "$out"
refused 77 "sparc: no guest of that architecture" guest --architecture sparc
refused 2 "usage" guest count
refused 2 "usage" guest boot x
# shellcheck disable=SC2086 # words
refused 2 "'a b': a kernel is not told that" guest $count --label 'a b'
refused 1 "none/out.*cannot be made" \
    guest count "$SCRATCH/vmlinuz-1" "$programs" "$SCRATCH/none/out"

emulator <<'END'
echo '[ 1.0] Kernel panic - not syncing: VFS: Unable to mount root fs' >console
END
refused 1 "vmlinuz-1: the kernel panicked: VFS: Unable to mount root fs" counted
emulator <<'END'
exec sleep 100
END
seconds=0.5 refused 1 "did not end within 0.5 s" counted
emulator <<'END'
printf 'host.csv|key\nbytes|host.csv|100\nstatus|0\n' >console
END
refused 1 "host.csv did not come out of the guest whole" counted
emulator <<'END'
printf 'guest|/pollbench-run: Exec format error\nstatus|127\n' >console
END
refused 127 "in the guest: /pollbench-run: Exec format error" counted
emulator <<'END'
printf 'pollbench-run: the clock does not count\nstatus|77\n' >console
END
refused 77 "the clock does not count" counted
# A limit on a file's size, as on a disk that is full.
# shellcheck disable=SC2016,SC2086,SC3045 # expanded there; words; every sh has it
PATH=$bin refused 1 "cannot be written|whole" sh -c 'trap "" XFSZ
    ulimit -f 1; exec "$@"' sh "$SOURCES/tools/guest.sh" --architecture amd64 $count

# It is gone with who started it.
emulator <<END
echo \$\$ >'$SCRATCH/pid'; exec sleep 100
END
# shellcheck disable=SC2086 # words
PATH=$bin "$SOURCES/tools/guest.sh" --architecture amd64 $count &
starter=$!
until [ -s "$SCRATCH/pid" ]; do
    sleep 0.05
done
kill -TERM "$starter"
! wait "$starter" || fail "it ended well on SIGTERM"
! kill -0 "$(cat "$SCRATCH/pid")" 2>/dev/null || sleep 1
! kill -0 "$(cat "$SCRATCH/pid")" 2>/dev/null || fail "the emulator runs on"
for left in "$out"*; do
    [ ! -e "$left" ] || fail "left behind: $left"
done

emulator <<'END'
[ "$1" = --version ] && echo 'Emulator "1"' && exit
printf 'host.csv|key,value,unit\nbytes|host.csv|15\nstatus|0\n' >console
END
counted
grep -q '^emulator,"Emulator ""1""",$' "$out/host.csv" ||
    fail "no fact: $(cat "$out/host.csv")"
expect 1 "exists already" counted
rm -r "$out"

# --- downloading ----------------------------------------------------------------

command -v dpkg-deb >/dev/null || {
    echo "said why; not tried: downloading, without dpkg-deb"
    exit 0
}
package=linux-image-6.0-cloud-amd64
mkdir -p "$SCRATCH/deb/DEBIAN" "$SCRATCH/deb/boot"
echo kernel >"$SCRATCH/deb/boot/vmlinuz-6.0-cloud-amd64"
echo y >"$SCRATCH/deb/boot/config-6.0-cloud-amd64"
printf 'Package: %s\nVersion: 1\nArchitecture: amd64\nMaintainer: m\nDescription: d\n' \
    "$package" >"$SCRATCH/deb/DEBIAN/control"
dpkg-deb -b "$SCRATCH/deb" "$SCRATCH/$package.deb" >/dev/null
rm -f "$bin/apt-get" "$bin/apt-cache"
echo "echo $package" | program "$bin/apt-cache"
program "$bin/apt-get" <<END
case "\$*" in
*print-uris*) echo "'uri' $package.deb 2000000 sum" ;;
*" update"*) [ ! -e '$SCRATCH/no-lists' ] || { echo 'E: no Release file'; exit 100; } ;;
*" download"*)
    [ ! -e '$SCRATCH/no-line' ] || {
        head -c 100 '$SCRATCH/$package.deb' >$package.deb
        echo 'E: Connection timed out' && exit 100
    }
    cp '$SCRATCH/$package.deb' .
    ;;
*) echo mirror/ ;;
esac
END
kernel() {
    PATH=$bin "$SOURCES/tools/kernel.sh" "$@"
}
fetched() {
    kernel suite amd64 2>&1 >"$SCRATCH/image" | grep -v '^Reading\|^Downloading' >&2
    [ -s "$SCRATCH/image" ]
}
touch "$SCRATCH/no-lists" "$SCRATCH/no-line"
refused 2 "usage: kernel.sh SUITE" kernel
refused 1 "suite: no lists of its packages: E: no Release file" fetched
rm "$SCRATCH/no-lists"
for _ in 1 2; do
    refused 1 "suite: not downloaded: E: Connection timed out" fetched
    ! find "$SCRATCH/cache" -name 'vmlinuz*' | grep . || fail "half a kernel"
done
rm "$SCRATCH/no-line"
kernel suite amd64 >/dev/null 2>"$SCRATCH/said"
grep -q "Downloading 2 MB, to be unpacked and not installed: $package" \
    "$SCRATCH/said" || fail "not said what it takes: $(cat "$SCRATCH/said")"
touch "$SCRATCH/no-lists" "$SCRATCH/no-line"
[ "$(cat "$(kernel suite amd64)")" = kernel ] || fail "no kernel without a line"
[ -s "$(dirname "$(kernel suite amd64)")/config-6.0-cloud-amd64" ] || fail "no config"
echo "said why"
