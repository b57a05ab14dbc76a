/* SPDX-License-Identifier: MIT */
/* The folder of a run: made new, or taken up again. */
#ifndef PB_FOLDER_H
#define PB_FOLDER_H

#include "csv_write.h"

#include <stddef.h>
#include <stdint.h>

struct pb_folder {
    const char *path;
    int samples_fd; /* samples.csv, open for appending and locked; or -1 */
    int host_fd;    /* host.csv, open for appending and locked; or -1 */
    int lock_error; /* an errno: this file system has no locks; or 0 */
    int sync_error; /* an errno: it has no fdatasync(); or 0 */
    /* Of a run that is taken up again: */
    char **arguments;    /* its command line, ends with NULL */
    int n_arguments;     /* without the NULL */
    unsigned seed;       /* of its random orders and layouts */
    int is_complete;     /* marked so: nothing is left to do */
    int n_complete;      /* invocations that had all their rounds */
    int next_invocation; /* the first number not used yet */
    /* Of its rows: how many there are, have no measurement, were interrupted;
     * and rounds beyond those planned. */
    long n_rows;
    int n_failed, n_interrupted, n_extra;
};

/* What is wrong, for people: where, what, and what to do. */
struct pb_trouble {
    char text[700];
};

/* Make the folder, which must not exist, with samples.csv that holds only the
 * header, backends.csv, cases.csv with the rows of cases (NULL: without it),
 * and host.csv with the header and the rows of host.
 *
 * Returns  0, or -1 with *trouble set; then nothing was overwritten.
 */
int pb_folder_create(struct pb_folder *folder, const char *path,
                     struct pb_csv *cases, struct pb_csv *host,
                     struct pb_trouble *trouble);

/* Open the folder of an interrupted run and read its command line. If that run
 * was killed just now, its measuring processes are waited for, a minute at
 * most. Returns 0, or -1 with *trouble set. */
int pb_folder_reopen(struct pb_folder *folder, const char *path,
                     struct pb_trouble *trouble);

/* Cut a round that is not whole off the end of samples.csv, and count its rows
 * and the invocations that have all their rounds. Returns 0, or -1. */
int pb_folder_count_rounds(struct pb_folder *folder, int rounds,
                           struct pb_trouble *trouble);

/* Whether the facts that tell one host from another are in host as they are
 * in the folder's host.csv: 0, or -1 with *trouble naming the first that is
 * not. */
int pb_folder_check_host(const struct pb_folder *folder,
                         const struct pb_csv *host, struct pb_trouble *trouble);

/* The last number that host.csv has for a key; 0 when it has none. */
int64_t pb_folder_count(const struct pb_folder *folder, const char *key);

/* Append the rows of host to host.csv. 0 or -1. */
int pb_folder_add_facts(struct pb_folder *folder, struct pb_csv *host,
                        struct pb_trouble *trouble);

/* Say on stderr, as program, and in host.csv what the file system of the folder
 * does not guarantee. 0 or -1. */
int pb_folder_warn(struct pb_folder *folder, const char *program,
                   struct pb_trouble *trouble);

/* Close the files; what they hold stays. 0, or -1 when closing failed. */
int pb_folder_close(struct pb_folder *folder, struct pb_trouble *trouble);

#endif
