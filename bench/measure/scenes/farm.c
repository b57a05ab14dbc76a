/* SPDX-License-Identifier: MIT */
#include "farm.h"

#include "rules.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

/* Within each PB_FD_BLOCK numbers the first pair is ready and the other three
 * are idle. The two kinds are counted apart, from the lowest number up. */
enum { READY_PER_BLOCK = 2, IDLE_PER_BLOCK = PB_FD_BLOCK - READY_PER_BLOCK };

bool pb_farm_is_ready(int fd)
{
    return fd % PB_FD_BLOCK < READY_PER_BLOCK;
}

enum { LOWEST_FD = 8 }; /* below: standard streams, files, and filling */

struct pb_farm pb_farm_below(const struct pb_fd_kind *kind, int end)
{
    return (struct pb_farm){LOWEST_FD, end - end % PB_FD_BLOCK - 1, kind};
}

void pb_farm_shorten(struct pb_farm *farm, int highest_fd)
{
    farm->highest_fd = highest_fd - highest_fd % PB_FD_BLOCK + PB_FD_BLOCK - 1;
}

static int fd_of(const struct pb_farm *farm, bool ready, int index)
{
    int per_block = ready ? READY_PER_BLOCK : IDLE_PER_BLOCK;
    int first = ready ? 0 : READY_PER_BLOCK;
    return farm->lowest_fd + PB_FD_BLOCK * (index / per_block) + first +
           index % per_block;
}

/* How many fds of a kind there are in [lowest, below). */
static int count_below(const struct pb_farm *farm, bool ready, int below)
{
    int span = below - farm->lowest_fd;
    if (span <= 0)
        return 0;
    int in_block = span % PB_FD_BLOCK;
    int n_ready = in_block < READY_PER_BLOCK ? in_block : READY_PER_BLOCK;
    int n_whole = span / PB_FD_BLOCK;
    return ready ? n_whole * READY_PER_BLOCK + n_ready
                 : n_whole * IDLE_PER_BLOCK + in_block - n_ready;
}

int pb_farm_count(const struct pb_farm *farm, bool ready)
{
    return count_below(farm, ready, farm->highest_fd + 1);
}

/* One of the two kinds of fds of a set while it is being chosen. */
struct kind {
    const struct pb_farm *farm;
    bool ready;
    int n_wanted;
    int n_there; /* fds of the kind in [lowest, M] */
};

static void add(const struct kind *kind, int index, int **next)
{
    *(*next)++ = fd_of(kind->farm, kind->ready, index);
}

static void choose_packed(const struct kind *kind, int **next)
{
    for (int i = kind->n_there - kind->n_wanted; i < kind->n_there; i++)
        add(kind, i, next);
}

/* n_wanted of the first n_there, evenly, the last one among them. */
static void choose_strided(const struct kind *kind, int **next)
{
    for (int64_t i = 1; i <= kind->n_wanted; i++)
        add(kind, (int)(i * kind->n_there / kind->n_wanted) - 1, next);
}

static void choose_top_heavy(const struct kind *kind, int **next)
{
    struct kind top = *kind, rest = *kind;
    top.n_wanted = kind->n_wanted - kind->n_wanted / 4;
    rest.n_wanted = kind->n_wanted / 4;
    rest.n_there = kind->n_there - top.n_wanted;
    choose_strided(&rest, next);
    choose_packed(&top, next);
}

/* Seeds next to each other are to start unlike sequences, which those of
 * erand48() do not: mixed by the finaliser of splitmix64 (Steele, Lea and
 * Flood, OOPSLA 2014). */
static void start_random(unsigned short state[3], unsigned seed, int stream)
{
    uint64_t mixed = (uint64_t)stream << 32 | seed;
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    mixed ^= mixed >> 31;
    for (int i = 0; i < 3; i++)
        state[i] = (unsigned short)(mixed >> 16 * i);
}

/* Selection sampling (Knuth, TAOCP vol. 2, 3.4.2, algorithm S), the last fd
 * taken beforehand. */
static void choose_random(const struct kind *kind, unsigned seed, int **next)
{
    unsigned short state[3];
    int left = kind->n_wanted - 1;

    start_random(state, seed, kind->n_wanted);
    for (int i = 0; i < kind->n_there - 1 && left > 0; i++) {
        if (erand48(state) * (kind->n_there - 1 - i) < left) {
            add(kind, i, next);
            left--;
        }
    }
    if (kind->n_wanted > 0)
        add(kind, kind->n_there - 1, next);
}

