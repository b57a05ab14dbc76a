/* SPDX-License-Identifier: MIT */
/* How much memory is in use, before and after something is made. */
#ifndef PB_MEMORY_H
#define PB_MEMORY_H

#include <stdint.h>

enum { PB_CACHES_MOST = 512 };

/* What the kernel's memory is used for in the whole system. */
struct pb_kernel_memory {
    int64_t slab_bytes, vmalloc_bytes;
    int n_caches; /* 0: who may not read /proc/slabinfo is told the sums alone
                   */
    struct {
        char name[32];
        int64_t objects, bytes_each;
    } caches[PB_CACHES_MOST];
};

/* 0, or -ENODATA: it cannot be known here. */
int pb_kernel_memory_read(struct pb_kernel_memory *memory);

/* Bytes by which it grew while n_made things were made: of objects in those
 * caches that got at least one for every two of them, and so not of what others
 * did meanwhile; where caches are not told, of all slabs, which counts pages
 * and not what had been left free in them. */
int64_t pb_kernel_memory_growth(const struct pb_kernel_memory *before,
                                const struct pb_kernel_memory *after,
                                uint32_t n_made);

/* Bytes of this process, resident anonymous pages. -1: cannot be known here. */
int64_t pb_memory_of_process(void);

/* Wait, up to 2 s, until the kernel's memory stays what it is: much of what is
 * closed is freed only after a grace period. */
void pb_memory_settle(void);

/* Bytes that could be taken without swapping; -1: cannot be known here. */
int64_t pb_memory_available(void);

#endif
