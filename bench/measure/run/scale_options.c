/* SPDX-License-Identifier: MIT */
#include "scale_options.h"

#include "build_info.h"

#include <argp.h>
#include <errno.h>
#include <pollset.h>
#include <stdlib.h>
#include <string.h>

enum { USAGE = 2 };

const char *argp_program_version =
    "pollscale " PB_PROJECT_VERSION " (" PB_COMMIT ")";

enum { KEY_TABLE_FDS = 256, KEY_RESUME };

static const struct argp_option table[] = {
    {"sweep", 's', "NAME", 0,
     "scale: one descriptor table, all backends, up to the limit; "
     "beyond_limit: as many tables as it takes, one epoll set (default: scale)",
     0},
    {"fds", 'N', "RANGE", 0,
     "values of N, watched fds (default: 1000:max for scale, "
     "1000:1000000:*10 for beyond_limit, as far as there is memory)",
     0},
    {"fd-kind", 'f', "NAME", 0,
     "what the fds are; pollbench --list shows the kinds (default: socketpair "
     "for scale, eventfd for beyond_limit)",
     0},
    {"backend", 'b', "NAME", 0,
     "only this backend; repeat for more (default: all; not for beyond_limit)",
     0},
    {"table-fds", KEY_TABLE_FDS, "COUNT", 0,
     "descriptors that one table may have, 64 to 268435456 (default: the hard "
     "limit)",
     0},
    {"invocations", 'k', "K", 0,
     "how often to measure each N, each time in a fresh process, 1 to 1000 "
     "(default: 6)",
     0},
    {"output", 'o', "DIR", 0,
     "put the run into this folder, which must not exist", 0},
    {"resume", KEY_RESUME, "DIR", 0,
     "finish the interrupted run in this folder, with the options it was "
     "started with",
     0},
    {"quiet", 'q', 0, 0, "tell no progress", 0},
    {0},
};

static const char doc[] =
    "Measure how the time and memory of opening, registering, waiting for, "
    "unregistering and closing fds grow with their number.\v"
    "A RANGE is a list of N, LOW:HIGH (doubling), LOW:HIGH:STEP or "
    "LOW:HIGH:*FACTOR, with commas between; max stands for the most there is "
    "room for. A million socketpair ends take 3.8 GB, eventfds 0.9 GB.\n"
    "Exit status: 0 done, 1 failed, 2 wrong usage, 77 cannot run here.";

static int number(const char *option, const char *text, int low, int high,
                  struct argp_state *state)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < low || value > high)
        argp_failure(state, USAGE, 0,
                     "--%s: '%s' is not a whole number from %d to %d", option,
                     text, low, high);
    return (int)value;
}

static void add_backend(struct pb_scale_options *options, const char *name,
                        struct argp_state *state)
{
    struct pollset_backend_info info;
    int n = 0;
    if (pollset_backend_find(name, &info) < 0)
        argp_failure(state, USAGE, 0, "--backend: '%s': %s", name, info.reason);
    while (options->backends[n] && strcmp(options->backends[n], name) != 0)
        n++;
    if (n < PB_SCALE_BACKENDS_MOST)
        options->backends[n] = info.name;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct pb_scale_options *options = state->input;
    switch (key) {
    case 's':
        options->beyond_limit = strcmp(text, "beyond_limit") == 0;
        if (!options->beyond_limit && strcmp(text, "scale") != 0)
            argp_failure(state, USAGE, 0,
                         "--sweep: no sweep '%s': use scale or beyond_limit",
                         text);
        return 0;
    case 'N':
        options->fds = text;
        return 0;
    case 'f':
        options->fd_kind = pb_fd_kind_of(text);
        if (!options->fd_kind)
            argp_failure(state, USAGE, 0,
                         "--fd-kind: no kind '%s': pollbench --list shows them",
                         text);
        return 0;
    case 'b':
        add_backend(options, text, state);
        return 0;
    case KEY_TABLE_FDS:
        options->table_fds = number("table-fds", text, PB_SCALE_TABLE_FDS_LEAST,
                                    PB_SCALE_FDS_MOST, state);
        return 0;
    case 'k':
        options->invocations = number("invocations", text, 1, 1000, state);
        return 0;
    case 'o':
        options->output = text;
        return 0;
    case KEY_RESUME:
        options->resume = text;
        return 0;
    case 'q':
        options->quiet = 1;
        return 0;
    case ARGP_KEY_ARG:
        argp_failure(state, USAGE, 0,
                     "'%s' is no option: pollscale --help shows them", text);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

void pb_scale_options_parse(struct pb_scale_options *options, int argc,
                            char **argv)
{
    static const struct argp argp = {table, parse, NULL, doc, NULL, NULL, NULL};
    struct pollset_backend_info info;

    *options = (struct pb_scale_options){.invocations = 6,
                                         .table_fds = PB_SCALE_FDS_MOST};
    argp_err_exit_status = USAGE;
    argp_parse(&argp, argc, argv, 0, NULL, options);
    if (!options->fd_kind)
        options->fd_kind =
            pb_fd_kind_of(options->beyond_limit ? "eventfd" : NULL);
    if (options->backends[0])
        return;
    for (unsigned i = 0, n = 0;
         n < PB_SCALE_BACKENDS_MOST && pollset_backend_at(i, &info) == 0; i++)
        if (!info.error)
            options->backends[n++] = info.name;
}
