/* SPDX-License-Identifier: MIT */
/* A pool that keeps one copy of each distinct text, so that millions of rows
 * can name their backend by a pointer and compare names by address. */
#ifndef PA_INTERN_H
#define PA_INTERN_H

#include <stddef.h>

struct pa_intern {
    char **slots;   /* hash table with open addressing; NULL is free */
    size_t n_slots; /* a power of two, or 0 before the first text */
    size_t n_texts;
};

/* The pool's copy of text[0 .. n_bytes - 1], which need not end in NUL and
 * must not hold one. It stays valid until pa_intern_free(). */
const char *pa_intern(struct pa_intern *pool, const char *text, size_t n_bytes);

/* Free all texts; the pool can be used again. Safe on a zeroed pool. */
void pa_intern_free(struct pa_intern *pool);

#endif
