/* SPDX-License-Identifier: MIT */
/* How much memory is in use, before and after something is made. */
#ifndef PB_MEMORY_H
#define PB_MEMORY_H

#include <stdint.h>

/* Bytes in use: of the kernel in the whole system, slab and vmalloc; and of
 * this process, resident anonymous pages. -1: cannot be known here. */
int64_t pb_memory_of_kernel(void);
int64_t pb_memory_of_process(void);

/* Wait, up to 2 s, until the kernel's memory stays what it is: much of what is
 * closed is freed only after a grace period. */
void pb_memory_settle(void);

/* Bytes that could be taken without swapping; -1: cannot be known here. */
int64_t pb_memory_available(void);

#endif
