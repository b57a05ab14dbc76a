#!/bin/sh
# SPDX-License-Identifier: MIT
# A run of schema 1, from before a row said its metric and a run its cases and
# backends, gives the points that the program of its time made of it. schema_1/
# is three points of such a run, and its reference loops, as they were measured.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

old=$here/schema_1/expected_points.csv
mkdir "$work/run"
cp "$here/schema_1/samples.csv" "$here/schema_1/host.csv" "$work/run"
"$programs/pollfit" "$work/run" 2>"$work/said" || fail "$(cat "$work/said")"

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
