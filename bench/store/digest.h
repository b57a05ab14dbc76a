/* SPDX-License-Identifier: MIT */
/* What makes a run citable: SHA-256 sums of its files, in the format of
 * sha256sum(1), and an id that its measurements alone decide. */
#ifndef PA_DIGEST_H
#define PA_DIGEST_H

#include "problem.h"

#include <stdint.h>
#include <stdio.h>

#define PA_DIGEST_HEX  65 /* a SHA-256 sum in hexadecimal digits, with NUL */
#define PA_RUN_ID_HEX  13 /* the part of one that names a run, with NUL */
#define PA_DIGEST_FILE "SHA256SUMS"

/* SHA-256 of n_bytes bytes, in hexadecimal; and in base 64, as a page's
 * Content-Security-Policy names a script (45 bytes with NUL). */
void pa_digest_bytes(const void *bytes, size_t n_bytes,
                     char hex[static PA_DIGEST_HEX]);
#define PA_DIGEST_BASE64 45
void pa_digest_base64(const void *bytes, size_t n_bytes,
                      char base64[static PA_DIGEST_BASE64]);

/* The same of the file folder/name. Returns 0, 1 if it is not there, or -1 with
 * *problem set. */
int pa_digest_file(const char *folder, const char *name,
                   char hex[static PA_DIGEST_HEX], struct pa_problem *problem);

/* The id of a run: the first 12 digits of the SHA-256 sum of the lines that
 * `sha256sum host.csv samples.csv` prints. Where samples.csv is not there
 * (packed away), its sum is taken from SHA256SUMS. Returns 0, or -1 with
 * *problem set. */
int pa_run_id(const char *folder, char id[static PA_RUN_ID_HEX],
              struct pa_problem *problem);

/* Write folder/SHA256SUMS: all regular files of the folder and of its figures/
 * but SHA256SUMS itself and hidden ones, by name; the line of a samples.csv
 * that is packed away is kept. Returns 0, or -1 with *problem set. */
int pa_digest_write(const char *folder, struct pa_problem *problem);

/* Compare the files with folder/SHA256SUMS and say what differs, one line a
 * file, on out; of a file that is packed away, the packed one is. Returns the
 * number of files that changed or are missing, or -1 with *problem set. */
int pa_digest_verify(const char *folder, FILE *out, struct pa_problem *problem);

#endif
