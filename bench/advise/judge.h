/* SPDX-License-Identifier: MIT */
/* What is to be said of a thread that was looked at: docs/advise.md. */
#ifndef PA_JUDGE_H
#define PA_JUDGE_H

#include "costs.h"

enum pa_answer { PA_STAY, PA_SWITCH, PA_CANNOT_TELL };

/* The program, if it waited in one of the ways. Shares are of a core. */
struct pa_option {
    struct pa_interval wait_ns; /* NAN: not known, or it cannot */
    const char *cannot;         /* why it cannot wait so; NULL */
    double waiting;             /* share that its waits take */
    struct pa_interval taken;   /* share that it takes in all */
    struct pa_interval saved;   /* of that, compared with now */
};

struct pa_advice {
    enum pa_answer answer;
    struct pa_problem reason; /* why it cannot be told, and what to do */
    struct pa_interval waits; /* a second, each of which slept */
    double busy, delay;       /* shares: on a CPU, and waiting for one */
    double asleep;            /* share of the samples: in its wait */
    int has_options;
    struct pa_option options[PA_N_WAYS];
    const char *kind; /* of fd, of the models */
    enum pa_way best; /* of the others the one that saves most; PA_NO_WAY */
    double sooner_ns; /* that an answer is ready with it */
};

/* Judge a thread. Of one without a way of waiting, rates and shares alone.
 * Returns 0, or -1 with *problem set. */
int pa_judge(struct pa_advice *advice, struct pa_costs *costs,
             const struct pa_thread *thread, struct pa_problem *problem);

/* Why no thread of it can be judged, given the advice on each; "" if one can.
 */
void pa_judge_none(struct pa_problem *reason, const struct pa_look *look,
                   const struct pa_advice *advice);

#endif
