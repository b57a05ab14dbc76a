#!/bin/sh
# SPDX-License-Identifier: MIT
# figures_are_right.sh PROGRAMS SOURCES: in figures of small and large ranges no
# text lies upon another, each panel shows all of its points, each axis has two
# numbers at least, an XML parser takes them, nothing in a panel of the page
# acts, every awk makes the same of them, and a gnuplot without pngcairo says so.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"
need gnuplot xmllint

bin=$SCRATCH/bin
mkdir "$bin"
# program NAME: with the commands on stdin
program() {
    { echo '#!/bin/sh' && cat; } >"$bin/$1"
    chmod 755 "$bin/$1"
}
program gnuplot <<END
case \$* in *pngcairo*) exit 1 ;; esac
exec '$(command -v gnuplot)' "\$@"
END
# All of those that are here must say what the first says.
program awk <<END
made='$SCRATCH'/awk.\$\$
for awk in mawk gawk 'busybox awk' original-awk '$(command -v awk)'; do
    \$awk 'BEGIN { exit 0 }' 2>/dev/null || continue
    \$awk "\$@" >\$made || exit
    [ -e \$made.first ] || cp \$made \$made.first
    cmp \$made \$made.first >&2 || exit
    echo "\$awk" >>'$SCRATCH/awks'
done
cat \$made.first
rm \$made \$made.first
END

# rows_of FILE COLUMN SWEEP: how many rows of a sweep have a number above 0 in
# that column; no text with a comma stands before it. Of the stages those of the
# two arms: what tells a bitmap's words apart is not drawn.
rows_of() {
    awk -F, -v column="$2" -v sweep="$3" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        NR > 1 && $at["sweep"] == sweep && $at[column] > 0 {
            m = int($at["highest_fd"] / 8)
            n = $at["fd_count"]
            if (sweep != "stages" || (n == 64 && $at["layout"] == "packed"))
                n_rows++
            else if ($at["layout"] == "packed")
                at_m[m]++
            if (n == 2)
                held = m
        }
        END { print n_rows + (sweep == "stages" ? at_m[held] : 0) }' "$1"
}

# marks_of FIGURE...: how many different points a figure of the page shows
marks_of() {
    awk 'BEGIN { RS = "<" } /^title>/ && !seen[$0]++ { n++ }
        END { print n + 0 }' "$@"
}

# every_point RUN: what was measured is shown, by the figures whose marks are the
# rows of a file
every_point() {
    page=$1/figures/page
    for sweep in highest_fd fd_count ready_count steps stages; do
        [ -e "$page/$sweep-1.svg" ] || fail "$1: no figure $sweep"
        rows=$(rows_of "$1/points.csv" estimate_ns "$sweep")
        marks=$(marks_of "$page/$sweep"-?.svg)
        [ "$rows" -eq "$marks" ] ||
            fail "$1: of $rows points $sweep shows $marks"
    done
    [ "$(marks_of "$page/growth-1.svg")" -eq \
        "$(marks_of "$page/highest_fd-1.svg")" ] ||
        fail "$1: growth does not show what highest_fd shows"
}

# Each panel of the page shows more than one point, and its axes say where. A
# class that cannot be told has none; and the kernel's memory is that of all who
# run, so that of a few hundred fds nothing may be left to show.
each_panel() {
    for panel in "$1"/figures/page/*.svg; do
        marks=$(marks_of "$panel")
        case $panel in
        */classes-?.svg) ;;
        */scale-3.svg) [ "$marks" -gt 1 ] || continue ;;
        *) [ "$marks" -gt 1 ] || fail "$panel: shows $marks points" ;;
        esac
        for anchor in end middle; do
            numbers=$(awk -v anchor="anchor=\"$anchor\"" 'BEGIN { RS = "<" }
                /^\/?g[ >]/ { is_there = index($0, anchor) > 0 }
                /^text x/ && is_there { n++ }
                END { print n + 0 }' "$panel")
            [ "$numbers" -gt 1 ] || [ "${panel#*/classes-}" != "$panel" ] ||
                fail "$panel: an axis has $numbers numbers"
        done
        ! grep -Eiq '<script|<[^>]* on[a-z]+ *=|href="[^#]' "$panel" ||
            fail "$panel: can act"
    done
}

# check RUN: draws all of its figures, and looks at each
check() {
    PATH=$bin:$PATH "$PROGRAMS/pollbench" draw "$1" >"$SCRATCH/said" 2>&1 ||
        fail "$1: $(cat "$SCRATCH/said")"
    xmllint --noout "$1"/figures/*.svg "$1"/figures/page/*.svg ||
        fail "$1: a figure that is no XML"
    for figure in "$1"/figures/*.svg "$1"/figures/page/*.svg; do
        LC_ALL=C awk -f "$HERE/texts_overlap.awk" "$figure"
    done >"$SCRATCH/overlaps"
    [ ! -s "$SCRATCH/overlaps" ] || fail "$(cat "$SCRATCH/overlaps")"
    each_panel "$1"
    [ "$("$PROGRAMS/pollbench" report "$1" 2>&1)" = "" ] ||
        fail "$1: not all panels are in the page"
}

# measure NAME OPTION...
measure() {
    run=$SCRATCH/$1
    shift
    "$PROGRAMS/pollbench" run --quiet --preset quick --invocations 2 --rounds 2 \
        --batch 1000 --patience 0 --output "$run" "$@" 2>/dev/null
    "$PROGRAMS/pollbench" fit "$run" 2>/dev/null
    check "$run"
}

measure small --most-fds 600
every_point "$SCRATCH/small"
! PATH=$bin:$PATH "$PROGRAMS/pollbench" draw --form column.png "$SCRATCH/small" \
    2>"$SCRATCH/said" || fail "PNG without pngcairo?"
grep -q "no PNG: .*pngcairo" "$SCRATCH/said" ||
    fail "does not say why there are no PNG: $(cat "$SCRATCH/said")"
measure narrow --sweep highest_fd --sweep fd_count --sweep ready_count \
    --highest-fd 120:190 --fds 20:33 --backend epoll
measure scale --sweep scale --fds 100,300,900 --fd-kind eventfd
if [ -d "$SOURCES/results/reference" ] && command -v xz >/dev/null; then
    cp -r "$SOURCES/results/reference" "$SCRATCH/large"
    rm -rf "$SCRATCH/large/figures"
    xz -d "$SCRATCH/large"/*.xz
    "$PROGRAMS/pollbench" fit "$SCRATCH/large"
    check "$SCRATCH/large"
    every_point "$SCRATCH/large"
fi
echo "made with $(sort -u "$SCRATCH/awks" | tr '\n' ' ')"
