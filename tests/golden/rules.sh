#!/bin/sh
# SPDX-License-Identifier: MIT
# Every margin and threshold is in one place: the table of docs/method.md is
# what schema --rules prints, each rule is used, each name that a text gives
# is a rule, and a number that the analysis defines is room in memory at most.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"
root=$here/../..

"$programs/pollbench" schema --rules >"$work/rules"
sed -n '/^<!-- pollbench schema --rules -->$/,/^$/p' "$root/docs/method.md" |
    sed '1d;$d' >"$work/table"
cmp "$work/rules" "$work/table" ||
    fail "the table of docs/method.md is old: pollbench schema --rules"

# shellcheck disable=SC2016 # no expansion
sed -n 's/^| `\(PB_[A-Z_]*\)`.*/\1/p' "$work/rules" | sort >"$work/names"
[ -s "$work/names" ] || fail "no rule"
[ -z "$(uniq -d "$work/names")" ] || fail "twice: $(uniq -d "$work/names")"
while read -r name; do
    grep -rqw "$name" "$root/bench/measure" "$root/bench/analyze" \
        "$root/bench/advise" ||
        fail "$name is used nowhere"
done <"$work/names"

if grep -rnE '^ *# *define +\w+ +[-(]*[0-9.]' "$root/bench/analyze" |
    grep -vE 'define +\w+_(MAX|MOST|BYTES) '; then
    fail "a rule beside bench/store/rules.h"
fi

# What a text calls a rule is one.
# shellcheck disable=SC2016 # no expansion
grep -ohE '`PB_[A-Z_]+`' "$root/docs/method.md" | tr -d '`' | sort -u |
    comm -23 - "$work/names" >"$work/unknown"
[ ! -s "$work/unknown" ] || fail "no rules: $(cat "$work/unknown")"

refused 2 'Too many arguments' "$programs/pollbench" schema rules
