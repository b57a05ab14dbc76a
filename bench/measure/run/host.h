/* SPDX-License-Identifier: MIT */
/* host.csv: what a run was measured on and under. */
#ifndef PB_HOST_FACTS_H
#define PB_HOST_FACTS_H

#include "csv_write.h"
#include "limit.h"

/* Add one row; value may be NULL (cannot be known here). */
void pb_host_text(struct pb_csv *csv, const char *key, const char *value);
void pb_host_integer(struct pb_csv *csv, const char *key, int64_t value,
                     const char *unit);

/* Add limit_soft and limit_hard. */
void pb_host_limit(struct pb_csv *csv, const struct pb_limit *limit);

/* Add what does not change while the machine is up: kernel, CPU, caches,
 * governor, mitigations, virtualisation, clock source, build. */
void pb_host_machine(struct pb_csv *csv);

/* Add what does: load, steal time, CPU pressure. suffix ("start", "end")
 * becomes part of the keys. */
void pb_host_load(struct pb_csv *csv, const char *suffix);

/* The facts by which a resumed run knows its host again: their keys, ending
 * with NULL. */
extern const char *const pb_host_identity[];

#endif
