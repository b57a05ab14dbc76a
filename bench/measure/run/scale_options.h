/* SPDX-License-Identifier: MIT */
/* The command line of pollscale. */
#ifndef PB_SCALE_OPTIONS_H
#define PB_SCALE_OPTIONS_H

#include "fd_kind.h"

enum {
    PB_SCALE_BACKENDS_MOST = 16,
    PB_SCALE_FDS_MOST = 1 << 28, /* that a range may name */
    PB_SCALE_TABLE_FDS_LEAST = 64,
};

struct pb_scale_options {
    int beyond_limit;
    const struct pb_fd_kind *fd_kind;
    const char *fds;                                  /* a range, or NULL */
    const char *backends[PB_SCALE_BACKENDS_MOST + 1]; /* ends with NULL */
    int invocations, table_fds;
    const char *output; /* or NULL */
    const char *resume; /* or NULL */
    int quiet;
};

/* Parse, or say what is wrong and exit with 2. Texts stay the caller's. */
void pb_scale_options_parse(struct pb_scale_options *options, int argc,
                            char **argv);

#endif
