/* SPDX-License-Identifier: MIT */
/* pollbench VERB: becomes the program of that verb. Where those are follows
 * from where this one is, so that an installation can be moved. */
#include "build_info.h"
#include "place.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* pollbench compare has 1 for what has changed: as a shell has it, then. */
enum { OK = 0, FAILED = 1, USAGE = 2, NO_PROGRAM = 127 };

static const struct verb {
    const char *name, *summary;
    const char *called; /* argv[0] of its program, after a space its name */
    const char *option; /* of that program, if this is one of those */
} verbs[] = {
#define VERB(name, summary)                                                    \
    {                                                                          \
        name, summary, "pollbench " name, NULL                                 \
    }
    VERB("run", "measure into a new folder, a RUN, or finish one"),
    VERB("fit", "analyse a RUN: points, growth, models, claims"),
    VERB("draw", "draw the figures of a RUN"),
    VERB("report", "write the page of a RUN, and how to cite it"),
    VERB("show", "print what a RUN was found to say"),
    VERB("compare", "tell what differs between two RUNs"),
    VERB("predict", "tell what a wait costs with a set of one's own"),
    VERB("advise", "look at a running program: would another call be cheaper"),
    VERB("export", "write a RUN in another format, for other programs"),
    VERB("verify", "check that no file of a RUN was changed"),
    {"list", "show the sweeps, backends and kinds of fd", "pollbench run",
     "--list"},
    VERB("schema", "describe every file and column of a run"),
};

static int complain(int status, const char *what, const char *why)
{
    fprintf(stderr, "pollbench: %s%s\n", what, why);
    return status;
}

static int print_usage(void)
{
    puts("Usage: pollbench VERB [ARGUMENT...]\n"
         "Measure how the cost of select, poll and epoll grows, and say what "
         "it means.\n");
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        printf("  %-10s %s\n", verbs[i].name, verbs[i].summary);
    puts("\npollbench VERB --help tells more of each; --version what this is.\n"
         "Exit status: that of the verb; 2 wrong usage, 127 its program is not "
         "there.");
    return fflush(stdout) == 0 && !ferror(stdout)
               ? OK
               : complain(FAILED, "standard output: ", strerror(errno));
}

/* Become the program; argv is the verb's, whose place its name takes. */
static int become(const struct verb *verb, char **argv)
{
    char path[2 * PATH_MAX], name[32];

    snprintf(name, sizeof name, "pollbench-%s", strchr(verb->called, ' ') + 1);
    if (pb_place(path, sizeof path, "POLLBENCH_EXEC_PATH", PB_EXEC_FROM_BIN,
                 name) < 0)
        return complain(NO_PROGRAM, "where is this program? ", strerror(errno));
    *argv = (char *)verb->called;
    execv(path, argv);
    fprintf(stderr,
            "pollbench: %s: %s; is the installation whole? "
            "(POLLBENCH_EXEC_PATH names another folder)\n",
            path, strerror(errno));
    return NO_PROGRAM;
}

static const struct verb *verb_of(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(name, verbs[i].name) == 0)
            return &verbs[i];
    return NULL;
}

int main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    const char *next = argc > 2 ? argv[2] : "";
    int is_help = strcmp(word, "help") == 0 && *next;
    const struct verb *verb = verb_of(is_help ? next : word);

    /* Of every verb, also of the one that is a script. */
    if (strcmp(verb && !is_help ? next : word, "--version") == 0)
        return puts(PB_VERSION_LINE) < 0 || fflush(stdout) != 0 ? FAILED : OK;
    if (verb && is_help) {
        argv[2] = (char *)"--help";
        return become(verb, argv + 1);
    }
    if (verb && verb->option) {
        argv[1] = (char *)verb->option;
        return become(verb, argv);
    }
    if (verb)
        return become(verb, argv + 1);
    if (!is_help && (strcmp(word, "--help") == 0 || strcmp(word, "help") == 0))
        return print_usage();
    fprintf(stderr, "pollbench: no verb '%s': pollbench --help lists them\n",
            is_help ? next : word);
    return USAGE;
}
