/* SPDX-License-Identifier: MIT */
/* What each backend is: backends.csv of a run, as the library says it. For a
 * run from before there was that file, the library is asked here. */
#ifndef PA_BACKENDS_H
#define PA_BACKENDS_H

#include "csv_write.h"
#include "table.h"

struct pa_backend {
    const char *name;
    const char *family; /* the backend it is a variant of; or its own name */
    const char *scans;  /* the factor that counts what one call looks through */
    int64_t own_fds;    /* descriptors a set takes */
    int64_t order;
    const char *summary; /* what it does */
};

struct pa_backend_list {
    struct pa_table table; /* owns the texts that are not the library's */
    size_t n;
    struct pa_backend *backends; /* in their order */
};

/* Read folder/backends.csv, or ask the library if it is not there. Returns 0,
 * or -1 with *problem set and nothing to free. */
int pa_backend_list_read(struct pa_backend_list *list, const char *folder,
                         struct pa_problem *problem);
void pa_backend_list_free(struct pa_backend_list *list);

/* The backend called name; NULL for what is none, such as a reference loop. */
const struct pa_backend *pa_backend_of(const struct pa_backend_list *list,
                                       const char *name);

/* Its place in the order; list->n for what is no backend. */
size_t pa_backend_place(const struct pa_backend_list *list, const char *name);

/* Its family; the name itself for what is no backend. */
const char *pa_backend_family(const struct pa_backend_list *list,
                              const char *name);

/* Whether it is the one of its family that the others are variants of. */
int pa_backend_is_head(const struct pa_backend *backend);

/* The next such one, or the first after NULL; NULL after the last. */
const struct pa_backend *
pa_backend_head_after(const struct pa_backend_list *list,
                      const struct pa_backend *before);

/* What backends.csv holds, from the library's list. */
void pb_backends_write(struct pb_csv *csv);

#endif
