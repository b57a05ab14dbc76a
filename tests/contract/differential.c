/* SPDX-License-Identifier: MIT */
/* Drives all backends through the same random sequence of changes and compares
 * every answer with a poll(2) made afresh:
 *   differential [SEED [STEPS]]
 * Without arguments several seeds are gone through. Exit status: 0 all agree,
 * 1 some do not (seed, step and what happened are printed), 2 usage.
 *
 * What a backend must report for a registered fd:
 *   poll             what poll(2) says
 *   select backends  POLLNVAL if closed; else POLLIN for IN, HUP or ERR,
 *                    POLLOUT for OUT or ERR, POLLPRI for PRI, if asked for
 *   io_uring         likewise, until it is armed again; the multishot polls
 * hold the file themselves, and tell of it when it is closed epoll what poll(2)
 * says of the file that was registered. Once its number has been closed epoll
 * may have forgotten it, may still see it through a duplicate, or may have come
 * to a file that had the number later: each of these is right, until the fd is
 * registered, modified or unregistered. */
#include "pollset.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* Numbers the sequence opens and registers lie between these. The upper one is
 * past FD_SETSIZE; what is between is thinly used, as in a real process. */
enum {
    FIRST_FD = 16,
    END_FD = 1300,
    MAX_OPEN = 48,
    MAX_BACKENDS = 64,
    MAX_LATER = 16
};

/* One registered descriptor number, as one backend sees it. */
struct watched {
    bool is_registered;
    uint32_t events;
    void *cookie;
    long file;                   /* the open file that was registered */
    long later_files[MAX_LATER]; /* those the number has stood for since */
    int n_later;
};

struct backend {
    struct pollset_backend_info info;
    struct pollset *set;
    struct watched watched[END_FD];
};

struct world {
    unsigned seed;
    long step;
    uint64_t random;
    int n_backends;
    struct backend *backends;
    long files[END_FD]; /* which open file a number stands for; 0: closed */
    long n_files;
    int n_open;
    char last_change[128];
};

/* xorshift64*: the same sequence on every system (Vigna, "An experimental
 * exploration of Marsaglia's xorshift generators", 2016, section 3). */
static unsigned draw(struct world *w, unsigned n)
{
    w->random ^= w->random >> 12;
    w->random ^= w->random << 25;
    w->random ^= w->random >> 27;
    return (unsigned)((w->random * UINT64_C(2685821657736338717)) >> 33) % n;
}

static void must(const struct world *w, bool is_true, const char *what)
{
    if (is_true)
        return;
    fprintf(stderr, "seed %u step %ld: %s: %s\n", w->seed, w->step, what,
            strerror(errno));
    exit(1);
}

/* --- the descriptors ------------------------------------------------------ */

static int random_number(struct world *w)
{
    /* Mostly where others are, so that numbers are used again. */
    if (draw(w, 4))
        return FIRST_FD + (int)draw(w, 60);
    return FIRST_FD + (int)draw(w, END_FD - FIRST_FD);
}

/* An open number of the world, or -1. */
static int random_open(struct world *w)
{
    if (w->n_open == 0)
        return -1;
    int left = (int)draw(w, (unsigned)w->n_open);
    for (int fd = FIRST_FD; fd < END_FD; fd++) {
        if (w->files[fd] && left-- == 0)
            return fd;
    }
    return -1;
}

/* A registered number of the first backend, open or not; mostly there is. */
static int random_registered(struct world *w)
{
    int begin = (int)draw(w, END_FD);
    for (int i = 0; i < END_FD; i++) {
        int fd = (begin + i) % END_FD;
        if (w->backends[0].watched[fd].is_registered)
            return fd;
    }
    return random_number(w);
}

/* Give fd, which is not the world's yet, a closed number of the world. */
static void place(struct world *w, int fd)
{
    int number = random_number(w);
    while (w->files[number])
        number = FIRST_FD + (number - FIRST_FD + 1) % (END_FD - FIRST_FD);
    must(w, dup3(fd, number, O_CLOEXEC) == number, "dup3");
    close(fd);
    w->files[number] = ++w->n_files;
    w->n_open++;
}

static const char *open_some(struct world *w)
{
    int fds[2];
    switch (w->n_open >= MAX_OPEN ? 3 : draw(w, 3)) {
    case 0:
        must(w, socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0,
             "socketpair");
        break;
    case 1:
        must(w, pipe2(fds, O_NONBLOCK) == 0, "pipe2");
        break;
    case 2:
        fds[0] = eventfd(draw(w, 2), EFD_NONBLOCK);
        must(w, fds[0] >= 0, "eventfd");
        place(w, fds[0]);
        return "open an eventfd";
    default:
        return "open nothing";
    }
    place(w, fds[0]);
    place(w, fds[1]);
    return "open a pair";
}

