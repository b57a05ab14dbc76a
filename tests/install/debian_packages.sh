#!/bin/sh
# SPDX-License-Identifier: MIT
# The Debian packages of the last commit are built, lintian finds no error in
# them, and together they are an installation.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"
for tool in git dpkg-buildpackage dh lintian; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done
git -C "$sources" cat-file -e HEAD:debian/control 2>/dev/null ||
    skip "the last commit has no debian/control"
mkdir "$work/pollbench" "$work/root"
git -C "$sources" archive HEAD | tar -x -C "$work/pollbench"
cd "$work/pollbench"
export DEB_BUILD_OPTIONS="nocheck parallel=2" DEB_BUILD_PROFILES=nocheck
dpkg-checkbuilddeps 2>"$work/said" || skip "$(cat "$work/said")"
quietly dpkg-buildpackage -b -us -uc
lintian --profile debian --fail-on error --allow-root "$work"/*.changes ||
    fail "lintian finds errors"
for package in "$work"/*.deb; do
    dpkg-deb -x "$package" "$work/root"
done
"$work/root/usr/bin/pollbench" list | grep -q '^  fd_count ' || fail "list"
for file in share/pollbench/plots/common.gp share/man/man1/pollbench-fit.1.gz \
    include/pollset.h; do
    [ -s "$work/root/usr/$file" ] || fail "no package has $file"
done
