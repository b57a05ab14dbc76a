#!/bin/sh
# SPDX-License-Identifier: MIT
# The histograms of a wakeup become percentiles, which claims are tested on; a
# rate that was not reached has none, and says so; a window in which others took
# part is left out; and what is no histogram is refused, by its line.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

run=$work/run
mkdir "$run"

# Six invocations of poll, epoll, and a poll that has half the rate; the last one
# of poll was disturbed.
awk 'BEGIN {
    print "sweep,backend,stage,layout,highest_fd,fd_count,ready_count," \
        "occupied_words,fd_kind,rate,writer,metric,invocation,round,sequence,cpu," \
        "calls,unit,batch_ns,overhead_ns,involuntary_switches,latencies,status"
    poll = "response 51200:989 102400:11;service 30720:1000"
    for (k = 0; k < 6; k++) {
        row("poll", 512, 0, 100000000, k == 5, \
            k == 5 ? "response 1:1000;service 1:1000" : poll)
        row("epoll", 512, 1, 100000000, 0, \
            "response 20480:1000;service 10240:1000")
        row("poll", 1024, 2, 200000000, 0, poll)
    }
}
function row(backend, n, sequence, all_ns, switches, latencies) {
    printf "wakeup,%s,asleep,packed,1371,%d,0,16,eventfd,10000,other,spacing,%d,0," \
        "%d,0,1000,ns,%d,0,%d,%s,ok\n", backend, n, k, sequence, all_ns, \
        switches, latencies
}' >"$run/samples.csv"

# fits: what stands on stderr is that there is no host.csv.
fits() {
    "$programs/pollbench" fit "$run" 2>"$work/said" || fail "$(cat "$work/said")"
}

# told BACKEND FDS METRIC COLUMN: of that point
told() {
    awk -F, -v backend="$1" -v fds="$2" -v metric="$3" -v wanted="$4" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["backend"] == backend && $at["fd_count"] == fds &&
            $at["metric"] == metric { gsub(/"/, ""); print $at[wanted] }' \
        "$run/points.csv"
}

is_told() {
    said=$(told "$1" "$2" "$3" "$4")
    [ "$said" = "$5" ] || fail "$*: it is \"$said\""
}

fits
# The middle of the bucket that holds the event of that rank, to the last digits.
for row in "poll response_p50 51327.5" "poll response_p99 102655.5" \
    "poll service_p99 30783.5" "epoll service_p50 10271.5"; do
    # shellcheck disable=SC2086
    set -- $row
    said=$(told "$1" 512 "$2" estimate_ns)
    awk -v a="$said" -v b="$3" 'BEGIN { exit !(a / b < 1.000001 && b / a < 1.000001) }' ||
        fail "$row: it is \"$said\""
done
[ -z "$(told poll 512 response_p999 estimate_ns)" ] || fail "p999 of 1000 events"
is_told poll 512 service_p50 invocations 5
is_told epoll 512 service_p50 invocations 6
is_told poll 1024 service_p50 flags failed
is_told poll 1024 service_p50 reason "overrun: 5000 of 10000 events per s"
is_told poll 1024 spacing flags ""
for claim in epoll-latency-many-fds wrk2-coordinated-omission; do
    grep -q "^$claim,.*,supported," "$run/claims.csv" ||
        fail "$(grep "^$claim," "$run/claims.csv")"
done
grep -q '^epoll-latency-few-fds,.*,cannot-tell,' "$run/claims.csv" ||
    fail "a claim about one fd, of which nothing was measured"

# Hostile ones, each with the line that it is in.
cp "$run/samples.csv" "$work/good"
for wrong in 's/20480:1000/20480:999/' 's/20480:1000/20481:1000/' \
    's/;service 10240:1000//' 's/20480:1000/20480:1e3/'; do
    sed "3$wrong" "$work/good" >"$run/samples.csv"
    refused_in_a_line 1 "samples.csv:3: latencies is no histogram of" \
        "$programs/pollbench" fit "$run"
done

# A claim may name what it holds, and not what there is none of.
cp "$work/good" "$run/samples.csv"
head -n 1 "$here/../../results/claims.csv" >"$work/claims"
for held in "weather=4" "metric" "metric=switches waiters"; do
    {
        cat "$work/claims"
        echo "c,s,s,,value,poll,,asleep,,packed,any,512,0,1,2,$held"
    } >"$work/bad.csv"
    refused_in_a_line 1 "c: held is \"$held\"" \
        "$programs/pollbench" fit --claims "$work/bad.csv" "$run"
done
