/* SPDX-License-Identifier: MIT */
#include "factors.h"

#include "rules.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INFO(X, name, type, unit, least, older, role, letter, option, words,   \
             per, meaning)                                                     \
    {#name,  type,   unit,  least, older,  role,                               \
     letter, option, words, per,   meaning},
const struct pb_factor_info pb_factor_infos[] = {PB_FACTOR_LIST(INFO, )};

#define OFFSET(name, type, unit, fallback, meaning)                            \
    offsetof(struct pb_factors, name),
static const size_t offsets[] = {PB_FACTORS(OFFSET)};

static const void *member(const struct pb_factors *factors, int factor)
{
    return (const char *)factors + offsets[factor];
}

static int is_text(int factor)
{
    return pb_factor_infos[factor].type == PB_TEXT;
}

enum pb_factor pb_factor_of(const char *name)
{
    int i = 0;
    while (i < PB_N_FACTORS && strcmp(name, pb_factor_infos[i].name) != 0)
        i++;
    return (enum pb_factor)i;
}

void pb_factor_axis(enum pb_factor factor, char text[PB_AXIS_BYTES])
{
    const struct pb_factor_info *info = &pb_factor_infos[factor];

    if (factor == PB_N_FACTORS)
        *text = '\0';
    else if (info->letter >= 'A' && info->letter <= 'Z')
        snprintf(text, PB_AXIS_BYTES, "%s (%c)", info->words, info->letter);
    else
        snprintf(text, PB_AXIS_BYTES, "%s", info->words);
}

int64_t pb_factor_in_block(int64_t value, const char *factor)
{
    return strcmp(factor, "highest_fd") != 0 || value < 0
               ? value
               : value / PB_FD_BLOCK * PB_FD_BLOCK + PB_FD_BLOCK - 1;
}

int64_t pb_factor_number(const struct pb_factors *factors,
                         enum pb_factor factor)
{
    return is_text(factor) ? PA_NONE
                           : *(const int64_t *)member(factors, factor);
}

const char *pb_factor_text(const struct pb_factors *factors,
                           enum pb_factor factor)
{
    return is_text(factor) ? *(const char *const *)member(factors, factor)
                           : NULL;
}

int64_t pb_factor_older(enum pb_factor factor)
{
    const char *older = pb_factor_infos[factor].older;
    return *older ? strtoll(older, NULL, 10) : PA_NONE;
}

struct pb_factors pb_factors_without(struct pb_factors factors,
                                     enum pb_factor factor)
{
    if (factor != PB_N_FACTORS && !is_text(factor))
        *(int64_t *)((char *)&factors + offsets[factor]) = PA_NONE;
    return factors;
}

/* Asked for in loops over pairs of points. */
#define IN_SET(X, name, type, unit, least, older, role, letter, option, words, \
               per, meaning)                                                   \
    | ((role) == (X) ? PB_BIT(name) : 0u)
static const unsigned sets[] = {
    [PB_ASKED] = 0u PB_FACTOR_LIST(IN_SET, PB_ASKED),
    [PB_TIMED] = 0u PB_FACTOR_LIST(IN_SET, PB_TIMED),
    [PB_FITTED] = 0u PB_FACTOR_LIST(IN_SET, PB_FITTED),
    [PB_SPREAD] = 0u PB_FACTOR_LIST(IN_SET, PB_SPREAD),
    [PB_HELD] = 0u PB_FACTOR_LIST(IN_SET, PB_HELD)};

unsigned pb_factors_with(enum pb_role role)
{
    return sets[role];
}

unsigned pb_factors_differ(const struct pb_factors *a,
                           const struct pb_factors *b)
{
#define DIFFERS(name, type, unit, fallback, meaning)                           \
    | (a->name == b->name ? 0u : PB_BIT(name))
    return 0u PB_FACTORS(DIFFERS);
}

uint64_t pb_factors_hash(const struct pb_factors *factors)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a's numbers */

#define MIX(name, type, unit, fallback, meaning)                               \
    hash = (hash ^ (uint64_t)(uintptr_t)factors->name) * 1099511628211u;       \
    hash ^= hash >> 29;
    PB_FACTORS(MIX)
    return hash;
}

static int order_of(const struct pb_factors *a, const struct pb_factors *b,
                    int factor)
{
    if (is_text(factor)) {
        const char *left = pb_factor_text(a, factor);
        const char *right = pb_factor_text(b, factor);
        return left == right ? 0 : strcmp(left, right);
    }
    int64_t left = pb_factor_number(a, factor);
    int64_t right = pb_factor_number(b, factor);
    return (left > right) - (left < right);
}

int pb_factors_order(const struct pb_factors *a, const struct pb_factors *b)
{
    for (int numbers = 0; numbers < 2; numbers++)
        for (int i = 0; i < PB_N_FACTORS; i++) {
            int order = is_text(i) == numbers ? 0 : order_of(a, b, i);
            if (order)
                return order;
        }
    return 0;
}
