/* SPDX-License-Identifier: MIT */
/* One line that says what is wrong, where, and what to do about it. */
#ifndef PA_PROBLEM_H
#define PA_PROBLEM_H

struct pa_problem {
    char text[700]; /* empty: no problem; never holds control characters */
};

/* Put a formatted line in *problem, control characters made '?', too long
 * ones cut. Returns -1, so that a caller can fail with one statement. */
int pa_problem_set(struct pa_problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Put "path:line: " (line > 0) or "path: " in front of what is there.
 * Returns -1. */
int pa_problem_at(struct pa_problem *problem, const char *path, long line);

#endif
