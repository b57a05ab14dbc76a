/* SPDX-License-Identifier: MIT */
#include "problem.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

/* Files come from anywhere: what they hold must not steer the terminal. */
static void disarm(char *text)
{
    for (; *text; text++)
        if (iscntrl((unsigned char)*text))
            *text = '?';
}

int pa_problem_set(struct pa_problem *problem, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(problem->text, sizeof problem->text, format, arguments);
    va_end(arguments);
    disarm(problem->text);
    return -1;
}

int pa_problem_at(struct pa_problem *problem, const char *path, long line)
{
    struct pa_problem inner = *problem;

    if (line > 0)
        return pa_problem_set(problem, "%.300s:%ld: %.360s", path, line,
                              inner.text);
    return pa_problem_set(problem, "%.300s: %.380s", path, inner.text);
}
