/* SPDX-License-Identifier: MIT */
/* A server that sends back what it receives, and waits by libpollset: the least
 * work that a server can have between two waits. */
#include "loopback.h"
#include "partner.h"
#include "rules.h"
#include "server.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <pollset.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- the server ----------------------------------------------------------- */

/* All that will be, before the first wait: how connections come is not what is
 * looked at. They take the place of the listener, and the numbers after it, so
 * that the highest one is their count. */
static int accept_all(int listener, int n_connections)
{
    for (int i = 0; i < n_connections; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0)
            return errno == EAGAIN ? -ETIMEDOUT : -errno;
        if (fd != listener + 1 + i)
            return -EBADMSG;
    }
    return 0;
}

static int watch_all(struct pollset *set, int listener, int n_connections)
{
    int error = 0;
    for (int i = 1; i <= n_connections && !error; i++)
        error = pollset_register(set, listener + i, POLLIN, NULL);
    return error;
}

static int echo(int fd)
{
    char bytes[4096];
    ssize_t n = recv(fd, bytes, sizeof bytes, 0);

    if (n <= 0)
        return n == 0 ? -ECONNRESET : -errno;
    ssize_t n_sent = send(fd, bytes, (size_t)n, MSG_NOSIGNAL);
    return n_sent == n ? 0 : n_sent < 0 ? -errno : -EMSGSIZE;
}

static int serve(struct pollset *set, struct pollset_event *out, int n_most,
                 struct pb_server_count *count)
{
    int n = pollset_poll(set, out, n_most, POLLSET_FOREVER), error = 0;

    if (n < 0)
        return n;
    atomic_fetch_add_explicit(&count->n_waits, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&count->n_events, n, memory_order_relaxed);
    for (int i = 0; i < n && !error; i++)
        error = echo(out[i].fd);
    return error;
}

static void be_server(struct pb_partner *partner, int listener)
{
    const struct pb_server *server = partner->context;
    int n = server->asked.n_connections;
    struct pollset_event *out = calloc((size_t)n, sizeof *out);
    struct pollset *set = NULL;
    int error = out ? accept_all(listener, n) : -ENOMEM;

    if (!error)
        error = pollset_create(&set, server->asked.call);
    if (!error)
        error = watch_all(set, listener, n);
    while (!error)
        error = serve(set, out, n, server->count);
    /* That its clients have gone is no failure of its own. */
    server->count->error = error == -ECONNRESET ? 0 : error;
    pollset_destroy(set);
    free(out);
}

/* --- of the one that measures --------------------------------------------- */

/* What connections of a listener have, they have from it. */
static int listen_anywhere(int *listener, int *port)
{
    const struct timeval patience = {.tv_sec =
                                         PB_PARTNER_PATIENCE_NS / 1000000000};
    const int on = 1;
    struct sockaddr_in address = {0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    *listener = fd;
    if (fd < 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0)
        return -errno;
    int error = pb_loopback_be_abrupt(fd);
    if (!error)
        error = pb_loopback_bind(fd, &address);
    if (!error && listen(fd, SOMAXCONN) < 0)
        error = -errno;
    *port = ntohs(address.sin_port);
    return error;
}

static int start_process(struct pb_server *server, int listener)
{
    struct pb_partner *partner;
    int error = pb_partner_start(&partner, server->asked.cpu, listener,
                                 be_server, server);
    if (error)
        return error;
    server->own = partner;
    server->pid = partner->pid;
    return -clock_getcpuclockid(server->pid, &server->clock);
}

static int share_count(struct pb_server *server)
{
    void *count = mmap(NULL, sizeof *server->count, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    server->count = count == MAP_FAILED ? NULL : count;
    return server->count ? 0 : -errno;
}

static void stop(struct pb_server *server)
{
    pb_partner_stop(server->own);
    if (server->count)
        munmap(server->count, sizeof *server->count);
    server->own = server->count = NULL;
}

static int start(struct pb_server *server)
{
    struct pollset_backend_info info;
    int listener = -1;
    int error = pollset_backend_find(server->asked.call, &info);

    server->own = server->count = NULL;
    if (!error)
        error = share_count(server);
    if (!error)
        error = listen_anywhere(&listener, &server->port);
    if (!error)
        error = start_process(server, listener);
    if (listener >= 0)
        close(listener);
    if (error)
        stop(server);
    return error;
}

/* Its first bytes become a number. */
static const char request[64] =
    "1234 what is sent is received again, and nothing else happens.";

static const struct pb_talk talk = {.request = request,
                                    .request_bytes = sizeof request};

const struct pb_server_kind pb_server_echo = {
    .name = "echo", .talk = &talk, .start = start, .stop = stop};
