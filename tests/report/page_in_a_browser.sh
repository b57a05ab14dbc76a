#!/bin/sh
# SPDX-License-Identifier: MIT
# The page in headless Chromium: page_in_a_browser.sh PROGRAMS PICTURES.
# The pictures (light, dark, phone, print) are to be looked at.
# shellcheck source=tests/report/report_common.sh
. "$(dirname "$0")/report_common.sh"

for tool in node gnuplot chromedriver "${CHROMIUM:-chromium}"; do
    command -v "$tool" >/dev/null || {
        echo "skipped: $tool is not installed"
        exit 77
    }
done
node -e 'process?.exit()' 2>/dev/null || {
    echo "skipped: node $(node --version) does not know ?. yet, 14 does"
    exit 77
}
CHROMIUM=$(command -v "${CHROMIUM:-chromium}")
export CHROMIUM PROGRAMS

mkdir -p "$1"
cp -R "$HERE/run" "$SCRATCH"
cp "$HERE/../../results/cases.csv" "$SCRATCH/run"
"$PROGRAMS/pollbench" draw --form page "$SCRATCH/run" >"$SCRATCH/words"
"$PROGRAMS/pollbench" report "$SCRATCH/run"
report hostile
for file in growth slopes levels; do
    head -n 1 "$SCRATCH/run/$file.csv" >"$SCRATCH/hostile/$file.csv"
done
cp -R "$SCRATCH/hostile" "$SCRATCH/again"
echo 'note,"<b>again",' >>"$SCRATCH/again/host.csv"
"$PROGRAMS/pollbench" compare --all --report "$SCRATCH/compared" "$SCRATCH/hostile" \
    "$SCRATCH/again" >"$SCRATCH/words" || [ $? -eq 3 ]
node "$HERE/page_test.mjs" "$SCRATCH/run" "$SCRATCH/hostile" "$1" \
    "$SCRATCH/compared"