static const char *close_one(struct world *w)
{
    int fd = random_open(w);
    if (fd < 0)
        return "close nothing";
    close(fd);
    w->files[fd] = 0;
    w->n_open--;
    return "close";
}

/* A duplicate, also over a number that is open and perhaps registered. */
static const char *duplicate_one(struct world *w)
{
    int fd = random_open(w);
    int number = random_number(w);
    if (fd < 0 || fd == number || w->n_open >= MAX_OPEN)
        return "duplicate nothing";
    must(w, dup3(fd, number, O_CLOEXEC) == number, "dup3");
    w->n_open += !w->files[number];
    w->files[number] = w->files[fd];
    return "duplicate";
}

static const char *write_some(struct world *w)
{
    char bytes[4096] = {1};
    int fd = random_open(w);
    if (fd < 0)
        return "write nothing";
    size_t n = draw(w, 2) ? 8 : sizeof(bytes);
    /* Enough to fill a socket or a pipe. */
    int left = draw(w, 4) ? 1 : 300;
    while (write(fd, bytes, n) > 0 && --left > 0)
        continue;
    return "write";
}

static const char *read_some(struct world *w)
{
    char bytes[4096];
    int fd = random_open(w);
    if (fd < 0)
        return "read nothing";
    int left = draw(w, 2) ? 1 : 300;
    while (read(fd, bytes, sizeof(bytes)) > 0 && --left > 0)
        continue;
    return "read";
}

static const char *shut_down(struct world *w)
{
    const int hows[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};
    int fd = random_open(w);
    if (fd >= 0)
        shutdown(fd, hows[draw(w, 3)]); /* ENOTSOCK: no harm done */
    return "shut down";
}

/* --- the registrations ---------------------------------------------------- */

static bool is_select(const struct backend *b)
{
    return !(b->info.events & POLLHUP);
}

static bool is_level(const struct backend *b)
{
    return strcmp(b->info.trigger, "level") == 0;
}

/* The kernel keeps the set, and knows files and not numbers. */
static bool keeps_files(const struct backend *b)
{
    return !(b->info.events & POLLNVAL);
}

/* Its polls keep the files open that they watch. */
static bool holds_files(const struct backend *b)
{
    return keeps_files(b) && pollset_descriptor(b->set) < 0;
}

static void expect(const struct world *w, const struct backend *b,
                   const char *call, int fd, int result, int expected)
{
    if (result == expected)
        return;
    fprintf(stderr, "seed %u step %ld: %s: %s of %d: %d, expected %d\n",
            w->seed, w->step, b->info.name, call, fd, result, expected);
    exit(1);
}

static int expected_of_change(const struct world *w, const struct backend *b,
                              int fd, uint32_t events)
{
    if (events & ~b->info.events)
        return -EINVAL;
    return keeps_files(b) && !w->files[fd] ? -EBADF : 0;
}

static void change_in(const struct world *w, struct backend *b, int fd,
                      uint32_t events, void *cookie, bool modify)
{
    struct watched *watched = &b->watched[fd];
    int expected = expected_of_change(w, b, fd, events);
    if (modify && !watched->is_registered)
        expected = -ENOENT;
    int result = modify ? pollset_modify(b->set, fd, events, cookie)
                        : pollset_register(b->set, fd, events, cookie);
    expect(w, b, modify ? "modify" : "register", fd, result, expected);
    if (result == 0)
        *watched = (struct watched){.is_registered = true,
                                    .events = events,
                                    .cookie = cookie,
                                    .file = w->files[fd]};
}

static uint32_t random_events(struct world *w)
{
    uint32_t events = 0;
    const uint32_t all[] = {POLLIN, POLLOUT, POLLPRI, POLLRDHUP};
    for (int i = 0; i < 4; i++)
        events |= draw(w, 4) >= (unsigned)i ? all[i] : 0;
    const uint32_t rare[] = {POLLRDNORM, POLLRDBAND, POLLWRNORM, POLLWRBAND};
    if (draw(w, 8) == 0)
        events |= rare[draw(w, 4)];
    return draw(w, 8) ? events : 0;
}

