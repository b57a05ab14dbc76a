/* SPDX-License-Identifier: MIT */
/* A folder in memory for the readers that want one. */
#ifndef FUZZ_SCRATCH_FOLDER_H
#define FUZZ_SCRATCH_FOLDER_H

#include <stddef.h>
#include <stdint.h>

/* Its path; made at the first call, removed at exit. */
const char *scratch_folder(void);

/* Write a file into it, over what was there. */
void scratch_write(const char *name, const uint8_t *bytes, size_t n_bytes);

/* Give each name the next part of the input, up to a form feed; a name that
 * gets none is removed. */
void scratch_split(const char *const *names, size_t n_names,
                   const uint8_t *bytes, size_t n_bytes);

#endif
