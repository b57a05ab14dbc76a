#!/bin/sh
# SPDX-License-Identifier: MIT
# Golden files: report_is_as_expected.sh PROGRAMS [--update]. The run is an
# extract of a real one, so that every part of the report has something to show.
# shellcheck source=tests/report/report_common.sh
. "$(dirname "$0")/report_common.sh"

report run

# The page without what page.css and page.js hold.
content() {
    sed -e '/^<style>/,/<\/style>$/d' -e '/^<script>/,/<\/script>$/d' \
        -e '/Content-Security-Policy/d' "$1"
}
content "$SCRATCH/run/report.html" >"$SCRATCH/report.html"
cp "$SCRATCH/run/report.md" "$SCRATCH/run/cite.txt" "$SCRATCH"

for file in report.html report.md cite.txt; do
    if [ "${1:-}" = --update ]; then
        cp "$SCRATCH/$file" "$HERE/expected/$file"
    fi
    diff -u "$HERE/expected/$file" "$SCRATCH/$file" ||
        fail "$file differs; if that is meant: $0 PROGRAMS --update"
done
