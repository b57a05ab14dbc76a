#!/bin/sh
# SPDX-License-Identifier: MIT
# From a clone to a figure: installs what is missing, builds, measures,
# analyses, plots and says where the results are. See --help.
set -eu

usage() {
    cat <<'HELP'
Usage: run_all.sh [OPTION...] [-- POLLBENCH-OPTION...]
Measure how the cost of select, poll and epoll grows on this machine.

How much to measure (default: up to 3 minutes on two cores):
  --quick           a first look, up to 30 seconds
  --full            for publication; it says how long it will take
  --instructions    count instructions instead of time, in an emulator: up to
                    a minute for each --kernel
  --kernel KERNEL   boot this one, an image or one of Debian's suites (default:
                    the suite this is); with several, DIR holds a run of each
  --only SWEEP...   only these sweeps; names as in `pollbench list`
  --servers         haproxy, lighttpd and memcached under a load, with each call
                    that they can be told to wait in, beside what is predicted:
                    up to 6 minutes

Where:
  --output DIR      put the run there; DIR must not exist yet
                    (default: results/<UTC time>-<preset>-<random id>)
  --resume DIR      finish the interrupted run in DIR, on the same machine
  --build-dir DIR   build there (default: build, for tests: build-test)

Set-up:
  --no-install      install nothing; without gnuplot, leave the figures out

Instead of measuring:
  --test            build with warnings as errors and run the tests: minutes
  --test-all        the long tests, too: sanitizers, analyzers, fuzzing, ...
  -h, --help        show this

What follows -- goes to `pollbench run` as it is, for example ranges of your own.
Exit status: 0 done, 1 failed, 2 wrong usage, 77 cannot run here.
HELP
}

root=$(dirname -- "$(readlink -f -- "$0")")

# What is closed would be the next file that is opened, with our words in it.
{ true 3>&2; } || exec 2>/dev/null
{ true 3>&1; } 2>/dev/null || exec >/dev/null
{ true 3<&0; } 2>/dev/null || exec </dev/null
# Words to a make that called us, such as not to do anything.
unset MAKEFLAGS MFLAGS GNUMAKEFLAGS

say() {
    printf '%s\n' "$*" 2>/dev/null ||
        die 1 "standard output cannot be written (full?)$go_on"
}

step() {
    say
    say "==> $*"
}

# die STATUS MESSAGE...
die() {
    status=$1
    shift
    printf 'run_all.sh: %s\n' "$*" >&2
    exit "$status"
}

die_usage() {
    die 2 "$*; see run_all.sh --help"
}

absolute() {
    case $1 in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s/%s\n' "$PWD" "$1" ;;
    esac
}

# From their list: pollbench may not be built yet.
sweeps_there() {
    sed -n 's/^ *X(\([a-z0-9_]*\)).*/\1/p' "$root/bench/measure/cases/case_list.h" |
        sort
}

# --- what is needed ---------------------------------------------------------

