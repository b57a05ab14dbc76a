#!/bin/sh
# SPDX-License-Identifier: MIT
# How often an interval of one run holds what the next run says: for each pair
# of runs that follow each other, both ways, the local slopes (slopes.csv) that
# both have. run_to_run.sh RUN RUN..., of one machine, which pollbench fit has
# analysed; docs/method.md quotes it.
set -eu

if [ $# -lt 2 ]; then
    echo 'run_to_run.sh: usage: run_to_run.sh RUN RUN..., folders with slopes.csv' >&2
    exit 2
fi

# held OF IN: of the slopes of OF whose interval stands in IN, how many it holds.
held() {
    awk -F, '
    FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; file++; next }
    {
        key = ""
        for (i = 1; i < c["slope"]; i++)
            key = key "," $i
        if (file == 1)
            value[key] = $c["slope"]
        else if (key in value && $c["slope_low"] != "") {
            n++
            held += $c["slope_low"] <= value[key] && value[key] <= $c["slope_high"]
        }
    }
    END { print held + 0, n + 0 }' "$1/slopes.csv" "$2/slopes.csv"
}

while [ $# -gt 1 ]; do
    held "$1" "$2"
    held "$2" "$1"
    shift
done | awk '{ held += $1; n += $2 }
    END {
        if (!n) {
            print "run_to_run.sh: the runs share no slope" >"/dev/stderr"
            exit 1
        }
        printf "%d of %d slopes held, %.0f %%\n", held, n, 100 * held / n
    }'
