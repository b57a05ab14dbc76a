#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests and measures pollbench in a guest kernel in which a process may have
# two million descriptors: the laws of the library, how everything grows with
# the number of fds, and a small grid.
#
#   guest.sh BUILD_DIR OUTPUT_DIR FDS DESCRIPTORS [INVOCATIONS [KIND...]]
#
#   BUILD_DIR    a build with the tests; its programs run in the guest together
#                with the libraries they need
#   OUTPUT_DIR   receives a run folder for each kind of fds, one for the grid;
#                must not exist; - for none
#   FDS          values of N, as pollbench run --fds takes them
#   DESCRIPTORS  that a process in the guest may have: the highest N and 40 %
#   KIND         of fds (default: socketpair eventfd pipe)
#
# POLLBENCH_GUEST names the command that runs the guest, as docs/scale.md says;
# without it, it is user_mode_linux.sh.
# Exit status: 0 all well, 1 not, 2 usage, 77 no guest can be had here.
set -eu

die() {
    status=$1
    shift
    printf 'guest.sh: %s\n' "$*" >&2
    exit "$status"
}

# stage PROGRAM: into the guest's folder, with its libraries and the loader
stage() {
    name=$(basename "$1")
    mkdir -p "$work/guest/lib"
    if ! ldd "$1" >"$work/ldd" 2>/dev/null; then
        cp "$1" "$work/guest/$name"
        return
    fi
    cp "$1" "$work/guest/lib/$name"
    awk '/=> \// { print $3 } $1 ~ /^\// { print $1 }' "$work/ldd" |
        while read -r library; do
            cp -L "$library" "$work/guest/lib/"
        done
    loader=$(awk '$1 ~ /^\// { print $1 }' "$work/ldd")
    # shellcheck disable=SC2016 # for the guest's shell
    printf '#!/bin/sh\nexec lib/%s --library-path lib lib/%s "$@"\n' \
        "$(basename "$loader")" "$name" >"$work/guest/$name"
    chmod +x "$work/guest/$name"
}

# unpack CONSOLE: the files that the guest printed, each behind its "@@ path"
unpack() {
    for folder in $kinds grid; do
        mkdir -p "$output/$folder"
    done
    awk -v output="$output" '
        $1 == "@@" && NF == 2 { file = output "/" $2; next }
        $1 == "@@" { file = ""; print; next }
        file { sub(/\r$/, ""); print >file; next }
        { print }' "$1"
}

[ $# -ge 4 ] ||
    die 2 "usage: guest.sh BUILD_DIR OUTPUT_DIR FDS DESCRIPTORS" \
        "[INVOCATIONS [KIND...]]"
build=$1 output=$2 fds=$3 descriptors=$4 invocations=${5:-3}
shift $(($# > 5 ? 5 : $#))
kinds=${*:-socketpair eventfd pipe}
[ "$output" = - ] || [ ! -e "$output" ] || die 2 "$output: exists already"
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
guest=
# Not before the guest has ended, which the shell does not wait for by itself.
trap '[ -z "$guest" ] || { kill "$guest" 2>/dev/null || true; wait "$guest" ||
    true; }; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
[ "$output" != - ] || output=$work/output

for program in libexec/pollbench/pollbench-run tests/contract/contract; do
    stage "$build/$program"
done
cp "$here/guest_side.sh" "$work/guest/"

set -- "$work/guest" \
    "sh ./guest_side.sh '$fds' $descriptors $invocations '$kinds'"
if [ -n "${POLLBENCH_GUEST:-}" ]; then
    # shellcheck disable=SC2086 # a command and its arguments
    set -- $POLLBENCH_GUEST "$@"
else
    set -- "$here/user_mode_linux.sh" "$@"
fi
"$@" >"$work/console" 2>"$work/errors" &
guest=$!
status=0
wait "$guest" || status=$?
guest=
[ "$status" -ne 125 ] || {
    cat "$work/errors" >&2
    die 77 "skipped: the guest did not come up"
}
unpack "$work/console"
[ "$status" -eq 0 ] || {
    cat "$work/errors" >&2
    die 1 "failed in the guest, see above (status $status)"
}
for kind in $kinds; do
    printf '\n%s: growth of time; memory, bytes per fd\n' "$kind"
    awk -f "$here/growth_of_time.awk" "$output/$kind/samples.csv"
    awk -f "$here/growth_of_memory.awk" "$output/$kind/samples.csv"
done
