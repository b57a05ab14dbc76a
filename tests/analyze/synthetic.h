/* SPDX-License-Identifier: MIT */
/* Runs whose truth is known: samples.csv and host.csv made from exact cost
 * formulas, with seeded noise if wanted. For tests only. */
#ifndef SYNTHETIC_H
#define SYNTHETIC_H

#include <stdint.h>
#include <stdio.h>

struct synthetic {
    unsigned seed;
    int n_invocations;
    int n_rounds;
    double drift;     /* standard deviation of log clock speed, by invocation */
    double noise;     /* standard deviation of log batch time */
    double preempted; /* share of batches that cost three times as much */
    double slowdown;  /* all costs times this; 0 means 1 */
    double unsettled; /* standard deviation of log cost, by invocation, that
                         the reference loop does not share */
    int n_contended;  /* invocations with a slow memory probe ... */
    int is_harmless;  /* ... in which large sets do not cost double */
    const char *truth; /* NULL, or another law of growth for one backend: see
                          synthetic_truth_is_known() */
    int is_counted;    /* instructions, whole ones: of preempted batches with
                          an interrupt's in them, without a probe */
    int is_small;      /* only the fd_count and ready_count sweeps */
};

/* ns per call, without noise. select, poll and epoll by the formulas of
 * docs/method.md; select-textbook adds 0.5 ns per fd number. Backend "flat"
 * costs 300 whatever is watched. */
double synthetic_cost(const char *backend, int64_t highest_fd, int64_t fd_count,
                      int64_t ready_count, int64_t occupied_words);

/* Whether there is a law by this name: poll-sqrt, poll-log, poll-n,
 * poll-n-log-n, poll-n-1.5, poll-n-2 (poll as that function of N alone, which
 * at N = 1024 costs what it else does); poll-bends (poll with its bends at 40
 * and 900, where no fit looks); poll-m-512 (0.5 ns more per fd number
 * for poll where N >= 512); poll-steeper (a tenth of its slope in N more);
 * epoll-log and epoll-n (20 ns log2 N, and 0.5 ns N more for epoll). */
int synthetic_truth_is_known(const char *truth);

/* poll's cost by the law poll-bends, whatever is ready. */
double synthetic_bent_poll(double fd_count);

/* The constants of the formulas. */
#define SYNTHETIC_SELECT_BASE   250.0
#define SYNTHETIC_SELECT_WORD   1.07 /* of the bitmap, up to M */
#define SYNTHETIC_SELECT_BIT    0.34 /* of the words that hold an fd */
#define SYNTHETIC_SELECT_N      45.0
#define SYNTHETIC_SELECT_W      15.0
#define SYNTHETIC_SELECT_STEP_1 82.0  /* at 320 */
#define SYNTHETIC_SELECT_STEP_2 53.0  /* at 960 */
#define SYNTHETIC_SELECT_STEP_3 290.0 /* at 10880 */
#define SYNTHETIC_POLL_BASE     126.0
#define SYNTHETIC_POLL_N        45.75
#define SYNTHETIC_POLL_R        3.0
#define SYNTHETIC_POLL_STEP     88.0 /* at 31 */
#define SYNTHETIC_EPOLL_BASE    90.0
#define SYNTHETIC_EPOLL_READY   84.0 /* once, if any is ready */
#define SYNTHETIC_EPOLL_R       97.0
#define SYNTHETIC_TEXTBOOK_M    0.5
#define SYNTHETIC_LAYER_NS      10.0 /* the library over the bare call */

/* Write folder/samples.csv and folder/host.csv. Returns 0, or -1. */
int synthetic_write(const char *folder, const struct synthetic *run);

/* A new folder under /tmp; exits the test program when there is none. The
 * caller frees the name. */
char *synthetic_folder(void);

/* Remove the folder and its files; free the name. */
void synthetic_remove(char *folder);

#endif
