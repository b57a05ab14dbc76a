#!/bin/sh
# SPDX-License-Identifier: MIT
# What the programs say to wrong usage, and what they do when they cannot
# write; comparing runs, as CI would.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

synthetic "$work/a" 8 5 0.02 0.003 0.05 1
synthetic "$work/b" 8 5 0.02 0.003 0.05 2
synthetic "$work/slow" 8 5 0.02 0.003 0.05 3 1.2
for run in a b slow; do
    "$programs/pollbench" fit "$work/$run"
done

# Usage.
refused 2 "which RUN?" "$programs/pollbench" fit
refused 2 "one RUN" "$programs/pollbench" fit "$work/a" "$work/b"
refused 2 "unrecognized option" "$programs/pollbench" fit --wrong
refused 2 "which runs? 2 to 500" "$programs/pollbench" compare "$work/a"
refused 2 "not 0 to 1000" "$programs/pollbench" compare -t -5 "$work/a" "$work/b"
refused 2 "not ns or ref" "$programs/pollbench" compare -u s "$work/a" "$work/b"
refused 2 "at least 1" "$programs/pollbench" predict "$work/a"
refused 2 "no 100 fds up to number 9" "$programs/pollbench" predict --fds 100 \
    --highest-fd 9 "$work/a"
refused 2 "--ready is more than --fds" "$programs/pollbench" predict --fds 1 \
    --ready 2 "$work/a"
refused 2 "not a whole number" "$programs/pollbench" predict --fds 1.5 "$work/a"

# Every verb has a version and a help that name it; `list` is `run --list`.
"$programs/pollbench" --help |
    sed -n 's/^  \([a-z]*\)  .*/\1/p' >"$work/verbs"
[ "$(wc -l <"$work/verbs")" -ge 10 ] || fail "verbs: $(cat "$work/verbs")"
"$programs/pollbench" --version >"$work/version"
grep -qE '^pollbench [0-9]+\.[0-9]+\.[0-9]+ \(' "$work/version" ||
    fail "--version: $(cat "$work/version")"
while read -r verb; do
    "$programs/pollbench" "$verb" --version | cmp - "$work/version" ||
        fail "$verb --version"
    "$programs/pollbench" "$verb" --help >"$work/words"
    "$programs/pollbench" help "$verb" | cmp - "$work/words"
    [ "$verb" != list ] || verb=run
    grep -q "^Usage: pollbench $verb " "$work/words" || fail "$verb --help"
done <"$work/verbs"
refused_in_a_line 2 "no verb 'nothing'" "$programs/pollbench" nothing
refused_in_a_line 2 "no verb ''" "$programs/pollbench"
refused_in_a_line 2 "no verb 'nothing'" "$programs/pollbench" help nothing
refused_in_a_line 127 "POLLBENCH_EXEC_PATH" \
    env POLLBENCH_EXEC_PATH="$work/none" "$programs/pollbench" fit "$work/a"
refused_in_a_line 1 "POLLBENCH_DATA" \
    env POLLBENCH_DATA="$work/none" "$programs/pollbench" fit "$work/a"

# Numbers as people write them, however large.
"$programs/pollbench" predict --fds 20000 --waits-per-second 1e9 "$work/a" \
    >"$work/words"
! grep -E '[0-9]e[+-]?[0-9]' "$work/words" >&2 || fail "a number with an exponent"

# Claims that make no sense.
claims=$here/../../results/claims.csv
sed '2s/,O(n),/,believes,/' "$claims" >"$work/claims.csv"
refused_in_a_line 1 'expectation is "believes"' "$programs/pollbench" fit \
    --claims "$work/claims.csv" "$work/a"
refused_in_a_line 1 "No such file" "$programs/pollbench" fit \
    --claims "$work/none.csv" "$work/a"

