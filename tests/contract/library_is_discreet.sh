#!/bin/sh
# SPDX-License-Identifier: MIT
# The shared library exports the functions of its header and nothing else, and
# cannot print, exit or change signal handling, because it calls nothing that
# does:
#   library_is_discreet.sh LIBRARY HEADER
set -eu
library=$1
header=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

command -v nm >/dev/null || {
    echo "skipped: nm is not installed"
    exit 77
}
! nm "$library" | grep -q ' __gcov_' || {
    echo "skipped: the runtime that counts lines is in the library, and prints"
    exit 77
}
sed -n '/^POLLSET_API/,/;/p' "$header" | grep -o 'pollset_[a-z_]*(' |
    tr -d '(' | sort -u >"$tmp/declared"
# Names with an underscore in front are the linker's and the sanitizers'; the
# version has a symbol of its own.
nm -D --defined-only "$library" | sed 's/.* //' |
    grep -v -e '^_' -e '^POLLSET_0$' | sort -u >"$tmp/versioned"
! grep -v '@@POLLSET_0$' "$tmp/versioned" || {
    echo "these have no version"
    exit 1
}
sed 's/@.*//' "$tmp/versioned" >"$tmp/exported"
[ -s "$tmp/declared" ]
diff "$tmp/declared" "$tmp/exported" || {
    echo "the header declares <, the library exports >"
    exit 1
}
nm -D --undefined-only "$library" | sed 's/.* //; s/@.*//; s/^__//' |
    grep -E '^(.*printf(_chk)?|f?puts|putchar|perror|f?write|exit|_exit|abort|sigaction|signal|sigprocmask)$' && {
    echo "the library calls these"
    exit 1
}
exit 0
