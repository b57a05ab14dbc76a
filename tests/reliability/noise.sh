#!/bin/sh
# SPDX-License-Identifier: MIT
# The verdicts of a disturbed run are those of an undisturbed one, or "cannot
# tell", and never the opposite; and the run names what disturbed it. Takes some
# minutes, and wants a machine with nothing else to do.
#
# usage: noise.sh PROGRAMS SHIM [PRESET]
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
shim=$2
[ -f "$shim" ] || fail "$shim: not there"
preset=${3:-quick}
need taskset dd

cpu=$(sed -n 's/^Cpus_allowed_list:[^0-9]*\([0-9]*\).*/\1/p' /proc/self/status)
hogs=
stop_hogs() {
    for hog in $hogs; do
        kill "$hog" 2>/dev/null || true
        wait "$hog" 2>/dev/null || true
    done
    hogs=
}
trap 'stop_hogs; rm -rf "$SCRATCH"' EXIT

# measure NAME [VARIABLE=VALUE...]: into $SCRATCH/NAME, on one CPU, with the
# verdicts on its claims
measure() {
    name=$1
    shift
    env "$@" "$PROGRAMS/pollbench" run --quiet --preset "$preset" --cpus "$cpu" \
        --seed 1 \
        --patience 0 --output "$SCRATCH/$name" 2>"$SCRATCH/$name.messages" ||
        fail "$name: $(cat "$SCRATCH/$name.messages")"
    stop_hogs
    "$PROGRAMS/pollbench" fit "$SCRATCH/$name" >/dev/null
    # Quoted texts hold commas, but none of the columns wanted here.
    awk '{ gsub(/"([^"]|"")*"/, "text"); n = split($0, field, ",") }
        NR == 1 { for (i = 1; i <= n; i++) column[field[i]] = i; next }
        { print field[column["claim"]], field[column["verdict"]] }' \
        "$SCRATCH/$name/claims.csv" >"$SCRATCH/$name.verdicts"
    [ -s "$SCRATCH/$name.verdicts" ] || fail "$name: no verdicts"
}

# compare NAME WARNING: with the undisturbed run
compare() {
    awk -v name="$1" '
        NR == FNR { before[$1] = $2; next }
        { n++; same += $2 == before[$1]; left += $2 == "cannot-tell" &&
            before[$1] != $2; more += before[$1] == "cannot-tell" &&
            before[$1] != $2 }
        $2 != before[$1] && $2 != "cannot-tell" && before[$1] != "cannot-tell" {
            print name ": " $1 ": " before[$1] " became " $2
            opposite++
        }
        END {
            printf "%s: of %d verdicts %d stay, %d become cannot-tell, ",
                name, n, same, left
            printf "%d could not be told before, %d are the opposite\n",
                more, opposite
            exit opposite > 0
        }' "$SCRATCH/quiet.verdicts" "$SCRATCH/$1.verdicts"
    grep -q "^warning,.*$2" "$SCRATCH/$1/host.csv" ||
        fail "$1: no warning that says: $2"
    echo "$1: $(grep "$2" "$SCRATCH/$1.messages")"
}

measure quiet
echo "undisturbed: $(sort "$SCRATCH/quiet.verdicts" | cut -d ' ' -f 2 |
    sort | uniq -c | tr '\n' ' ')"

taskset -c "$cpu" sh -c 'while :; do :; done' &
hogs=$!
measure busy
compare busy 'were interrupted'

# On all other CPUs, and on ours if there is no other.
others=$(sed -n 's/^Cpus_allowed_list:[^0-9]*//p' /proc/self/status)
for _ in 1 2; do
    taskset -c "$others" dd if=/dev/zero of=/dev/null bs=256M 2>/dev/null &
    hogs="$hogs $!"
done
measure memory
compare memory 'others used\|were interrupted'

# Another speed of the CPUs every three seconds, as the clocks show it.
measure clock LD_PRELOAD="$shim" SHIM_SPEED=3000:1400
compare clock 'speed of the CPUs changed'

# The real one, where it can be set.
limit=/sys/devices/system/cpu/cpu$cpu/cpufreq/scaling_max_freq
if [ -w "$limit" ]; then
    most=$(cat "$limit")
    least=$(cat "${limit%max_freq}min_freq")
    (
        trap 'echo "$most" >"$limit"; exit' TERM
        while :; do
            echo "$least" >"$limit"
            sleep 0.3
            echo "$most" >"$limit"
            sleep 0.3
        done
    ) &
    hogs=$!
    measure speed
    compare speed 'speed of the CPUs changed'
else
    echo "speed: cannot be set on this machine, not tried"
fi
