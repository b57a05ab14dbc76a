#!/bin/sh
# SPDX-License-Identifier: MIT
# sources_pass_cppcheck.sh BUILD: all that BUILD/compile_commands.json compiles
# of the library and the programs.
set -eu
command -v cppcheck >/dev/null || {
    echo "skipped: cppcheck is not installed"
    exit 77
}
cppcheck --version | awk '{ split($2, part, "."); exit part[1] * 100 + part[2] < 210 }' || {
    echo "skipped: $(cppcheck --version) warns where nothing is; 2.10 does not"
    exit 77
}
# Later versions than 2.10 count as an error what they leave out otherwise, and
# call uninitialised what holds as many numbers as are passed on with it: none.
later="--check-level=exhaustive --suppress=uninitvar"
# shellcheck disable=SC2086 # two options
cppcheck $later --version >/dev/null 2>&1 || later=
# shellcheck disable=SC2086 # options or none
cppcheck $later --project="$1/compile_commands.json" -i"$PWD/tests" --quiet \
    --enable=warning,performance,portability --inline-suppr \
    --suppress=missingIncludeSystem --error-exitcode=1 -j "$(nproc)"
