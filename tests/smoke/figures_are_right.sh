#!/bin/sh
# SPDX-License-Identifier: MIT
# figures_are_right.sh PROGRAMS SOURCES: in figures of small and large ranges no
# text lies upon another, an XML parser takes them, every awk makes the same of
# them, and a gnuplot without pngcairo draws what it can.
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
rm -f '$SCRATCH/first'
for awk in mawk gawk 'busybox awk' original-awk '$(command -v awk)'; do
    \$awk 'BEGIN { exit 0 }' 2>/dev/null || continue
    \$awk "\$@" >'$SCRATCH/made' || exit
    [ -e '$SCRATCH/first' ] || cp '$SCRATCH/made' '$SCRATCH/first'
    cmp '$SCRATCH/made' '$SCRATCH/first' >&2 || exit
    echo "\$awk" >>'$SCRATCH/awks'
done
cat '$SCRATCH/first'
END

# check RUN: draws all of its figures, and looks at each
check() {
    PATH=$bin:$PATH "$SOURCES/plots/draw.sh" "$1" >"$SCRATCH/said" 2>&1 ||
        fail "$1: $(cat "$SCRATCH/said")"
    grep -q "SVG only: .*pngcairo" "$SCRATCH/said" ||
        fail "does not say why there are no PNG: $(cat "$SCRATCH/said")"
    xmllint --noout "$1"/figures/*.svg || fail "$1: a figure that is no XML"
    for figure in "$1"/figures/*; do
        LC_ALL=C awk -f "$HERE/texts_overlap.awk" "$figure"
    done >"$SCRATCH/overlaps"
    [ ! -s "$SCRATCH/overlaps" ] || fail "$(cat "$SCRATCH/overlaps")"
}

# measure NAME OPTION...
measure() {
    run=$SCRATCH/$1
    shift
    "$PROGRAMS/pollbench" --quiet --preset quick --invocations 2 --rounds 2 \
        --batch 1000 --patience 0 --output "$run" "$@" 2>/dev/null
    "$PROGRAMS/pollfit" "$run" 2>/dev/null
    check "$run"
}

measure small --most-fds 600
measure narrow --sweep highest_fd --sweep fd_count --sweep ready_count \
    --highest-fd 120:190 --fds 20:33 --backend epoll
measure scale --sweep scale --fds 100,300,900 --fd-kind eventfd
if [ -d "$SOURCES/results/reference" ] && command -v xz >/dev/null; then
    cp -r "$SOURCES/results/reference" "$SCRATCH/large"
    rm -rf "$SCRATCH/large/figures"
    xz -d "$SCRATCH/large"/*.xz
    "$PROGRAMS/pollfit" "$SCRATCH/large"
    check "$SCRATCH/large"
fi
echo "made with $(sort -u "$SCRATCH/awks" | tr '\n' ' ')"
