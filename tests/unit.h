/* SPDX-License-Identifier: MIT */
/* cmocka with the headers it wants before it. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* cmocka 2 wants other names for a few asserts, which cmocka 1 has not. */
#define CMOCKA_DISABLE_DEPRECATION_WARNINGS
#include <cmocka.h>

/* A failed assertion brings back the mask of signals: one that is pending for a
 * signalfd would then end the program before it can say what failed. */
static inline void unit_outlive_signalfds(void)
{
    for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
        signal(number, SIG_IGN);
}

#endif
