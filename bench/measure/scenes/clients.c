/* SPDX-License-Identifier: MIT */
#include "clients.h"

#include "clock.h"
#include "loopback.h"
#include "partner.h"
#include "proc_file.h"
#include "rules.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    LONGEST = 4,      /* windows, besides the patience there is with all */
    WARM_PARTS = 8,   /* of a window, before it */
    AT_ONCE = 64,     /* answers that one look reports */
    BYTES = 64 << 10, /* of an answer, at most */
    PAUSE_NS = 20000000,
    POKE_NS = 50000
};

/* --- asking --------------------------------------------------------------- */

struct connection {
    int fd;
    uint32_t number; /* of the request on its way */
    size_t n_got;    /* bytes of its answer */
    int64_t due_ns, sent_ns;
    int64_t place; /* among those of the window; -1: it is none of them */
};

enum phase { WARMING, COUNTING, DRAINING };

struct clients {
    struct pb_load *load;
    const struct pb_load_asked *asked;
    int channel, set; /* the child's end; an epoll set */
    struct connection *busy;
    int *idle;
    char *request, *answer;
    size_t answer_bytes;

    enum phase phase;
    int64_t until_ns; /* the next phase begins with the first answer after */
    int64_t heard_ns; /* when the latest answer came */
    int64_t start_ns, n_due; /* of the schedule; sent so far */
    int64_t n_answered;
    uint32_t n_numbers;
    int *free; /* a ring: places of the busy ones that have nothing to wait for,
                * longest free first */
    int64_t n_freed, n_taken;
};

int64_t pb_load_longest_ns(const struct pb_load_asked *asked)
{
    return LONGEST * asked->window_ns + PB_PARTNER_PATIENCE_NS;
}

