#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs that count instructions: an extract of a real one, and synthetic ones
# whose truth is known. A count is exact or the least of its batches, in its own
# unit everywhere, and compared to the last instruction. After a change that is
# meant to alter the files: counts.sh PROGRAMS TESTS update
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"
update=${3:-}
pollbench=$programs/pollbench
cd "$work"

cp -r "$here/counted" real
"$pollbench" fit real
"$pollbench" show real >real/summary.txt
"$pollbench" predict --fds 1000 real >real/predict.txt
"$pollbench" report real 2>/dev/null
head -n 40 real/points.csv >real/head && mv real/head real/points.csv
grep -v 'too little data' real/claims.csv >real/told && mv real/told real/claims.csv
for file in points.csv growth.csv slopes.csv steps.csv findings.csv \
    claims.csv summary.txt predict.txt; do
    as_expected "real/$file" "counted-$file" "$update"
done
! grep -nwE '[0-9]+ (ns|µs|ms)|reference loops?|memory probes?|hypervisor' \
    real/report.md real/summary.txt real/predict.txt ||
    fail "a count is called a time, or what bears on times is named"
! grep -nE 'interval|wholly' real/claims.csv ||
    fail "a verdict on counts speaks of an interval"

# counted NAME INTERRUPTED SEED [TRUTH]
counted() {
    mkdir "$1"
    "$tests/synthesise" "$1" 3 4 0 0 "$2" "$3" 1 "${4:-}" 0 counted
    "$pollbench" fit "$1"
}

# Interrupts add to batches, and take nothing from what is said.
counted calm 0 1
counted busy 0.3 2
# column NAME FILE
column() {
    awk -F, -v name="$1" 'NR == 1 { while ($++at != name); } { print $at }' "$2"
}
column estimate_ns calm/points.csv >calm/values
column estimate_ns busy/points.csv >busy/values
cmp calm/values busy/values || fail "interrupts change a count"
for file in growth steps slopes crossovers claims; do
    cmp "calm/$file.csv" "busy/$file.csv" || fail "interrupts change $file.csv"
done
! grep -q ',minimum$' calm/points.csv || fail "all batches agree, but not exact"
grep -q ',minimum$' busy/points.csv || fail "no point is told to be a minimum"
grep -q '^epoll,all,packed,fd_count,.*"O(1)".*,0,0,0,' calm/growth.csv ||
    fail "epoll does not cost the same to the last instruction"

# A gate: alike is alike, of one label, too; one instruction is a change.
compared() {
    wanted=$1
    shift
    status=0
    "$pollbench" compare "$@" >words 2>warnings || status=$?
    [ "$status" -eq "$wanted" ] ||
        fail "$*: status $status, not $wanted: $(cat words warnings)"
}
compared 0 calm busy
mkdir more
cp calm/*.csv more
awk -F, -v OFS=, '$1 == "fd_count" && $2 == "poll" && $6 == 96 { $14 += $13 }
    { print }' calm/samples.csv >more/samples.csv
"$pollbench" fit more
compared 1 calm more
grep -q '^cost of poll, fd_count, .*N 96, .*(larger, +1, +0.0 %)' words ||
    fail "an instruction more is not named: $(cat words)"
! grep -qE 'invocations|discoveries|runs of each| ns' words ||
    fail "counts are compared as times are"
compared 0 --threshold 1 calm more
counted steep 0 3 poll-steeper
compared 1 --report both calm steep
grep -q '| slope of poll (all), 64 to 512 fds watched.*| 52[^|]*| 5[67]' \
    both/report.md || fail "what each costs is not in the report"
synthetic timed 3 4 0 0 0 4
"$pollbench" fit timed
refused_in_a_line 2 "compare runs of one unit" "$pollbench" compare calm timed
refused_in_a_line 1 "no share of a core" \
    "$pollbench" predict --fds 9 --waits-per-second 9 calm
refused_in_a_line 1 "of times alone" "$pollbench" export --format gbench calm

# Times beside counts: of the synthetic runs an instruction takes 1 ns.
"$pollbench" fit --counted calm timed
column ns timed/per_instruction.csv | awk '
    NR > 1 { off = $1 - 1; if (off > 0.01 || off < -0.01) exit 1 }
    END { if (NR < 300) exit 1 }' || fail "an instruction does not take 1 ns"
grep -q '^per_instruction,,"*ns per instruction: .*poll 1.00 to 1.00' timed/findings.csv ||
    fail "not said what an instruction takes"
refused_in_a_line 1 "--counted wants the latter" \
    "$pollbench" fit --counted timed timed
"$pollbench" report timed 2>/dev/null
grep -q '^## What is work, and what is memory' timed/report.md ||
    fail "the page says nothing of what an instruction takes"

# As figures, where they can be drawn.
command -v gnuplot >/dev/null || exit 0
for label in epoll poll select; do
    grep -q ">$label<" both/figures/page/compared-2.svg ||
        fail "$label is not in the figure of labels"
done
"$pollbench" draw --form page timed per_instruction >said
[ -s timed/figures/page/per_instruction-2.svg ] || fail "$(cat said)"
"$pollbench" draw --form page busy fd_count steps >said
grep -q 'instructions of one call' busy/figures/page/fd_count-1.svg ||
    fail "the axis is not in instructions"
! grep -qE '[0-9] ?(ns|µs|ms|s)<' busy/figures/page/*.svg ||
    fail "a figure of counts shows times"
