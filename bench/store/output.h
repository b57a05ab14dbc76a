/* SPDX-License-Identifier: MIT */
/* A file that appears whole or not at all: it is written beside its place and
 * renamed into it. One that is not closed when its program ends is removed. */
#ifndef PA_OUTPUT_H
#define PA_OUTPUT_H

#include "csv_write.h"
#include "problem.h"

struct pa_output {
    struct pb_csv csv;
    int fd;
    char *path;
    char *temporary;
};

/* Start folder/name. Returns 0, or -1 with *problem set. */
int pa_output_open(struct pa_output *output, const char *folder,
                   const char *name, struct pa_problem *problem);

/* The same of a path, in the working folder if it names no other. */
int pa_output_open_path(struct pa_output *output, const char *path,
                        struct pa_problem *problem);

/* Leave the old file, if any, as it was. Frees everything. */
void pa_output_abandon(struct pa_output *output);

/* Write what csv holds and put the file in its place. Returns 0, or -1 with
 * *problem set and the old file, if any, untouched. Frees everything. */
int pa_output_close(struct pa_output *output, struct pa_problem *problem);

/* Put a file into a folder that has none of this name. Returns 0, or -1 with
 * *problem set. */
int pa_output_supply(const char *folder, const char *name,
                     void (*write)(struct pb_csv *csv),
                     struct pa_problem *problem);

/* Write a text to folder/name. Returns 0, or -1 with *problem set. */
int pa_output_write(const char *folder, const char *name, const char *text,
                    struct pa_problem *problem);

/* Have what was printed written: standard output may be full. Returns 0, or -1
 * with *problem set. */
int pa_output_flush_printed(struct pa_problem *problem);

#endif