/* W given: fill W words alike, from the highest fds of each word down. */
static int choose_words(const struct pb_farm *farm,
                        const struct pb_factors *wanted, int m, int *fds)
{
    int64_t n = wanted->fd_count, n_idle = n - wanted->ready_count;
    int64_t w = wanted->occupied_words;
    int n_words = m / 64 - farm->lowest_fd / 64 + 1;
    int *next = fds;
    int64_t idle_before = 0;

    if (w > n || w > n_words)
        return -ERANGE;
    for (int64_t i = 0; i < w; i++) {
        int word = m / 64 - (int)(pb_layout_of(wanted->layout) == PB_STRIDED
                                      ? (w - 1 - i) * n_words / w
                                      : w - 1 - i);
        int end = word == m / 64 ? m + 1 : 64 * (word + 1);
        int start = 64 * word < farm->lowest_fd ? farm->lowest_fd : 64 * word;
        int here = (int)((i + 1) * n / w - i * n / w);
        /* Rounded down, so that the last word has an idle one, which M is. */
        int idle = (int)((i + 1) * n_idle / w - idle_before);
        if (idle > here)
            idle = here;
        idle_before += idle;
        for (int kind = 0; kind < 2; kind++) {
            int there = count_below(farm, kind, end);
            int quota = kind ? here - idle : idle;
            if (there - count_below(farm, kind, start) < quota)
                return -ERANGE;
            for (int k = there - quota; k < there; k++)
                *next++ = fd_of(farm, kind, k);
        }
    }
    return idle_before == n_idle ? 0 : -ERANGE;
}

static void choose_kind(const struct kind *kind, enum pb_layout layout,
                        unsigned seed, int **next)
{
    if (kind->n_wanted == 0)
        return;
    if (layout == PB_RANDOM)
        choose_random(kind, seed, next);
    else if (layout == PB_STRIDED)
        choose_strided(kind, next);
    else if (layout == PB_TOP_HEAVY)
        choose_top_heavy(kind, next);
    else
        choose_packed(kind, next);
}

/* Of sets whose ready fds have a place: the idle ones packed below M, the ready
 * ones the last ones below the idle one there, or M itself. */
static int choose_place(const struct pb_farm *farm,
                        const struct pb_factors *wanted, int m, int *fds)
{
    int n_ready = (int)wanted->ready_count, n_idle, idle_below, place;
    unsigned short state[3];

    n_idle = (int)wanted->fd_count - n_ready;
    idle_below = count_below(farm, false, m + 1) - n_idle;
    start_random(state, 0, n_idle); /* the same in every run */
    place = wanted->ready_place == pb_first    ? 0
            : wanted->ready_place == pb_middle ? n_idle / 2
            : wanted->ready_place == pb_last
                ? n_idle
                : (int)(nrand48(state) % (n_idle + 1));
    if (idle_below < 0)
        return -ERANGE;
    for (int i = 0; i < n_idle; i++)
        fds[i] = fd_of(farm, false, idle_below + i);
    int end = place < n_idle ? fds[place] : m + 1;
    int there = count_below(farm, true, end);
    if (there < n_ready)
        return -ERANGE;
    for (int i = 0; i < n_ready; i++)
        fds[n_idle + i] = fd_of(farm, true, there - n_ready + i);
    return 0;
}

