/* SPDX-License-Identifier: MIT */
/* Pairs in a ring, of which what is read from one is written to the next: one
 * end of each is watched. Their twins, which nobody watches, are the other half
 * of the farm, so that what is done to them is not near in memory to what is
 * done next. Nothing is ready when it is opened. */
#include "scene.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int choose(struct pb_scene *scene, const struct pb_farm *farm,
                  const struct pb_factors *wanted, unsigned seed)
{
    int n = (int)wanted->fd_count, lowest = farm->lowest_fd;
    int n_pairs = (int)(wanted->highest_fd - lowest) / 2 + 1;
    (void)seed;
    if (n < 1 || n > n_pairs || wanted->ready_count < 1 ||
        wanted->ready_count > n ||
        n_pairs > (farm->highest_fd - lowest + 1) / PB_CHAIN_FDS)
        return -ERANGE;
    scene->farm = *farm;
    scene->farm.kind = pb_fd_kind_of(wanted->fd_kind);
    if (!scene->farm.kind)
        return -EINVAL;
    scene->fds = malloc((size_t)n * sizeof *scene->fds);
    if (!scene->fds)
        return -ENOMEM;
    for (int i = 0; i < n; i++)
        scene->fds[i] = lowest + 2 * (n_pairs - n + i);
    pb_farm_shorten(&scene->farm, lowest + PB_CHAIN_FDS * n_pairs - 1);
    scene->n_open = scene->farm.highest_fd - lowest + 1;
    pb_farm_describe(&scene->farm, wanted, scene->fds, &scene->got);
    return 0;
}

int pb_chain_to_twin(const struct pb_scene *scene)
{
    return (int)scene->got.highest_fd - scene->farm.lowest_fd + 2;
}

static int open_chain(struct pb_scene *scene)
{
    int error = pb_shared_farm.open(scene);
    char byte;
    for (int fd = scene->farm.lowest_fd; fd <= scene->farm.highest_fd && !error;
         fd++)
        if (pb_farm_is_ready(fd) && read(fd, &byte, 1) != 1) {
            error = -errno;
            pb_shared_farm.close(scene);
        }
    return error;
}

static void close_chain(struct pb_scene *scene)
{
    pb_shared_farm.close(scene);
}

/* Those that are active to begin with: as many as are to be, evenly apart. */
static bool expects(const struct pb_scene *scene, int place)
{
    int64_t n = scene->got.fd_count, active = scene->got.ready_count;
    int apart = (int)(n / active);
    return place % apart == 0 && place / apart < active;
}

const struct pb_staging pb_chain = {
    .is_shared = true,
    .is_written_to = true,
    .choose = choose,
    .open = open_chain,
    .close = close_chain,
    .expects = expects,
};
