#!/bin/sh
# SPDX-License-Identifier: MIT
# What docs/scale.md says of the command that runs a guest, of the one that is
# here, as root and as somebody else; and what guest.sh makes of its endings.
# shellcheck disable=SC2016 # what is in quotes is for the guest's shell
set -eu

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
    printf '%s\n' "$*" >&2
    cat "$scratch/errors" >&2
    exit 1
}

# run STATUS ARGUMENT...: the runner, which shall end so; as $as, if that is set
run() {
    wanted=$1
    shift
    status=0
    # shellcheck disable=SC2086 # a command and its arguments
    TMPDIR=$scratch/tmp $as "$scratch/runner" "$@" >"$scratch/output" \
        2>"$scratch/errors" || status=$?
    [ "$status" -eq "$wanted" ] || fail "$*: status $status, not $wanted"
}

# Processes whose command line names the scratch folder: the guest and what it
# traces. The pattern comes from a file, for grep's own must not.
processes() {
    printf '%s\n' "$scratch/tmp" >"$scratch/pattern"
    (cd "$scratch" && grep -lasFf pattern /proc/[0-9]*/cmdline) || true
}

nothing_is_left() {
    for _ in $(seq 100); do
        [ -n "$(processes)" ] || break
        sleep 0.1
    done
    [ -z "$(processes)" ] || fail "$1: left behind: $(processes)"
    # Nobody cleans up after SIGKILL.
    [ "$1" = KILL ] || [ -z "$(ls "$scratch/tmp")" ] ||
        fail "$1: left behind: $(ls -R "$scratch/tmp")"
    rm -rf "$scratch/tmp"/*
}

# interrupt SIGNAL: while a command runs in the guest
interrupt() {
    # shellcheck disable=SC2086
    TMPDIR=$scratch/tmp $as "$scratch/runner" "$scratch/dir" 'sleep 1000' \
        >"$scratch/output" 2>"$scratch/errors" &
    pid=$!
    for _ in $(seq 600); do
        [ ! -s "$(echo "$scratch"/tmp/*/root/up)" ] || break
        sleep 0.1
    done
    [ -n "$(processes)" ] || fail "$1: no guest"
    kill -s "$1" "$pid"
    wait "$pid" 2>/dev/null && fail "$1: ended well"
    nothing_is_left "$1"
}

mkdir "$scratch/dir" "$scratch/tmp"
chmod 755 "$scratch"
chmod 777 "$scratch/tmp"
echo here >"$scratch/dir/file"
cp "$here/user_mode_linux.sh" "$scratch/runner"
as=
status=0
TMPDIR=$scratch/tmp "$scratch/runner" "$scratch/dir" true 2>"$scratch/errors" ||
    status=$?
[ "$status" -ne 125 ] || {
    cat "$scratch/errors"
    exit 77
}

# What unshare would do, where it may not.
mkdir "$scratch/bin"
printf '#!/bin/sh\nexit 1\n' >"$scratch/bin/unshare"
chmod +x "$scratch/bin/unshare"
bare="env PATH=$scratch/bin:$PATH"
others=
[ "$(id -u)" -ne 0 ] ||
    others="setpriv --reuid 65534 --regid 65534 --clear-groups"
for as in "" "$bare" ${others:+"$others" "$others $bare"}; do
    run 0 "$scratch/dir" 'cat file; echo there >file; id -u; ulimit -Hn;
        [ -d /proc/self ] && cat file'
    [ "$(tr '\n' ' ' <"$scratch/output")" = "here 0 2100000 there " ] ||
        fail "other output: $(cat "$scratch/output")"
    [ "$(cat "$scratch/dir/file")" = here ] || fail "not a copy"
    run 7 "$scratch/dir" 'echo before; exit 7'
    [ "$(cat "$scratch/output")" = before ] || fail "output of a failure"
    run 124 -t 6 "$scratch/dir" 'echo before; sleep 1000'
    [ "$(cat "$scratch/output")" = before ] || fail "output before the end"
    nothing_is_left "the time being over"
    run 124 "$scratch/dir" 'echo before; poweroff -f; sleep 1000'
    for signal in TERM HUP KILL; do
        interrupt "$signal"
    done
done

as=
run 125 "$scratch/nowhere" true
run 125 -m 100 "$scratch/dir" true
run 2 "$scratch/dir"
nothing_is_left "refusals"

# ends STATUS GUEST: guest.sh, with another way to run the guest
ends() {
    status=0
    POLLBENCH_GUEST=$2 "$here/guest.sh" "$1" - 1000 2000 1 \
        >"$scratch/output" 2>"$scratch/errors" || status=$?
    [ "$status" -eq "$3" ] || fail "guest.sh, $2: status $status, not $3"
}
build=${1:?the build folder}
printf '#!/bin/sh\necho down >&2\nexit 125\n' >"$scratch/down"
printf '#!/bin/sh\necho output\nexit 3\n' >"$scratch/fails"
chmod +x "$scratch/down" "$scratch/fails"
ends "$build" "$scratch/down" 77
grep -q 'skipped: the guest did not come up' "$scratch/errors" ||
    fail "skipped without a word"
ends "$build" "$scratch/fails" 1
echo "kept, with name spaces and without${others:+, as root and not}"
