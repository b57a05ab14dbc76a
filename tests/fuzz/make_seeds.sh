#!/bin/sh
# SPDX-License-Identifier: MIT
# Seeds for the fuzz targets from the report's test run and small files by
# hand, so that mutations start from what is read in earnest. Their minimised
# descendants are committed as corpus/.
#
# usage: make_seeds.sh SOURCES FOLDER
set -eu
run=$1/tests/report/run
hostile=$1/tests/report/hostile
seeds=$2
mkdir -p "$seeds/fuzz_ranges" "$seeds/fuzz_run" "$seeds/fuzz_tables" \
    "$seeds/fuzz_text" "$seeds/fuzz_report" "$seeds/fuzz_proc" \
    "$seeds/fuzz_trace"

n=0
for range in 8 1:1024 64:640:32 '1:512:*4' 1,4,max max:max 8:max:999 '0:1:*2' \
    9:1 '1:2:*1' 1:2:0 99999999999999999999 1:2:3:4 ',' '' ' 1' -1 0x10; do
    for limits in 0 1 2 3; do
        n=$((n + 1))
        printf '%s%s' "$limits" "$range" >"$seeds/fuzz_ranges/$n"
    done
done

# The first rows: mutations of short files are faster and go deeper.
{
    head -n 12 "$run/host.csv"
    printf '\f'
    head -n 12 "$run/samples.csv"
} >"$seeds/fuzz_run/short"
{
    printf '\f'
    head -n 60 "$run/samples.csv"
} >"$seeds/fuzz_run/long"

# The order is that of fuzz_tables.c.
n=0
for file in host points steps models fits holdout crossovers ratios findings \
    layer ../../../results/claims claims ../../../results/published history \
    comparison backends cases; do
    for folder in "$run" "$hostile"; do
        [ -s "$folder/$file.csv" ] || continue
        {
            # shellcheck disable=SC2059 # the byte is the format
            printf "\\$(printf %o "$n")"
            head -n 4 "$folder/$file.csv"
        } >"$seeds/fuzz_tables/$n-$(basename "$(dirname "$folder/x")")"
    done
    n=$((n + 1))
done

cut -d, -f 2 "$hostile/host.csv" >"$seeds/fuzz_text/values"
# shellcheck disable=SC2016 # these are no expansions
printf '<script>alert(1)</script>|`x`*_[a](javascript:b)![](c)\\$&<&amp;\r\n# \200\377' \
    >"$seeds/fuzz_text/markup"

for folder in "$run" "$hostile"; do
    for file in host points steps models fits findings ratios holdout \
        crossovers layer claims history; do
        [ ! -s "$folder/$file.csv" ] || head -n 4 "$folder/$file.csv"
        printf '\f'
    done >"$seeds/fuzz_report/$(basename "$folder")"
done

# Of a thread asleep in each of the calls, as /proc has it.
printf '781 (a) (\nb) S 1 781 781 0 -1 4194560 2500 0 0' >"$seeds/fuzz_proc/stat"
printf '7 0x7fe1 0x3fa 0xffffffff 0x0 0x1 0x0 0x7ffc 0x7fe2\n' \
    >"$seeds/fuzz_proc/syscall"
printf -- '-1 0x7ffd 0x55\n' >"$seeds/fuzz_proc/blocked"
printf '123456789 55 1000\n' >"$seeds/fuzz_proc/schedstat"
printf 'Name:\ta\nState:\tS (sleeping)\nUid:\t33\t33\t33\t33\n' \
    >"$seeds/fuzz_proc/status"
printf 'pos:\t0\nflags:\t02\ntfd: %8d events: %8x data: %16x  pos:0 ino:1\n' \
    10 25 10 1034 2147483649 4294967295 >"$seeds/fuzz_proc/epoll"
