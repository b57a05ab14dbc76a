#!/bin/sh
# SPDX-License-Identifier: MIT
# find_package(pollset) and pkg-config find the library where an installation
# was moved to, static and shared; another minor version is not taken for this.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"
install_and_move
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
flags=$(sed -n 's/^POLLBENCH_SANITIZE:STRING=\(.\)/-fsanitize=\1/p' \
    "$build/CMakeCache.txt")
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")

# configured VERSION: a project that asks for this version
configured() {
    cmake -S "$here/consumer" -B "$work/consumer" -DWANTED="$1" \
        -DCMAKE_C_FLAGS="$flags" -DCMAKE_PREFIX_PATH="$installed" \
        >"$work/said" 2>&1
}

configured "${version%.*}" || fail "not found: $(cat "$work/said")"
quietly cmake --build "$work/consumer"
for program in static shared; do
    "$work/consumer/$program" || fail "$program: status $?"
done
for other in 0.0 "${version%%.*}.99" 9.0; do
    rm -rf "$work/consumer"
    ! configured "$other" || fail "version $other was found"
done

command -v pkg-config >/dev/null || skip "pkg-config is not installed"
library=$(find "$installed" -name libpollset.so)
export PKG_CONFIG_PATH="${library%/*}/pkgconfig"
[ "$(pkg-config --modversion libpollset)" = "$version" ] || fail "its version"
# What was there before pkgconf takes a path with a blank apart: a copy without.
case $(pkg-config --version) in
0.*)
    cp -R "$installed" "$work/plain"
    library=$work/plain${library#"$installed"}
    PKG_CONFIG_PATH=${library%/*}/pkgconfig
    ;;
esac
# shellcheck disable=SC2086 # the words of flags, blanks in them escaped
eval "${CC:-cc} $flags '$here/consumer/consumer.c' -o '$work/consumer.bin'" \
    "$(pkg-config --cflags --libs libpollset)"
LD_LIBRARY_PATH=${library%/*} "$work/consumer.bin" || fail "by pkg-config: $?"
