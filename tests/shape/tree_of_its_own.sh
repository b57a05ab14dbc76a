# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# For the tests that add something to a copy of the tree: sourced with SOURCES
# as $1, it leaves the shell in that copy. A run's folder goes to $run.
set -eu
need() {
    for tool; do
        command -v "$tool" >/dev/null || {
            echo "no $tool here: skipped"
            exit 77
        }
    done
}

need cmake
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tree=$scratch/tree
run=$scratch/run

fail() {
    echo "$(basename "$0"): $1" >&2
    exit 1
}

# quietly COMMAND...: what it says, only if it fails
quietly() {
    "$@" >"$scratch/said" 2>&1 || {
        cat "$scratch/said" >&2
        fail "failed: $*"
    }
}

# configure: build-test, also by a cmake that knows no presets
configure() {
    quietly cmake/configure.sh test build-test
    quietly cmake -DCMAKE_BUILD_TYPE=Debug build-test
}

# shows FILE PATTERN
shows() {
    grep -qE -- "$2" "$run/$1" || fail "$1: nothing that matches $2"
}

mkdir "$tree" "$tree/results"
cd "$1"
cp -r CMakeLists.txt CMakePresets.json bench cmake lib plots tests tools "$tree"
cp results/*.csv "$tree/results"
cd "$tree"
