/* SPDX-License-Identifier: MIT */
/* A scene in which nothing is ready until a partner writes. */
#include "partner.h"
#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int choose(struct pb_scene *scene, const struct pb_farm *farm,
                  const struct pb_factors *wanted, unsigned seed)
{
    struct pb_factors idle = *wanted;
    idle.ready_count = 0;
    idle.ready_place = NULL;
    int error = pb_shared_farm.choose(scene, farm, &idle, seed);
    scene->event_fd = (int)scene->got.highest_fd;
    scene->got.ready_count = 1;
    scene->got.ready_place = pb_last;
    return error;
}

/* The last fd and the other end of its pair become eventfds: one that is
 * written to, and one that nobody knows. */
static int put_eventfd(int fd)
{
    int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (event < 0)
        return -errno;
    int error = dup3(event, fd, O_CLOEXEC) < 0 ? -errno : 0;
    close(event);
    return error;
}

static int open_farm(struct pb_scene *scene)
{
    int last = scene->event_fd;
    int error = pb_shared_farm.open(scene);
    if (error)
        return error;
    error = put_eventfd(last);
    if (!error)
        error = put_eventfd(last ^ 1);
    if (error)
        pb_shared_farm.close(scene);
    return error;
}

static void close_farm(struct pb_scene *scene)
{
    pb_shared_farm.close(scene);
}

static bool expects(const struct pb_scene *scene, int place)
{
    return place == scene->got.fd_count - 1;
}

static int start(struct pb_scene *scene)
{
    int cpu =
        scene->got.writer == pb_same_cpu ? sched_getcpu() : scene->other_cpu;
    if (cpu < 0)
        return -ENXIO;
    return pb_partner_start(&scene->partner, cpu, scene->event_fd,
                            pb_partner_write_when_asked, NULL);
}

static int stop(struct pb_scene *scene)
{
    pb_partner_stop(scene->partner);
    scene->partner = NULL;
    return 0;
}

const struct pb_staging pb_sleeping = {
    .is_shared = true,
    .is_written_to = true,
    .choose = choose,
    .open = open_farm,
    .close = close_farm,
    .expects = expects,
    .start = start,
    .stop = stop,
};
