#!/bin/sh
# SPDX-License-Identifier: MIT
# results/README.md is what pollbench schema prints.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

"$programs/pollbench" schema >"$work/page"
cmp "$work/page" "$here/../../results/README.md" ||
    fail "results/README.md is old: pollbench schema >results/README.md"

# Every file that pollbench fit writes is described, with the columns it has.
synthetic "$work/run" 2 2 0 0 0 1
"$programs/pollbench" fit "$work/run" 2>/dev/null
for file in "$work"/run/*.csv; do
    name=$(basename "$file")
    columns=$(head -n 1 "$file" | tr ',' ' ')
    for column in $columns; do
        sed -n "/^## $name/,/^## /p" "$work/page" | grep -qF "| \`$column\`" ||
            fail "$name: column $column is not described"
    done
done

# What is built in for runs without cases.csv is what the cases declare that
# there were then; later ones it need not have.
built_in=$here/../../results/cases.csv
"$programs/pollbench" run --cases >"$work/cases"
grep -vxFf "$built_in" "$work/cases" >"$work/others" || true
while IFS=, read -r sweep _; do
    ! grep -q "^$sweep," "$built_in" ||
        fail "results/cases.csv is old: pollbench run --cases has another $sweep"
done <"$work/others"
