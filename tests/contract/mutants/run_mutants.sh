#!/bin/sh
# SPDX-License-Identifier: MIT
# Puts one fault after the other into a copy of the library and sees whether
# the contract tests notice:
#   run_mutants.sh CC LIB-DIR CONTRACT-OBJECTS DIFFERENTIAL-OBJECT [NAME...]
# CC is the compiler, with -DPOLLSET_HAS_LIBURING if that is there; CONTRACT-OBJECTS the objects of contract_calls, in one
# argument with ; between them; NAMEs choose among the faults of mutants.txt.
# Prints a table; exit status 0 if every fault is noticed, and the library
# without one passes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# What linking contract_calls takes.
wraps=$(sed -n 's/.*__wrap_\([a-z0-9_]*\).*/\1/p' "$here/../wrapped_calls.c" |
    sort -u)

# compile SOURCE OBJECT
compile() {
    # shellcheck disable=SC2086 # a compiler may come with flags
    $cc -O1 -w -D_GNU_SOURCE -DPOLLSET_LIBC_CALLS -I"$lib/include" \
        -c "$1" -o "$2"
}

# build DIR FILE: the programs, from the sources in DIR and, if FILE is none
# that others include, the objects that the original has
build() {
    for source in "$1"/*.c; do
        object=${source%.c}.o
        case $2 in
        "${source##*/}" | *.h) compile "$source" "$object" || return ;;
        *) ln "$tmp/original/${object##*/}" "$object" || return ;;
        esac
    done
    wrap=
    for call in $wraps; do
        wrap="$wrap -Wl,--wrap=$call"
    done
    dir=$1
    old_ifs=$IFS
    IFS=';'
    # shellcheck disable=SC2086
    set -- $contract_objects
    IFS=$old_ifs
    # shellcheck disable=SC2086
    $cc "$@" "$dir"/*.o $wrap -lcmocka -lpthread $libs -o "$dir/contract" &&
        $cc "$differential_object" "$dir"/*.o $libs -o "$dir/differential"
}

# try DIR NAME WHAT COMMAND...: fails, having said so, if the tests fail
try() {
    dir=$1 name=$2 what=$3
    shift 3
    timeout 3 "$@" >"$dir/log" 2>&1 && return
    case $? in
    124) why='does not end' ;;
    *) why=$(sed -n 's/^\[  FAILED  \] \([a-z_]*\)$/\1/p' "$dir/log" |
        head -n 1) ;;
    esac
    printf '%-34s%-18s%s\n' "$name" "$what" "${why:-crash or difference}"
    return 1
}

# test_one DIR NAME FILE: 0 if no test notices; the backend in FILE goes first
test_one() {
    id=${3#backend_}
    first=$(sed -n "s/.*X(${id%.c}, \"\(.*\)\").*/\1/p" "$lib/backend_list.h")
    for backend in $first $backends; do
        try "$1" "$2" "$backend" "$1/contract" "$backend" || return
    done
    try "$1" "$2" differential "$1/differential" 1 2000
}

# mutate NAME FILE COMMAND: 0 if the fault is noticed
mutate() {
    name=$1 file=$2 command=$3
    dir=$tmp/$name
    mkdir "$dir"
    cp "$lib"/*.c "$lib"/*.h "$dir"
    sed "$command" "$lib/$file" >"$dir/$file"
    if cmp -s "$lib/$file" "$dir/$file"; then
        echo "$name: the command changes nothing in $file"
        return 1
    fi
    build "$dir" "$file" >"$dir/log" 2>&1 || {
        echo "$name: does not compile"
        cat "$dir/log"
        return 1
    }
    if test_one "$dir" "$name" "$file"; then
        printf '%-34s%s\n' "$name" 'NOT NOTICED'
        return 1
    fi
    rm -rf "$dir"
}

# The library as it is has to pass; its objects serve the others.
check_original() {
    mkdir "$tmp/original"
    cp "$lib"/*.c "$lib"/*.h "$tmp/original"
    build "$tmp/original" all.h
    test_one "$tmp/original" '(none)' all || {
        echo 'The tests fail without a fault.'
        exit 1
    }
}

cc=$1 lib=$2 contract_objects=$3 differential_object=$4
libs=
case $cc in
*POLLSET_HAS_LIBURING*) libs=-luring ;;
esac
backends=$(sed -n 's/.*X([a-z0-9_]*, "\(.*\)").*/\1/p' "$lib/backend_list.h")

if [ "${5:-}" = --one ]; then
    # A job of the xargs below: the line of mutants.txt is one argument.
    tmp=$6
    printf '%s\n' "$7" | {
        read -r name file command
        mutate "$name" "$file" "$command"
    }
    exit
fi

shift 4
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# As many descriptors as the laws need; more take time, fewer will do.
# shellcheck disable=SC3045 # every shell that is a system's sh has it
ulimit -n 4096 || true
grep -v -e '^#' -e '^$' "$here/mutants.txt" >"$tmp/list"
for name in "$@"; do
    grep "^$name " "$tmp/list"
done >"$tmp/chosen"
[ $# -gt 0 ] || cp "$tmp/list" "$tmp/chosen"
printf '%-34s%-18s%s\n' FAULT 'NOTICED WITH' LAW
check_original
# More jobs than processors: many faults make a test wait for ever.
status=0
tr '\n' '\0' <"$tmp/chosen" | xargs -0 -P $((2 * $(nproc))) -I '{}' \
    "$0" "$cc" "$lib" "$contract_objects" "$differential_object" \
    --one "$tmp" '{}' || status=1
[ "$status" -eq 0 ] || echo 'Some faults are not noticed, see above.'
exit "$status"
