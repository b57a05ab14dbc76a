/* SPDX-License-Identifier: MIT */
/* Tests every law of the library for one backend:
 *   contract BACKEND [LAW]
 * LAW may have wildcards (*, ?). Exit status: 0 all laws hold, 1 some do not,
 * 2 usage, 77 the backend cannot be used here. */
#include "fixture.h"
#include "laws.h"

#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>

/* Descriptors up to the hard limit, for this process only. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s BACKEND [LAW]\n", argv[0]);
        return 2;
    }
    tested_backend = argv[1];
    struct pollset_backend_info info;
    int error = pollset_backend_find(tested_backend, &info);
    if (error) {
        fprintf(stderr, "%s: %s: %s\n", argv[0], argv[1], info.reason);
        return error == -ENOENT ? 2 : 77;
    }
    if (argc > 2)
        cmocka_set_test_filter(argv[2]);
    raise_descriptor_limit();
    int (*const subjects[])(void) = {
        laws_of_names, laws_of_events, laws_of_change,   laws_of_descriptors,
        laws_of_poll,  laws_of_stages, laws_of_triggers, laws_of_ownership,
#ifdef CONTRACT_CALLS
        laws_of_calls,
#endif
    };
    int n_broken = 0;
    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
        n_broken += subjects[i]();
    return n_broken ? 1 : 0;
}
