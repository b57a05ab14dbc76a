#!/bin/sh
# SPDX-License-Identifier: MIT
# sources_pass_clang_tidy.sh BUILD [CHECKS]: the library and the programs, as
# BUILD/compile_commands.json compiles them. CHECKS are added to .clang-tidy's.
set -eu
command -v clang-tidy >/dev/null || {
    echo "skipped: clang-tidy is not installed"
    exit 77
}
clang-tidy --version | grep -q 'version 14\.' || {
    echo "skipped: another version than 14 has other checks"
    exit 77
}
# Those that are built: what needs a library that is not there is not. What it
# says of files without a finding is of no interest.
sed -n "s#^ *\"file\": \"\($PWD/\(lib\|bench\)/.*\.c\)\",*\$#\1#p" \
    "$1/compile_commands.json" | sort -u | tr '\n' '\0' |
    xargs -0 -P "$(nproc)" -n 8 clang-tidy --quiet -p "$1" \
        --checks="${2:-}" 2>/dev/null