static const char *change(struct world *w, int fd, bool modify)
{
    uint32_t events = random_events(w);
    void *cookie = &w->files[draw(w, END_FD)];
    for (int i = 0; i < w->n_backends; i++) {
        struct backend *b = &w->backends[i];
        /* Half of what select refuses it gets without the bit. */
        uint32_t mask = draw(w, 2) ? ~UINT32_C(0) : b->info.events;
        change_in(w, b, fd, events & mask, cookie, modify);
    }
    return modify ? "modify" : "register";
}

static const char *unregister(struct world *w)
{
    int fd = random_registered(w);
    for (int i = 0; i < w->n_backends; i++) {
        struct backend *b = &w->backends[i];
        int expected = b->watched[fd].is_registered ? 0 : -ENOENT;
        int result = pollset_unregister(b->set, fd);
        expect(w, b, "unregister", fd, result, expected);
        b->watched[fd].is_registered = false;
    }
    return "unregister";
}

static const char *register_open(struct world *w)
{
    int fd = random_open(w);
    return change(w, fd >= 0 ? fd : random_number(w), false);
}

static const char *register_any(struct world *w)
{
    return change(w, random_number(w), false);
}

static const char *modify_one(struct world *w)
{
    return change(w, random_registered(w), true);
}

/* --- the answers ---------------------------------------------------------- */

/* What poll(2) says of fd when asked for events. */
static uint32_t fresh(const struct world *w, int fd, uint32_t events)
{
    struct pollfd one = {.fd = fd, .events = (short)events};
    must(w, poll(&one, 1, 0) >= 0, "poll");
    return (unsigned short)one.revents;
}

static uint32_t through_select(uint32_t says, uint32_t asked)
{
    if (says & POLLNVAL)
        return POLLNVAL;
    uint32_t events = 0;
    if (says & (POLLIN | POLLHUP | POLLERR))
        events |= POLLIN;
    if (says & (POLLOUT | POLLERR))
        events |= POLLOUT;
    if (says & POLLPRI)
        events |= POLLPRI;
    return events & asked;
}

/* Whether file is open and poll(2) says the same of it. */
static bool is_said_of(const struct world *w, long file, uint32_t asked,
                       uint32_t events)
{
    for (int fd = FIRST_FD; fd < END_FD; fd++) {
        if (file && w->files[fd] == file)
            return fresh(w, fd, asked) == events;
    }
    return false;
}

/* What epoll may report once the number was closed. */
static bool is_right_of_closed(const struct world *w,
                               const struct watched *watched, uint32_t events)
{
    if (events == 0 || is_said_of(w, watched->file, watched->events, events))
        return true;
    for (int i = 0; i < watched->n_later; i++) {
        if (is_said_of(w, watched->later_files[i], watched->events, events))
            return true;
    }
    return watched->n_later == MAX_LATER; /* have lost count */
}

static bool is_right(const struct world *w, const struct backend *b, int fd,
                     uint32_t events)
{
    const struct watched *watched = &b->watched[fd];
    if (!watched->is_registered)
        return events == 0;
    if (is_select(b)) {
        uint32_t says = fresh(w, fd, POLLIN | POLLOUT | POLLPRI);
        return events == through_select(says, watched->events);
    }
    if (keeps_files(b) && watched->n_later > 0)
        return is_right_of_closed(w, watched, events) ||
               (holds_files(b) && !is_level(b));
    return events == fresh(w, fd, watched->events);
}

/* What is not level-triggered has to be modified to be asked again, by which it
 * comes to watch the file that the number now stands for. */
static void arm_again(const struct world *w, struct backend *b)
{
    for (int fd = 0; fd < END_FD && !is_level(b); fd++) {
        struct watched *watched = &b->watched[fd];
        if (watched->is_registered && w->files[fd])
            change_in(w, b, fd, watched->events, watched->cookie, true);
    }
}

/* Ask until every fd that is ready has been reported: as often as the library
 * promises at most. */
static void ask(struct world *w, struct backend *b, uint32_t events[END_FD])
{
    static struct pollset_event out[END_FD];
    int n_fds = pollset_count(b->set);
    int max_events = draw(w, 2) ? POLLSET_NO_LIMIT : 1 + (int)draw(w, 20);
    arm_again(w, b);
    int calls = max_events < 0 ? 1 : (n_fds + max_events - 1) / max_events + 1;
    for (int call = 0; call < calls; call++) {
        int n = pollset_poll(b->set, out, max_events, 0);
        must(w, n >= 0 && n <= n_fds && (max_events < 0 || n <= max_events),
             b->info.name);
        for (int i = 0; i < n; i++) {
            const struct watched *watched = &b->watched[out[i].fd];
            must(w, out[i].fd >= 0 && out[i].fd < END_FD, "fd of an event");
            must(w, out[i].cookie == watched->cookie, "cookie of an event");
            must(w, out[i].events != 0, "events of an event");
            events[out[i].fd] = out[i].events;
        }
    }
}

