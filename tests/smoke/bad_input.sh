#!/bin/sh
# SPDX-License-Identifier: MIT
# bad_input.sh PROGRAMS SOURCES: each program says one clear line, ends with the
# right status and leaves nothing behind and nothing changed.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"

out=$SCRATCH/out
measure() {
    "$PROGRAMS/pollbench" run --output "$out" "$@"
}

expect 2 "unrecognized option" measure --no-such-option
expect 2 "no sweep 'x': .*--list" measure --sweep x
expect 2 "'x': no backend has this name; there are: .*epoll" measure --backend x
expect 2 "no preset 'x'" measure --preset x
expect 2 "no layout 'x'" measure --layout x
expect 2 "no fd-kind 'x': use one of socketpair, " measure --fd-kind x
expect 2 "100:50 is empty: write the lower end first" measure --fds 100:50
expect 2 "',' is not a list" measure --highest-fd ,
expect 2 "'' is not a list" measure --highest-fd ""
expect 2 "is not a list" measure --highest-fd 8:x
expect 2 "outside what is possible here, [0-9]+ to" \
    measure --highest-fd 999999999
expect 2 "outside what is possible here" measure --fds 0
expect 2 "outside|not a list" measure --ready=-1
expect 2 "whole number from 1 to" measure --invocations 0
expect 2 "whole number from 1 to" measure --rounds 1e3
expect 2 "whole number from" measure --batch 99999999999999999999
expect 2 "may not run on CPU 99999" measure --cpus 99999
expect 2 "is no option" measure word
expect 77 "the clock does not count instructions.*run_all.sh --instructions" \
    measure --preset count
for label in kernel =6.1 kernel= "a=b,c" "a=$(printf 'b\033[31m')" \
    "a=$(printf 'b\nc')" "a=$(printf '\342\200\256b')" \
    "a=$(printf '%01000d' 0)" "a b=c"; do
    expect 2 "label is not KEY=VALUE of at most 63 bytes" measure \
        --label "$label"
done
expect 2 "two of 'kernel'" measure --label kernel=a --label kernel=b
[ ! -e "$out" ] || fail "something was written before the options were read"

expect 2 "output" "$PROGRAMS/pollbench" run
expect 1 "No such file or directory" \
    "$PROGRAMS/pollbench" run --output "$SCRATCH/none/out"
expect 1 "none" "$PROGRAMS/pollbench" run --resume "$SCRATCH/none"

# Never overwritten, be it a run, an empty folder or a file.
mkdir "$out"
expect 1 "exists, and is not overwritten" measure
rmdir "$out"
echo mine >"$out"
expect 1 "exists, and is not overwritten" measure
[ "$(cat "$out")" = mine ] || fail "a file was overwritten"
rm "$out"

mkdir -m 755 "$SCRATCH/theirs"
chmod 755 "$SCRATCH"
expect 1 "Permission denied" \
    as_user "$PROGRAMS/pollbench" run --output "$SCRATCH/theirs/out"

mkdir "$SCRATCH/empty"
for verb in fit report show verify; do
    expect 2 "which RUN" "$PROGRAMS/pollbench" "$verb"
    expect 2 "one RUN" "$PROGRAMS/pollbench" "$verb" a b
    expect 2 "unrecognized option" "$PROGRAMS/pollbench" "$verb" --no-such-option
    expect 1 "none" "$PROGRAMS/pollbench" "$verb" "$SCRATCH/none"
    expect 1 "empty" "$PROGRAMS/pollbench" "$verb" "$SCRATCH/empty"
done
[ -z "$(ls "$SCRATCH/empty")" ] || fail "files in a folder that is no run"

draw() {
    "$PROGRAMS/pollbench" draw "$@"
}
expect 2 "usage" draw
expect 2 "unknown option -x" draw -x
expect 2 "no form poster" draw --form poster "$SCRATCH/none"
for option in -h --help; do
    draw $option | grep -q '^Usage: pollbench draw .*RUN' || fail "draw $option"
done
if command -v gnuplot >/dev/null; then
    expect 1 "none: no such folder" draw "$SCRATCH/none"
    expect 1 "this is no run" draw "$SCRATCH/empty"
fi

command="$SOURCES/run_all.sh --build-dir $SCRATCH/build"
run_all() {
    # shellcheck disable=SC2086 # words
    $command "$@"
}
expect 2 "unknown option --x" run_all --x
expect 2 "unknown option word" run_all word
expect 2 "needs the name of a sweep" run_all --only
expect 2 "--kernel needs an image or a suite" run_all --instructions --kernel
expect 2 "--kernel: of --instructions" run_all --kernel bookworm
expect 2 "a count is not resumed" run_all --instructions --resume "$SCRATCH/empty"
expect 2 "no sweep 'nothing'; there are: .*fd_count .*null" run_all --only null nothing
for sweep in $("$PROGRAMS/pollbench" list | sed '/^$/q' | sed -n 's/^  \([a-z_]*\) .*/\1/p'); do
    expect 1 "exists already" run_all --only "$sweep" --output "$SCRATCH/empty"
done
# shellcheck disable=SC2016,SC2086 # expanded there; words
expect 1 "standard output cannot be written" \
    sh -c '"$@" >/dev/full' sh $command --no-install --output "$out.new"
for option in -h --help; do
    run_all $option | grep -q '^Usage: run_all.sh' || fail "run_all.sh $option"
done
expect 2 "needs a folder" run_all --output
expect 2 "only one" run_all --output "$out" --resume "$SCRATCH/empty"
expect 1 "exists already" run_all --output "$SCRATCH/empty"
expect 1 "no such run" run_all --resume "$SCRATCH/none"
expect 1 "cannot write" as_user "$SOURCES/run_all.sh" \
    --build-dir "$SCRATCH/theirs/build" --output "$out"
[ ! -e "$SCRATCH/build/CMakeCache.txt" ] || fail "built before it looked"
