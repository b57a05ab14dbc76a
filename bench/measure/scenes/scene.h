/* SPDX-License-Identifier: MIT */
/* A scene is what one point watches: which fds, of which kind, which of them a
 * call has to report, and who else takes part. Operations drive it and check
 * their answers against it. */
#ifndef PB_SCENE_H
#define PB_SCENE_H

#include "farm.h"
#include "plan.h"

/* How a scene is made and played; const tables. */
struct pb_staging {
    /* Scenes of one kind of fds are chosen from the same open fds, which none
     * of them changes. Else its fds are a scene's own, opened for it and closed
     * after it. */
    bool is_shared;

    /* Open the fds, and close them again. open returns 0 or -errno; then
     * nothing is open. */
    int (*open)(struct pb_scene *scene);
    void (*close)(struct pb_scene *scene);

    /* Whether the next call has to report the fd at this place of scene->fds.
     * For got.ready_count of the places it has to, and for no other. */
    bool (*expects)(const struct pb_scene *scene, int place);

    /* Others that take part while batches are timed: a thread, a writer.
     * start is called before a batch, with the set ready, stop after it; each
     * returns 0, or why the batch says nothing, -errno. NULL: nobody does. */
    int (*start)(struct pb_scene *scene);
    int (*stop)(struct pb_scene *scene);
};

struct pb_scene {
    const struct pb_staging *staging;
    struct pb_factors got; /* as they came out */
    int *fds;              /* watched: got.fd_count numbers, ascending */
    struct pb_farm farm;   /* what is opened */
};

/* Some of the fds of a farm, which is built once for all scenes of its kind;
 * and of a farm that the scene has for itself, no larger than it needs. */
extern const struct pb_staging pb_shared_farm;
extern const struct pb_staging pb_own_farm;

/* Choose the fds of a point.
 *
 * farm     the numbers there are, and the kind where wanted->fd_kind is NULL.
 * wanted   as for pb_farm_choose(), as seed is.
 * scene    receives the scene, nothing of which is open; pb_scene_free() it.
 * Returns  0; -ERANGE when the farm has no such set of fds; -EINVAL when there
 *          is no such kind; -ENOMEM.
 */
int pb_scene_choose(const struct pb_staging *staging,
                    const struct pb_farm *farm, const struct pb_factors *wanted,
                    unsigned seed, struct pb_scene **scene);

/* NULL is fine. What is open stays open. */
void pb_scene_free(struct pb_scene *scene);

/* Whether what is open for one is what is open for the other. */
bool pb_scene_shares(const struct pb_scene *a, const struct pb_scene *b);

#endif
