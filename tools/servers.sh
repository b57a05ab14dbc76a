#!/bin/sh
# SPDX-License-Identifier: MIT
# servers.sh RUN: a table in Markdown of what a request took of each server of
# others in an analysed RUN of the sweeps servers and cache, and of what RUN's
# models predicted of it (docs/servers.md).
set -eu

fail() {
    echo "servers.sh: $2" >&2
    exit "$1"
}

[ $# -eq 1 ] || fail 2 "usage: servers.sh RUN"
run=$1
[ -s "$run/points.csv" ] || fail 1 "$run: no points.csv; pollbench fit it first"
grep -q '^servers,' "$run/points.csv" || fail 1 "$run: nothing of the sweep servers"
predictions=$run/predictions.csv
[ -e "$predictions" ] || predictions=/dev/null

# shellcheck disable=SC2016 # for awk
columns='
    FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; file++; next }
    function of(name) { return $column[name] }'

echo "| server | load | idle | call | CPU of a request, µs | of a core, % \
| p50, µs | p99, µs | requests a wait | predicted, µs | error, % |"
echo "|---|---|---:|---|---|---:|---:|---:|---:|---|---:|"
# A row begins with what it is sorted by.
awk -F, -v OFS=' | ' -v points="$run/points.csv" "$columns"'
    function digits(x) {
        return x == "" ? "-" : x >= 99.95 ? sprintf("%.0f", x) : \
            x >= 9.995 ? sprintf("%.1f", x) : sprintf("%.2f", x)
    }
    function us(ns) { return ns == "" ? "-" : digits(ns / 1000) }
    function range(low, high) {
        return low == "" ? "" : " [" us(low) ", " us(high) "]"
    }
    of("sweep") != "servers" { next }
    {
        key = of("server") " " of("rate") " " \
            of("fd_count") - of("busy_fds") " " of("backend")
        metric = of("metric")
    }
    FILENAME != points {
        if (metric != "request_cpu") next
        predicted[key] = us(of("predicted")) range(of("low"), of("high")) \
            (of("beyond") == "" ? "" : " †")
        error[key] = sprintf("%+.0f", of("error_percent"))
        next
    }
    {
        value[key, metric] = of("estimate_ns")
        if (metric == "request_cpu" && of("estimate_ns") != "")
            cost[key] = us(of("estimate_ns")) \
                range(of("low_ns"), of("high_ns")) \
                (of("flags") ~ /dirty|contended/ ? " *" : "")
    }
    END {
        for (key in cost) {
            split(key, is, " ")
            spacing = value[key, "spacing"]
            print key " | " is[1], is[2] ? is[2] "/s" : "flat out", is[3], \
                is[4], cost[key], digits(spacing ? \
                    100 * value[key, "request_cpu"] / spacing : 100), \
                us(value[key, "response_p50"]), \
                us(value[key, "response_p99"]), \
                digits(value[key, "wait_events"]), \
                key in predicted ? predicted[key] : "-", \
                (key in error ? error[key] : "-") " |"
        }
    }' "$predictions" "$run/points.csv" |
    sort -k1,1 -k2,2n -k3,3n -k4,4 | sed 's/^[^|]*//'
echo
echo "95 % intervals over the invocations, of a prediction from a warm server to \
a cold one. † outside what the models were measured at. * disturbed by others, or \
too few that were not."

# What there is no row of, and why.
left_out=$(awk -F, "$columns"'
    of("sweep") == "servers" {
        what = of("server") ", " of("backend")
        status = $NF # the last column, which may have commas in quotes
        if (sub(/"$/, "")) { status = $0; sub(/.*"/, "", status) }
        if (status == "ok") ok[what] = 1
        else why[what] = status
    }
    END { for (what in why) if (!(what in ok))
        print "- " what ": " why[what] }' "$run/samples.csv" | sort)
[ -z "$left_out" ] || printf '\nNot measured:\n\n%s\n' "$left_out"
