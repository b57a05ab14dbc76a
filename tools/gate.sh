#!/bin/sh
# SPDX-License-Identifier: MIT
# gate.sh COMMIT KERNEL PROGRAMS: whether the library executes as many
# instructions a call as it did at COMMIT, all else being equal: the harness, the
# compiler, the emulator and the KERNEL (as tools/guest.sh takes it). PROGRAMS is
# the folder with pollbench. A change is let through when CHANGELOG.md, since
# COMMIT, has a line on instructions. Exit status: 0 the same or named, 1 not,
# 2 trouble. docs/instructions.md
set -eu

[ $# -eq 3 ] || {
    echo 'gate.sh: usage: gate.sh COMMIT KERNEL PROGRAMS' >&2
    exit 2
}
# In percent. Where the kernel's memory lies moves by a page with the size of the
# program, and select's counts with that by some 10 of 15,000.
THRESHOLD=0.1
commit=$1 kernel=$2 programs=$3
root=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

# count NAME: what the sources in $work/tree cost, into $work/runs/NAME. They have
# one place, which is in the program, so that the same library is the same run.
count() {
    { "$work/tree/cmake/configure.sh" static "$work/build" &&
        cmake --build "$work/build" -j "$(nproc)" \
            --target pollbench-run guest-init; } >"$work/log" 2>&1 || {
        tail -n 20 "$work/log" >&2
        echo "gate.sh: the library $1 does not build with this harness" >&2
        exit 2
    }
    "$root/tools/guest.sh" count "$kernel" "$work/build/libexec/pollbench" \
        "$work/runs/$1" || exit 2
    echo "label,\"library=$1\"," >>"$work/runs/$1/host.csv"
    "$programs/pollbench" fit "$work/runs/$1" || exit 2
}

git -C "$root" rev-parse -q --verify "$commit^{commit}" >/dev/null || {
    echo "gate.sh: $commit: no such commit here" >&2
    exit 2
}
mkdir "$work/tree" "$work/runs"
(cd "$root" && git ls-files -z --deduplicate | xargs -0 tar c) | tar xm -C "$work/tree"
count after
rm -r "$work/tree/lib"
git -C "$root" archive "$commit" lib | tar xm -C "$work/tree"
count before
status=0
"$programs/pollbench" compare --threshold "$THRESHOLD" \
    "$work/runs/before" "$work/runs/after" || status=$?
[ "$status" -eq 1 ] || exit "$status"
! git -C "$root" diff "$commit" -- CHANGELOG.md | grep -q '^+.*instructions' || {
    echo "gate.sh: the change is named in CHANGELOG.md"
    exit 0
}
echo "gate.sh: the library's instructions changed, and CHANGELOG.md has no line \
on instructions" >&2
exit 1
