/* SPDX-License-Identifier: MIT */
/* Threads with descriptor tables of their own. */
#include "unit.h"

#include "tables.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { N_TABLES = 5, FDS_EACH = 20 };

/* What the threads did. */
struct world {
    int epoll_fd;
    int n_visits;
    int first_fd; /* opened by each of them */
    int stops_at; /* this table returns an error */
    int order[N_TABLES];
};

static int open_and_register(int index, void *context)
{
    struct world *world = context;
    for (int i = 0; i < FDS_EACH; i++) {
        struct epoll_event event = {.events = EPOLLIN,
                                    .data.u32 = (uint32_t)index};
        int fd = eventfd(index == N_TABLES - 1 && i == 7, EFD_CLOEXEC);
        if (fd < 0)
            return -errno;
        if (i == 0 && index == 0)
            world->first_fd = fd;
        /* Each table numbers its own from the same number on. */
        if (fd != world->first_fd + i)
            return -EBADF;
        if (epoll_ctl(world->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
            return -errno;
    }
    return 0;
}

static int visit(int index, void *context)
{
    struct world *world = context;
    world->order[world->n_visits++] = index;
    return index == world->stops_at ? -EIO : 0;
}

static void one_set_holds_the_fds_of_all_tables(void **state)
{
    (void)state;
    struct pb_tables *tables;
    struct epoll_event events[4];
    struct world world = {.epoll_fd = epoll_create1(EPOLL_CLOEXEC)};
    assert_true(world.epoll_fd >= 0);
    assert_int_equal(pb_tables_start(&tables, N_TABLES), 0);
    assert_int_equal(pb_tables_run(tables, open_and_register, &world), 0);
    /* Here those numbers are free, and there the set sees them all. */
    assert_int_equal(fcntl(world.first_fd, F_GETFD), -1);
    assert_int_equal(epoll_wait(world.epoll_fd, events, 4, 0), 1);
    assert_int_equal(events[0].data.u32, N_TABLES - 1);
    pb_tables_stop(tables);
    /* Closed with their tables, and so gone from the set. */
    assert_int_equal(epoll_wait(world.epoll_fd, events, 4, 0), 0);
    assert_int_equal(close(world.epoll_fd), 0);
}

static void tables_take_turns(void **state)
{
    (void)state;
    struct pb_tables *tables;
    struct world world = {.stops_at = -1};
    assert_int_equal(pb_tables_start(&tables, N_TABLES), 0);
    assert_int_equal(pb_tables_run(tables, visit, &world), 0);
    assert_int_equal(world.n_visits, N_TABLES);
    for (int i = 0; i < N_TABLES; i++)
        assert_int_equal(world.order[i], i);
    pb_tables_stop(tables);
}

static void an_error_ends_the_round_and_not_the_threads(void **state)
{
    (void)state;
    struct pb_tables *tables;
    struct world world = {.stops_at = 2};
    assert_int_equal(pb_tables_start(&tables, N_TABLES), 0);
    assert_int_equal(pb_tables_run(tables, visit, &world), -EIO);
    assert_int_equal(world.n_visits, 3);
    world = (struct world){.stops_at = -1};
    assert_int_equal(pb_tables_run(tables, visit, &world), 0);
    assert_int_equal(world.n_visits, N_TABLES);
    pb_tables_stop(tables);
    pb_tables_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_set_holds_the_fds_of_all_tables),
        cmocka_unit_test(tables_take_turns),
        cmocka_unit_test(an_error_ends_the_round_and_not_the_threads),
    };
    closefrom(3); /* without gaps in the numbers */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
