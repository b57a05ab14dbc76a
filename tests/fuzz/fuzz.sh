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
targets='fuzz_ranges 20000 100
fuzz_proc 8000 50
fuzz_trace 8000 50
fuzz_tables 8000 550
fuzz_run 3000 230
fuzz_text 500 18
fuzz_report 50 2'
# The sanitizer keeps what was freed for a while; not for half a gigabyte.
export ASAN_OPTIONS=quarantine_size_mb=8:malloc_context_size=8

# fuzz TARGET EXECUTIONS SEED: 0 is a seed by chance
fuzz() {
    mkdir -p "$work/$1"
    "$build/tests/fuzz/$1" -runs="$2" -seed="$3" -max_len=4096 -timeout=60 \
        -rss_limit_mb=4096 -print_final_stats=1 \
        -artifact_prefix="$findings/$1." "$work/$1" \
        "$sources/tests/fuzz/corpus/$1" "$build/seeds/$1" \
        >"$build/$1.log" 2>&1 </dev/null || {
        tail -n 60 "$build/$1.log" >&2
        echo "$1: a finding, see above; the input is in $findings" >&2
        exit 1
    }
    awk -v target="$1" '/number_of_executed_units/ { n = $2 }
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") cov = $(i + 1) }
        END { printf "%s: %d executions, %d edges covered, no finding\n",
            target, n, cov }' "$build/$1.log"
}

# In the long run each process does a part, and goes on from what the ones
# before have found.
n_all=0
echo "$targets" >"$build/targets"
for part in 1 2 3 4 5 6 7 8 9 10; do
    while read -r target n_short share; do
        if [ "$how" = all ]; then
            n=$((${EXECUTIONS:-10000000} * share / 10000))
            fuzz "$target" "$n" 0
        else
            # The same each time: it tells of the change at hand.
            n=$n_short
            fuzz "$target" "$n" 1
        fi
        n_all=$((n_all + n))
    done <"$build/targets"
    [ "$how" = all ] || break
    echo "part $part of 10"
done
echo "$n_all executions without a finding"
