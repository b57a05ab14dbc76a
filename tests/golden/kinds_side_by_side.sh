#!/bin/sh
# SPDX-License-Identifier: MIT
# A kind of fd that few points of a run have is no less measured: it has models,
# series and crossovers of its own, and those of the others do not notice it.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

synthetic "$work/one" 6 4 0 0 0 1
"$programs/pollbench" fit "$work/one" 2>/dev/null
cp -r "$work/one" "$work/two"
sed '/^fd_count,/s/,fd_count,/,fd_count fd_kind,/' "$work/one/cases.csv" \
    >"$work/two/cases.csv"

# The points of one sweep once more, of another kind, at three times the cost.
awk -F, -v OFS=, 'NR == 1 {
        for (i = 1; i <= NF; i++) column[$i] = i
        print $0 ",fd_kind"
        next
    }
    { print $0, "socketpair" }
    $column["sweep"] == "fd_count" {
        cost = $column["batch_ns"] - $column["overhead_ns"]
        $column["batch_ns"] = sprintf("%.0f",
            3 * cost + $column["overhead_ns"])
        $column["sequence"] += 100000
        print $0, "eventfd"
    }' "$work/one/samples.csv" >"$work/two/samples.csv"
"$programs/pollbench" fit "$work/two" 2>"$work/said" || fail "$(cat "$work/said")"

for file in steps models crossovers; do
    grep -v ',eventfd,' "$work/two/$file.csv" |
        cmp - "$work/one/$file.csv" ||
        fail "$file.csv: the other kind shows in what is not its own"
done
for file in claims findings ratios layer holdout; do
    cmp "$work/one/$file.csv" "$work/two/$file.csv"
done

# Its slope is three times theirs, and it has its crossovers.
slope() {
    awk -F, -v kind="$1" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
        $c["fd_kind"] == kind &&
            $c["backend"] == "poll" && $c["stage"] == "all" &&
            $c["term"] == "fd_count" { print $c["value"] }' \
        "$work/two/models.csv"
}
awk -v a="$(slope socketpair)" -v b="$(slope eventfd)" \
    'BEGIN { exit !(a > 0 && b / a > 2.97 && b / a < 3.03) }' ||
    fail "poll's slope is $(slope socketpair), the other kind's $(slope eventfd)"
grep -q '^poll,epoll,.*,eventfd,' "$work/two/crossovers.csv" ||
    fail "no crossover of the other kind"

# What is said without naming the kind is said of the usual one.
for run in one two; do
    "$programs/pollbench" show "$work/$run" >"$work/$run/summary"
    "$programs/pollbench" predict --fds 500 "$work/$run" >"$work/$run/predicted"
done
cmp "$work/one/summary" "$work/two/summary"
cmp "$work/one/predicted" "$work/two/predicted"