static int by_number(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static int count_words(const int *fds, int n_fds)
{
    int n_words = 0;
    for (int i = 0; i < n_fds; i++)
        n_words += i == 0 || fds[i] / 64 != fds[i - 1] / 64;
    return n_words;
}

int pb_farm_choose(const struct pb_farm *farm, const struct pb_factors *wanted,
                   unsigned seed, int *fds, struct pb_factors *got)
{
    int n = wanted->fd_count, r = wanted->ready_count, m = wanted->highest_fd;
    int *next = fds;

    if (n < 1 || r < 0 || r > n || m > farm->highest_fd)
        return -ERANGE;
    /* M is idle, so that R = 0 and R = 1 share it, unless all are ready or the
     * ready ones come last. */
    int top_is_ready = r == n || (r > 0 && wanted->ready_place == pb_last);
    while (m >= farm->lowest_fd && pb_farm_is_ready(m) != top_is_ready)
        m--;
    if (m < farm->lowest_fd)
        return -ERANGE;
    if (wanted->ready_place && r < n) {
        if (choose_place(farm, wanted, m, fds) < 0)
            return -ERANGE;
    } else if (wanted->occupied_words > 0) {
        if (choose_words(farm, wanted, m, fds) < 0)
            return -ERANGE;
    } else {
        for (int ready = 0; ready < 2; ready++) {
            struct kind kind = {farm, ready, ready ? r : n - r,
                                count_below(farm, ready, m + 1)};
            if (kind.n_wanted > kind.n_there)
                return -ERANGE;
            choose_kind(&kind, pb_layout_of(wanted->layout), seed, &next);
        }
    }
    qsort(fds, (size_t)n, sizeof *fds, by_number);
    pb_farm_describe(farm, wanted, fds, got);
    return 0;
}

void pb_farm_describe(const struct pb_farm *farm,
                      const struct pb_factors *wanted, const int *fds,
                      struct pb_factors *got)
{
    int n = (int)wanted->fd_count;

    *got = pb_point_complete(*wanted);
    got->layout = pb_layout_name(pb_layout_of(wanted->layout));
    got->highest_fd = fds[n - 1];
    got->occupied_words = count_words(fds, n);
    got->fd_kind = farm->kind->name;
    got->tables = 1;
}

int pb_farm_lowest_m(const struct pb_farm *farm, int fd_count, int ready_count)
{
    int idle_count = fd_count - ready_count;
    int top_idle = idle_count ? fd_of(farm, false, idle_count - 1) : 0;
    int top_ready = ready_count ? fd_of(farm, true, ready_count - 1) : 0;
    if (idle_count && top_idle < top_ready)
        top_idle = top_ready - top_ready % PB_FD_BLOCK + READY_PER_BLOCK;
    return idle_count ? top_idle : top_ready;
}

/* A pair takes the two lowest free numbers, so with everything below
 * taken the farm comes out in order, and no dup2() is needed. */
static int fill_below(int lowest_fd)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && fd < lowest_fd - 1)
        fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (fd >= lowest_fd)
        close(fd);
    return 0;
}

/* In a threaded process each doubling of the descriptor table waits for RCU;
 * growing it once, first, saves that (and costs nothing otherwise). */
static int grow_table(int highest_fd)
{
    /* A number beyond the limit is EBADF to dup2(). */
    if (dup2(0, highest_fd) < 0)
        return errno == EBADF ? -EMFILE : -errno;
    close(highest_fd);
    return 0;
}

/* There is room for the number (see grow_table()), so that it is the kind. */
static bool is_out_of(const struct pb_fd_kind *kind, int error)
{
    return (error == -EMFILE || error == -ENOSPC) &&
           pb_fd_kind_most(kind) < INT_MAX;
}

static int build_pair(const struct pb_fd_kind *kind, int lower_fd)
{
    int ends[2];
    int error = kind->open(pb_farm_is_ready(lower_fd), ends);
    if (error)
        return is_out_of(kind, error) ? -EUSERS : error;
    if (ends[0] == lower_fd && ends[1] == lower_fd + 1)
        return 0;
    close(ends[0]);
    close(ends[1]);
    return -EBUSY;
}

int pb_farm_build(const struct pb_farm *farm)
{
    int error = fill_below(farm->lowest_fd);
    if (!error)
        error = grow_table(farm->highest_fd);
    for (int fd = farm->lowest_fd; !error && fd < farm->highest_fd; fd += 2) {
        error = build_pair(farm->kind, fd);
        if (error) {
            struct pb_farm built = {farm->lowest_fd, fd - 1, farm->kind};
            pb_farm_tear_down(&built);
        }
    }
    return error;
}

void pb_farm_tear_down(const struct pb_farm *farm)
{
    for (int fd = farm->lowest_fd; fd <= farm->highest_fd; fd++)
        close(fd);
}

/* What poll(2) has to say of an fd of the farm. */
static short expected_revents(int fd, bool is_open)
{
    if (!is_open)
        return POLLNVAL;
    return pb_farm_is_ready(fd) ? POLLIN : 0;
}

enum { FDS_AT_ONCE = 512 };

/* Up to FDS_AT_ONCE numbers from first on. */
static int check_some(int first, int n, bool are_open)
{
    struct pollfd pollfds[FDS_AT_ONCE];
    for (int i = 0; i < n; i++)
        pollfds[i] = (struct pollfd){.fd = first + i, .events = POLLIN};
    if (poll(pollfds, (nfds_t)n, 0) < 0)
        return -errno;
    for (int i = 0; i < n; i++)
        if (pollfds[i].revents != expected_revents(first + i, are_open))
            return -EBADMSG;
    return 0;
}

int pb_farm_check(const struct pb_farm *farm, bool is_open)
{
    int error = 0;
    for (int fd = farm->lowest_fd; fd <= farm->highest_fd && !error;
         fd += FDS_AT_ONCE) {
        int n_left = farm->highest_fd - fd + 1;
        error = check_some(fd, n_left < FDS_AT_ONCE ? n_left : FDS_AT_ONCE,
                           is_open);
    }
    return error;
}
