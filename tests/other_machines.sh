#!/bin/sh
# SPDX-License-Identifier: MIT
# Everything builds for other machines, with warnings as errors, passes the unit
# tests and the laws of the library there, and measures: 32 bits, the other byte
# order, other kernels' numbers. Where a release has no packages for one, the
# library and the measuring kit are compiled. Where there is a guest for one
# (tools/guest.sh), all backends' laws hold under a kernel of its own, and
# instructions are counted there. On Debian and its kin; what other machines'
# packages it takes is fetched and unpacked, not installed.
#
# usage: tests/other_machines.sh [ARCHITECTURE...], with Debian's names; without
# any: i386 armhf arm64 riscv64 s390x. Wants gcc-i686-linux-gnu and the like,
# and qemu-user-static (but for i386); for guests qemu-system-arm and the like.
# Exit status: 77 when those are missing.
set -eu

sources=$(cd "$(dirname "$0")/.." && pwd)
[ $# -gt 0 ] || set -- i386 armhf arm64 riscv64 s390x
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
PACKAGES="libc6-dev libcsv-dev libgsl-dev libcmark-gfm-dev
    libcmark-gfm-extensions-dev nettle-dev libjansson-dev
    libcmocka-dev"

# fail FILE: with the end of it
fail() {
    grep -E 'error|FAILED|\*\*\*' "$1" >&2 || tail -n 20 "$1" >&2
    exit 1
}

# names ARCHITECTURE: sets gnu, cpu (as CMake has it) and emulator (as qemu)
names() {
    case $1 in
    i386) gnu=i686-linux-gnu cpu=i686 emulator='' ;;
    armhf) gnu=arm-linux-gnueabihf cpu=armv7l emulator=arm ;;
    arm64) gnu=aarch64-linux-gnu cpu=aarch64 emulator=aarch64 ;;
    *) gnu=$1-linux-gnu cpu=$1 emulator=$1 ;;
    esac
    for tool in apt-get "$gnu-gcc" ${emulator:+"qemu-$emulator-static"}; do
        command -v "$tool" >/dev/null || {
            echo "$1: skipped: $tool is not installed"
            exit 77
        }
    done
}