static int64_t own_cpu_ns(void)
{
    return pb_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

static int send_one(struct clients *clients, struct connection *connection,
                    int64_t due_ns)
{
    const struct pb_talk *talk = clients->asked->talk;

    if (!talk->answer_begins) {
        connection->number = ++clients->n_numbers;
        memcpy(clients->request, &connection->number,
               sizeof connection->number);
    }
    connection->n_got = 0;
    connection->due_ns = due_ns;
    connection->place = clients->phase == COUNTING &&
                                clients->load->n_sent < clients->load->n_room
                            ? clients->load->n_sent++
                            : -1;
    connection->sent_ns = pb_now_ns();
    ssize_t n = send(connection->fd, clients->request, talk->request_bytes,
                     MSG_NOSIGNAL | MSG_DONTWAIT);
    return n < 0 ? -errno : (size_t)n == talk->request_bytes ? 0 : -EMSGSIZE;
}

/* What the kernel says of the time of a process that runs is up to a tick old,
 * unless something happens on its CPU: the parent, asleep there, is woken. */
static int64_t server_cpu_ns(const struct clients *clients)
{
    clockid_t clock = clients->asked->server_clock;
    int64_t old_ns = pb_clock_ns(clock), give_up_ns = pb_now_ns() + POKE_NS;
    int64_t cpu_ns = old_ns;

    if (send(clients->channel, "m", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return old_ns;
    while (cpu_ns == old_ns && pb_now_ns() < give_up_ns)
        cpu_ns = pb_clock_ns(clock);
    return cpu_ns;
}

static void set_mark(const struct clients *clients, struct pb_load_mark *mark)
{
    const struct pb_load_asked *asked = clients->asked;
    const struct pb_server_count *count = asked->count;

    *mark = (struct pb_load_mark){
        .server_cpu_ns = server_cpu_ns(clients),
        .now_ns = pb_now_ns(),
        .own_cpu_ns = own_cpu_ns(),
        .n_answered = clients->n_answered,
        .n_waits = count ? count->n_waits : pb_proc_sleeps(asked->pid),
        .n_events = count ? count->n_events : clients->n_answered};
}

/* With an answer on the first busy connection. */
static void turn_phase(struct clients *clients, int64_t now_ns)
{
    struct pb_load *load = clients->load;

    if (now_ns < clients->until_ns || clients->phase == DRAINING)
        return;
    if (clients->phase == WARMING) {
        set_mark(clients, &load->begin);
        clients->until_ns = load->begin.now_ns + clients->asked->window_ns;
    } else {
        set_mark(clients, &load->end);
    }
    clients->phase++;
}

static int free_again(struct clients *clients, struct connection *connection)
{
    if (clients->asked->rate == 0 && clients->phase != DRAINING)
        return send_one(clients, connection, connection->sent_ns);
    clients->free[clients->n_freed++ % clients->asked->n_busy] =
        (int)(connection - clients->busy);
    return 0;
}

static int finish(struct clients *clients, struct connection *connection)
{
    struct pb_load *load = clients->load;
    int64_t now_ns = pb_now_ns();

    clients->n_answered++;
    clients->heard_ns = now_ns;
    if (connection->place >= 0) {
        int64_t *latencies_ns = &load->latencies_ns[connection->place];
        latencies_ns[0] = now_ns - connection->due_ns;
        latencies_ns[load->n_room] = now_ns - connection->sent_ns;
    }
    if (connection == clients->busy)
        turn_phase(clients, now_ns);
    return free_again(clients, connection);
}

/* Whether these bytes of the answer, the first of which is number n_got, are
 * what they should be. */
static bool is_right(struct clients *clients, struct connection *connection,
                     size_t n)
{
    const char *begins = clients->asked->talk->answer_begins;
    size_t from = connection->n_got, n_known = begins ? strlen(begins) : 0;

    if (!begins) {
        memcpy(clients->request, &connection->number,
               sizeof connection->number);
        begins = clients->request;
        n_known = clients->answer_bytes;
    }
    if (from + n < n_known)
        n_known = from + n;
    return from + n <= clients->answer_bytes &&
           (from >= n_known ||
            memcmp(clients->answer, begins + from, n_known - from) == 0);
}

static int take_answer(struct clients *clients, struct connection *connection)
{
    ssize_t n = recv(connection->fd, clients->answer, BYTES, MSG_DONTWAIT);

    if (n <= 0)
        return n == 0 ? -ECONNRESET : errno == EAGAIN ? 0 : -errno;
    if (!is_right(clients, connection, (size_t)n))
        return -EBADMSG;
    connection->n_got += (size_t)n;
    return connection->n_got < clients->answer_bytes
               ? 0
               : finish(clients, connection);
}

static int send_on_free(struct clients *clients, int64_t due_ns)
{
    int free = clients->free[clients->n_taken++ % clients->asked->n_busy];
    return send_one(clients, &clients->busy[free], due_ns);
}

/* What has come, and what is due. */
static int turn(struct clients *clients)
{
    const struct pb_load_asked *asked = clients->asked;
    struct epoll_event events[AT_ONCE];
    int n = epoll_wait(clients->set, events, AT_ONCE, 0), error = 0;

    if (n < 0 && errno != EINTR)
        return -errno;
    for (int i = 0; i < n && !error; i++)
        error = take_answer(clients, events[i].data.ptr);
    int64_t now_ns = pb_now_ns();
    while (asked->rate && clients->phase != DRAINING && !error &&
           clients->n_taken < clients->n_freed) {
        int64_t due_ns =
            clients->start_ns + clients->n_due * 1000000000 / asked->rate;
        if (due_ns > now_ns)
            break;
        clients->n_due++;
        error = send_on_free(clients, due_ns);
    }
    return error;
}

static bool is_all_free(const struct clients *clients)
{
    return clients->n_freed - clients->n_taken == clients->asked->n_busy;
}

/* The warming, the window, and what is on its way then. */
static int play(struct clients *clients)
{
    const struct pb_load_asked *asked = clients->asked;
    int64_t now_ns = pb_now_ns();
    int64_t give_up_ns = now_ns + pb_load_longest_ns(asked);
    int error = 0;

    clients->phase = WARMING;
    clients->start_ns = clients->heard_ns = now_ns;
    clients->until_ns = now_ns + asked->window_ns / WARM_PARTS;
    clients->n_due = clients->load->n_sent = 0;
    while (!asked->rate && clients->n_taken < clients->n_freed && !error)
        error = send_on_free(clients, now_ns);
    while ((clients->phase != DRAINING || !is_all_free(clients)) && !error) {
        error = turn(clients);
        now_ns = pb_now_ns();
        if (!error && (now_ns > clients->heard_ns + PB_PARTNER_PATIENCE_NS ||
                       (clients->phase != DRAINING && now_ns > give_up_ns)))
            error = -ETIMEDOUT;
    }
    return error;
}

/* --- connecting ------------------------------------------------------------
 */

/* A connection without delays, that is reset at its end. */
static int open_connection(int port, int *connected)
{
    const struct timeval patience = {.tv_sec =
                                         PB_PARTNER_PATIENCE_NS / 1000000000};
    const struct sockaddr_in address = pb_loopback_address(port);
    const int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    *connected = fd; /* not closed after an error: this process ends */
    if (fd < 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0)
        return -errno;
    int error = pb_loopback_be_abrupt(fd);
    if (!error)
        error = pb_loopback_connect(fd, &address);
    return error == -EINPROGRESS ? -ETIMEDOUT : error;
}

static int await_answer(const struct connection *connection, int64_t ns)
{
    struct pollfd one = {.fd = connection->fd, .events = POLLIN};
    int n = poll(&one, 1, (int)(ns / 1000000));
    return n < 0 ? -errno : n == 0 ? -ETIMEDOUT : 0;
}

/* Each answer is as long as the first one, which is at its end when no more
 * comes for a while. */
static int learn_length(struct clients *clients, struct connection *connection)
{
    int64_t patience_ns = PB_PARTNER_PATIENCE_NS;
    size_t n_bytes = 0;
    int error = send_one(clients, connection, 0);

    clients->answer_bytes = BYTES;
    while (!error && (error = await_answer(connection, patience_ns)) == 0) {
        ssize_t n = recv(connection->fd, clients->answer, BYTES, MSG_DONTWAIT);
        if (n <= 0)
            return n == 0 ? -ECONNRESET : -errno;
        if (!is_right(clients, connection, (size_t)n))
            return -EBADMSG;
        connection->n_got = n_bytes += (size_t)n;
        patience_ns = PAUSE_NS;
    }
    clients->answer_bytes = n_bytes;
    return error == -ETIMEDOUT && n_bytes > 0 ? 0 : error;
}

/* One request, so that the server knows the connection. */
static int try_out(struct clients *clients, struct connection *connection)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    int64_t n_before = clients->n_answered;
    int error = clients->answer_bytes ? 0 : learn_length(clients, connection);

    clients->phase = DRAINING;
    if (!error)
        error = send_one(clients, connection, 0);
    while (!error && clients->n_answered == n_before) {
        error = await_answer(connection, PB_PARTNER_PATIENCE_NS);
        if (!error)
            error = take_answer(clients, connection);
    }
    if (!error &&
        epoll_ctl(clients->set, EPOLL_CTL_ADD, connection->fd, &event) < 0)
        error = -errno;
    return error;
}

static int connect_all(struct clients *clients)
{
    const struct pb_load_asked *asked = clients->asked;
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    int n = asked->n_idle + asked->n_busy, n_busy = 0, error = 0;

    for (int i = 0; i < n && !error; i++) {
        int at_once = asked->talk->connects_at_once;
        if (at_once && i > 0 && i % at_once == 0)
            nanosleep(&pause, NULL);
        if ((int64_t)(i + 1) * asked->n_busy / n == n_busy)
            error = open_connection(asked->port, &clients->idle[i - n_busy]);
        else
            error = open_connection(asked->port, &clients->busy[n_busy++].fd);
    }
    for (int i = 0; i < n_busy && !error; i++)
        error = try_out(clients, &clients->busy[i]);
    return error;
}

static int prepare(struct clients *clients)
{
    const struct pb_load_asked *asked = clients->asked;
    const struct pb_talk *talk = asked->talk;
    size_t n_busy = (size_t)asked->n_busy;

    clients->answer_bytes =
        talk->answer_begins ? talk->answer_bytes : talk->request_bytes;
    clients->busy = calloc(n_busy, sizeof *clients->busy);
    clients->free = calloc(n_busy, sizeof *clients->free);
    clients->idle = calloc((size_t)asked->n_idle + 1, sizeof *clients->idle);
    clients->request = malloc(talk->request_bytes);
    clients->answer = malloc(BYTES);
    if (!clients->busy || !clients->free || !clients->idle ||
        !clients->request || !clients->answer)
        return -ENOMEM;
    memcpy(clients->request, talk->request, talk->request_bytes);
    clients->set = epoll_create1(EPOLL_CLOEXEC);
    return clients->set < 0 ? -errno : connect_all(clients);
}

void pb_load_be_clients(struct pb_partner *partner, int channel)
{
    struct pb_load *load = partner->context;
    struct clients clients = {
        .load = load, .asked = &load->asked, .channel = channel};
    char byte = 'd';

    load->error = prepare(&clients);
    while (send(channel, &byte, 1, MSG_NOSIGNAL) == 1 &&
           recv(channel, &byte, 1, 0) == 1) {
        load->error = play(&clients);
        byte = 'd';
    }
    _exit(0);
}
