#!/bin/sh
# SPDX-License-Identifier: MIT
# The library on a machine with 32-bit words and times, as far as this one can
# stand in for it: builds it for 32 bits and lets narrow_time and differential
# run with it, which need no other library:
#   in_32_bits.sh CC LIB-DIR
set -eu
cc=$1
lib=$2
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# can COMPILER...: whether it makes programs that run here
can() {
    printf '#include <%s>\n' errno.h sys/epoll.h >"$tmp/try.c"
    echo 'int main(void) { return sizeof(void *) != 4; }' >>"$tmp/try.c"
    "$@" "$tmp/try.c" -o "$tmp/try" 2>/dev/null && "$tmp/try"
}

# Debian has the one (gcc-multilib) or the other.
narrow="$cc -m32"
# shellcheck disable=SC2086 # a compiler may come with flags
if ! can $narrow; then
    narrow='i686-linux-gnu-gcc -static'
    can $narrow || {
        echo "skipped: neither $cc -m32 nor $narrow makes programs that run"
        exit 77
    }
fi
# As Debian's i386 is, and as what has been built for 2038 is.
for times in '' '-D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64'; do
    for program in narrow_time differential; do
        # shellcheck disable=SC2086
        $narrow -O2 -Wall -Wextra -Werror -std=gnu17 -D_GNU_SOURCE $times \
            -I"$lib/include" "$here/$program.c" "$lib"/*.c -o "$tmp/$program"
        "$tmp/$program" 1 # one seed
    done
done
