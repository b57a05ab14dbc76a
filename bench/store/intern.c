/* SPDX-License-Identifier: MIT */
#include "intern.h"

#include "need.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a, 64 bit (Fowler, Noll, Vo). */
static uint64_t hash_of(const char *text, size_t n_bytes)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < n_bytes; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash;
}

static char **slot_of(struct pa_intern *pool, const char *text, size_t n_bytes)
{
    size_t i = hash_of(text, n_bytes) & (pool->n_slots - 1);
    while (pool->slots[i] && (strncmp(pool->slots[i], text, n_bytes) != 0 ||
                              pool->slots[i][n_bytes] != '\0'))
        i = (i + 1) & (pool->n_slots - 1);
    return &pool->slots[i];
}

static void grow(struct pa_intern *pool)
{
    struct pa_intern larger = {.n_slots =
                                   pool->n_slots ? 2 * pool->n_slots : 64,
                               .n_texts = pool->n_texts};
    larger.slots = pa_room(larger.n_slots, sizeof *larger.slots);
    for (size_t i = 0; i < pool->n_slots; i++)
        if (pool->slots[i])
            *slot_of(&larger, pool->slots[i], strlen(pool->slots[i])) =
                pool->slots[i];
    free(pool->slots);
    *pool = larger;
}

const char *pa_intern(struct pa_intern *pool, const char *text, size_t n_bytes)
{
    if (2 * (pool->n_texts + 1) > pool->n_slots)
        grow(pool);
    char **slot = slot_of(pool, text, n_bytes);
    if (!*slot) {
        *slot = pa_need(strndup(text, n_bytes));
        pool->n_texts++;
    }
    return *slot;
}

void pa_intern_free(struct pa_intern *pool)
{
    for (size_t i = 0; i < pool->n_slots; i++)
        free(pool->slots[i]);
    free(pool->slots);
    *pool = (struct pa_intern){0};
}
