#!/bin/sh
# SPDX-License-Identifier: MIT
# kernels_are_current.sh PROGRAMS SOURCES: the table of kernels in
# docs/instructions.md is what the committed runs say.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"

[ -d "$SOURCES/results/kernels" ] || skip "no runs of kernels in this tree"
command -v xz >/dev/null || skip "xz is not there"
"$SOURCES/tools/kernels.sh" "$SOURCES/results/kernels" "$PROGRAMS" >"$SCRATCH/table"
[ "$(wc -l <"$SCRATCH/table")" -gt 10 ] || fail "no table: $(cat "$SCRATCH/table")"
sed -n '/^<!-- tools\/kernels.sh/,/^<!-- end/{/^|/p}' \
    "$SOURCES/docs/instructions.md" >"$SCRATCH/block"
diff -u "$SCRATCH/table" "$SCRATCH/block" ||
    fail "the table in docs/instructions.md is not what tools/kernels.sh prints"
