/* SPDX-License-Identifier: MIT */
/* What a run is called beside others: KEY=VALUE, as its user gives it. */
#ifndef PB_LABEL_H
#define PB_LABEL_H

#include <stddef.h>

#define PB_LABEL_BYTES 64 /* with NUL */

/* Bytes of the key of a label: letters, digits, '_', '-' and '.' before a '=',
 * which printable ASCII other than commas follows, at most PB_LABEL_BYTES - 1
 * in all. 0: text is no such label. So no label changes what is around it, on
 * a terminal, in a list or in a page. */
size_t pb_label_key(const char *text);

/* What is said of a text that is none. */
#define PB_LABEL_WANTED                                                        \
    "not KEY=VALUE of at most 63 bytes: a key of letters, digits, '_', '-' "   \
    "and '.', a value of printable ASCII without commas"

#endif
