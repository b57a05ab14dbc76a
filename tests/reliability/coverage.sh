#!/bin/sh
# SPDX-License-Identifier: MIT
# Line coverage of the library and of the analysis: builds with it, runs the
# tests, and fails under 90 %.
#
# usage: coverage.sh [BUILD]
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build-coverage}
command -v gcovr >/dev/null || {
    echo "skipped: gcovr is not installed"
    exit 77
}
mkdir -p "$build"
cmake --preset coverage -B "$build" >"$build/coverage.log"
cmake --build "$build" -j "$(nproc)" >>"$build/coverage.log"
find "$build" -name '*.gcda' -delete
# Two tests look at a program as it is shipped; they run elsewhere.
(cd "$build" && ctest -j "$(nproc)" --output-on-failure \
    -LE 'slow|chain|lint|once' -E 'library_is_discreet|bad_input') ||
    echo "coverage.sh: some tests failed, see above" >&2
gcovr --root . --filter lib/ --filter bench/analyze/ --fail-under-line 90 \
    --txt "$build/coverage.txt" "$build"
for part in lib/ bench/analyze/; do
    awk -v part="$part" 'index($1, part) == 1 && $2 ~ /^[0-9]+$/ {
        lines += $2; run += $3 }
        END { printf "%-15s %d of %d lines, %.1f %%\n", part, run, lines,
            100 * run / lines }' "$build/coverage.txt"
done
