/* SPDX-License-Identifier: MIT */
/* How much memory is in use, before and after something is made. */
#ifndef PB_MEMORY_H
#define PB_MEMORY_H

#include <stdint.h>

struct pb_memory {
    int64_t kernel_bytes;  /* of the whole system: slab and vmalloc */
    int64_t process_bytes; /* of this process: resident anonymous pages */
};

/* Take a reading. What cannot be known here is -1. */
struct pb_memory pb_memory_now(void);

/* Wait, up to 2 s, until the kernel's memory stays what it is: much of what is
 * closed is freed only after a grace period. */
void pb_memory_settle(void);

/* Bytes that could be taken without swapping; -1: cannot be known here. */
int64_t pb_memory_available(void);

#endif
