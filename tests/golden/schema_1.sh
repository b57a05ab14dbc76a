#!/bin/sh
# SPDX-License-Identifier: MIT
# A run of schema 1, from before a row said its metric and a run its cases and
# backends, gives the points that the program of its time made of it. schema_1/
# is three points of such a run, and its reference loops, as they were measured;
# and a run of what was then a program of its own.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

old=$here/schema_1/expected_points.csv
mkdir "$work/run"
cp "$here/schema_1/samples.csv" "$here/schema_1/host.csv" "$work/run"
"$programs/pollbench" fit "$work/run" 2>"$work/said" || fail "$(cat "$work/said")"

# The columns it had then, by name, less what the C library rounds; what came
# later holds what was meant.
columns_of_then() {
    awk -F, -v columns="$(head -n 1 "$old")" '
        BEGIN { n = split(columns, names, ",") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        {
            for (i = 1; i <= n; i++) {
                value = $at[names[i]]
                if (value ~ /^[0-9.]+$/)
                    value = sprintf("%.9g", value)
                printf "%s%s", value, i < n ? "," : "\n"
            }
        }
        NR > 1 && ("metric" in at) &&
            ($at["metric"] != "cost" || $at["unit"] != "ns") { exit 1 }' "$1"
}
columns_of_then "$old" >"$work/then"
columns_of_then "$work/run/points.csv" >"$work/now" || fail "no cost in ns"
diff "$work/then" "$work/now"

# Of what was measured then with memory.csv beside the samples, the times.
cp -r "$here/schema_1/beyond_limit" "$work/beyond"
"$programs/pollbench" fit "$work/beyond" 2>"$work/said" || fail "$(cat "$work/said")"
"$programs/pollbench" report "$work/beyond" || fail "no page"
grep -q '^beyond_limit,epoll,raw,packed,[0-9]*,300,' "$work/beyond/points.csv" ||
    fail "no points of beyond_limit"
grep -q '^| epoll, raw |' "$work/beyond/report.md" || fail "not on the page"
