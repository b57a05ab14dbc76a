#!/bin/sh
# SPDX-License-Identifier: MIT
# A fixed run must give the files in expected/, numbers to one part in 1e5.
# After a change that is meant to alter them: analysis.sh PROGRAMS TESTS update
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

run=$work/run
synthetic "$run" 8 8 0.02 0.003 0.05 20261123
"$programs/pollbench" fit "$run"
"$programs/pollbench" show "$run" >"$run/summary.txt"
"$programs/pollbench" predict --highest-fd 65535 --fds 20000 --ready 50 \
    --waits-per-second 2000 "$run" >"$run/predict.txt"

files="claims.csv crossovers.csv differences.csv findings.csv growth.csv
history.csv holdout.csv layer.csv models.csv points.csv predict.txt ratios.csv
slopes.csv steps.csv summary.txt"

# Of the long files, the beginning.
for file in points ratios crossovers history; do
    head -n 40 "$run/$file.csv" >"$run/head" && mv "$run/head" "$run/$file.csv"
done

for file in $files; do
    as_expected "$run/$file" "$file" "${3:-}"
done
