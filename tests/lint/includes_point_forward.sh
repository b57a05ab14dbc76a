#!/bin/sh
# SPDX-License-Identifier: MIT
# Each room includes itself and what this table says, so that no include points
# backwards; and no folder holds over 25 sources. The order of the rooms is in
# docs/architecture.md.
set -eu
MOST_SOURCES=25

# ROOM: what it may include besides itself, a whole room or one file of it.
# The programs of the analysis are behind all of it, and one shows a page, too.
rooms() {
    cat <<'END'
lib: lib/include
lib/include:
bench/store: lib/include
bench/measure/plan: bench/store
bench/measure/kit: bench/store
bench/measure/scenes: bench/store bench/measure/plan bench/measure/kit
bench/measure/operations: bench/store bench/measure/plan bench/measure/kit bench/measure/scenes lib/include
bench/measure/cases: bench/store bench/measure/plan bench/measure/kit bench/measure/scenes bench/measure/operations lib/include
bench/measure/run: bench/store bench/measure/plan bench/measure/kit bench/measure/scenes bench/measure/operations bench/measure/cases lib/include
bench/analyze/points: bench/store
bench/analyze/models: bench/store bench/analyze/points
bench/analyze/verdicts: bench/store bench/analyze/points bench/analyze/models
bench/analyze/findings: bench/store
bench/analyze: bench/store bench/analyze/points bench/analyze/models bench/analyze/verdicts bench/analyze/findings bench/report/report.h bench/report/report_sections.h
bench/report: bench/store bench/analyze/findings
bench/export: bench/store bench/analyze/points bench/analyze/findings
bench/advise: bench/store bench/analyze/points bench/analyze/models bench/measure/run/host.h bench/measure/kit/wait_call.h
bench/command: bench/store
END
}

# "HEADER FOLDER" of every header of the tree, also of those that the build
# makes, which are the room's that has their pattern.
headers() {
    find lib bench -name '*.h' -o -name '*.h.in' |
        sed 's#^\(.*\)/\([^/]*\)$#\2 \1#; s#\.in # #'
}

# "FILE HEADER" of every include.
includes() {
    find lib bench -name '*.[ch]' -exec awk -F '["<>]' \
        '/^ *# *include *["<]/ { print FILENAME, $2 }' {} +
}

# What is wrong among the includes on standard input, a line each. Cases do not
# know each other, either.
complaints() {
    {
        rooms | sed 's/^/room /'
        headers | sed 's/^/header /'
        sed 's/^/include /'
    } | awk '
        $1 == "room" {
            room = substr($2, 1, length($2) - 1)
            is_room[room] = may[room, room] = 1
            for (i = 3; i <= NF; i++)
                may[room, $i] = 1
        }
        $1 == "header" { folder[$2] = $3 }
        $1 == "include" {
            from = to = $2
            sub("/[^/]*$", "", from)
            sub(".*/", "", to)
            if (!is_room[from]) {
                print $2 ": is in no room of this table"
            } else if ($3 in folder) {
                at = folder[$3]
                if (!may[from, at] && !may[from, at "/" $3])
                    print $2 ": includes " at "/" $3
            }
            if (to ~ /^case_/ && $3 ~ /^case_/)
                print $2 ": includes another case, " $3
        }'
}

status=0
found=$(includes | complaints)
[ -z "$found" ] || {
    echo "$found"
    status=1
}
[ "$(includes | wc -l)" -gt 100 ] || {
    echo "the includes were not found"
    status=1
}

# The table can refuse.
while read -r include; do
    [ -n "$(echo "$include" | complaints)" ] || {
        echo "not refused: $include"
        status=1
    }
done <<'END'
bench/measure/plan/plan.c scene.h
bench/measure/plan/plan.c operation.h
bench/measure/kit/sampler.c operation.h
bench/measure/kit/sampler.c pollset.h
bench/measure/scenes/scene.c operation.h
bench/measure/operations/answers.c case.h
bench/measure/cases/case_grid.c case_steps.h
bench/measure/run/run.c points.h
bench/analyze/points/points.c claims.h
bench/analyze/pollfit.c plan.h
bench/report/report.c growths.h
bench/analyze/findings/summary.c growths.h
bench/elsewhere/new.c table.h
lib/registry.c table.h
bench/command/command.c options.h
bench/export/pollexport.c claims.h
bench/advise/look.c clock.h
END

find lib bench -name '*.c' | sed 's#/[^/]*$##' | sort | uniq -c |
    awk -v most="$MOST_SOURCES" '$1 > most {
        print $2 ": holds " $1 " sources, over " most
        bad = 1
    } END { exit bad }' || status=1
exit $status
