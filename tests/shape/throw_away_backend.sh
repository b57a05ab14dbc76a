#!/bin/sh
# SPDX-License-Identifier: MIT
# throw_away_backend.sh SOURCES: a backend takes its file, its line in the list
# and its line for CMake (docs/adding-a-backend.md), and is then tested,
# measured, analysed, drawn and shown. It is poll with the call of ppoll, so
# that also what is said of two that do the same work can be seen.
# shellcheck source=tests/shape/tree_of_its_own.sh
. "$(dirname "$0")/tree_of_its_own.sh"
need ctest gnuplot

# The file, ...
sed -e 's/pollset__poll = {/pollset__ppoll = {/' \
    -e 's/\.summary = .*/.summary = "ppoll(2): poll, timeout in ns",/' \
    -e '/int n = pollset__call_poll(/,/;$/c\
    int64_t seconds = timeout_ns / 1000000000;\
    struct timespec timeout = {seconds < INT_MAX ? seconds : INT_MAX,\
                               timeout_ns % 1000000000};\
    const long arguments[POLLSET__ARGUMENTS] = {\
        (long)set->fds, set->n_fds, timeout_ns < 0 ? 0 : (long)&timeout};\
    int n = pollset__syscall(SYS_ppoll, arguments);' \
    -e 's/#include <stdlib.h>/&\n#include <time.h>/' \
    lib/backend_poll.c >lib/backend_ppoll.c
# ... its line in the list, at the end, and its line for CMake.
sed -i 's/^    X(.*)$/&                                         \\\n    X(ppoll, "ppoll")/' \
    lib/backend_list.h
sed -i 's/^    backend_poll\.c$/&\n    backend_ppoll.c/' lib/CMakeLists.txt
grep -q 'SYS_ppoll' lib/backend_ppoll.c || fail "the backend was not made"
grep -q 'X(ppoll' lib/backend_list.h || fail "the list has no such line"
grep -q 'backend_ppoll' lib/CMakeLists.txt || fail "CMake has no such line"

configure
quietly cmake --build build-test -j2 --target pollbench \
    contract contract_calls
(cd build-test && quietly ctest -R 'contract\.(laws|calls)\.ppoll$' \
    --no-tests=error)
grep -q 'tests passed.*out of 2$' "$scratch/said" || fail "not both were tested"

build-test/bench/pollbench list >"$scratch/list"
grep -q '^ *ppoll ' "$scratch/list" || fail "--list does not have it"
quietly build-test/bench/pollbench run --quiet --preset quick --invocations 3 \
    --rounds 3 --patience 0 --most-fds 600 --sweep fd_count --sweep steps \
    --backend poll --backend ppoll --output "$run"
quietly build-test/bench/pollbench fit "$run"
quietly build-test/bench/pollbench draw "$run" fd_count
quietly build-test/bench/pollbench report "$run"

shows backends.csv '^[0-9]*,"?ppoll"?,"?poll"?,"?fd_count"?,0,'
shows samples.csv '^"?fd_count"?,"?ppoll"?,.*ok'
shows points.csv '^"?fd_count"?,"?ppoll"?,'
shows models.csv '^"?ppoll"?,'
shows crossovers.csv '^"?p?poll"?,"?p?poll"?,'
shows findings.csv '^"?fd_count"?,.*ppoll'
shows figures/fd_count-slide.svg '>ppoll<'
shows report.html '>ppoll<'
# It does what poll does: where one overtakes the other is nothing to go by.
! grep -E '^"?p?poll"?,"?p?poll"?,.*,"?found"?,' "$run/crossovers.csv" ||
    fail "crossovers.csv: poll and ppoll are said to cross"
