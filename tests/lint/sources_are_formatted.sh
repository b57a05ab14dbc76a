#!/bin/sh
# SPDX-License-Identifier: MIT
# clang-format 14 decides; other versions lay some lines out differently.
set -eu
clang_format=$(command -v clang-format-14 || command -v clang-format) || {
    echo "skipped: clang-format is not installed"
    exit 77
}
"$clang_format" --version | grep -q 'version 14\.' || {
    echo "skipped: $("$clang_format" --version), not version 14"
    exit 77
}
find lib bench tests -name '*.[ch]' -print0 |
    xargs -0 "$clang_format" --dry-run --Werror
