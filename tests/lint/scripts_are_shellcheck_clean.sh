#!/bin/sh
# SPDX-License-Identifier: MIT
# Every shell script of the tree, found by its first line.
set -eu
command -v shellcheck >/dev/null || {
    echo "skipped: shellcheck is not installed"
    exit 77
}
printf '#!/bin/sh\n# shellcheck disable=SC3045\nulimit -n 9\n' |
    shellcheck - >/dev/null || {
    echo "skipped: this shellcheck has other numbers than those since 0.7.2"
    exit 77
}
scripts=$(grep -rlE --exclude-dir=.git --exclude-dir='build*' \
    '^#!.*[ /](ba|da)?sh$' .)
echo "$scripts" | tr '\n' '\0' | xargs -0 shellcheck -x
