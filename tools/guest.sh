#!/bin/sh
# SPDX-License-Identifier: MIT
# A guest: a kernel in an emulator that counts instructions, and one program in
# it, linked statically. docs/instructions.md. Nothing is installed, nothing
# needs root, and what half is there when it is interrupted is taken up or gone.
set -eu

usage() {
    cat <<'HELP'
Usage: guest.sh [OPTION...] run KERNEL PROGRAMS DIR PROGRAM [ARGUMENT...]
       guest.sh [OPTION...] count KERNEL PROGRAMS DIR [POLLBENCH-OPTION...]
run    boot the kernel, run a program there; the files that it leaves in its
       folder /run make the new folder DIR
count  the same with pollbench-run, whose run says which guest that was

KERNEL is an image (bzImage), or one of Debian's suites, as kernel.sh takes them.
PROGRAMS is the folder with guest-init and the program; lib in it, if it is
there, with the loader and libraries that the program wants.

  --architecture A   amd64, arm64 or s390x (default: this machine's)
  --seconds S        end the guest after that long (default: 600)

Exit status: the program's; 1 failed, 2 wrong usage, 77 cannot run here.
HELP
}

# die STATUS MESSAGE...
die() {
    status=$1
    shift
    printf 'guest.sh: %s\n' "$*" >&2
    exit "$status"
}

# Sets what an architecture, by Debian's name for it, needs.
choose_architecture() {
    architecture=$1
    case $1 in
    amd64 | x86_64)
        # Some instructions are one to count and many to execute: rep movsb.
        architecture=amd64 console=ttyS0
        machine='qemu-system-x86_64 -machine pc -cpu max,-erms,-fsrm'
        clock=' tsc=reliable clocksource=tsc tsc_early_khz=1000000'
        ;;
    arm64 | aarch64)
        architecture=arm64 console=ttyAMA0 clock=
        machine='qemu-system-aarch64 -machine virt -cpu max,cntfrq=1000000000'
        ;;
    s390x)
        console=ttysclp0 clock=
        machine='qemu-system-s390x -machine s390-ccw-virtio -cpu max'
        ;;
    *) die 77 "$1: no guest of that architecture; there are amd64, arm64, s390x" ;;
    esac
}

# --- the guest ------------------------------------------------------------------

