# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the scripts of this folder share. They are called with the folder of
# the programs; PROGRAMS and HERE hold it and this folder after that.
set -eu

PROGRAMS=$1
HERE=$(cd "$(dirname "$0")" && pwd)
shift

SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# report RUN: a copy of RUN with its report, in a folder of that name
report() {
    cp -R "$HERE/$1" "$SCRATCH/$1"
    "$PROGRAMS/pollbench" report "$SCRATCH/$1"
}
