/* SPDX-License-Identifier: MIT */
#include "output.h"

#include "table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void discard(struct pa_output *output)
{
    pb_csv_free(&output->csv);
    free(output->path);
    free(output->temporary);
}

int pa_output_open(struct pa_output *output, const char *folder,
                   const char *name, struct pa_problem *problem)
{
    *output = (struct pa_output){.fd = -1};
    pb_csv_init(&output->csv, -1);
    output->path = pa_path(folder, name);
    if (!output->path ||
        asprintf(&output->temporary, "%s.XXXXXX", output->path) < 0) {
        output->temporary = NULL;
        discard(output);
        return pa_problem_set(problem, "out of memory");
    }
    output->fd = mkstemp(output->temporary);
    if (output->fd < 0) {
        pa_problem_set(problem, "%s", strerror(errno));
        pa_problem_at(problem, output->path, 0);
        discard(output);
        return -1;
    }
    pb_csv_init(&output->csv, output->fd);
    return 0;
}

void pa_output_abandon(struct pa_output *output)
{
    close(output->fd); /* what was written is not wanted */
    unlink(output->temporary);
    discard(output);
}

/* mkstemp makes the file private; what fopen would give is wanted. Some file
 * systems have no modes: then it is as they will have it. */
static void set_mode(int fd)
{
    mode_t mask = umask(0);
    umask(mask);
    if (fchmod(fd, 0666 & ~mask) < 0)
        return;
}

int pa_output_close(struct pa_output *output, struct pa_problem *problem)
{
    int error = pb_csv_flush(&output->csv);

    set_mode(output->fd);
    if (close(output->fd) < 0 && error == 0)
        error = -errno;
    if (error == 0 && rename(output->temporary, output->path) < 0)
        error = -errno;
    if (error < 0) {
        unlink(output->temporary);
        pa_problem_set(problem, "%s", strerror(-error));
        pa_problem_at(problem, output->path, 0);
    }
    discard(output);
    return error < 0 ? -1 : 0;
}

int pa_output_flush_printed(struct pa_problem *problem)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    return pa_problem_set(problem, "standard output: %s", strerror(errno));
}
