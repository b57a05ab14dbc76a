#!/bin/sh
# SPDX-License-Identifier: MIT
# A fixed run must give the files in expected/, numbers to one part in 1e5.
# After a change that is meant to alter them: analysis.sh PROGRAMS TESTS update
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

run=$work/run
synthetic "$run" 8 8 0.02 0.003 0.05 20261123
"$programs/pollfit" "$run"
"$programs/pollfit" --summary "$run" >"$run/summary.txt"
"$programs/pollpredict" --highest-fd 65535 --fds 20000 --ready 50 \
    --waits-per-second 2000 "$run" >"$run/predict.txt"

# Against a run that is a tenth slower: every coefficient, and a few points.
# The folders' names are random, and so left out.
synthetic "$work/slow" 8 8 0.02 0.003 0.05 20261124 1.1
"$programs/pollfit" "$work/slow"
"$programs/pollfit" "$run"
status=0
"$programs/pollcompare" --unit ns --output "$work/comparison.csv" "$run" \
    "$work/slow" >"$work/words" 2>/dev/null || status=$?
[ "$status" -eq 1 ] || fail "pollcompare ended with $status, not 1"
tail -n +2 "$work/words" >"$run/compare.txt"
head -n 20 "$work/comparison.csv" >"$run/comparison.csv"

files="claims.csv compare.txt comparison.csv crossovers.csv findings.csv growth.csv
history.csv holdout.csv layer.csv models.csv points.csv predict.txt ratios.csv
slopes.csv steps.csv summary.txt"

# Of the long files, the beginning.
for file in points ratios crossovers history; do
    head -n 40 "$run/$file.csv" >"$run/head" && mv "$run/head" "$run/$file.csv"
done

# close EXPECTED GOT: same words, numbers within 1e-5.
close() {
    awk -v expected="$1" '
    function fields(line, into) {
        return split(line, into, /[], "\[();]+/)
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

for file in $files; do
    if [ "${3:-}" = update ]; then
        mkdir -p "$here/expected"
        cp "$run/$file" "$here/expected/$file"
    else
        [ -s "$here/expected/$file" ] || fail "no expected/$file"
        close "$here/expected/$file" "$run/$file" || fail "$file differs"
    fi
done
