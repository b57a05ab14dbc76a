/* SPDX-License-Identifier: MIT */
/* What the contract tests share: a set of the backend under test, descriptors
 * of several kinds, and asking a set once what is ready. */
#ifndef CONTRACT_FIXTURE_H
#define CONTRACT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pollset.h"

enum { OUT_SLOTS = 1 << 16 };

/* One law's surroundings, made anew for each test. */
struct fixture {
    struct pollset *set;
    struct pollset_backend_info info;
    int first_fd; /* descriptors from here on are closed after the test */
    int own_fds;  /* descriptors the set itself needs */
    int n;        /* what ask() returned */
    struct pollset_event out[OUT_SLOTS]; /* and what it brought */
};

/* A connected pair: what is written to one is read from the other. */
struct pair {
    int near;
    int far;
};

extern const char *tested_backend; /* set by main */

int fixture_setup(void **state);
int fixture_teardown(void **state);

#define LAW(law)                                                               \
    cmocka_unit_test_setup_teardown(law, fixture_setup, fixture_teardown)

/* All descriptors are non-blocking; a failure fails the test. */
struct pair stream_pair(void); /* AF_UNIX stream sockets */
struct pair pipe_pair(void);   /* near: read end, far: write end */
struct pair tcp_pair(void);    /* over loopback; near is -1 if there is none */
int event_fd(unsigned value);
int timer_fd(int64_t expires_in_ns);

/* Move fd to the lowest free number at or above lowest. */
int move_fd(int fd, int lowest);
/* The highest number a new descriptor can have. */
int highest_possible_fd(void);
int lowest_free_fd(void);
int count_open_fds(void);

void put(int fd);  /* write one byte (an eventfd: add 1) */
void take(int fd); /* read all there is */

/* Whether the backend reports what is ready as often as it is asked. */
bool is_level(const struct fixture *f);

/* Have a backend that is not level-triggered report once more what is ready,
 * as its users have to: each registered fd is modified to what it is. */
void arm_again(struct fixture *f);

/* pollset_poll() into f->out after that, so that the laws that ask twice hold
 * of all backends; what becomes of who does not is in laws_of_triggers.c. */
int poll_armed(struct fixture *f, int max_events, int64_t timeout_ns);

/* What is ready now, all of it, into f->out; returns how many. */
int ask(struct fixture *f);
/* The events that the last ask() brought for fd, 0 if none. Fails if fd was
 * reported more than once. */
uint32_t events_of(const struct fixture *f, int fd);
void *cookie_of(const struct fixture *f, int fd);
/* ask() and events_of(). */
uint32_t ask_for(struct fixture *f, int fd);

/* Register fd with a pointer to its own slot in no particular object. */
void watch(struct fixture *f, int fd, uint32_t events);

bool can_report(const struct fixture *f, uint32_t event);

int64_t now_ns(void);

/* Skip the law, saying why; does not return. */
void skip_because(const char *reason);

#endif
