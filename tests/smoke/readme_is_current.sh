#!/bin/sh
# SPDX-License-Identifier: MIT
# readme_is_current.sh PROGRAMS SOURCES: what the README says of the reference
# run is what that run says, and the files the README points to are there.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"

cd "$SOURCES" || exit
for page in README.md CONTRIBUTING.md; do
    grep -oE '\]\([^)#:]+\)' "$page" | tr -d ']()' >"$SCRATCH/links"
    while read -r link; do
        case $link in
        # Come with the reference run.
        results/reference/* | docs/method.md)
            [ -d results/reference ] || continue
            ;;
        esac
        [ -e "$link" ] || fail "$page: $link is not there"
    done <"$SCRATCH/links"
done

[ -d results/reference ] || skip "no reference run in this tree"
command -v xz >/dev/null || skip "xz is not there"
# Analysed anew: it is this program's words that the README has.
cp -R results/reference "$SCRATCH/reference"
xz -dkf "$SCRATCH"/reference/*.xz
"$PROGRAMS/pollbench" fit "$SCRATCH/reference"
"$PROGRAMS/pollbench" show "$SCRATCH/reference" >"$SCRATCH/sentences"
[ -s "$SCRATCH/sentences" ] || fail "the reference run says nothing"
awk '/^<!-- end -->/ { n = 0 }
    n { print }
    /^<!-- pollbench show/ { n = 1 }' README.md >"$SCRATCH/block"
diff -u "$SCRATCH/sentences" "$SCRATCH/block" ||
    fail "the block in README.md is not what pollbench show says"
