# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
# For the scripts here, each called with the folder of the programs and that of
# synthesise. Sets programs, tests, here, and a folder that goes away.
set -eu
programs=$1
tests=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# synthetic DIR INVOCATIONS ROUNDS DRIFT NOISE PREEMPTED SEED [SLOWDOWN [TRUTH]]
synthetic() {
    mkdir -p "$1"
    "$tests/synthesise" "$@"
}

# refused STATUS WORDS COMMAND...: it must end with this status and exactly one
# line, on stderr, that holds the words.
refused() {
    wanted=$1
    words=$2
    shift 2
    status=0
    "$@" >"$work/stdout" 2>"$work/stderr" || status=$?
    [ "$status" -eq "$wanted" ] ||
        fail "status $status, not $wanted: $* ($(cat "$work/stderr"))"
    grep -qF -- "$words" "$work/stderr" ||
        fail "\"$words\" is not in \"$(cat "$work/stderr")\": $*"
    [ ! -s "$work/stdout" ] || fail "it printed to stdout: $*"
}

# refused_in_a_line: as refused, and nothing but that line.
refused_in_a_line() {
    refused "$@"
    [ "$(wc -l <"$work/stderr")" -eq 1 ] ||
        fail "more than a line: $(cat "$work/stderr")"
}
