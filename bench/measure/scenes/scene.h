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
     * of them leaves changed. Else its fds are a scene's own, opened for it and
     * closed after it. */
    bool is_shared;

    /* Others write to them while batches are timed: sets that watch them would
     * feel it, so there is only the one that is measured. */
    bool is_written_to;

    /* Choose the fds: scene->got, fds, farm and n_open; NULL: of one farm.
     * Returns as pb_scene_choose(). forget frees what else it made, or NULL. */
    int (*choose)(struct pb_scene *scene, const struct pb_farm *farm,
                  const struct pb_factors *wanted, unsigned seed);
    void (*forget)(struct pb_scene *scene);

    /* Have what it takes to open the fds, and let go of it; NULL: nothing.
     * enter returns 0 or -errno. */
    int (*enter)(struct pb_scene *scene);
    void (*leave)(struct pb_scene *scene);

    /* Open the fds, and close them again. open returns 0 or -errno; then
     * nothing is open. */
    int (*open)(struct pb_scene *scene);
    void (*close)(struct pb_scene *scene);

    /* Whether every fd that open opens is as it should be, or none is there: 0,
     * -EBADMSG, or what poll(2) says. Needed where that is timed. */
    int (*check)(struct pb_scene *scene, bool is_open);

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
    int *fds;              /* watched: got.fd_count numbers, ascending; NULL:
                            * of another process */
    struct pb_farm farm;   /* what is opened */
    int n_open;            /* fds that opening opens */
    bool is_open;
    int other_cpu; /* where a partner may run beside this process; -1: none */

    /* Of one that others write to. */
    struct pb_partner *partner; /* while it is started */
    int event_fd;               /* what it writes to; another name of an fd */
    void *kept; /* what operations keep between visits; freed with the scene */

    /* Of fds in several descriptor tables alone: what each of them has. */
    struct pb_scene **parts;
    int n_parts;
    struct pb_tables *tables; /* while it is entered */
    int shared_fd;            /* an epoll instance that all of them have */

    struct pb_company *company; /* who takes part, between start and stop */
};

/* Some of the fds of a farm, which is built once for all scenes of its kind;
 * and of a farm that the scene has for itself, no larger than it needs. */
extern const struct pb_staging pb_shared_farm;
extern const struct pb_staging pb_own_farm;

/* As the first, of another farm, as long as the request says: a case's, which
 * then has that one for all of its scenes of a kind. */
extern const struct pb_staging pb_small_farm;

/* The same fds, with as many threads beside the one that measures as the factor
 * says; they sleep. */
extern const struct pb_staging pb_idle_threads;

/* Fds in as many descriptor tables as it takes, each with the numbers of a
 * farm, the ready ones all in the last. There are no fds of the whole: those
 * are the parts'. */
extern const struct pb_staging pb_many_tables;

/* Some of the fds of a farm in which nothing is ready, its last one among them,
 * an eventfd: a partner, on the writer's CPU, writes to it some time after a
 * wait has begun (pb_partner_expect()), and so wakes it. */
extern const struct pb_staging pb_sleeping;

/* The connections of a server, a process of its own, of which some are busy:
 * nothing is open here. They have the numbers from 1 on. */
extern const struct pb_staging pb_served;

/* One end of each of N pairs, whose other end is the number after it; they end
 * at M. None is ready; the R that are expected, evenly apart, are for the
 * operation to begin with. As many pairs as there are up to M are above it,
 * which nobody watches: each watched fd has a twin there, so many numbers on.
 * PB_CHAIN_FDS: of a pair and its twin. */
enum { PB_CHAIN_FDS = 4 };
int pb_chain_to_twin(const struct pb_scene *scene);
extern const struct pb_staging pb_chain;

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

/* Open the fds, unless they are: 0 or -errno; and close them, if they are. */
int pb_scene_open(struct pb_scene *scene);
void pb_scene_close(struct pb_scene *scene);

/* Whether what is open for one is what is open for the other. */
bool pb_scene_shares(const struct pb_scene *a, const struct pb_scene *b);

#endif