# One line a need: its name, then the packages (joined by commas) in the words
# of apt, dnf, pacman and apk; - where there is none; CLANG is clang's version.
packages() {
    cat <<'TABLE'
cc gcc,libc6-dev gcc,glibc-devel gcc gcc,musl-dev,linux-headers
cxx g++ gcc-c++ gcc g++
cmake cmake cmake cmake cmake
make make make make make
libcsv libcsv-dev libcsv-devel libcsv libcsv-dev
gsl libgsl-dev gsl-devel gsl gsl-dev
pkg-config pkg-config pkgconf-pkg-config pkgconf pkgconf
cmark-gfm libcmark-gfm-dev,libcmark-gfm-extensions-dev cmark-gfm-devel cmark-gfm cmark-gfm-dev
nettle nettle-dev nettle-devel nettle nettle-dev
jansson libjansson-dev jansson-devel jansson jansson-dev
liburing liburing-dev liburing-devel liburing liburing-dev
libevent libevent-dev libevent-devel libevent libevent-dev
libev libev-dev libev-devel libev libev-dev
libuv libuv1-dev libuv-devel libuv libuv-dev
gnuplot gnuplot-nox gnuplot gnuplot gnuplot
haproxy haproxy haproxy haproxy haproxy
lighttpd lighttpd lighttpd lighttpd lighttpd
memcached memcached memcached memcached memcached
cmocka libcmocka-dev libcmocka-devel cmocka cmocka-dev
shellcheck shellcheck ShellCheck shellcheck shellcheck
chromium chromium chromium chromium chromium
chromedriver chromium-driver chromedriver chromium chromium-chromedriver
node nodejs nodejs nodejs nodejs
clang-format clang-format clang-tools-extra clang clang-extra-tools
strace strace strace strace strace
valgrind valgrind valgrind valgrind valgrind
cppcheck cppcheck cppcheck cppcheck cppcheck
clang-tidy clang-tidy clang-tools-extra clang clang-extra-tools
gcovr gcovr gcovr gcovr gcovr
m32 gcc-i686-linux-gnu,libc6-dev-i386-cross glibc-devel.i686,libgcc.i686 lib32-glibc,lib32-gcc-libs -
clang clang clang clang clang
libfuzzer libclang-rt-CLANG-dev compiler-rt compiler-rt compiler-rt
linux.uml user-mode-linux - - -
busybox busybox-static busybox busybox busybox
xz xz-utils xz xz xz
xmllint libxml2-utils libxml2 libxml2 libxml2-utils
gawk gawk gawk gawk gawk
qemu-system-x86_64 qemu-system-x86 qemu-system-x86-core qemu-system-x86 qemu-system-x86_64
TABLE
}

compiles() {
    printf '#include <%s>\n' "$2" | "$1" -E -x "$3" - >/dev/null 2>&1
}

is_there() {
    case $1 in
    cc) compiles "${CC:-cc}" stdio.h c ;;
    cxx) compiles "${CXX:-c++}" cstdio c++ ;;
    make) command -v make >/dev/null || command -v ninja >/dev/null ;;
    libcsv) compiles "${CC:-cc}" csv.h c ;;
    cmark-gfm) compiles "${CC:-cc}" cmark-gfm-core-extensions.h c ;;
    nettle) compiles "${CC:-cc}" nettle/sha2.h c ;;
    jansson) compiles "${CC:-cc}" jansson.h c ;;
    liburing) compiles "${CC:-cc}" liburing.h c ;;
    libevent) compiles "${CC:-cc}" event2/event.h c ;;
    libev) compiles "${CC:-cc}" ev.h c ;;
    libuv) compiles "${CC:-cc}" uv.h c ;;
    gsl) compiles "${CC:-cc}" gsl/gsl_multifit.h c ;;
    cmocka)
        printf '#include <%s>\n' stdarg.h stddef.h setjmp.h stdint.h cmocka.h |
            "${CC:-cc}" -E -x c - >/dev/null 2>&1
        ;;
    libfuzzer)
        echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
            clang -x c - -fsanitize=fuzzer -o /dev/null 2>/dev/null
        ;;
    m32)
        printf '#include <%s>\n' errno.h stdio.h |
            "${CC:-cc}" -m32 -E -x c - >/dev/null 2>&1 ||
            command -v i686-linux-gnu-gcc >/dev/null
        ;;
    gnuplot) gnuplot -d -e 'set term svg' 2>/dev/null ;;
    haproxy | lighttpd | memcached)
        (PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin && command -v "$1" >/dev/null)
        ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

missing_of() {
    for need in "$@"; do
        is_there "$need" || printf '%s ' "$need"
    done
}

clang_major() {
    clang -dumpversion 2>/dev/null | cut -d. -f1
}

# package_names COLUMN NEED...: the packages, on one line
package_names() {
    column=$1
    shift
    packages | awk -v column="$column" -v needs="$*" -v clang="$(clang_major)" '
        BEGIN { n = split(needs, wanted); for (i in wanted) want[wanted[i]] }
        $1 in want && $column != "-" {
            gsub(",", " ", $column); sub("CLANG", clang, $column)
            printf "%s%s", sep, $column; sep = " " }'
}

