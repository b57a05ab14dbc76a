/* SPDX-License-Identifier: MIT */
/* A case asks one question: it adds to the plan the points that answer it. */
#ifndef PB_CASE_H
#define PB_CASE_H

#include "csv_write.h"
#include "ladder.h"
#include "operation.h"
#include "plan.h"
#include "scene.h"

#include <stdbool.h>

enum pb_preset { PB_QUICK, PB_DEFAULT, PB_FULL, PB_COUNT, PB_PRESETS };

/* What the user asked for, as the cases see it. An empty ladder means: what
 * the case and the preset think right. */
struct pb_request {
    enum pb_preset preset;
    const char *const *backends;            /* to be measured; ends with NULL */
    int backends_chosen;                    /* the user named them */
    struct pb_ladder ladders[PB_N_FACTORS]; /* of those that are integers */
    const char *layout;                     /* NULL: not chosen */
    const char *const *fd_kinds;            /* names; ends with NULL */
    struct pb_farm farm;                    /* the numbers there are */
    unsigned seed;                          /* for random layouts */
};

struct pb_case {
    const char *name;       /* the sweep column */
    const char *question;   /* a sentence that a stranger understands */
    const char *held_fixed; /* the rest of "held fixed: ..." */
    const char *not_for;    /* the rest of "not to be used for ..." */
    enum pb_factor varies[PB_N_FACTORS]; /* the x axis first */
    int n_varies;
    const char *compares; /* values that differences.csv sets side by side: see
                           * cases.csv; NULL: none */
    const char *figure;   /* plots/<figure>.gp; "series": cost against the x
                           * axis; "": a table of its costs; see schema.h */
    int opt_in;           /* measured only when the user names it */
    bool takes_loops;     /* of event-loop libraries, all that there are */
    const struct pb_staging *staging; /* NULL: pb_shared_farm */
    bool of_heads; /* of families, without their variants, unless the user named
                    * backends */
    /* Returns 0 or -ENOMEM; points without room are left to the plan. */
    int (*add_points)(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request);
};

/* All cases, in the order of case_list.h; NULL past the last. */
const struct pb_case *pb_case_at(unsigned index);
const struct pb_case *pb_case_of(const char *name);

/* What cases.csv holds: the cases of a list that ends with NULL. A factor that
 * the user chose (a sum of PB_BIT()) may vary in all of them. */
void pb_cases_write(struct pb_csv *csv, const struct pb_case *const *list,
                    unsigned chosen);

/* The ladders of the presets, or the user's in their place. Their rungs are
 * 2^k and what halves or quarters an octave, of M one less, so that from 127 on
 * a word of select's bitmap ends there; all the same under any limit, which
 * only cuts them off, and in any preset, which only leaves some out. M's ends
 * in the highest number there is as well. */
void pb_case_m_ladder(struct pb_ladder *ladder,
                      const struct pb_request *request, int lowest_m);
void pb_case_n_ladder(struct pb_ladder *ladder,
                      const struct pb_request *request);

/* Both sides of where poll's table leaves the stack, and of where it then takes
 * one page more, so often in all. */
void pb_case_add_pages(struct pb_ladder *ladder, int n_pages, int most);

/* N by whole octaves, up to what a regime of waits has time for, or the user's.
 */
void pb_case_regime_ladder(struct pb_ladder *ladder,
                           const struct pb_request *request);

/* How long a wait may sleep where it may: longer than any should. */
enum { PB_CASE_TIMEOUT_MS = 1000 };

/* The M at which what does not vary it holds it: the largest rung 2^k - 1. */
int pb_case_held_m(const struct pb_request *request);

/* Watched fds of a kind for which there is memory now, with a tenth of it left,
 * however many descriptors there may be. */
int pb_case_memory_fds(const char *fd_kind);

/* Whether the user gave values of the factor. */
int pb_case_chooses(const struct pb_request *request, enum pb_factor factor);

/* A short list, or the user's in its place, as a ladder. */
void pb_case_ladder(struct pb_ladder *ladder, const struct pb_request *request,
                    enum pb_factor factor, const int *values, int n_values);

/* The layout that the user chose, or else this one, by name. */
const char *pb_case_layout(const struct pb_request *request,
                           enum pb_layout layout);

/* What add_points does, of the backends that the case is of. */
int pb_case_add_points(const struct pb_case *this, struct pb_plan *plan,
                       const struct pb_request *request);

/* The same request for the backends that look through what is named (NULL:
 * whatever it is), with their variants or without, unless the user named
 * others. Its backends are to be freed; NULL: no memory. */
struct pb_request pb_case_about(const struct pb_request *request,
                                const char *scans, bool with_variants);

/* The same request for the backends whose sets the kernel keeps, as far as they
 * can be had: of families that every sweep compares, or of those that are only
 * measured when named; the variants with them or not; and of those that the
 * user named, if any. Its backends are to be freed; NULL: no memory. */
struct pb_request pb_case_of_sets(const struct pb_request *request, bool usual,
                                  bool with_variants);

/* Add the point with each of the request's backends, and as each of its kinds
 * of fd where wanted->fd_kind is NULL. A point that there are no numbers or no
 * memory for is counted in n_left_out; one that comes out like an earlier point
 * of the same sweep is not added twice.
 *
 * Returns  0, -ENOMEM, or -EINVAL when there is no such kind of fd.
 */
int pb_case_add(const struct pb_case *this, struct pb_plan *plan,
                const struct pb_request *request,
                const struct pb_factors *wanted,
                const struct pb_operation *operation);

/* Add the points of every M in ms and every N in ns that fit each other, packed
 * unless the request says otherwise. */
int pb_case_add_grid(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request,
                     const struct pb_ladder *ms, const struct pb_ladder *ns);

#endif
