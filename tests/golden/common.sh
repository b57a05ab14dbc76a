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

# close EXPECTED GOT: same words, numbers within 1e-5.
close() {
    awk -v expected="$1" '
    function fields(line, into) {
        return split(line, into, /[], \t"\[();]+/)
    }
    {
        if ((getline wanted < expected) <= 0) {
            print FILENAME ": longer than expected, line " FNR
            exit 1
        }
        n = fields($0, got)
        if (n != fields(wanted, want)) {
            print FILENAME ":" FNR ": " $0 "\nexpected: " wanted
            exit 1
        }
        for (i = 1; i <= n; i++) {
            if (got[i] == want[i])
                continue
            gap = got[i] - want[i]
            gap = gap < 0 ? -gap : gap
            size = want[i] < 0 ? -want[i] : want[i] + 0
            # Chances and the rms of an exact fit are rounding, not results.
            if (got[i] !~ /^[-+.0-9e]+$/ || want[i] !~ /^[-+.0-9e]+$/ ||
                (gap > 1e-5 * size && gap > 1e-9)) {
                print FILENAME ":" FNR ": " $0 "\nexpected: " wanted
                exit 1
            }
        }
    }
    END {
        if ((getline wanted < expected) > 0)
            exit 1
    }' "$2"
}

# as_expected GOT NAME [update]: like expected/NAME, or put there.
as_expected() {
    if [ "${3:-}" = update ]; then
        cp "$1" "$here/expected/$2"
    else
        [ -s "$here/expected/$2" ] || fail "no expected/$2"
        close "$here/expected/$2" "$1" || fail "$2 differs"
    fi
}
