#!/bin/sh
# SPDX-License-Identifier: MIT
# throw_away_kind.sh SOURCES: a kind of fd takes its row and the function that
# opens a pair (docs/adding-a-kind.md), and is then listed, tested as the others
# are, and measured side by side with one of them. It is TCP over loopback.
# shellcheck source=tests/shape/tree_of_its_own.sh
. "$(dirname "$0")/tree_of_its_own.sh"

cat >"$scratch/open_tcp.c" <<'END'
/* The accepted end takes the place of the listening socket. */
static int connect_to(int listener, int ends[2])
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n_bytes = sizeof address;
    struct sockaddr *any = (struct sockaddr *)&address;

    if (bind(listener, any, n_bytes) < 0 || listen(listener, 1) < 0 ||
        getsockname(listener, any, &n_bytes) < 0 ||
        connect(ends[0], any, n_bytes) < 0)
        return -errno;
    int accepted = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (accepted < 0)
        return -errno;
    ends[1] = dup3(accepted, listener, O_CLOEXEC);
    int error = ends[1] < 0 ? -errno : 0;
    close(accepted);
    return error;
}

static int open_tcp(bool readable, int ends[2])
{
    ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (ends[0] < 0)
        return -errno;
    ends[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error = ends[1] < 0 ? -errno : connect_to(ends[1], ends);
    for (int i = 0; i < 2 && readable && !error; i++) {
        struct pollfd other = {.fd = ends[1 - i], .events = POLLIN};
        error = put(ends[i]);
        if (!error && poll(&other, 1, 1000) != 1)
            error = -ETIMEDOUT;
    }
    if (error)
        close(ends[0]);
    if (error && ends[1] >= 0)
        close(ends[1]);
    return error;
}

END
kinds=bench/measure/scenes/fd_kind.c
{
    sed -e 's/^#include <fcntl\.h>$/&\n#include <netinet\/in.h>\n#include <poll.h>/' \
        -e '/^\/\* Bytes as the sweep scale found them/,$d' "$kinds"
    cat "$scratch/open_tcp.c"
    sed -n -e '/^\/\* Bytes as the sweep scale found them/,$p' "$kinds" |
        sed 's/^    {0},$/    {"tcp", "TCP over loopback, both ends", open_tcp, 4000},\n&/'
} >"$scratch/fd_kind.c"
mv "$scratch/fd_kind.c" "$kinds"
[ "$(grep -c open_tcp "$kinds")" -eq 2 ] || fail "the kind was not made"

configure
quietly cmake --build build-test -j2 --target pollbench farm_test scene_test
quietly build-test/tests/measure/farm_test
quietly build-test/tests/measure/scene_test

build-test/bench/pollbench list >"$scratch/list"
grep -q '^ *tcp  *TCP over loopback' "$scratch/list" ||
    fail "--list does not have it"
quietly build-test/bench/pollbench run --quiet --preset quick --invocations 1 \
    --rounds 2 --patience 0 --most-fds 300 --sweep fd_count --sweep raw \
    --fd-kind tcp --fd-kind socketpair --output "$run"

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
        if (n["tcp"] == 0 || n["tcp"] != n["socketpair"]) {
            print n["tcp"] + 0, "rows of tcp,", n["socketpair"] + 0, "of socketpair"
            bad = 1
        }
        exit bad
    }' "$run/samples.csv" >&2 || fail "samples.csv: not both kinds"
