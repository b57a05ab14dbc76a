#!/bin/sh
# SPDX-License-Identifier: MIT
# no_backend_by_name.sh SOURCES: nothing but the library, what makes the bare
# calls, and what knows other programs' calls by their numbers, goes by the name
# of a backend (docs/architecture.md); what is claimed or aimed at of one is
# data, in CSV files.
set -eu
cd "$1"
names=$(sed -n 's/^ *X([a-z_]*, "\([a-z_-]*\)").*/\1/p' lib/backend_list.h |
    paste -sd '|')
[ -n "$names" ] || {
    echo "no_backend_by_name.sh: lib/backend_list.h: no names found" >&2
    exit 1
}
# Lists in gnuplot are strings of words.
found=$(
    {
        grep -rnE --exclude='*.csv' "\"($names)\"" bench run_all.sh tools || true
        grep -nE "\"($names)[\" /]" plots/* || true
    } | grep -v -e '^bench/measure/operations/operation_\(call\|raw\|ring\|waiters\)\.c:' \
        -e '^bench/measure/kit/wait_call\.c:' \
        -e '^bench/measure/cases/case_[a-z_]*\.c:[0-9]*: *\.name = '
) || true
[ -z "$found" ] || {
    printf 'no_backend_by_name.sh: a fact of lib/backend.h is wanted at\n%s\n' \
        "$found" >&2
    exit 1
}
