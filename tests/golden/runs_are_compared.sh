#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs whose truth is known, beside each other: what changed is found, what a
# run's luck may be is not, and growth is named first. After a change that is
# meant to alter the words: runs_are_compared.sh PROGRAMS TESTS update
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"
update=${3:-}
cd "$work"

# run NAME LABEL SEED [SLOWDOWN [TRUTH [UNSETTLED]]]
run() {
    synthetic "$1" 6 4 0.02 0.003 0.02 "$3" "${4:-1}" "${5:-}" "${6:-0}"
    printf 'label,%s,\n' "$2" >>"$1/host.csv"
    "$programs/pollbench" fit "$1"
}

# compared STATUS OPTION-OR-RUN...: compare ends so; its words are in words.
compared() {
    wanted=$1
    shift
    status=0
    "$programs/pollbench" compare --output comparison.csv "$@" >words 2>warnings ||
        status=$?
    [ "$status" -eq "$wanted" ] ||
        fail "$*: status $status, not $wanted: $(cat words warnings)"
}

# changed KINDS: that many rows of these kinds are of a change
changed() {
    grep -cE ",label,($1),.*,(slower|faster|larger|smaller|differs)," \
        comparison.csv || true
}

for i in 1 2 3; do
    run "old$i" kernel=old "10$i"
    run "same$i" kernel=same "20$i"
    run "steep$i" kernel=steep "30$i" 1 poll-steeper
    run "grows$i" kernel=grows "40$i" 1 epoll-n
done

# Three repeats each: nothing, a slope that is a tenth steeper, and a class.
compared 0 old1 old2 old3 same1 same2 same3
[ "$(changed '.*')" -eq 0 ] || fail "a change where there is none"
compared 1 old1 old2 old3 steep1 steep2 steep3
grep -q '^slope of poll, 2 to 24 fds .*kernel=steep [^;]* b (slower, +10' words ||
    fail "a tenth of a slope is not found: $(cat words)"
! grep -q ',label,[a-z]*,\(epoll\|select\),.*,\(slower\|faster\),' \
    comparison.csv || fail "another backend is said to have changed"
compared 1 old1 old2 old3 grows1 grows2 grows3
sed -n 2p words | grep -q '^class of epoll, fds watched.*kernel=old O(1) a;.*kernel=grows O(n) .*differs' ||
    fail "the class is not named first: $(cat words)"

# The same where repeats differ by a tenth, whatever is measured: of what a
# cost is nothing is said. Where backends cross is no matter of that.
for i in 1 2 3; do
    luck=$(echo "1 0.9 1.1" | cut -d ' ' -f "$i")
    run "lucky$i" luck=one "50$i" "$luck"
    run "lucky-too$i" luck=two "60$i" "$luck"
    run "lucky-steep$i" luck=three "70$i" "$luck" poll-steeper
done
compared 3 lucky1 lucky2 lucky3 lucky-too1 lucky-too2 lucky-too3
[ "$(changed '.*')" -eq 0 ] || fail "luck is called a change: $(cat words)"
grep -Eq 'measure at least [0-9]+ runs of each label' words ||
    fail "not said how many runs would do"
compared 1 lucky1 lucky2 lucky3 lucky-steep1 lucky-steep2 lucky-steep3
[ "$(changed 'class|mean|change|slope')" -eq 0 ] ||
    fail "a cost is told in spite of luck: $(cat words)"
grep -q '^crossover of epoll and poll, fds watched' words ||
    fail "no word of where they cross"

# Two runs, and five of three labels, one of which is unsettled.
run noisy kernel=noisy 801 1 '' 0.08
compared 1 old1 grows1
as_expected words compare-2.txt "$update"
compared 1 --all old1 old2 steep1 steep2 noisy
grep -q '^noisy is unsettled and not judged' words || fail "noisy was judged"
as_expected words compare-5.txt "$update"
head -n 30 comparison.csv >first-rows
as_expected first-rows comparison.csv "$update"

# A doubling that one invocation alone shows.
synthetic once 1 4 0.02 0.003 0 1
synthetic twice 1 4 0.02 0.003 0 2 2
for i in once twice; do
    "$programs/pollbench" fit "$i"
done
compared 3 once twice
grep -q "at least 6 invocations in each run" words || fail "not said how many"

# Each ratio is that of the values beside it, whichever their unit.
for unit in ns ref; do
    compared 1 --all --unit "$unit" old1 old2 steep1 steep2
    awk '
        { gsub(/"[^"]*"/, "text"); split($0, field, ",") }
        NR == 1 { split($0, name, ","); next }
        field[14] == "ratio" && field[15] != "" {
            n++
            off = field[11] / field[10] / field[15] - 1
            if (name[14] != "scale" || off > 1e-6 || off < -1e-6)
                exit 1
        }
        END { if (n < 500) exit 1 }' comparison.csv ||
        fail "$unit: a ratio of other values"
done

# Exactly: counts may differ by nothing.
compared 3 --threshold 0 old1 old2 same1 same2
[ "$(changed '.*')" -eq 0 ] || fail "noise is called a change"

# Many: quartiles, and who is odd; by a key of the label as well.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
    cost=$([ "$i" -eq 9 ] && echo 1.3 || echo 1)
    run "host$i" "host=h$i" "90$i" "$cost"
    printf 'label,kernel=k%s,\n' "$((i % 2))" >>"host$i/host.csv"
done
compared 1 host[1-9] host1[0-4]
grep -q '^mean of poll, .*: all labels .*; host9 .*(odd, +[23]' words ||
    fail "who is odd is not named: $(cat words)"
! grep -q '; host[1-8] ' words || fail "others are odd, too: $(cat words)"
compared 1 --by kernel host[1-9] host1[0-4]
grep -q '^14 runs, k1 (7), k0 (7), ' words || fail "not by kernel"
[ "$(changed '.*')" -eq 0 ] || fail "one odd run makes a kernel slower: $(cat words)"
refused_in_a_line 2 "label host has over 12 values" \
    "$programs/pollbench" compare --by host host[1-9] host1[0-4]
