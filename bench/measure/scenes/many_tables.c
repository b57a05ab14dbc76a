/* SPDX-License-Identifier: MIT */
/* A scene beyond the limit on descriptors, which is one of each table. */
#include "scene.h"
#include "tables.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* The lowest fds there are, and a farm for them. */
static int choose_part(struct pb_scene *scene, const struct pb_farm *farm,
                       const struct pb_factors *wanted)
{
    struct pb_factors of_part = *wanted;
    struct pb_scene **part = &scene->parts[scene->n_parts];

    of_part.highest_fd =
        pb_farm_lowest_m(farm, of_part.fd_count, of_part.ready_count);
    int error = pb_scene_choose(&pb_own_farm, farm, &of_part, 0, part);
    scene->n_parts += !error;
    return error;
}

static void add_part(struct pb_scene *scene, const struct pb_scene *part)
{
    struct pb_factors *got = &scene->got;

    if (part->got.highest_fd > got->highest_fd)
        got->highest_fd = part->got.highest_fd;
    got->occupied_words += part->got.occupied_words;
    got->layout = part->got.layout;
    got->fd_kind = part->got.fd_kind;
    got->tables++;
    scene->n_open += part->n_open;
}

static int choose(struct pb_scene *scene, const struct pb_farm *farm,
                  const struct pb_factors *wanted, unsigned seed)
{
    int64_t room = pb_farm_count(farm, false); /* a ready one fits besides */
    int64_t n = wanted->fd_count;
    int n_parts = room > 0 && n > 0 ? (int)((n - 1) / room) + 1 : 0;
    int error = n_parts ? 0 : -ERANGE;

    (void)seed; /* the lowest ones are taken */
    scene->parts = calloc((size_t)n_parts + 1, sizeof *scene->parts);
    if (!scene->parts)
        return -ENOMEM;
    scene->got = pb_point_complete(*wanted);
    scene->got.highest_fd = scene->got.occupied_words = scene->got.tables = 0;
    for (int i = 0; i < n_parts && !error; i++) {
        struct pb_factors of_part = *wanted;
        of_part.fd_count = n * (i + 1) / n_parts - n * i / n_parts;
        of_part.ready_count = i == n_parts - 1 ? wanted->ready_count : 0;
        error = choose_part(scene, farm, &of_part);
        if (!error)
            add_part(scene, scene->parts[i]);
    }
    return error;
}

static void forget(struct pb_scene *scene)
{
    for (int i = 0; i < scene->n_parts; i++)
        pb_scene_free(scene->parts[i]);
    free(scene->parts);
}

/* The epoll instance first: what is open before is open in all tables. */
static int enter(struct pb_scene *scene)
{
    scene->tables = NULL;
    scene->shared_fd = epoll_create1(EPOLL_CLOEXEC);
    if (scene->shared_fd < 0)
        return -errno;
    return pb_tables_start(&scene->tables, scene->n_parts);
}

static void leave(struct pb_scene *scene)
{
    pb_tables_stop(scene->tables);
    if (scene->shared_fd >= 0)
        close(scene->shared_fd);
}

static int open_part(int table, void *context)
{
    const struct pb_scene *scene = context;
    return pb_scene_open(scene->parts[table]);
}

static int close_part(int table, void *context)
{
    const struct pb_scene *scene = context;
    pb_scene_close(scene->parts[table]);
    return 0;
}

static void close_all(struct pb_scene *scene)
{
    pb_tables_run(scene->tables, close_part, scene);
}

static int open_all(struct pb_scene *scene)
{
    int error = pb_tables_run(scene->tables, open_part, scene);
    if (error)
        close_all(scene);
    return error;
}

struct checking {
    struct pb_scene *const *parts;
    bool is_open;
};

static int check_part(int table, void *context)
{
    const struct checking *checking = context;
    struct pb_scene *part = checking->parts[table];
    return part->staging->check(part, checking->is_open);
}

static int check_all(struct pb_scene *scene, bool is_open)
{
    struct checking checking = {scene->parts, is_open};
    return pb_tables_run(scene->tables, check_part, &checking);
}

const struct pb_staging pb_many_tables = {
    .choose = choose,
    .forget = forget,
    .enter = enter,
    .leave = leave,
    .open = open_all,
    .close = close_all,
    .check = check_all,
};
