/* SPDX-License-Identifier: MIT */
/* The process that is a load's clients, and what it and load.c both have. */
#ifndef PB_CLIENTS_H
#define PB_CLIENTS_H

#include "load.h"

struct pb_partner;

/* What there was when a window began, or ended. */
struct pb_load_mark {
    int64_t now_ns, own_cpu_ns, server_cpu_ns;
    int64_t n_answered, n_waits, n_events;
};

/* In memory that both processes have. */
struct pb_load {
    struct pb_load_asked asked;
    struct pb_partner *partner; /* the process; of the parent alone */
    int channel;                /* the parent's end */
    size_t n_bytes;             /* of this */
    int error;                  /* of what was done last */
    struct pb_load_mark begin, end;
    int64_t n_sent, n_room;
    int64_t latencies_ns[]; /* n_room of responses, and of services */
};

/* What takes longer than such a window is a failure, and no hang. */
int64_t pb_load_longest_ns(const struct pb_load_asked *asked);

/* Work of a partner whose context is a struct pb_load: connect, and say so by a
 * 'd' in the channel; then play a window for each byte that comes, with an 'm'
 * at both ends of it and a 'd' when it is done. What it has goes with it. */
_Noreturn void pb_load_be_clients(struct pb_partner *partner, int channel);

#endif
