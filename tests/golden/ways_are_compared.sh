#!/bin/sh
# SPDX-License-Identifier: MIT
# Waits that may sleep, that are cold, and whose set changes: what one way costs
# more than another comes out as it went in, each is predicted by its own
# points, claims are tested among them, and what is said without naming a way
# does not notice them.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

synthetic "$work/one" 6 4 0 0 0 1
"$programs/pollbench" fit "$work/one" 2>/dev/null
cp -r "$work/one" "$work/two"
run=$work/two
grep -E '^(cache|churn|idle_server),' "$here/../../results/cases.csv" >"$work/cases"
grep -vE '^(cache|churn|idle_server),' "$work/one/cases.csv" >"$run/cases.csv"
head -n 1 "$here/../../results/cases.csv" | tr ',' '\n' >"$work/columns"
[ "$(head -n 1 "$run/cases.csv" | tr ',' '\n' | wc -l)" -eq \
    "$(wc -l <"$work/columns")" ] || fail "cases.csv: other columns"
cat "$work/cases" >>"$run/cases.csv"

# Of poll 100 ns and 40 more for each fd, 60 more if it may sleep, and as much
# if it is cold; of epoll the same whatever is watched. A change costs poll 1 ns
# and epoll 200. A request costs a server 1,000 ns and its wait: of 10 busy ones
# among 100 that is a tenth of one wait, and 1,000 a second have a wait each.
awk -F, -v OFS=, '
    function put(sweep, backend, n, cache, timeout, place, change, changes,
                 cost) {
        $column["sweep"] = sweep
        $column["backend"] = backend
        $column["highest_fd"] = 16383
        $column["fd_count"] = n
        $column["ready_count"] = 1
        $column["occupied_words"] = int((n + 63) / 64)
        $column["sequence"] = 100000 + n_put++
        $column["calls"] = 1000
        $column["batch_ns"] = 1000 * cost + 20
        $column["overhead_ns"] = 20
        print $0, cache, timeout, place, change, changes, "cost", 0, 0, "ns"
    }
    function serve(backend, metric, rate, cost) {
        $column["sweep"] = "idle_server"
        $column["backend"] = backend
        $column["stage"] = "request"
        $column["fd_count"] = 100
        $column["occupied_words"] = 2
        $column["sequence"] = 100000 + n_put++
        $column["batch_ns"] = sprintf("%d", 1000 * cost + 20)
        print $0, "warm", 0, "spread", "none", 0, metric, 10, rate,
            metric == "wait_events" ? "events" : "ns"
    }
    function put_ways(n, is_cold, may_sleep) {
        put("cache", "poll", n, is_cold ? "cold" : "warm", 1000 * may_sleep,
            "last", "none", 0, 100 + 900 * is_cold + 100 * may_sleep + \
            (40 + 60 * is_cold + 60 * may_sleep) * n)
        put("cache", "epoll", n, is_cold ? "cold" : "warm", 1000 * may_sleep,
            "last", "none", 0, 200 + 800 * is_cold + 100 * may_sleep)
    }
    NR == 1 {
        for (i = 1; i <= NF; i++) column[$i] = i
        print $0 ",cache,timeout,ready_place,change,changes,metric,busy_fds,rate,unit"
        next
    }
    { print $0, "warm", 0, "spread", "none", 0, "cost", 0, 0, "ns" }
    $column["backend"] == "ref1" {
        for (n = 1; n <= 128; n *= 2)
            for (way = 0; way < 4; way++)
                put_ways(n, way % 2, way > 1)
        for (c = 1; c <= 32; c *= 2) {
            put("churn", "poll", 64, "warm", 0, "spread", "modify", c, 2660 + c)
            put("churn", "epoll", 64, "warm", 0, "spread", "modify", c,
                200 + 200 * c)
        }
        serve("epoll", "request_cpu", 0, 1000 + (200 + 100 / 11) / 10)
        serve("poll", "request_cpu", 0, 2 * (1000 + (4100 + 6100 / 11) / 10))
        serve("epoll", "request_cpu", 1000, 1000 + (500 + 2100) / 2)
        serve("poll", "request_cpu", 1000, 1000 + (14300 + 28100) / 2)
        serve("poll", "wait_events", 1000, 2)
        serve("poll", "request_cpu", 10, 22200) # what else it took is not known
    }' "$work/one/samples.csv" >"$run/samples.csv"
cat >"$work/claims.csv" <<'END'
claim,statement,source,year,expectation,backend,other,stage,variable,layout,highest_fd,fd_count,ready_count,expected,tolerance_percent,held
scan,it costs the scan,nobody in particular,,same,poll,timeout=0,all,,packed,any,128,1,,20,timeout=1000 ready_place=last cache=warm
each,it grows,nobody in particular,,depends,poll,,all,fd_count,packed,any,,1,,3,timeout=each cache=each ready_place=last
END
"$programs/pollbench" fit --claims "$work/claims.csv" "$run" \
    2>"$work/said" || fail "$(cat "$work/said")"

# differs SWEEP BACKEND FD_COUNT CACHE TIMEOUT DIFFERS NUMBER PER: at that point
differs() {
    awk -F, -v wanted="$*" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        {
            row = $at["sweep"] " " $at["backend"] " " $at["fd_count"] " " \
                $at["cache"] " " $at["timeout"] " " $at["differs"] " "
            if (index(wanted, row) != 1)
                next
            split(substr(wanted, length(row) + 1), number, " ")
            n++
            off = $at["difference_ns"] - number[1]
            per = $at["per_ns"] - number[2]
            bad += off * off > 0.25 || per * per > 1e-4
        }
        END { exit n != 1 || bad }' "$run/differences.csv" ||
        fail "differences.csv: not $*"
}
differs cache poll 128 warm 0 timeout 7780 60
differs cache poll 128 cold 0 timeout 7780 60
differs cache poll 128 warm 0 cache 8580 60
differs cache poll 128 warm 1000 cache 8580 60
differs cache epoll 128 warm 0 cache 800 0
differs cache epoll 64 cold 0 timeout 100 0