# The line that installs the needs, in the words of this system's packager.
install_line() {
    if command -v apt-get >/dev/null; then
        echo "apt-get install -y --no-install-recommends $(package_names 2 "$@")"
    elif command -v dnf >/dev/null; then
        echo "dnf install -y $(package_names 3 "$@")"
    elif command -v pacman >/dev/null; then
        echo "pacman -S --needed $(package_names 4 "$@")"
    elif command -v apk >/dev/null; then
        echo "apk add $(package_names 5 "$@")"
    else
        echo "(your packager's names for) $(package_names 2 "$@")"
    fi
}

# Prints the word to put before apt-get; fails if there is no way to be root.
become_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null || return 1
    [ -t 0 ] || sudo -n true 2>/dev/null || return 1
    echo sudo
}

# A stale list is no reason to stop: apt_install tells.
apt_update() {
    ${sudo:+"$sudo"} apt-get update -qq || true
}

apt_install() {
    say "Installing, $(apt-get install -yqq --no-install-recommends --print-uris \
        "$@" 2>/dev/null | awk '{ n += $3 } END { printf "%.0f", n / 1e6 }') MB: $*"
    ${sudo:+"$sudo"} env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >"$log" 2>&1 </dev/null || {
        tail -n 20 "$log" >&2
        die 1 "apt-get could not install: $*"
    }
}

# require NEED...: sees to it that all of them are there, or stops.
require() {
    missing=$(missing_of "$@")
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086 # a list of plain words
    line=$(install_line $missing)
    if [ "$install" = no ] || ! command -v apt-get >/dev/null ||
        ! sudo=$(become_root); then
        [ "$missing" != "gnuplot " ] ||
            line="$line (or do without figures: --no-install)"
        die 77 "missing: ${missing% }; as root type: $line"
    fi
    apt_update
    # shellcheck disable=SC2046,SC2086
    apt_install $(package_names 2 $missing)
    missing=$(missing_of "$@")
    [ -z "$missing" ] || die 77 "still missing after installing: $missing"
}

# wish NEED...: installs what of it can be had, each alone, as releases lack
# different ones; what wants the rest says so.
wish() {
    missing=$(missing_of "$@")
    [ -n "$missing" ] || return 0
    if [ "$install" = yes ] && command -v apt-get >/dev/null &&
        sudo=$(become_root); then
        apt_update
        for need in $missing; do
            # Another may have brought it; in a subshell, as it may fail.
            # shellcheck disable=SC2046
            is_there "$need" || (apt_install $(package_names 2 "$need")) || true
        done
        missing=$(missing_of "$@")
    fi
    [ -z "$missing" ] ||
        say "Not installed: ${missing% }; what needs them is left out"
}

# Servers to measure, of which those that cannot be had are left out. Debian
# starts what it installs: that is undone, so that nothing is left running.
wish_servers() {
    new=$(missing_of haproxy lighttpd memcached)
    wish haproxy lighttpd memcached
    for server in $new; do
        if [ -d /run/systemd/system ] && is_there "$server"; then
            ${sudo:+"$sudo"} systemctl disable --quiet --now "$server" ||
                say "$server was left running as a service"
        fi
    done
}

# --- stages -----------------------------------------------------------------

# For what is made of several processes: a group of its own ends as a whole.
group=$(command -v setsid) || group=

# A signal to this script goes on to the command it attends to. TERM as well:
# a shell makes what it starts beside itself deaf to INT.
pass_on() {
    got=$1
    ended_by=$1
    [ -n "$child" ] || return 0
    for signal in "$1" TERM; do
        kill -s "$signal" -- "-$child" 2>/dev/null ||
            kill -s "$signal" "$child" 2>/dev/null || true
    done
}

