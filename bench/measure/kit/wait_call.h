/* SPDX-License-Identifier: MIT */
/* The system calls in which a program waits for descriptors. This is the one
 * place outside the library that knows them by name, as the kernel does. */
#ifndef PA_WAIT_CALL_H
#define PA_WAIT_CALL_H

/* What a call does with its set; each has the name of the backend of a run
 * that stands for it. */
enum pa_way { PA_SELECT, PA_POLL, PA_EPOLL, PA_N_WAYS, PA_NO_WAY = -1 };

const char *pa_way_name(enum pa_way way);

/* The way called name, or PA_NO_WAY. */
enum pa_way pa_way_of(const char *name);

/* The way of the system call with this number, in this program's own ABI; or
 * PA_NO_WAY. *name becomes what the call is called. */
enum pa_way pa_way_of_call(long number, const char **name);

/* The same of the call that is called so. *known becomes that name, for good.
 */
enum pa_way pa_way_of_call_name(const char *name, const char **known);

/* Its number, or -1: newer architectures lack the older calls, older headers
 * the newest. */
long pa_call_number(const char *name);

#endif
