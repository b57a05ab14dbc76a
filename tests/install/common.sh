# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
# For the scripts here, each called with the build folder and the sources'. Sets
# build, sources, and work, a folder that goes away; installed is where the tree
# is moved to by install_and_move.
set -eu
build=$1
sources=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
installed="$work/moved to/here"

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

skip() {
    printf 'skipped: %s\n' "$*"
    exit 77
}

# quietly COMMAND...: what it says, only if it fails
quietly() {
    "$@" >"$work/said" 2>&1 || fail "failed: $*: $(cat "$work/said")"
}

# To a folder with a blank in its name, deeper than where it was installed.
install_and_move() {
    quietly cmake --install "$build" --prefix "$work/first"
    mkdir "$work/moved to"
    mv "$work/first" "$installed"
}

# measured RUN: by the installed program, with what fits and figures need
measured() {
    quietly "$installed/bin/pollbench" run --quiet --preset quick \
        --sweep fd_count --fds 1:256 --highest-fd 511 --most-fds 2000 \
        --invocations 3 --rounds 2 --batch 1000 --patience 0 --output "$1"
}

# refused STATUS WORDS COMMAND...: it ends so, with one line that holds the words
refused() {
    wanted=$1
    words=$2
    shift 2
    status=0
    "$@" >"$work/stdout" 2>"$work/all" || status=$?
    grep -v 'warning:' "$work/all" >"$work/stderr" || true # of the machine
    [ "$status" -eq "$wanted" ] ||
        fail "status $status, not $wanted: $*: $(cat "$work/stderr")"
    [ "$(wc -l <"$work/stderr")" -eq 1 ] ||
        fail "not one line: $*: $(cat "$work/stderr")"
    grep -qF -- "$words" "$work/stderr" ||
        fail "\"$words\" is not in \"$(cat "$work/stderr")\": $*"
}
