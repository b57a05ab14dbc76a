#!/bin/sh
# SPDX-License-Identifier: MIT
# installs_what_there_is.sh PROGRAMS SOURCES: one package that a release lacks
# keeps no other from being installed, and what goes with clang's version is
# asked for by that version.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"

# A machine that has what is required, and of what is wished for only clang 98.
bin=$SCRATCH/bin
path_without "$bin" apt-get sudo cmake clang valgrind cppcheck gcovr node
# program NAME: with the commands on stdin
program() {
    { echo '#!/bin/sh' && cat; } >"$bin/$1"
    chmod 755 "$bin/$1"
}
program sudo <<'END'
[ "$1" = -n ] || exec "$@"
END
program clang <<'END'
[ "$1" = -dumpversion ] && echo 98.7.6
END
program cmake <<'END'
echo stopped here
exit 1
END
for need in cc c++ pkg-config gnuplot shellcheck clang-format strace; do
    [ -x "$bin/$need" ] || printf '' | program "$need"
done
program apt-get <<END
echo "\$@" >>'$SCRATCH/asked'
case \$* in *cppcheck*) echo 'E: Unable to locate package' && exit 100 ;; esac
END

status=0
PATH=$bin "$SOURCES/run_all.sh" --test-all --build-dir "$SCRATCH/build" \
    >"$SCRATCH/said" 2>&1 </dev/null || status=$?
[ "$status" -eq 1 ] || fail "status $status: $(cat "$SCRATCH/said")"
for package in valgrind gcovr nodejs libclang-rt-98-dev; do
    grep -q -- "install .* $package\$" "$SCRATCH/asked" ||
        fail "$package was not asked for alone: $(cat "$SCRATCH/asked")"
done
grep -q "could not install: cppcheck" "$SCRATCH/said" ||
    fail "what could not be had is not named: $(cat "$SCRATCH/said")"
