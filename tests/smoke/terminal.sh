#!/bin/sh
# SPDX-License-Identifier: MIT
# terminal.sh PROGRAMS SOURCES: progress stays in its line on a terminal of any
# width and needs no escape sequence; where a line cannot be written over there
# is one a process.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"
need script stty

# shellcheck disable=SC2086 # on one line
words=$(printf '%s ' ${TINY#--quiet})

# on_terminal TERM COLUMNS: what a run writes to it is in $SCRATCH/typescript
on_terminal() {
    rm -rf "$SCRATCH/run"
    export TERM="$1"
    script -qec "stty cols $2; exec '$PROGRAMS/pollbench' run $words \
        --rounds 60 --output '$SCRATCH/run'" "$SCRATCH/typescript" \
        >/dev/null </dev/null || fail "TERM=$1, $2 columns"
    ! tr -d -c '\033' <"$SCRATCH/typescript" | grep -q . ||
        fail "TERM=$1, $2 columns: an escape sequence"
}

# pieces: what stands in a line one after the other, without script's own words
pieces() {
    grep -av '^Script ' "$SCRATCH/typescript" | tr '\r' '\n' |
        grep -a '^measu' || true
}

for width in 120 80 40 20 8; do
    on_terminal xterm "$width"
    [ "$(pieces | wc -l)" -gt 3 ] || fail "$width columns: no progress"
    pieces | awk -v width="$width" 'length($0) >= width { exit 1 }' ||
        fail "$width columns: a line that wraps"
done
on_terminal dumb 80
[ "$(grep -ac '^measuring' "$SCRATCH/typescript")" -eq 3 ] ||
    fail "dumb terminal: not a line a process"
[ "$(pieces | wc -l)" -eq 3 ] || fail "dumb terminal: a line written over"
