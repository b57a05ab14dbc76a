# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the smoke tests share, besides what they share with the reliability
# tests.
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/../reliability/common.sh"
# shellcheck disable=SC2034 # used by the scripts
SOURCES=$2

# expect STATUS PATTERN COMMAND...: it ends with STATUS and says one line on
# stderr that matches PATTERN (argp adds words that point to --help), besides
# warnings of the machine.
expect() {
    wanted=$1
    pattern=$2
    shift 2
    status=0
    "$@" >"$SCRATCH/said.out" 2>"$SCRATCH/said" </dev/null || status=$?
    [ "$status" -eq "$wanted" ] ||
        fail "status $status, not $wanted: $*: $(cat "$SCRATCH/said")"
    complaints "$SCRATCH/said" | sed '/^Try `/,$d' >"$SCRATCH/lines"
    [ "$(wc -l <"$SCRATCH/lines")" -eq 1 ] ||
        fail "not one line: $*: $(cat "$SCRATCH/said")"
    grep -qE -- "$pattern" "$SCRATCH/lines" ||
        fail "not /$pattern/: $*: $(cat "$SCRATCH/said")"
}

# as_user COMMAND...: as somebody who may not write everywhere
as_user() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    else
        "$@"
    fi
}

# path_without DIR NAME...: fills DIR with the programs of PATH but for these
path_without() {
    mkdir "$1"
    echo "$PATH" | tr : '\n' | while read -r from; do
        ln -s "$from"/* "$1" 2>/dev/null || true # the first of a name counts
    done
    (cd "$1" && shift && rm -f "$@")
}
