#!/bin/sh
# SPDX-License-Identifier: MIT
# The library on a machine with 32-bit words and times, as far as this one can
# stand in for it: builds it with -m32 and lets narrow_time and differential
# run with it, which need no other library:
#   in_32_bits.sh CC LIB-DIR
set -eu
cc=$1
lib=$2
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

printf '#include <sys/epoll.h>\nint main(void) { return 0; }\n' >"$tmp/try.c"
# shellcheck disable=SC2086 # a compiler may come with flags
if ! $cc -m32 "$tmp/try.c" -o "$tmp/try" 2>/dev/null || ! "$tmp/try"; then
    echo "skipped: $cc -m32 makes no program that runs (Debian: gcc-multilib)"
    exit 77
fi
# As Debian's i386 is, and as what has been built for 2038 is.
for times in '' '-D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64'; do
    for program in narrow_time differential; do
        # shellcheck disable=SC2086
        $cc -m32 -O2 -Wall -Wextra -Werror -std=gnu17 -D_GNU_SOURCE $times \
            -I"$lib/include" "$here/$program.c" "$lib"/*.c -o "$tmp/$program"
        "$tmp/$program" 1 # one seed
    done
done
