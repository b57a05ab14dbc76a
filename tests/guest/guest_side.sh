#!/bin/sh
# SPDX-License-Identifier: MIT
# What guest.sh runs in the guest: tests, measures, and prints the files of the
# runs, each behind a line "@@ path".
set -eu

fds=$1 descriptors=$2 invocations=$3 kinds=$4
failed=0

# shellcheck disable=SC3045 # busybox's sh has it
ulimit -n "$descriptors"

# run WHAT COMMAND...: its output only when it fails
run() {
    what=$1
    shift
    start=$(date +%s)
    if "$@" >/tmp/log 2>&1; then
        echo "$what: passed, $(($(date +%s) - start)) s"
    else
        echo "$what: FAILED (status $?)"
        cat /tmp/log
        failed=1
    fi
}

print_run() {
    for file in "/tmp/$1"/*.csv; do
        echo "@@ $1/$(basename "$file")"
        cat "$file"
    done
    echo "@@ end of $1"
}

for backend in select-textbook select poll epoll; do
    run "laws of the library, $backend" ./contract "$backend"
done
for kind in $kinds; do
    run "growth, $kind" ./pollbench-run --quiet --sweep scale --patience 0 \
        --fd-kind "$kind" --fds "$fds" --invocations "$invocations" \
        --rounds 1 --most-fds "$descriptors" --output "/tmp/$kind"
done
run "grid" ./pollbench-run --quiet --preset quick --sweep grid --patience 0 \
    --fds "$fds" --highest-fd "$((descriptors / 4)):max" --layout packed \
    --invocations 1 --rounds 2 --most-fds "$descriptors" --output /tmp/grid
for folder in $kinds grid; do
    print_run "$folder"
done
exit "$failed"
