#!/bin/sh
# SPDX-License-Identifier: MIT
# Of an installation that is half gone, or has the data of another version, a
# verb says in one line what it lacks and where it looked, and writes nothing.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"
unset POLLBENCH_DATA POLLBENCH_EXEC_PATH
install_and_move
pollbench=$installed/bin/pollbench
measured "$work/run"
cp -r "$work/run" "$work/before"

untouched() {
    diff -r "$work/run" "$work/before" || fail "$1: files were written"
}

# Folders that are not there.
refused 127 "/none/pollbench-fit: No such file or directory" \
    env POLLBENCH_EXEC_PATH=/none "$pollbench" fit "$work/run"
refused 1 "/none/claims.csv: not there" \
    env POLLBENCH_DATA=/none "$pollbench" fit "$work/run"
untouched "no data"
if command -v gnuplot >/dev/null; then
    refused 1 "/none/plots: no scripts" \
        env POLLBENCH_DATA=/none "$pollbench" draw "$work/run"
    untouched "no scripts"
fi

# Data of another version: without a column, with words that are none.
cp -r "$installed/share/pollbench" "$work/data"
sed -i '1s/expectation/expected/' "$work/data/claims.csv"
refused 1 "$work/data/claims.csv" \
    env POLLBENCH_DATA="$work/data" "$pollbench" fit "$work/run"
cp "$installed/share/pollbench/claims.csv" "$work/data"
rm "$work/data/published.csv"
rm -r "$work/run"
cp -r "$work/before" "$work/run"
refused 1 "$work/data/published.csv: not there" \
    env POLLBENCH_DATA="$work/data" "$pollbench" fit "$work/run"
untouched "no published figures"

# Its own folders, a file at a time.
rm "$installed/share/pollbench/claims.csv"
refused 1 "share/pollbench/claims.csv: not there" "$pollbench" fit "$work/run"
untouched "no claims"
rm "$installed/libexec/pollbench/pollbench-fit"
refused 127 "is the installation whole?" "$pollbench" fit "$work/run"
chmod a-x "$installed/libexec/pollbench/pollbench-show"
refused 127 "Permission denied" "$pollbench" show "$work/run"
rm -r "$installed/libexec"
refused 127 "POLLBENCH_EXEC_PATH" "$pollbench" run
"$pollbench" --help >/dev/null || fail "no help"