# attend COMMAND...: leaves its exit status in status, and in ended_by the
# signal to this script that ended it, if one did. In the foreground it would
# be left running: the shell ends, or hears of a signal only later.
attend() {
    got='' ended_by='' child=''
    for signal in INT TERM HUP; do
        # shellcheck disable=SC2064 # the name as it is now
        trap "pass_on $signal" "$signal"
    done
    "$@" &
    child=$!
    [ -z "$got" ] || pass_on "$got"
    got=''
    status=0
    wait "$child" || status=$?
    while [ -n "$got" ]; do # then it was the wait that ended
        got=''
        again=0
        wait "$child" || again=$?
        [ "$again" -eq 127 ] || status=$again
    done
    # Until the next.
    for signal in INT TERM HUP; do
        # shellcheck disable=SC2064 # the name as it is now
        trap "die 1 \"interrupted (SIG$signal)\$go_on\"" "$signal"
    done
}

# perform WHAT COMMAND...: attends to what the rest needs
perform() {
    what=$1
    shift
    # shellcheck disable=SC2086 # one word or none
    attend $group "$@"
    check_performed "$what"
}

check_performed() {
    [ -z "$ended_by" ] || die 1 "interrupted (SIG$ended_by) while $1$go_on"
    [ "$status" -eq 0 ] || die 1 "$1 failed, see above$go_on"
}

# run_tests_of DIR CTEST-OPTION...
run_tests_of() {
    dir=$1
    shift
    # shellcheck disable=SC2016 # expanded there; ctest has --test-dir since 3.20
    perform "testing" sh -c 'cd "$0" && exec ctest -j "$(nproc)" \
        --output-on-failure --no-tests=error "$@"' "$dir" "$@"
}

# build PRESET DIR [TARGETS]
build() {
    step "Building in $2"
    [ ! -f "$2/CMakeCache.txt" ] ||
        grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$2/CMakeCache.txt" ||
        rm -rf "$2/CMakeCache.txt" "$2/CMakeFiles" # the tree was moved
    command -v make >/dev/null || export CMAKE_GENERATOR=Ninja
    # shellcheck disable=SC2016,SC2086 # expanded there; one word or none
    attend $group sh -c '"$1/cmake/configure.sh" "$2" "$3" &&
        exec cmake --build "$3" -j "$(nproc)" --target $4' \
        build "$root" "$1" "$2" "${3:-all}" >"$log" 2>&1
    [ "$status" -eq 0 ] || [ -n "$ended_by" ] || cat "$log" >&2
    check_performed "building"
}

# The suite of Debian that this is, or nothing
suite() {
    sed -n 's/^VERSION_CODENAME=//p' /etc/os-release
}

# measure POLLBENCH-OPTION...: leaves its exit status in measured
measure() {
    if [ "$resume" = yes ]; then
        step "Measuring what is missing in $output"
        set -- --resume "$output" "$@"
    else
        step "Measuring (preset $preset) into $output"
        set -- --preset "$preset" --output "$output" "$@"
    fi
    # It ends cleanly on a signal, and stops with us on Ctrl-Z.
    attend "$programs/pollbench" run "$@"
    measured=$status
    stopped=$ended_by
    if ! has_rows "$output/samples.csv"; then
        [ -z "$ended_by" ] ||
            die 1 "interrupted (SIG$ended_by) before anything was measured"
        exit "$measured"
    fi
    [ "$measured" -ne 2 ] || exit 2
    go_on="; go on with: run_all.sh --resume $output"
    [ "$servers" = no ] || go_on="$go_on --servers"
}

