#!/bin/sh
# SPDX-License-Identifier: MIT
# Run the fuzz targets on the committed corpus and on from there. Exit status 1
# and the input in FINDINGS, when there is a finding.
#
#   fuzz.sh BUILD              a short run, some 10 s
#   fuzz.sh BUILD all          10 million executions, about half an hour; shares of it
#                              can be had with EXECUTIONS=1000000
#
# BUILD is where `cmake --preset fuzz -B BUILD` and `cmake --build BUILD
# --target fuzzers` have built them.
set -eu
sources=$(cd "$(dirname "$0")/../.." && pwd)
build=$1
how=${2:-short}
findings=$build/findings
work=$build/corpus
mkdir -p "$findings" "$work"
"$sources/tests/fuzz/make_seeds.sh" "$sources" "$build/seeds"

# Executions of each target: in the short run, and of 1000 in the long one.
targets='fuzz_ranges 60000 290
fuzz_tables 8000 480
fuzz_run 3000 200
fuzz_text 500 28
fuzz_report 50 2'

n_all=0
echo "$targets" >"$build/targets"
while read -r target n_short share; do
    n=$n_short
    [ "$how" != all ] || n=$((${EXECUTIONS:-10000000} * share / 1000))
    mkdir -p "$work/$target"
    # The seed is fixed in the short run, which so tells of the change at hand.
    [ "$how" = all ] && seed=0 || seed=1
    "$build/tests/fuzz/$target" -runs="$n" -seed="$seed" -max_len=4096 \
        -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$findings/$target." "$work/$target" \
        "$sources/tests/fuzz/corpus/$target" "$build/seeds/$target" \
        >"$build/$target.log" 2>&1 </dev/null || {
        tail -n 60 "$build/$target.log" >&2
        echo "$target: a finding, see above; the input is in $findings" >&2
        exit 1
    }
    awk -v target="$target" '/number_of_executed_units/ { n = $2 }
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") cov = $(i + 1) }
        END { printf "%s: %d executions, %d edges covered, no finding\n",
            target, n, cov }' "$build/$target.log"
    n_all=$((n_all + n))
done <"$build/targets"
echo "$n_all executions without a finding"