/* Take down which numbers stand for another file than was registered. A closed
 * one counts, as file 0. */
static void note_files(const struct world *w, struct backend *b)
{
    for (int fd = FIRST_FD; fd < END_FD; fd++) {
        struct watched *watched = &b->watched[fd];
        long last = watched->n_later == 0
                        ? watched->file
                        : watched->later_files[watched->n_later - 1];
        if (watched->is_registered && w->files[fd] != last &&
            watched->n_later < MAX_LATER)
            watched->later_files[watched->n_later++] = w->files[fd];
    }
}

static void compare(struct world *w, struct backend *b)
{
    uint32_t events[END_FD] = {0};
    note_files(w, b);
    ask(w, b, events);
    for (int fd = 0; fd < END_FD; fd++) {
        if (is_right(w, b, fd, events[fd]))
            continue;
        fprintf(stderr,
                "seed %u step %ld, after %s: %s reports fd %d as %#x;"
                " registered %d for %#x, file %ld, now %ld; poll(2): %#x\n",
                w->seed, w->step, w->last_change, b->info.name, fd, events[fd],
                b->watched[fd].is_registered, b->watched[fd].events,
                b->watched[fd].file, w->files[fd],
                fresh(w, fd, b->watched[fd].events));
        exit(1);
    }
}

/* --- the sequence --------------------------------------------------------- */

static void step(struct world *w)
{
    const char *(*const changes[])(struct world *) = {
        open_some,    open_some,     close_one,     duplicate_one,
        write_some,   write_some,    read_some,     read_some,
        shut_down,    register_open, register_open, register_open,
        register_any, modify_one,    modify_one,    unregister,
        unregister,
    };
    size_t n = sizeof(changes) / sizeof(changes[0]);
    const char *name = changes[draw(w, (unsigned)n)](w);
    snprintf(w->last_change, sizeof(w->last_change), "%s", name);
    for (int i = 0; i < w->n_backends; i++)
        compare(w, &w->backends[i]);
}

/* Open the sets; where some hold the files that they watch, the others whose
 * sets the kernel keeps would see these longer than they are open here. */
static void open_sets(struct world *w, bool with_holders)
{
    struct pollset_backend_info info;
    for (unsigned i = 0; pollset_backend_at(i, &info) == 0; i++) {
        struct backend *b = &w->backends[w->n_backends];
        b->info = info;
        if (info.error || w->n_backends == MAX_BACKENDS)
            continue;
        must(w, pollset_create(&b->set, info.name) == 0, info.name);
        if (keeps_files(b) && holds_files(b) != with_holders)
            pollset_destroy(b->set);
        else
            w->n_backends++;
    }
}

static void run(unsigned seed, long n_steps, bool with_holders)
{
    struct world *w = calloc(1, sizeof(*w));
    struct backend *backends = calloc(MAX_BACKENDS, sizeof(*backends));
    if (!w || !backends)
        abort();
    w->seed = seed;
    w->random = UINT64_C(0x9e3779b97f4a7c15) * (seed + 1);
    w->backends = backends;
    open_sets(w, with_holders);
    for (w->step = 1; w->step <= n_steps; w->step++)
        step(w);
    for (int i = 0; i < w->n_backends; i++)
        pollset_destroy(backends[i].set);
    for (int fd = FIRST_FD; fd < END_FD; fd++) {
        if (w->files[fd])
            close(fd);
    }
    free(backends);
    free(w);
}

static long number_of(const char *text)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno || end == text || *end || number < 0) {
        fprintf(stderr, "differential: %s: not a number from 0 up\n", text);
        exit(2);
    }
    return number;
}

int main(int argc, char **argv)
{
    if (argc > 3) {
        fprintf(stderr, "usage: %s [SEED [STEPS]]\n", argv[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    long n_steps = argc > 2 ? number_of(argv[2]) : 3000;
    for (int fd = FIRST_FD; fd < END_FD; fd++)
        close(fd); /* whatever has been inherited */
    if (argc > 1) {
        run((unsigned)number_of(argv[1]), n_steps, false);
        run((unsigned)number_of(argv[1]), n_steps, true);
        return 0;
    }
    for (unsigned seed = 1; seed <= 16; seed++) {
        run(seed, n_steps, false);
        run(seed, n_steps / 8, true);
    }
    return 0;
}
