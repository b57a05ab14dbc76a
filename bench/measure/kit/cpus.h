/* SPDX-License-Identifier: MIT */
/* Which CPUs to measure on. */
#ifndef PB_CPUS_H
#define PB_CPUS_H

#include <stdint.h>

enum { PB_CPUS_MOST = 64 };

/* So many times 100 dependent multiply-adds: what it takes is the speed of the
 * core's clock. */
void pb_cpus_work(uint32_t times);

/* Choose up to n_wanted of the CPUs this process may run on: those on which
 * an ALU loop runs fastest just now, so that neither a CPU that a neighbour
 * is using nor the slow half of a hybrid processor is taken; and, so far as
 * there are enough, of cores of their own: who spins beside one that measures
 * would slow it down.
 *
 * cpus     receives their numbers, ascending.
 * Returns  how many, 0 when the kernel does not say.
 */
int pb_cpus_choose(int *cpus, int n_wanted);

/* The core that a CPU is of: the number of the first CPU of it. */
int pb_cpus_core(int cpu);

/* Whether this process may run on the CPU. */
int pb_cpus_allows(int cpu);

/* Keep this process off the CPUs, if there are others. */
void pb_cpus_avoid(const int *cpus, int n_cpus);

#endif
