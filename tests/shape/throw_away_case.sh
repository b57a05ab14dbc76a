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
        --sweep burst --backend poll --backend epoll --output "$run" "$@"
}

# The factor, ...
awk '/^#define PB_FACTOR_LIST\(/ { inside = 1 }
    inside && !/\\$/ {
        print $0 " \\"
        print "    F(X, strays, PB_INTEGER, \"strays\", 0, \"0\", PB_HELD, " \
            "0, \"strays\", \\"
        print "      \"strays\", \"change\", \\"
        print "      \"fds that strayed\")"
        inside = 0
        next
    }
    { print }' bench/store/factors.h >"$scratch/factors.h"
mv "$scratch/factors.h" bench/store/factors.h
# ... the case that varies it, what it times being beside the point, ...
cat >bench/measure/cases/case_burst.c <<'END'
/* SPDX-License-Identifier: MIT */
#include "case.h"

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int counts[] = {8, 64}, strays[] = {0, 1, 4, 16, 64};
    struct pb_ladder ladder = {0};
    int error = 0;

    pb_case_ladder(&ladder, request, PB_FACTOR_strays, strays, 5);
    for (int i = 0; i < 2 * ladder.n && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = request->farm.highest_fd,
            .fd_count = counts[i % 2],
            .ready_count = 1,
            .strays = ladder.values[i / 2],
        };
        error = pb_case_add(this, plan, request, &wanted, &pb_operation_all);
    }
    pb_ladder_free(&ladder);
    return error;
}

const struct pb_case pb_case_burst = {
    .name = "burst",
    .question = "How does the cost of a wait grow with strays?",
    .held_fixed = "M at the limit, one ready fd, packed",
    .not_for = "what accepting and closing cost",
    .varies = {PB_FACTOR_strays, PB_FACTOR_fd_count},
    .n_varies = 2,
    .figure = "series",
    .add_points = add_points,
};
END
# ... its line in the list, and its line for CMake.
sed -i 's/^\( *\)X(fd_count)\(.*\)$/&\n\1X(burst)   \2/' \
    bench/measure/cases/case_list.h
sed -i 's/^\( *\)cases\/case_fd_count\.c$/&\n\1cases\/case_burst.c/' \
    bench/measure/CMakeLists.txt
grep -q 'strays, PB_INTEGER' bench/store/factors.h || fail "no such factor"
grep -q 'X(burst)' bench/measure/cases/case_list.h || fail "not in the list"
grep -q 'case_burst' bench/measure/CMakeLists.txt || fail "CMake has no such line"

configure
quietly cmake --build build-test -j2 --target pollbench

build-test/bench/pollbench list >"$scratch/list"
grep -q '^ *burst  *How does' "$scratch/list" || fail "--list: no such case"
grep -q '^ *varies: strays, fds watched$' "$scratch/list" || fail "--list: no such factor"
measure
quietly build-test/bench/pollbench fit "$run"
quietly build-test/bench/pollbench draw "$run"
quietly build-test/bench/pollbench report "$run"

shows cases.csv '^burst,.*,"?strays fd_count"?,"?strays"?,series,none$'
# Columns between the layout and the factor, which is the last one.
between=$(head -n 1 "$run/points.csv" | tr ',' '\n' |
    awk '$0 == "layout" { from = NR } $0 == "strays" { print NR - from - 1 }')
for file in samples points; do
    head -n 1 "$run/$file.csv" | grep -q ',strays,' ||
        fail "$file.csv: no column for the factor"
    shows $file.csv '^burst,epoll,all,packed,([^,]*,){'"$between"'}64,'
done
shows findings.csv '^burst,64,"?1 to 64: '
shows findings.csv '^burst,.* strays (from )?1'
head -n 1 "$run/models.csv" | grep -q ',strays' ||
    fail "models.csv does not say what it holds"
for form in column slide; do
    shows figures/burst-$form.svg '>strays<'
    shows figures/burst-$form.svg '>64 fds watched<'
    shows figures/burst-$form.svg '>epoll<'
done
shows report.md '^## How does the cost of a wait grow with strays'
shows report.md '\(figures/burst-slide\.svg\)'
shows report.md 'Not to be used for what accepting and closing cost'
shows report.html 'id="figure-burst"'
shows report.html '>strays<'
shows figures/page/burst-1.svg 'aria-label="8 fds watched'

# The option comes of the same line.
run=$scratch/chosen
measure --strays 3
shows samples.csv '^burst,poll,all,packed,([^,]*,){'"$between"'}3,'

# What it varies and does not declare is never averaged over.
sed -i 's/{PB_FACTOR_strays, PB_FACTOR_fd_count}/{PB_FACTOR_fd_count}/
    s/n_varies = 2/n_varies = 1/' bench/measure/cases/case_burst.c
quietly cmake --build build-test -j2 --target pollbench
run=$scratch/silent
measure
! build-test/bench/pollbench fit "$run" >"$scratch/said" 2>&1 ||
    fail "pollbench fit averages over a factor that no case declares"
grep -q 'strays differs within sweep burst' "$scratch/said" ||
    fail "pollbench fit names neither case nor factor: $(cat "$scratch/said")"
