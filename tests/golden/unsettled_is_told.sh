#!/bin/sh
# SPDX-License-Identifier: MIT
# A run whose invocations differ as a whole is called unsettled by pollbench fit and
# by its report, from the smallest sets on and also where the reference loop is
# calm; a cause is named where its evidence goes with the levels, and no other.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

LEVELS='1 1.02 1.25 1.2 1.3 1.01'
NOT_SEEN='cause not seen'
CPU='which CPU it was'
CLOCK='the ALU loop alone'
MEMORY='others used the cache or the memory'
OTHERS='others ran on the same CPUs'
CALLS='system calls themselves changed speed'
KNOWN='In this run'

# The run in $work/calm has no noise: what differs is made here, with an empty
# system call once a round.
synthetic "$work/calm" 6 6 0 0 0 1

# disturbed CAUSE LEVELS: into $work/run
disturbed() {
    rm -rf "$work/run"
    cp -r "$work/calm" "$work/run"
    awk -F, -v OFS=, -v cause="$1" -v levels="$2" '
        BEGIN { n = split(levels, level, " "); OFMT = CONVFMT = "%.0f" }
        NR == 1 { print; next }
        $9 >= n { next }
        {
            own = level[$9 + 1]
            is_dear = own > 1.1
            $12 = cause == "cpu" ? is_dear + 0 : $9 % 2
        }
        $6 > 0 && cause != "clock" { $14 = int($14 * own) }
        $2 == "ref1" && cause == "clock" { $14 = int($14 / own) }
        $2 == "memory-probe" && cause == "memory" && is_dear { $14 *= 5 }
        cause == "others" && is_dear { $16 = NR % 10 == 0 }
        { print }
        $2 == "ref1" {
            if (cause == "calls")
                $14 = int($14 * sqrt(own))
            $2 = "ref0"
            $11 += 100000
            print
        }' "$work/calm/samples.csv" >"$work/run/samples.csv"
}

# analysed: what pollbench fit says of levels goes to $work/said
analysed() {
    "$programs/pollbench" fit "$work/run" 2>"$work/messages" ||
        fail "$(cat "$work/messages")"
    "$programs/pollbench" report "$work/run" || fail "no report"
    grep 'unsettled' "$work/messages" >"$work/said" || true
}

# told NAME WORDS...: these and none of the others, in the report too
told() {
    name=$1
    shift
    analysed
    for cause in "$NOT_SEEN" "$CPU" "$CLOCK" "$MEMORY" "$OTHERS" "$CALLS" \
        "$KNOWN"; do
        is_wanted=no
        for wanted; do
            [ "$wanted" != "$cause" ] || is_wanted=yes
        done
        is_said=no
        ! grep -qF "$cause" "$work/said" || is_said=yes
        [ "$is_said" = "$is_wanted" ] ||
            fail "$name: \"$cause\": $is_said, not $is_wanted: $(
                cat "$work/messages")"
    done
    for wanted; do
        grep -F 'this run is unsettled' "$work/run/report.md" |
            grep -qF "$wanted" || fail "$name: the report lacks: $wanted"
    done
    echo "$name: $(cat "$work/said")"
}

disturbed none "$LEVELS"
told 'nothing else changed' "$NOT_SEEN"
grep -qF 'differ by 11.9 % (standard deviation, up to +16 %), the ALU loop (ref1) by 0.0 %' \
    "$work/said" || fail "not by so much: $(cat "$work/said")"
disturbed cpu "$LEVELS"
told 'two kinds of CPU' "$CPU"
disturbed clock "$LEVELS"
told 'the ALU loop' "$CLOCK"
disturbed memory "$LEVELS"
told 'slow memory probes' "$MEMORY"
disturbed others "$LEVELS"
told 'interruptions' "$OTHERS"
disturbed calls "$LEVELS"
told 'system calls' "$CALLS"

disturbed none "$LEVELS"
{
    echo 'started,2026-01-01T23:59:00Z,'
    echo 'ended,2026-01-02T00:00:40Z,'
    echo 'cpus_online,2,'
    echo 'steal_start,1000,clock ticks'
    echo 'steal_end,1190,clock ticks'
    echo 'pressure_cpu_some_start,5000000,us'
    echo 'pressure_cpu_some_end,9000000,us'
} >>"$work/run/host.csv"
told '0.95 % stolen, 4 % waited' "$NOT_SEEN"
{
    echo 'steal_end,1210,clock ticks'
    echo 'pressure_cpu_some_end,11000000,us'
} >>"$work/run/host.csv"
told '1.05 % stolen, 6 % waited' "$KNOWN"
grep -qF 'hypervisor took CPU time, others wanted the CPUs' "$work/said" ||
    fail "not both: $(cat "$work/said")"

# Of few invocations anything may go with anything.
disturbed calls '1 1.2 1.25'
told 'three invocations'
grep -qF 'Of so few' "$work/said" || fail "$(cat "$work/said")"

disturbed calls '1 1.02 1.03 1.01 1.05 1.04'
analysed
! grep . "$work/said" || fail "called unsettled"
! grep -F 'unsettled' "$work/run/report.md" || fail "the report calls it so"
! grep '^levels,' "$work/run/findings.csv" || fail "so does findings.csv"
