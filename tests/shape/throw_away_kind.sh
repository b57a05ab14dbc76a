#!/bin/sh
# SPDX-License-Identifier: MIT
# throw_away_kind.sh SOURCES: a kind of fd takes its row and the function that
# opens a pair (docs/adding-a-kind.md), and is then listed, tested as the others
# are, and measured side by side with one of them. It is packets over
# AF_UNIX.
# shellcheck source=tests/shape/tree_of_its_own.sh
. "$(dirname "$0")/tree_of_its_own.sh"

kinds=bench/measure/scenes/fd_kind.c
awk '/^\/\* Bytes as the sweep scale found them/ {
        print "static int open_seqpacket(bool readable, int ends[2])"
        print "{"
        print "    return open_sockets(SOCK_SEQPACKET, readable, ends);"
        print "}\n"
    }
    /^    \{0\},$/ {
        print "    {\"seqpacket\", \"AF_UNIX packets, both ends\", " \
            "open_seqpacket, 2700},"
    }
    { print }' "$kinds" >"$scratch/fd_kind.c"
mv "$scratch/fd_kind.c" "$kinds"
[ "$(grep -c open_seqpacket "$kinds")" -eq 2 ] || fail "the kind was not made"

configure
quietly cmake --build build-test -j2 --target pollbench farm_test scene_test
quietly build-test/tests/measure/farm_test
quietly build-test/tests/measure/scene_test

build-test/bench/pollbench list >"$scratch/list"
grep -q '^ *seqpacket  *AF_UNIX packets' "$scratch/list" ||
    fail "--list does not have it"
quietly build-test/bench/pollbench run --quiet --preset quick --invocations 1 \
    --rounds 2 --patience 0 --most-fds 300 --sweep fd_count --sweep raw \
    --fd-kind seqpacket --fd-kind socketpair --output "$run"

# Each with all its rows, one after the other on the same numbers: ok, and as
# many of the one as of the other.
awk -F, 'NR == 1 {
        for (i = 1; i <= NF; i++)
            column[$i] = i
        next
    }
    $column["sweep"] == "reference" { next }
    {
        n[$column["fd_kind"]]++
        if ($column["status"] != "ok") {
            print "not ok: " $0
            bad = 1
        }
    }
    END {
        if (n["seqpacket"] == 0 || n["seqpacket"] != n["socketpair"]) {
            print n["seqpacket"] + 0, "rows of seqpacket,", n["socketpair"] + 0, "of socketpair"
            bad = 1
        }
        exit bad
    }' "$run/samples.csv" >&2 || fail "samples.csv: not both kinds"
