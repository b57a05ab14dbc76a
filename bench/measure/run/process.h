/* SPDX-License-Identifier: MIT */
/* What the processes of a measuring program need besides measuring: streams
 * and signals, and a child for each measurement. */
#ifndef PB_PROCESS_H
#define PB_PROCESS_H

#include <signal.h>
#include <sys/types.h>

/* Have the standard streams open, let writing fail by an errno rather than by
 * a signal, and undo what a parent may have left: blocked signals, and SIGCHLD
 * ignored. Returns 0, or -1 when the streams cannot be opened. */
int pb_process_prepare(void);

/* Block what ends a run early (SIGINT, SIGTERM, SIGALRM, SIGHUP), and SIGCHLD,
 * so that they can be waited for. before receives what pb_process_end_run()
 * restores.
 */
void pb_process_begin_run(sigset_t *before);

/* Ignore from here on what ends a run early: the outcome is written next, and a
 * second Ctrl-C must not spoil that. */
void pb_process_end_run(const sigset_t *before);

/* In the child of a run: die with parent, leave the terminal's Ctrl-C to it,
 * and unblock the signals. */
void pb_process_enter_child(pid_t parent);

/* Wait half a second at most for a signal that ends the run. Returns it, or 0.
 */
int pb_process_pause(void);

/* The same, but also for the child.
 *
 * status       receives its wait status when it has ended.
 * interrupted  receives the signal that ends the run, for which the child has
 *              got SIGTERM and is gone; or 0.
 * n_stops      one more when the child was stopped and went on again.
 * Returns      1 when the child is gone, else 0.
 */
int pb_process_wait_child(pid_t child, int *status, int *interrupted,
                          int *n_stops);

#endif
