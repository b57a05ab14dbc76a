/* SPDX-License-Identifier: MIT */
#include "load.h"

#include "clients.h"
#include "clock.h"
#include "partner.h"
#include "rules.h"

#include <errno.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM_MOST = 1 << 22 /* requests: more than can be sent, at any rate */ };

/* Until it has done what it was asked for. */
static int await_load(const struct pb_load *load, int64_t patience_ns)
{
    struct pollfd one = {.fd = load->channel, .events = POLLIN};
    int64_t give_up_ns = pb_now_ns() + patience_ns;
    char byte = 0;

    while (byte != 'd') {
        int64_t left_ns = give_up_ns - pb_now_ns();
        int n = left_ns > 0 ? poll(&one, 1, (int)(left_ns / 1000000) + 1) : 0;
        if (n == 0)
            return -ETIMEDOUT;
        if (n > 0 && recv(load->channel, &byte, 1, 0) != 1)
            return -ESRCH;
    }
    return load->error;
}

static size_t bytes_for(const struct pb_load_asked *asked, int64_t *n_room)
{
    *n_room = asked->rate * (pb_load_longest_ns(asked) / 1000000 + 1) / 1000;
    if (*n_room > ROOM_MOST)
        *n_room = ROOM_MOST;
    return sizeof(struct pb_load) + 2 * (size_t)*n_room * sizeof(int64_t);
}

static int start_process(struct pb_load *load)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    load->channel = ends[0];
    int error = pb_partner_start(&load->partner, load->asked.cpu, ends[1],
                                 pb_load_be_clients, load);
    close(ends[1]);
    return error;
}

int pb_load_start(struct pb_load **load, const struct pb_load_asked *asked)
{
    /* Of a connection a hundred times what it takes, with the pauses. */
    const int64_t patience_ns = PB_PARTNER_PATIENCE_NS, each_ns = 3000000;
    int64_t n_room, n = asked->n_idle + asked->n_busy;
    size_t n_bytes = bytes_for(asked, &n_room);
    struct pb_load *made = mmap(NULL, n_bytes, PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    *load = NULL;
    if (made == MAP_FAILED)
        return -errno;
    made->asked = *asked;
    made->n_bytes = n_bytes;
    made->n_room = n_room;
    made->channel = -1;
    int error = start_process(made);
    if (!error)
        error = await_load(made, 2 * patience_ns + n * each_ns);
    if (error)
        pb_load_stop(made);
    else
        *load = made;
    return error;
}

int pb_load_play(struct pb_load *load, struct pb_load_window *window)
{
    const struct pb_load_mark *begin = &load->begin, *end = &load->end;
    int error = send(load->channel, "p", 1, MSG_NOSIGNAL) == 1
                    ? await_load(load, 2 * pb_load_longest_ns(&load->asked))
                    : -ESRCH;

    if (error)
        return error;
    *window = (struct pb_load_window){
        .n_answered = end->n_answered - begin->n_answered,
        .wall_ns = end->now_ns - begin->now_ns,
        .server_cpu_ns = end->server_cpu_ns - begin->server_cpu_ns,
        .share = (double)(end->own_cpu_ns - begin->own_cpu_ns) /
                 (double)(end->now_ns - begin->now_ns),
        .n_waits = end->n_waits - begin->n_waits,
        .n_events = end->n_events - begin->n_events,
        .n_sent = load->n_sent,
        .response_ns = load->latencies_ns,
        .service_ns = load->latencies_ns + load->n_room,
    };
    return 0;
}

void pb_load_stop(struct pb_load *load)
{
    if (!load)
        return;
    pb_partner_stop(load->partner);
    if (load->channel >= 0)
        close(load->channel);
    munmap(load, load->n_bytes);
}
