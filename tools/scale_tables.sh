#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints tables of runs of the sweeps scale and beyond_limit, as Markdown
# (docs/scale.md).
#
#   scale_tables.sh RUN...        analysed runs: what a wait costs, what each fd
#                                 costs, and their memory
#   scale_tables.sh --guest DIR   the output folder of tests/guest/guest.sh: the
#                                 power of N with which each stage grows
#
# A time is the estimate with the 95 % interval over the invocations or, where
# the point is contended, their lowest and highest; * marks points that are
# dirty or contended.
set -eu

here=$(dirname "$0")

fail() {
    printf 'scale_tables.sh: %s\n' "$2" >&2
    exit "$1"
}

# shellcheck disable=SC2016 # for awk
numbers='
    # Three digits that count, in the unit of the estimate.
    function digits(x) {
        return x == "" ? "-" : x >= 100 ? sprintf("%.0f", x) : \
            x >= 10 ? sprintf("%.1f", x) : sprintf("%.2f", x)
    }
    function time(estimate, low, high, i, n, unit) {
        if (estimate == "")
            return "failed"
        n = split("ns µs ms s", unit, " ")
        for (i = 1; i < n && estimate >= 999.5; i++) {
            estimate /= 1000
            if (low != "") { low /= 1000; high /= 1000 }
        }
        return digits(estimate) \
            (low == "" ? "" : " [" digits(low) ", " digits(high) "]") \
            " " unit[i]
    }
    function whole(n, text, i) {
        text = sprintf("%d", n)
        for (i = length(text) - 3; i > 0; i -= 3)
            text = substr(text, 1, i) "," substr(text, i + 1)
        return text
    }
'
# shellcheck disable=SC2016
columns='
    FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    function of(name) { return $column[name] }'

# of points.csv: a row for each N, a column for each series
costs() {
    awk -F, "$numbers$columns"'
        of("sweep") == "reference" || of("metric") != "cost" { next }
        {
            waits = of("stage") == "all" || of("stage") == "raw"
            series = waits ? of("backend") ", one wait" : \
                of("stage") (of("backend") == "none" ? "" : \
                             ", " of("backend"))
            kind = waits ? 1 : 2
            if (!((kind, series) in known)) {
                known[kind, series] = 1
                name[kind, ++n_series[kind]] = series
            }
            n = of("fd_count")
            if (!(n in seen)) { seen[n] = 1; rows[++n_rows] = n }
            tables[n] = of("tables")
            mark = of("flags") ~ /dirty|contended/ ? " *" : ""
            cell[series, n] = time(of("estimate_ns"), of("low_ns"), \
                                   of("high_ns")) mark
        }
        END {
            for (i = 2; i <= n_rows; i++)
                for (k = i; k > 1 && rows[k] + 0 < rows[k - 1] + 0; k--) {
                    n = rows[k]; rows[k] = rows[k - 1]; rows[k - 1] = n
                }
            for (kind = 1; kind <= 2; kind++) {
                line = "| N | tables |"
                rule = "|---:|---:|"
                for (i = 1; i <= n_series[kind]; i++) {
                    line = line " " name[kind, i] " |"
                    rule = rule "---:|"
                }
                print line "\n" rule
                for (k = 1; k <= n_rows; k++) {
                    line = "| " whole(rows[k]) " | " tables[rows[k]] " |"
                    for (i = 1; i <= n_series[kind]; i++)
                        line = line " " cell[name[kind, i], rows[k]] " |"
                    print line
                }
                print ""
            }
        }' "$1"
}

# of points.csv: a row for each N and what took memory
memory() {
    awk -F, "$numbers$columns"'
        of("metric") == "kernel_bytes" || of("metric") == "process_bytes" {
            backend = of("backend") == "none" ? "" : ", " of("backend")
            range = of("low_ns") == "" ? "" : \
                sprintf(" [%.0f, %.0f]", of("low_ns"), of("high_ns"))
            row = sprintf("| %s%s | %s | %s | %.0f%s |", of("stage"), backend, \
                of("metric") == "kernel_bytes" ? "kernel" : "process", \
                whole(of("fd_count")), of("estimate_ns"), range)
            print of("metric"), of("stage"), backend, of("fd_count"), row
        }' "$1" | sort -s -k1,2 -k3,3 -k4,4n | awk '
        BEGIN { print "| stage | whose | N | bytes per fd |"
                print "|---|---|---:|---:|" }
        { sub(/^[^|]*/, ""); print }'
}

case ${1:-} in
"") fail 2 "usage: scale_tables.sh RUN... or scale_tables.sh --guest DIR" ;;
--guest)
    [ -d "${2:-}" ] || fail 1 "${2:-}: no such folder"
    for kind in socketpair eventfd pipe; do
        awk -f "$here/../tests/guest/growth_of_time.awk" \
            "$2/$kind/samples.csv" | awk -v kind="$kind" '
            match($0, /N\^-?[0-9.]+/) {
                print $2, $1, kind, substr($0, RSTART + 2, RLENGTH - 2)
            }'
    done | sort -s -k1,2 | awk '
        BEGIN { print "| stage | backend | socketpair | eventfd | pipe |"
                print "|---|---|---:|---:|---:|" }
        { series = $1 " | " ($2 == "none" ? "" : $2)
          if (!(series in seen)) { seen[series] = 1; order[++n] = series }
          power[series, $3] = $4 }
        END {
            for (i = 1; i <= n; i++)
                print "| " order[i] " | " power[order[i], "socketpair"] \
                    " | " power[order[i], "eventfd"] " | " \
                    power[order[i], "pipe"] " |"
        }'
    ;;
*)
    for run in "$@"; do
        [ -s "$run/points.csv" ] ||
            fail 1 "$run: no points.csv; pollbench fit it first"
        grep -qE '^(scale|beyond_limit),' "$run/points.csv" ||
            fail 1 "$run: neither of the sweeps scale and beyond_limit"
        printf '%s: %ss\n\n' "$run" "$(awk -F, "$columns"'
            of("sweep") != "reference" { print of("fd_kind"); exit }' \
            "$run/points.csv")"
        costs "$run/points.csv"
        memory "$run/points.csv"
    done
    ;;
esac
