#!/bin/sh
# SPDX-License-Identifier: MIT
# An installation can be moved, to a folder with a blank in its name: each verb
# runs there, no file of it knows where the sources were, and what is removed is
# removed without a trace.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"
unset POLLBENCH_DATA POLLBENCH_EXEC_PATH
install_and_move

# Names in debugging information are relative; counting lines and the sanitizers
# need them whole.
grep -q -e --coverage -e -fsanitize "$build/CMakeCache.txt" || {
    grep -rlF -e "$sources/" -e "$build/" "$installed" >"$work/leaks" &&
        fail "these know where they were built: $(cat "$work/leaks")"
}

PATH="$installed/bin:$PATH"
run=$work/run
measured "$run"
pollbench fit "$run" 2>"$work/said" || fail "fit: $(cat "$work/said")"
for file in claims.csv history.csv; do
    [ -s "$run/$file" ] || fail "no $file of what is installed"
done
if command -v gnuplot >/dev/null; then
    quietly pollbench draw "$run" fd_count
    [ -s "$run/figures/fd_count-slide.svg" ] || fail "nothing was drawn"
fi
quietly pollbench report "$run"
[ -s "$run/report.html" ] || fail "no page"
pollbench verify "$run" | grep -q 'as they were' || fail "verify"
pollbench show "$run" >/dev/null || fail "show"
refused 1 "LD_PRELOAD takes no path with a blank" pollbench advise --preload
[ "$(find "$installed" -name pollbench-waits.so | wc -l)" -eq 1 ] ||
    fail "no pollbench-waits.so"
pollbench list | grep -q '^  fd_count ' || fail "list"
pollbench schema | cmp - "$sources/results/README.md" || fail "schema"
pollbench predict --fds 4 "$run" | grep -q 'per wait' ||
    fail "predict"
status=0
measured "$work/another"
pollbench fit "$work/another" 2>/dev/null
pollbench compare "$run" "$work/another" >"$work/said" 2>&1 || status=$?
case $status in
0 | 1 | 3) ;; # noise may be anything
*) fail "compare: $status: $(cat "$work/said")" ;;
esac

# What measures is one file, on the path, that tells its own name.
pollbench-run --list | grep -q '^  fd_count ' || fail "pollbench-run"
pollbench-run --help | grep -q '^Usage: pollbench-run ' || fail "its name"
for file in LICENSE CITATION.cff CHANGELOG.md licences.md; do
    [ -s "$installed/share/doc/pollbench/$file" ] || fail "no $file"
done

# Removed, and others' files left alone.
quietly cmake --install "$build" --prefix "$work/second"
touch "$work/second/bin/other"
quietly cmake --build "$build" --target uninstall
left=$(find "$work/second" -not -type d -o -name '*poll*')
[ "$left" = "$work/second/bin/other" ] || fail "left behind: $left"
! cmake --build "$build" --target uninstall >"$work/said" 2>&1 ||
    fail "removed what is not there"
grep -q "nothing was installed" "$work/said" || fail "$(cat "$work/said")"
