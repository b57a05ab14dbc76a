/* SPDX-License-Identifier: MIT */
/* What a wait that sleeps costs in each way, from the models of a run. */
#ifndef PA_COSTS_H
#define PA_COSTS_H

#include "look.h"
#include "predict.h"
#include "run_tables.h"

/* What there is to do where a run has not what it takes. */
#define PA_MEASURE_ONE                                                         \
    "measure one: pollbench run --sweep cache --output NEW, pollbench fit NEW"

struct pa_costs {
    struct pa_run_tables run;
    struct pa_predictor predictor;
};

/* CPU time of a wait: as pa_costs_at() has it, of one that finds nothing,
 * queues on every fd, sleeps, and looks again for what woke it. */
struct pa_wait_cost {
    struct pa_interval ns; /* NAN: not known */
    double again_ns;       /* of it, of the second look: before it returns */
    double array_ns;       /* what its array costs the program besides */
};

enum pa_known { PA_KNOWN, PA_NOT_KNOWN };

/* Read folder. Returns 0, or -1 with *problem set and nothing to free. */
int pa_costs_read(struct pa_costs *costs, const char *folder,
                  struct pa_problem *problem);
void pa_costs_free(struct pa_costs *costs);

/* Whether the run was measured on this machine and kernel. Returns PA_KNOWN;
 * PA_NOT_KNOWN if not, *problem says in what it differs; or -1. */
int pa_costs_of_this_machine(const struct pa_costs *costs,
                             struct pa_problem *problem);

/* The costs at what a thread watches, by ways; *kind becomes the kind of fd of
 * the models. Returns PA_KNOWN; PA_NOT_KNOWN, *problem says what is missing and
 * how to have it; or -1 with *problem set. */
int pa_costs_at(const struct pa_costs *costs,
                struct pa_wait_cost by_way[PA_N_WAYS],
                const struct pa_thread *thread, const char **kind,
                struct pa_problem *problem);

/* Of a thread that counts its waits: what those cost that it makes, and the
 * others where as many of them sleep and as many fds are ready at each. */
void pa_costs_counted(struct pa_wait_cost by_way[PA_N_WAYS],
                      const struct pa_thread *thread);

#endif
