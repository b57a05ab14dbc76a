#!/bin/sh
# SPDX-License-Identifier: MIT
# Line coverage of the library and of the analysis: builds with it, runs the
# tests, and fails if one does or if less than 90 % of either's lines were run.
# BUILD/coverage.txt then lists what was not.
#
# usage: coverage.sh [BUILD]
set -eu
build=$(realpath -m "${1:-build-coverage}")
cd "$(dirname "$0")/../.."
command -v gcovr >/dev/null || {
    echo "skipped: gcovr is not installed"
    exit 77
}
mkdir -p "$build"
{ cmake/configure.sh coverage "$build" &&
    cmake --build "$build" -j "$(nproc)"; } >"$build/coverage.log" 2>&1 || {
    cat "$build/coverage.log" >&2
    exit 1
}
find "$build" -name '*.gcda' -delete
# bad_input runs a program as somebody who may write nothing, and gcov's runtime
# complains in its name that the counts cannot be written.
(cd "$build" && ctest -j "$(nproc)" --output-on-failure \
    --no-tests=error -LE 'slow|chain|lint|once' -E '^smoke\.bad_input$')
gcovr --root . --filter lib/ --filter bench/store/ \
    --filter bench/analyze/ --filter bench/report/ \
    --output "$build/coverage.txt" "$build"
awk '$1 ~ /\.[ch]$/ {
        part = $1 ~ /^lib\// ? "lib/" : "analysis"
        lines[part] += $2
        run[part] += $3
    }
    END {
        lines["together"] = lines["lib/"] + lines["analysis"]
        run["together"] = run["lib/"] + run["analysis"]
        for (part in lines) {
            percent = 100 * run[part] / lines[part]
            printf "%-15s%d of %d lines, %.1f %%\n", part, run[part],
                lines[part], percent
            if (percent < 90)
                too_few = 1
        }
        exit too_few
    }' "$build/coverage.txt" || {
    echo "coverage.sh: less than 90 %, see $build/coverage.txt" >&2
    exit 1
}
