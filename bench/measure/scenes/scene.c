/* SPDX-License-Identifier: MIT */
#include "scene.h"

#include "threads.h"

#include <errno.h>
#include <stdlib.h>

static int open_farm(struct pb_scene *scene)
{
    return pb_farm_build(&scene->farm);
}

static void close_farm(struct pb_scene *scene)
{
    pb_farm_tear_down(&scene->farm);
}

static bool is_ready(const struct pb_scene *scene, int place)
{
    return pb_farm_is_ready(scene->fds[place]);
}

static int check_farm(struct pb_scene *scene, bool is_open)
{
    return pb_farm_check(&scene->farm, is_open);
}

static int choose_farm(struct pb_scene *scene, const struct pb_farm *farm,
                       const struct pb_factors *wanted, unsigned seed)
{
    scene->farm = *farm;
    if (wanted->fd_kind)
        scene->farm.kind = pb_fd_kind_of(wanted->fd_kind);
    if (!scene->farm.kind)
        return -EINVAL;
    if (wanted->fd_count < 1 || wanted->fd_count > farm->highest_fd)
        return -ERANGE;
    scene->fds = malloc((size_t)wanted->fd_count * sizeof *scene->fds);
    if (!scene->fds)
        return -ENOMEM;
    int error =
        pb_farm_choose(&scene->farm, wanted, seed, scene->fds, &scene->got);
    if (!error && !scene->staging->is_shared)
        pb_farm_shorten(&scene->farm, (int)scene->got.highest_fd);
    scene->n_open = scene->farm.highest_fd - scene->farm.lowest_fd + 1;
    return error;
}

int pb_scene_choose(const struct pb_staging *staging,
                    const struct pb_farm *farm, const struct pb_factors *wanted,
                    unsigned seed, struct pb_scene **scene)
{
    struct pb_scene *made = calloc(1, sizeof *made);
    *scene = NULL;
    if (!made)
        return -ENOMEM;
    made->staging = staging;
    int error = (staging->choose ? staging->choose : choose_farm)(made, farm,
                                                                  wanted, seed);
    if (error)
        pb_scene_free(made);
    else
        *scene = made;
    return error;
}

void pb_scene_free(struct pb_scene *scene)
{
    if (scene && scene->staging->forget)
        scene->staging->forget(scene);
    if (scene) {
        free(scene->fds);
        free(scene->kept);
    }
    free(scene);
}

int pb_scene_open(struct pb_scene *scene)
{
    int error = scene->is_open ? 0 : scene->staging->open(scene);
    scene->is_open = !error;
    return error;
}

void pb_scene_close(struct pb_scene *scene)
{
    if (scene->is_open)
        scene->staging->close(scene);
    scene->is_open = false;
}

bool pb_scene_shares(const struct pb_scene *a, const struct pb_scene *b)
{
    return a == b ||
           (a->staging->open == b->staging->open && a->staging->is_shared &&
            b->staging->is_shared && a->farm.kind == b->farm.kind &&
            a->farm.highest_fd == b->farm.highest_fd);
}

/* Threads that wait for the end of a batch. */
struct pb_company {
    sem_t end;
    int n;
    struct pb_thread threads[];
};

static void be_there(void *context)
{
    sem_t *end = context;
    while (sem_wait(end) < 0)
        ;
}

static int stop_threads(struct pb_scene *scene)
{
    struct pb_company *company = scene->company;

    for (int i = 0; i < company->n; i++)
        sem_post(&company->end);
    for (int i = 0; i < company->n; i++)
        pb_thread_join(&company->threads[i]);
    sem_destroy(&company->end);
    free(company);
    scene->company = NULL;
    return 0;
}

/* They sleep before the batch begins: none takes the CPU away during it. */
static int start_threads(struct pb_scene *scene)
{
    int wanted = (int)scene->got.idle_threads, error = 0;
    int64_t n_switches;
    struct pb_company *company =
        calloc(1, sizeof *company + (size_t)wanted * sizeof(struct pb_thread));

    if (!company)
        return -ENOMEM;
    scene->company = company;
    sem_init(&company->end, 0, 0);
    while (company->n < wanted && !error) {
        error = pb_thread_start(&company->threads[company->n], -1, be_there,
                                &company->end);
        company->n += !error;
    }
    if (!error)
        error = pb_threads_settle(company->threads, company->n, &n_switches);
    if (error)
        stop_threads(scene);
    return error;
}

const struct pb_staging pb_idle_threads = {
    .is_shared = true,
    .open = open_farm,
    .close = close_farm,
    .check = check_farm,
    .expects = is_ready,
    .start = start_threads,
    .stop = stop_threads,
};

const struct pb_staging pb_shared_farm = {
    .is_shared = true,
    .choose = choose_farm,
    .open = open_farm,
    .close = close_farm,
    .check = check_farm,
    .expects = is_ready,
};

const struct pb_staging pb_small_farm = {
    .is_shared = true,
    .choose = choose_farm,
    .open = open_farm,
    .close = close_farm,
    .check = check_farm,
    .expects = is_ready,
};

const struct pb_staging pb_own_farm = {
    .open = open_farm,
    .close = close_farm,
    .check = check_farm,
    .expects = is_ready,
};