# predicts OPTIONS WORDS...: of a backend, its cost
predicts() {
    # shellcheck disable=SC2086 # options
    "$programs/pollbench" predict --highest-fd 16383 $1 "$run" >"$work/told"
    shift
    for words; do
        grep -qE "$words" "$work/told" || fail "not $words: $(cat "$work/told")"
    done
}
predicts "--fds 100 --cache cold" '^poll  *11 ' '^epoll  *1 '
# Warm passes 4.1 and 10.2 us, cold ones 11 and 17.1; of epoll 0.2, 0.3, 1, 1.1.
predicts "--fds 100 --sleeping" '^poll  *21\.2 \[14\.3, 28\.1\] ' \
    '^epoll  *1\.3 \[0\.5, 2\.1\] '
# A server: of 10 ready ones among 100 the first stands at 1/11, and each costs a
# tenth of a wait; 1,000 a second sleep, and take 22.2 us or from 15.3 to 29.1.
predicts "--idle 90 --busy 10 --service-ns 1000 --ready-spread" \
    '^poll  *awake  10 requests a wait  1\.465 \[1\.465, 2\.155\] .* a request  '
predicts "--idle 90 --busy 10 --service-ns 1000 --requests-per-second 1000" \
    '^poll  *sleeping  1 requests a wait  22\.2 \[15\.3, 29\.1\] .* a request  2\.22 '
predicts "--idle 90 --busy 10 --service-ns 1000 --requests-per-second 1e6 \
    --markdown" '\*\*poll\*\* overload, 10 requests a wait, 1\.9.* requests/s'
refused 2 '--fds is of a wait' "$programs/pollbench" predict --idle 3 --fds 3 \
    "$run"
refused 2 '--cache is of a wait' "$programs/pollbench" predict \
    --idle 3 --busy 1 --service-ns 9 --cache cold "$run"
for given in "--idle 3 --service-ns 9" "--idle 3 --busy 0 --service-ns 9" \
    "--busy 3 --service-ns 9" "--idle 3 --busy 3" "--ready-spread"; do
    # shellcheck disable=SC2086 # options
    refused 2 'have to be known' "$programs/pollbench" predict $given "$run"
done
for number in 0 nan -1 1e13 inf 1x; do
    refused 2 "is \"$number\", not 1e-09 to 1e+12" "$programs/pollbench" predict --idle 3 \
        --busy 3 --service-ns "$number" "$run"
done
predicts "--fds 64 --changes-per-wait 10 --change modify" '^epoll  *2\.271 '
refused 1 'nothing is known of the change "re-add"' "$programs/pollbench" \
    predict --fds 64 --changes-per-wait 10 --change re-add "$run"
refused 1 'cold; measure the sweep cache' "$programs/pollbench" predict \
    --fds 64 --sleeping "$work/one"

# served BACKEND REGIME METRIC RATE PREDICTED MEASURED, of predictions.csv
served() {
    awk -F, -v wanted="$*" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        {
            n += wanted == sprintf("%s %s %s %d %.1f %.1f", $at["backend"],
                $at["regime"], $at["metric"], $at["rate"], $at["predicted"],
                $at["measured"])
        }
        END { exit n != 1 || NR != 4 }' "$run/predictions.csv" ||
        fail "predictions.csv: not $*: $(cat "$run/predictions.csv")"
}
served poll awake request_cpu 0 1465.5 2930.9
served poll sleeping request_cpu 1000 22200.0 22200.0
served poll sleeping wait_events 1000 1.0 2.0
"$programs/pollbench" report "$run"
grep -qF '| poll | 100 | 10 | flat out | CPU time of a request | 1.47 ' \
    "$run/report.md" || fail "no predictions in report.md"
[ ! -e "$work/one/predictions.csv" ] || fail "predictions.csv of no server"

# Where a wait of epoll with changes costs what poll's does, and which claims.
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["variable"] == "changes" && $at["status"] == "found" &&
        $at["first"] == "epoll" && $at["changes"] == "" {
        n += $at["place"] > 12.35 && $at["place"] < 12.37
    }
    END { exit n != 1 }' "$run/crossovers.csv" || fail "another crossing"
grep -q '^scan,.*,refuted,.* costs 2.49 .*times what the same with timeout=0' \
    "$run/claims.csv" || fail "claims.csv: scan: $(cat "$run/claims.csv")"
grep -q '^each,.*,supported,.*alike at each of 4 base points' \
    "$run/claims.csv" || fail "claims.csv: each: $(cat "$run/claims.csv")"
sed 's/timeout=0,all/timeoot=0,all/' "$work/claims.csv" >"$work/bad.csv"
refused_in_a_line 1 'other is "timeoot=0", which names no factor' \
    "$programs/pollbench" fit --claims "$work/bad.csv" "$run"

# The others say what they said before.
for file in models growth slopes; do
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["typical"] == 1' "$work/one/$file.csv" >"$work/before"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["typical"] == 1' "$run/$file.csv" >"$work/after"
    [ -s "$work/before" ] || fail "$file.csv: nothing is typical"
    cmp "$work/before" "$work/after" || fail "$file.csv: others notice"
done