# fetch ARCHITECTURE: its packages into $root, with lists of their own. Returns
# 1 when this release has none for it.
fetch() {
    mkdir -p "$root" "$apt/lists/partial" "$apt/cache/archives/partial"
    : >"$apt/status"
    apt_options="-o APT::Architecture=$1 -o APT::Architectures=$1
        -o Dir::State=$apt -o Dir::State::lists=$apt/lists
        -o Dir::State::status=$apt/status -o Dir::Cache=$apt/cache
        -o APT::Sandbox::User=root"
    # shellcheck disable=SC2086 # lists of words; a stale list is no reason to
    # stop: the install tells
    apt-get $apt_options update -qq >/dev/null 2>&1 || true
    # shellcheck disable=SC2086
    apt-get $apt_options install -y -qq --download-only \
        --no-install-recommends $PACKAGES >"$scratch/log" 2>&1 || {
        grep -q 'Unable to locate' "$scratch/log" || fail "$scratch/log"
        return 1
    }
    for package in "$apt"/cache/archives/*.deb; do
        dpkg -x "$package" "$root"
    done
}

# write_toolchain FILE: what CMake has to know
write_toolchain() {
    library=$(basename "$root"/usr/lib/*-linux-gnu*)
    runner="qemu-$emulator-static;-L;$root"
    [ -n "$emulator" ] || runner="$root/lib/ld-linux.so.2;--library-path;\
$root/lib/$library:$root/usr/lib/$library"
    cat >"$1" <<CMAKE
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR $cpu)
set(CMAKE_C_COMPILER $gnu-gcc)
set(CMAKE_LIBRARY_ARCHITECTURE $library)
set(CMAKE_SYSROOT $root)
set(CMAKE_FIND_ROOT_PATH $root)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_CROSSCOMPILING_EMULATOR "$runner")
CMAKE
    export CXX="$gnu-g++" # if it is there
    export PKG_CONFIG_SYSROOT_DIR="$root"
    export PKG_CONFIG_LIBDIR="$root/usr/lib/$library/pkgconfig"
}

# compile: what needs nothing but the C library that the compiler brings
compile() {
    mkdir -p "$build"
    sed 's/@[A-Z_]*@/other/g' "$sources/bench/store/build_info.h.in" \
        >"$build/build_info.h"
    for source in "$sources"/lib/*.c "$sources"/bench/measure/kit/*.c; do
        "$gnu-gcc" -std=gnu17 -O2 -Wall -Wextra -Werror -D_GNU_SOURCE \
            -D_FILE_OFFSET_BITS=64 -c -o "$build/o" -I"$build" \
            -I"$sources/lib" -I"$sources/lib/include" \
            -I"$sources/bench/store" -I"$sources/bench/measure/kit" "$source" \
            2>"$scratch/log" || fail "$scratch/log"
    done
}

# try_programs: a small run and its analysis
try_programs() {
    rm -rf "$scratch/run"
    run=$(echo "$runner" | tr ';' ' ')
    # shellcheck disable=SC2086 # a list of words
    $run "$build/libexec/pollbench/pollbench-run" --quiet --sweep null --sweep raw \
        --backend poll --backend epoll --fds 1,4 --highest-fd 63 \
        --most-fds 128 --invocations 2 --rounds 2 --batch 1000 --patience 0 \
        --output "$scratch/run" || return 1
    ! sed 1d "$scratch/run/samples.csv" | grep -v ',ok$' || return 1
    # Under a loader that is named, a program does not know its own place.
    # shellcheck disable=SC2086
    POLLBENCH_DATA=$build/share/pollbench \
        $run "$build/libexec/pollbench/pollbench-fit" "$scratch/run"
}

guest() {
    "$sources/tools/guest.sh" --architecture "$architecture" "$@"
}

# stage: into $programs, what guests run
stage() {
    { cmake -S "$sources" -B "$build-static" -DPOLLBENCH_STATIC=ON \
        -DPOLLBENCH_TESTS=OFF -DCMAKE_TOOLCHAIN_FILE="$scratch/toolchain" &&
        cmake --build "$build-static" -j "$(nproc)" \
            --target pollbench-run guest-init; } >"$scratch/log" 2>&1 ||
        fail "$scratch/log"
    programs=$build-static/libexec/pollbench
    mkdir "$programs/lib"
    cp "$build/tests/contract/contract" "$programs/"
    cp -L "$root"/lib/ld*.so.? "$root/lib/$library/libc.so.6" \
        "$root/usr/lib/$library/libcmocka.so.0" "$programs/lib/"
}

# under_a_kernel: sets guests, what was done in guests or why there are none
under_a_kernel() {
    guests="no guest of it"
    case $architecture in
    arm64 | s390x) ;;
    *) return 0 ;;
    esac
    guests="no guest: qemu-system-$emulator is not installed"
    command -v "qemu-system-$emulator" >/dev/null || return 0
    "$sources/tools/kernel.sh" "$suite" "$architecture" >"$scratch/log" 2>&1 ||
        fail "$scratch/log"
    stage
    # shellcheck disable=SC2013 # names
    for backend in $(sed -n 's/.*X([a-z0-9_]*, "\(.*\)").*/\1/p' \
        "$sources/lib/backend_list.h"); do
        status=0 # 77: that kernel has it not
        guest run "$suite" "$programs" "$scratch/guest" contract "$backend" \
            >"$scratch/log" 2>&1 || status=$?
        [ "$status" -eq 0 ] || [ "$status" -eq 77 ] || fail "$scratch/log"
        rm -rf "$scratch/guest"
    done
    guest count "$suite" "$programs" "$scratch/guest" --sweep null --sweep raw \
        >"$scratch/log" 2>&1 || fail "$scratch/log"
    rm -r "$scratch/guest"
    guests="the laws of all backends hold in a guest, which counts"
}

for architecture in "$@"; do
    root=$scratch/$architecture/root
    apt=$scratch/$architecture/apt
    build=$scratch/$architecture/build
    names "$architecture"
    fetch "$architecture" || {
        compile
        echo "$architecture: no packages here: library and kit compile"
        continue
    }
    write_toolchain "$scratch/toolchain"
    { cmake -S "$sources" -B "$build" -DPOLLBENCH_WERROR=ON \
        -DCMAKE_TOOLCHAIN_FILE="$scratch/toolchain" &&
        cmake --build "$build" -j "$(nproc)" -- -k; } >"$scratch/log" 2>&1 ||
        fail "$scratch/log"
    # qemu's own select knows no fds beyond FD_SETSIZE, nor has /proc there what
    # the program's threads do; the mutants and the rules for the library's names
    # are compiled for this machine.
    ctest --test-dir "$build" -j "$(nproc)" -L 'contract|store|measure' \
        -E "mutants|discreet${emulator:+|select|differential|raw_test|company_test}" \
        --output-on-failure >"$scratch/log" 2>&1 || fail "$scratch/log"
    tests=$(grep 'tests passed' "$scratch/log")
    try_programs >"$scratch/log" 2>&1 || fail "$scratch/log"
    under_a_kernel
    echo "$architecture: builds, measures, analyses; $tests; $guests"
    rm -rf "$root" "$apt" "$build" "$build-static"
done