# count POLLBENCH-OPTION...: in a guest of each kernel, and what follows from it
count() {
    require "qemu-system-$(uname -m)"
    build static "$build_dir-static" "pollbench-run guest-init"
    all=$output measured=0 stopped=
    for kernel in $kernels; do
        [ "$kernels" = " $kernel" ] || output=$all/$(basename "$kernel")
        step "Counting instructions under $kernel into $output"
        mkdir -p "$(dirname "$output")"
        perform "counting" "$root/tools/guest.sh" count "$kernel" \
            "$build_dir-static/libexec/pollbench" "$output" "$@"
        analyse
        draw
        report
        finish
    done
    [ "$output" != "$all" ] || return 0
    step "Comparing the kernels"
    "$programs/pollbench" compare "$all"/* || [ $? -ne 2 ] || die 1 "comparing failed"
}

has_rows() {
    [ -e "$1" ] && [ "$(head -n 2 "$1" | wc -l)" -eq 2 ]
}

analyse() {
    step "Analysing"
    perform "analysing" "$programs/pollbench" fit "$output"
}

draw() {
    if [ -n "$stopped" ]; then # who wants the prompt back
        say "No figures of a part. Later: pollbench draw DIR, or --resume"
        return
    fi
    step "Drawing the figures"
    if is_there gnuplot; then
        perform "drawing" "$programs/pollbench" draw "$output"
    else
        say "No figures: gnuplot is not installed. Later: $programs/pollbench draw DIR"
    fi
}

report() {
    step "Writing the report"
    perform "reporting" "$programs/pollbench" report "$output"
}

tell_servers() {
    step "Servers, measured and predicted"
    "$root/tools/servers.sh" "$output" >"$output/servers.md" ||
        die 1 "no table of the servers, see above$go_on"
    cat "$output/servers.md"
}

finish() {
    step "Results are in $output"
    "$programs/pollbench" show "$output"
    [ ! -e "$output/report.html" ] || say "
The page: $output/report.html"
    [ "$measured" -eq 0 ] ||
        die 1 "measuring ended early$go_on"
}

new_output() {
    id=$(od -An -N3 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s/results/%s-%s-%s\n' "$root" "$(date -u +%Y%m%dT%H%M%SZ)" \
        "$preset" "$id"
}

run() {
    if [ "$install" = yes ]; then
        require cc cmake make libcsv gsl pkg-config cmark-gfm nettle jansson \
            gnuplot
    else
        require cc cmake make libcsv gsl pkg-config cmark-gfm nettle jansson
    fi
    wish liburing libevent libev libuv
    [ "$servers" = no ] || wish_servers
    build default "$build_dir"
    programs=$build_dir/bench
    for sweep in $sweeps; do
        set -- "$@" --sweep "$sweep"
    done
    # With models of what they wait for, as far as they have connections.
    [ "$servers" = no ] ||
        set -- --sweep servers --sweep cache --fd-kind tcp --invocations 6 \
            --rounds 5 --patience 10 "$@"
    if [ "$preset" = count ]; then
        count "$@"
        return
    fi
    measure "$@"
    analyse
    draw
    report
    [ "$servers" = no ] || tell_servers
    finish
}

# analyze DIR: its warnings are errors. Before gcc 12 it is an early version,
# which sees a double free where each path has one.
analyze() {
    compiler=$("${CC:-cc}" --version | head -n 1)
    version=$("${CC:-cc}" -dumpversion)
    case $compiler in
    *clang*) version=0 ;;
    esac
    if [ "${version%%.*}" -lt 12 ]; then
        say "Not analysed: gcc 12 or later is wanted, not $compiler"
        return 0
    fi
    build analyzer "$1"
}

# cover DIR: says what share of the lines the tests run
cover() {
    is_there gcovr || {
        say "Coverage not measured: gcovr is not installed"
        return 0
    }
    step "Testing (coverage)"
    perform "covering" "$root/tests/reliability/coverage.sh" "$1"
}

# fuzz DIR: every reader, for a short while
fuzz() {
    is_there libfuzzer || {
        say "Not fuzzed: clang or its libFuzzer is not installed"
        return 0
    }
    build fuzz "$1" fuzzers
    step "Fuzzing"
    perform "fuzzing" "$root/tests/fuzz/fuzz.sh" "$1"
}

# What every change has to pass, within some three minutes.
run_tests() {
    require cc cxx cmake make libcsv gsl pkg-config cmark-gfm nettle jansson \
        gnuplot cmocka
    wish liburing libevent libev libuv shellcheck clang-format xz
    build test "$build_dir"
    step "Testing"
    run_tests_of "$build_dir" -LE 'slow|long'
}

# All tests but those of hours; then the library's and programs' once more under
# the sanitizers and with other flags.
run_all_tests() {
    require cc cxx cmake make libcsv gsl pkg-config cmark-gfm nettle jansson \
        gnuplot cmocka shellcheck clang-format strace
    # clang before what goes with its version
    wish liburing libevent libev libuv chromium chromedriver node valgrind cppcheck \
        clang-tidy gcovr clang libfuzzer linux.uml busybox xz xmllint gawk m32 \
        "qemu-system-$(uname -m)"
    [ "$install" = no ] || "$root/tools/kernel.sh" "$(suite)" >/dev/null ||
        say "No kernel to count instructions under; that is not tested."
    build test "$build_dir"
    step "Testing"
    run_tests_of "$build_dir" -LE slow
    # What does not depend on how it was built, or cannot be traced then.
    once='chain|lint|slow|once'
    for preset in sanitize fortify; do
        build "$preset" "$build_dir-$preset"
        step "Testing ($preset)"
        run_tests_of "$build_dir-$preset" -LE "$once"
    done
    build thread "$build_dir-thread" \
        "contract contract_calls tables_test scene_test"
    step "Testing (thread)"
    # Rings are mapped by calls that the sanitizer does not see: the memory of one
    # thread's, once another's, is a race to it.
    run_tests_of "$build_dir-thread" -E io_uring \
        -R '^(contract\.(laws|calls)\..*|(tables|scene)_test)$'
    analyze "$build_dir-analyzer"
    cover "$build_dir-coverage"
    fuzz "$build_dir-fuzz"
}

# --- options ----------------------------------------------------------------

preset=default
servers=no
kernels=
sweeps=
output=
resume=no
build_dir=
install=yes
test=
go_on=

while [ $# -gt 0 ]; do
    case $1 in
    --quick) preset=quick ;;
    --full) preset=full ;;
    --instructions) preset=count ;;
    --servers) servers=yes ;;
    --kernel)
        case ${2:-} in
        '' | *[!A-Za-z0-9_./+-]*) die_usage "--kernel needs an image or a suite" ;;
        esac
        kernels="$kernels $2"
        shift
        ;;
    --no-install) install=no ;;
    --test) test=run_tests ;;
    --test-all) test=run_all_tests ;;
    --output | --resume | --build-dir)
        [ -n "${2:-}" ] || die_usage "$1 needs a folder"
        case $1 in
        --build-dir) build_dir=$(absolute "$2") ;;
        *)
            [ -z "$output" ] || die_usage "only one --output or --resume"
            output=$(absolute "$2")
            ;;
        esac
        [ "$1" != --resume ] || resume=yes
        shift
        ;;
    --only)
        while [ $# -ge 2 ] && [ "${2#-}" = "$2" ]; do
            sweeps="$sweeps $2"
            shift
        done
        [ -n "$sweeps" ] || die_usage "--only needs the name of a sweep"
        ;;
    -h | --help)
        usage
        exit 0
        ;;
    --)
        shift
        break
        ;;
    *) die_usage "unknown option $1" ;;
    esac
    shift
done

# Said now, not after a build.
[ "$preset:$resume" != count:yes ] || die_usage "a count is not resumed: count again"
[ "$preset:$servers" != count:yes ] || die_usage "--servers: nothing to count"
[ "$preset:$servers" != default:yes ] || preset=full # models of many fds
[ "$preset" = count ] || [ -z "$kernels" ] || die_usage "--kernel: of --instructions"
[ "$preset:$kernels" != count: ] ||
    kernels=" $(suite)"
[ "$kernels" != " " ] || die_usage "--instructions: name a --kernel"
for sweep in $sweeps; do
    sweeps_there | grep -qxF -- "$sweep" ||
        die_usage "no sweep '$sweep'; there are: $(sweeps_there | xargs)"
done
if [ -n "$test" ]; then
    : "${build_dir:=$root/build-test}"
else
    : "${build_dir:=$root/build}" "${output:=$(new_output)}"
    if [ "$resume" = yes ]; then
        [ -d "$output" ] || die 1 "$output: no such run to resume"
    elif [ -e "$output" ]; then
        die 1 "$output: exists already; name another --output, or --resume it"
    fi
fi
log=$build_dir/run_all.log
{ mkdir -p "$build_dir" && : >"$log"; } 2>/dev/null ||
    die 1 "$build_dir: cannot write there; name another with --build-dir"

if [ -n "$test" ]; then
    "$test"
else
    run "$@"
fi
