/* SPDX-License-Identifier: MIT */
/* The command line of pollbench run. */
#ifndef PB_OPTIONS_H
#define PB_OPTIONS_H

#include "case.h"
#include "cpus.h"

#include <stdint.h>

enum {
    PB_CASES_MOST = 32,
    PB_BACKENDS_MOST = 16,
    PB_KINDS_MOST = 32,
    PB_LABELS_MOST = 8
};

struct pb_options {
    enum pb_preset preset;
    const struct pb_case *cases[PB_CASES_MOST + 1]; /* ends with NULL */
    const char *backends[PB_BACKENDS_MOST + 1];     /* ends with NULL */
    int backends_chosen;                            /* by the user */
    const char *factors[PB_N_FACTORS]; /* ranges or names, as text; or NULL */
    const char *fd_kinds[PB_KINDS_MOST + 1]; /* names; ends with NULL */
    int invocations, rounds;                 /* 0: as the preset says */
    int invocations_most; /* when they differ; the same if told how many */
    int64_t batch_ns;
    int most_fds; /* use no more descriptors than this */
    unsigned seed;
    int seed_chosen;                        /* by the user */
    int cpus[PB_CPUS_MOST], n_cpus;         /* 0: choose */
    int patience_s;                         /* -1: as the preset says */
    const char *labels[PB_LABELS_MOST + 1]; /* label.h; ends with NULL */
    const char *output, *resume;            /* a folder each, or NULL */
    int quiet, list, print_cases;
};

/* Read the command line. A mistake ends the program with one line and exit
 * status 2; so does --help, with status 0. */
void pb_options_parse(struct pb_options *options, int argc, char **argv);

/* Its name on the command line. */
const char *pb_preset_name(enum pb_preset preset);

/* What --list prints: the cases, the backends with the reason for each that is
 * unavailable, and the kinds of fd. */
void pb_options_print_list(void);

/* What cases.csv holds, of the cases that were chosen. */
void pb_options_write_cases(const struct pb_options *options,
                            struct pb_csv *csv);

/* Turn the texts of the ranges into ladders, now that it is known how many
 * descriptors there are. A mistake ends the program like one in parse.
 * Returns 0 or -ENOMEM. */
int pb_options_request(const struct pb_options *options,
                       const struct pb_farm *farm, struct pb_request *request);

#endif
