#!/bin/sh
# SPDX-License-Identifier: MIT
# throw_away_case.sh SOURCES: a factor takes its line, and a case that varies it
# its file, its line in the list and its line for CMake (docs/adding-a-case.md);
# both are then listed, measured, analysed, drawn and shown. A case that does
# not say what it varies is refused by the analysis.
# shellcheck source=tests/shape/tree_of_its_own.sh
. "$(dirname "$0")/tree_of_its_own.sh"
need gnuplot

# measure OPTION...: into $run
measure() {
    quietly build-test/bench/pollbench run --quiet --preset quick \
        --invocations 3 --rounds 3 --batch 1000 --patience 0 --most-fds 300 \
        --sweep churn --backend poll --backend epoll --output "$run" "$@"
}

# The factor, ...
awk '/^#define PB_FACTOR_LIST\(/ { inside = 1 }
    inside && !/\\$/ {
        print $0 " \\"
        print "    F(X, changes, PB_INTEGER, \"changes\", 0, \"0\", PB_HELD, " \
            "0, \"changes\", \\"
        print "      \"changes of the set\", \"change\", \\"
        print "      \"how many fds the program changes before each wait\")"
        inside = 0
        next
    }
    { print }' bench/store/factors.h >"$scratch/factors.h"
mv "$scratch/factors.h" bench/store/factors.h
# ... the case that varies it, what it times being beside the point, ...
cat >bench/measure/cases/case_churn.c <<'END'
/* SPDX-License-Identifier: MIT */
#include "case.h"

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int counts[] = {8, 64}, changes[] = {0, 1, 4, 16, 64};
    struct pb_ladder ladder = {0};
    int error = 0;

    pb_case_ladder(&ladder, request, PB_FACTOR_changes, changes, 5);
    for (int i = 0; i < 2 * ladder.n && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = request->farm.highest_fd,
            .fd_count = counts[i % 2],
            .ready_count = 1,
            .changes = ladder.values[i / 2],
        };
        error = pb_case_add(this, plan, request, &wanted, &pb_operation_all);
    }
    pb_ladder_free(&ladder);
    return error;
}

const struct pb_case pb_case_churn = {
    .name = "churn",
    .question = "How does the cost of a wait grow with changes of the set?",
    .held_fixed = "M at the limit, one ready fd, packed",
    .not_for = "what accepting and closing cost",
    .varies = {PB_FACTOR_changes, PB_FACTOR_fd_count},
    .n_varies = 2,
    .figure = "series",
    .add_points = add_points,
};
END
# ... its line in the list, and its line for CMake.
sed -i 's/^\( *\)X(fd_count)\(.*\)$/&\n\1X(churn)   \2/' \
    bench/measure/cases/case_list.h
sed -i 's/^\( *\)cases\/case_fd_count\.c$/&\n\1cases\/case_churn.c/' \
    bench/measure/CMakeLists.txt
grep -q 'changes, PB_INTEGER' bench/store/factors.h || fail "no such factor"
grep -q 'X(churn)' bench/measure/cases/case_list.h || fail "not in the list"
grep -q 'case_churn' bench/measure/CMakeLists.txt || fail "CMake has no such line"

configure
quietly cmake --build build-test -j2 --target pollbench

build-test/bench/pollbench list >"$scratch/list"
grep -q '^ *churn  *How does' "$scratch/list" || fail "--list: no such case"
grep -q '^ *varies: changes of the set, fds watched$' "$scratch/list" || fail "--list: no such factor"
measure
quietly build-test/bench/pollbench fit "$run"
quietly build-test/bench/pollbench draw "$run"
quietly build-test/bench/pollbench report "$run"

shows cases.csv '^churn,.*,"?changes fd_count"?,"?changes of the set"?,series$'
for file in samples points; do
    head -n 1 "$run/$file.csv" | grep -q ',changes,' ||
        fail "$file.csv: no column for the factor"
    shows $file.csv '^churn,epoll,all,packed,([^,]*,){7}64,'
done
shows findings.csv '^churn,64,"?1 to 64: '
shows findings.csv '^churn,.* changes of the set (from )?1'
head -n 1 "$run/models.csv" | grep -q ',changes' ||
    fail "models.csv does not say what it holds"
for form in column slide; do
    shows figures/churn-$form.svg '>changes of the set<'
    shows figures/churn-$form.svg '>64 fds watched<'
    shows figures/churn-$form.svg '>epoll<'
done
shows report.md '^## How does the cost of a wait grow with changes of the set'
shows report.md '\(figures/churn-slide\.svg\)'
shows report.md 'Not to be used for what accepting and closing cost'
shows report.html 'id="figure-churn"'
shows report.html '>changes of the set<'
shows figures/page/churn-1.svg 'aria-label="8 fds watched'

# The option comes of the same line.
run=$scratch/chosen
measure --changes 3
shows samples.csv '^churn,poll,all,packed,([^,]*,){7}3,'

# What it varies and does not declare is never averaged over.
sed -i 's/{PB_FACTOR_changes, PB_FACTOR_fd_count}/{PB_FACTOR_fd_count}/
    s/n_varies = 2/n_varies = 1/' bench/measure/cases/case_churn.c
quietly cmake --build build-test -j2 --target pollbench
run=$scratch/silent
measure
! build-test/bench/pollbench fit "$run" >"$scratch/said" 2>&1 ||
    fail "pollbench fit averages over a factor that no case declares"
grep -q 'changes differs within sweep churn' "$scratch/said" ||
    fail "pollbench fit names neither case nor factor: $(cat "$scratch/said")"