# entry NAME [FILE]: of an archive as cpio -H newc makes it, without a time or an
# inode of this machine: the guest is the same to the last byte. Without FILE it
# is a folder.
entry() {
    bytes=0 mode=040755 n_entries=$((${n_entries:-0} + 1))
    [ -z "${2:-}" ] || bytes=$(wc -c <"$2") mode=0100755
    printf '070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\0' \
        "$n_entries" "$mode" 0 0 1 0 "$bytes" 0 0 0 0 $((${#1} + 1)) 0 "$1"
    head -c $(((4 - (${#1} + 111) % 4) % 4)) /dev/zero
    [ -z "${2:-}" ] || cat "$2"
    head -c $(((4 - bytes % 4) % 4)) /dev/zero
}

# write_initrd PROGRAMS PROGRAM
write_initrd() {
    for file in "$1/guest-init" "$1/$2"; do
        [ -x "$file" ] || die 1 "$file: no such program (cmake --preset static)"
    done
    {
        entry init "$1/guest-init"
        entry "$2" "$1/$2"
        for file in "$1"/lib/*; do
            [ ! -e "$file" ] || entry lib
            [ ! -e "$file" ] || entry "lib/${file##*/}" "$file"
        done
        entry 'TRAILER!!!'
    } 2>/dev/null >"$work/initrd" || true
    grep -q 'TRAILER!!!' "$work/initrd" ||
        die 1 "$work: cannot be written (is the disk full?)"
}

# Prints the command line, a word a line, files by their names alone.
command_line() {
    for word; do
        case $word in
        *[!A-Za-z0-9_=.,:/*+@%-]*) die 2 "'$word': a kernel is not told that" ;;
        esac
    done
    # shellcheck disable=SC2086 # a list of words
    printf '%s\n' $machine -accel tcg,thread=single,tb-size=512 \
        -icount shift=0,sleep=off -m 1024 -smp 1 -nodefaults -display none \
        -rtc base=2026-01-01,clock=vm -seed 1 -no-reboot -serial file:console \
        -kernel kernel -initrd initrd -append
    echo "console=$console panic=-1 quiet loglevel=1$clock nokaslr" \
        randomize_kstack_offset=off slab_nomerge norandmaps -- "$@"
}

# Boots it, in $work. A signal ends the emulator first.
boot() {
    : >"$work/console"
    (
        cd "$work"
        set --
        while IFS= read -r word; do
            set -- "$@" "$word"
        done <"$work/command"
        exec timeout -k 5 "$seconds" "$@" </dev/null >emulator 2>&1
    ) &
    guest=$!
    ended=0
    wait "$guest" || ended=$?
    guest=
    tr -d '\r' <"$work/console" >"$work/said"
}

# What the program said, and not the kernel or guest-init
words() {
    grep -vE '^(\[ *[0-9]+\.|[A-Za-z_.-]+\|)' "$work/said" || true
}

# why WHAT: dies with what is known of a guest that gave no answer
why() {
    panic=$(sed -n 's/.*Kernel panic - not syncing: *//p' "$work/said" | head -n 1)
    [ -z "$panic" ] || die 1 "$1: the kernel panicked: $panic"
    case $ended in
    124 | 137) die 1 "$1: the guest did not end within $seconds s" ;;
    esac
    last=$(grep -v '^[a-z._]*|' "$work/emulator" "$work/said" -h | tail -n 1)
    # What the emulator says of an image that is none, or of another architecture.
    case $last in
    *"too old to load a ram disk") die 1 "$1: no kernel for $architecture" ;;
    esac
    die 1 "$1: the guest ended without an answer${last:+; the last it said: $last}"
}

# The files that the guest sent, into $work/run
receive() {
    mkdir "$work/run"
    sed -n 's/^bytes|//p' "$work/said" | while IFS='|' read -r name bytes; do
        sed -n "s/^$name|//p" "$work/said" >"$work/run/$name"
        [ "$(wc -c <"$work/run/$name")" -eq "$bytes" ] ||
            die 1 "$name did not come out of the guest whole (is the disk full?)"
    done
}

# find_kernel KERNEL: sets kernel, its file
find_kernel() {
    kernel=$1
    case $1 in
    [!a-z]* | *[!a-z0-9-]*) ;;
    *)
        [ -e "$1" ] ||
            kernel=$("$(dirname "$0")/kernel.sh" "$1" "$architecture") || exit $?
        ;;
    esac
    [ -s "$kernel" ] || die 1 "$kernel: no kernel there"
}

# run KERNEL PROGRAMS DIR PROGRAM [ARGUMENT...]: leaves its files in $work/run,
# or ends as it did
run() {
    emulator=${machine%% *}
    command -v "$emulator" >/dev/null || die 77 "$emulator is not installed"
    [ ! -e "$3" ] || die 1 "$3: exists already"
    find_kernel "$1"
    work=$(mktemp -d "$3.half-XXXXXX" 2>/dev/null) || die 1 "$3: cannot be made"
    work=$(readlink -f "$work")
    ln -s "$(readlink -f "$kernel")" "$work/kernel"
    write_initrd "$2" "$4"
    program=$4
    shift 4
    command_line "/$program" "$@" >"$work/command"
    boot
    answered=$(sed -n 's/^status|//p' "$work/said")
    [ -n "$answered" ] || why "$(basename "$kernel")"
    sed -n 's/^guest|/guest.sh: in the guest: /p' "$work/said" >&2
    [ "$answered" -eq 0 ] || {
        words >&2
        exit "$answered"
    }
    receive
}

# fact KEY VALUE: a row of host.csv
fact() {
    printf '%s,"%s",\n' "$1" "$(printf '%s' "$2" | sed 's/"/""/g')"
}

facts() {
    fact emulator "$("$emulator" --version | head -n 1)"
    fact emulator_command "$(xargs -d '\n' <"$work/command")"
    fact kernel_image "$(basename "$kernel"), SHA-256 $(sha256sum <"$kernel" |
        cut -d ' ' -f 1)"
    config=$(dirname "$kernel")/config-${kernel##*/vmlinuz-}
    [ ! -r "$config" ] ||
        fact kernel_config "SHA-256 $(sha256sum <"$config" | cut -d ' ' -f 1)"
}

# --------------------------------------------------------------------------------

work='' guest='' seconds=600
choose_architecture "$(uname -m)"
while [ $# -gt 0 ]; do
    case $1 in
    --architecture) choose_architecture "${2:-}" && shift ;;
    --seconds) seconds=${2:-} && shift ;;
    -h | --help)
        usage
        exit 0
        ;;
    *) break ;;
    esac
    shift
done
trap '[ -z "$guest" ] || kill "$guest" 2>/dev/null || true
    [ -z "$work" ] || rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
command=${1:-}
[ $# -eq 0 ] || shift
case $command:$# in
run:[4-9] | run:[1-9]?)
    to=$3
    run "$@"
    words
    mv -T "$work/run" "$to"
    ;;
count:[3-9] | count:[1-9]?)
    to=$3
    find_kernel "$1"
    programs=$2
    shift 3
    case " $*" in
    *" kernel="*) ;;
    *) set -- --label "kernel=$(basename "$kernel" | sed 's/^vmlinuz-//')" "$@" ;;
    esac
    run "$kernel" "$programs" "$to" pollbench-run --preset count --quiet \
        "$@" --output /run
    facts >>"$work/run/host.csv"
    mv -T "$work/run" "$to"
    ;;
*) die 2 "wrong usage; see guest.sh --help" ;;
esac
