#!/bin/sh
# SPDX-License-Identifier: MIT
# Every shell script of the tree, found by its first line.
set -eu
command -v shellcheck >/dev/null || {
    echo "skipped: shellcheck is not installed"
    exit 77
}
scripts=$(grep -rlE --exclude-dir=.git --exclude-dir='build*' \
    '^#!.*[ /](ba|da)?sh$' .)
echo "$scripts" | tr '\n' '\0' | xargs -0 shellcheck -x
