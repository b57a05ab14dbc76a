#!/bin/sh
# SPDX-License-Identifier: MIT
# A clone and an archive of the last commit, in folders whose names differ in
# length, make the same installation, byte for byte, and know their commit; and
# the tests that need no measuring pass in the archive.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"
command -v git >/dev/null || skip "git is not installed"
commit=$(git -C "$sources" rev-parse HEAD 2>/dev/null) ||
    skip "these sources are no clone"
git -C "$sources" cat-file -e HEAD:.commit 2>/dev/null ||
    skip "the last commit has no .commit"

# installation SOURCES TESTS: built there, and installed beside it
installation() {
    quietly cmake -S "$1" -B "$1/build" -DPOLLBENCH_TESTS="$2"
    quietly cmake --build "$1/build" -j 2
    quietly cmake --install "$1/build" --prefix "$1.installed"
}

clone=$work/c
archive="$work/an archive in a folder with a long name"
quietly git clone -q --no-local "$sources" "$clone"
quietly git -C "$clone" checkout -q "$commit"
mkdir "$archive"
git -C "$sources" archive HEAD | tar -x -C "$archive"
installation "$clone" OFF
installation "$archive" ON
diff -r "$clone.installed" "$archive.installed" || fail "they differ"
version=$("$archive.installed/bin/pollbench" --version)
case $version in
*"($(echo "$commit" | cut -c 1-12))") ;;
*) fail "another commit: $version" ;;
esac
cd "$archive/build"
quietly ctest -j 2 -L 'contract|store|golden|report|install' -LE 'long|slow'
