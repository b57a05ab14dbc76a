/* SPDX-License-Identifier: MIT */
/* What is said of the growth of a cost, in the words that terminal, page,
 * claims and figures share. tests/report/one_number.sh reads them back. */
#ifndef PA_PHRASE_H
#define PA_PHRASE_H

#include "run_tables.h"

#include <stdint.h>
#include <stdio.h>

/* "the highest fd", "the number of fds watched". */
const char *pa_phrase_variable(const char *variable);

/* "highest fd 8", "64 watched". */
void pa_phrase_value(FILE *out, const char *variable, int64_t value);

/* "highest fd 16377 and 1 ready": what is held; PA_NONE: it is not. */
void pa_phrase_held(FILE *out, int64_t highest_fd, int64_t fd_count,
                    int64_t ready_count, const char *layout);

/* The backend; of a stage with its name: "select's wait". */
void pa_phrase_subject(FILE *out, const char *backend, const char *stage);

/* Of a row of growth.csv: "O(n) in the highest fd"; where none can be told, of
 * which it may be. */
void pa_phrase_class(FILE *out, const struct pb_growth_row *row);

/* "with 1 watched and 1 ready, select costs 359 ns at highest fd 8 and 1.20 us
 * at highest fd 19705, a change of 846 [838, 855] ns, 3.35 [3.33, 3.37] times
 * as much", its first word as given: the factor only where the change is not
 * 0 and the class not O(1). */
void pa_phrase_change(FILE *out, const char *with,
                      const struct pb_growth_row *row);

/* "exponent 1.01 [0.976, 1.04]" with before in front; nothing if it has none.
 */
void pa_phrase_exponent(FILE *out, const char *before,
                        const struct pb_growth_row *row);

#endif
