/* SPDX-License-Identifier: MIT */
/* What a look and its advice are told as. advice is one of each thread. */
#ifndef PA_SAY_H
#define PA_SAY_H

#include "judge.h"

struct pa_told {
    const struct pa_look *look;
    const struct pa_advice *advice;
};

/* Print it for people. */
void pa_say(const struct pa_told *told);

/* Print it for programs. Returns 0, or -1 with *problem set. */
int pa_say_json(const struct pa_told *told, struct pa_problem *problem);

/* "switch", "stay" or "cannot tell". */
const char *pa_answer_name(enum pa_answer answer);

/* How a program is told to wait in another way: a setting that was tried, or
 * NULL. program is what the kernel calls it. */
const char *pa_way_setting(const char *program, enum pa_way to);

#endif
