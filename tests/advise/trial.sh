#!/bin/sh
# SPDX-License-Identifier: MIT
# trial.sh PROGRAMS SOURCES: servers of others, as tools/advise_trial.sh has them
# looked at: what it says of wrong usage and of what is not there; and, where one
# is installed, that advice and truth stand side by side.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/../smoke/expect.sh"
trap 'rm -rf "$SCRATCH"' EXIT
trial=$PROGRAMS/../libexec/pollbench/server-trial
tool=$SOURCES/tools/advise_trial.sh
BUILD=$(dirname "$PROGRAMS")
export BUILD

expect 2 usage "$trial"
expect 2 usage "$trial" nginx poll 0 1 100 1
expect 2 usage "$trial" haproxy poll 0 0 100 1
expect 2 usage "$trial" haproxy poll 0 1 -1 1
expect 77 'cannot be told to wait in that call' \
    "$trial" haproxy kqueue 0 1 100 1
expect 2 usage "$tool"
expect 1 'no models.csv' "$tool" "$SCRATCH"

PATH=$PATH:/usr/sbin
command -v memcached >/dev/null || {
    echo "trial.sh: memcached is not installed; its trial is left out"
    exit 0
}
pollbench --output "$SCRATCH/run" 2>/dev/null
cp "$SOURCES/tests/advise/cold_models.csv" "$SCRATCH/run/models.csv"
IDLE=20 RATES=200 "$tool" "$SCRATCH/run" memcached >"$SCRATCH/told" ||
    fail "$(cat "$SCRATCH/told")"
[ "$(grep -c '^| memcached | 20 | 200 | e\{0,1\}poll |' "$SCRATCH/told")" -eq 2 ] ||
    fail "not a line of either call: $(cat "$SCRATCH/told")"
grep -q '^- A1: .*: 2 of 2$' "$SCRATCH/told" ||
    fail "not its connections: $(cat "$SCRATCH/told")"

# Flat out it can be told of one that counts.
COUNTS=yes IDLE=1000 RATES=0 "$tool" "$SCRATCH/run" memcached >"$SCRATCH/told" ||
    fail "$(cat "$SCRATCH/told")"
grep -qE '^- A5: .*: [01] of 1$' "$SCRATCH/told" ||
    fail "not told flat out: $(cat "$SCRATCH/told")"