# Two runs of the same thing: same. One that is 20 % slower: changed.
"$programs/pollbench" compare --all "$work/a" "$work/b" >"$work/words" 2>/dev/null ||
    fail "two equal runs are called different: $(cat "$work/words")"
! grep -q "[1-9][0-9]* changed" "$work/words" || fail "no word of equality"
status=0
"$programs/pollbench" compare --all --output "$work/c.csv" "$work/a" "$work/slow" \
    >"$work/words" 2>/dev/null || status=$?
[ "$status" -eq 1 ] || fail "20 % slower is not noticed"
grep -q "^mean of poll, .*slower, +[12][0-9]" "$work/words" ||
    fail "not said how much: $(cat "$work/words")"
grep -q "^slope of poll, 64 to 512 fds .*slower, +" "$work/words" ||
    fail "no word of the slope"
for kind in mean change slope cost; do
    grep -q ",label,$kind,.*,slower," "$work/c.csv" || fail "no slower $kind"
done
"$programs/pollbench" compare --threshold 40 "$work/a" "$work/slow" >/dev/null \
    2>&1 || fail "20 % is above a threshold of 40 %"

# Other hosts: a warning. Other schema, nothing in common: refused.
cp -r "$work/b" "$work/other"
sed -i 's/^run_id.*/kernel,Linux 0.01,/' "$work/other/host.csv"
"$programs/pollbench" compare "$work/a" "$work/other" 2>&1 >/dev/null |
    grep -q 'the runs differ in kernel: "" and "Linux 0.01"' ||
    fail "no warning of another kernel"
sed -i 's/^schema.*/schema,999,/' "$work/other/host.csv"
refused_in_a_line 2 "schema 999" "$programs/pollbench" compare "$work/a" "$work/other"
cp "$work/a/host.csv" "$work/other/"
for file in points growth slopes crossovers; do
    sed -i '2,$s/^[a-z_-]*,/elsewhere,/' "$work/other/$file.csv"
done
refused_in_a_line 2 "nothing in common" "$programs/pollbench" compare "$work/a" \
    "$work/other"

# Labels: of one there is nothing to compare; what is none is refused, as are
# one run under two names and what pollbench fit has not seen.
cp -r "$work/b" "$work/again"
echo 'label,"host=a[31m",' >>"$work/again/host.csv"
refused_in_a_line 2 "a label is not KEY=VALUE" "$programs/pollbench" compare \
    "$work/a" "$work/again"
for run in a again; do
    sed '/^label/d' "$work/$run/host.csv" >"$work/host.csv"
    echo "label,host=same," | cat "$work/host.csv" - >"$work/$run/host.csv"
done
refused_in_a_line 2 'all runs are "host=same"' "$programs/pollbench" compare \
    "$work/a" "$work/again"
refused_in_a_line 2 "has no label kernel" "$programs/pollbench" compare --by kernel \
    "$work/a" "$work/b"
cp -r "$work/b" "$work/twin"
refused_in_a_line 2 "are one run" "$programs/pollbench" compare "$work/b" \
    "$work/twin"
rm "$work/twin/growth.csv"
refused_in_a_line 2 "growth.csv: not there; pollbench fit" \
    "$programs/pollbench" compare "$work/a" "$work/twin"

# A disk that is full: the files of before stay, and no half ones.
cp "$work/a/points.csv" "$work/points.before"
rm "$work/a/models.csv"
(
    trap '' XFSZ
    ulimit -f 16
    refused_in_a_line 1 "points.csv: File too large" "$programs/pollbench" fit \
        "$work/a"
)
cmp "$work/points.before" "$work/a/points.csv" || fail "points.csv was damaged"
for left in "$work"/a/*.csv.*; do
    [ ! -e "$left" ] || fail "it left $left"
done

# A folder that may not be written to.
if [ "$(id -u)" -ne 0 ]; then
    chmod a-w "$work/a"
    refused_in_a_line 1 "Permission denied" "$programs/pollbench" fit "$work/a"
fi
