/* SPDX-License-Identifier: MIT */
/* Laws: backends are chosen by name; errors; the version. */
#include "fixture.h"
#include "laws.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>

static void unknown_name_is_an_error_and_no_fall_back(void **state)
{
    (void)state;
    const char *const names[] = {"", "sel", "selectt", "Poll", "no-such"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct pollset *set = (struct pollset *)&set;
        assert_int_equal(pollset_create(&set, names[i]), -ENOENT);
        assert_null(set);
    }
}

static void unknown_name_is_answered_with_the_known_ones(void **state)
{
    (void)state;
    struct pollset_backend_info unknown;
    struct pollset_backend_info known;
    assert_int_equal(pollset_backend_find("no-such", &unknown), -ENOENT);
    assert_int_equal(unknown.error, -ENOENT);
    for (unsigned i = 0; pollset_backend_at(i, &known) == 0; i++)
        assert_non_null(strstr(unknown.reason, known.name));
}

static void list_describes_each_backend(void **state)
{
    (void)state;
    struct pollset_backend_info listed;
    struct pollset_backend_info found;
    bool is_listed = false;
    unsigned n = 0;
    for (; pollset_backend_at(n, &listed) == 0; n++) {
        assert_int_equal(pollset_backend_find(listed.name, &found),
                         listed.error);
        assert_ptr_equal(found.name, listed.name);
        assert_true(strlen(listed.summary) > 0);
        assert_null(strchr(listed.summary, '\n'));
        assert_int_equal(listed.error == 0, strlen(listed.reason) == 0);
        assert_true((listed.events & POLLSET_DEFAULT_EVENTS) ==
                    POLLSET_DEFAULT_EVENTS);
        is_listed |= strcmp(listed.name, tested_backend) == 0;
    }
    assert_true(is_listed);
    assert_int_equal(pollset_backend_at(n, &listed), -ENOENT);
    assert_int_equal(pollset_backend_at(UINT_MAX, &listed), -ENOENT);
}

static void backend_says_what_it_is(void **state)
{
    struct fixture *f = *state;
    const struct pollset_backend_info *info = &f->info;
    struct pollset_backend_info head, listed;
    const char *const scans[] = {"highest_fd", "fd_count", "ready_count"};
    int n_known = 0;
    for (int i = 0; i < 3; i++)
        n_known += strcmp(info->scans, scans[i]) == 0;
    assert_int_equal(n_known, 1);
    assert_true(pollset_backend_find(info->family, &head) != -ENOENT);
    assert_string_equal(head.family, info->family);
    assert_int_equal(pollset_backend_at((unsigned)info->order, &listed), 0);
    assert_string_equal(listed.name, tested_backend);
    assert_int_equal(info->own_fds, f->own_fds);
}

/* With no descriptor left epoll cannot be had, and says so. */
static void unavailable_backend_says_why(void **state)
{
    struct fixture *f = *state;
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    struct rlimit full = limit;
    full.rlim_cur = (rlim_t)lowest_free_fd();
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &full), 0);
    struct pollset_backend_info info;
    struct pollset *set;
    int found = pollset_backend_find(tested_backend, &info);
    int created = pollset_create(&set, tested_backend);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(found, f->own_fds > 0 ? -EMFILE : 0);
    assert_int_equal(info.error, found);
    assert_int_equal(created, found);
    if (found == 0) {
        pollset_destroy(set);
        return;
    }
    assert_null(set);
    assert_non_null(strstr(info.reason, "descriptor"));
}

static void destroy_takes_null(void **state)
{
    (void)state;
    assert_int_equal(pollset_destroy(NULL), 0);
}

static void version_is_that_of_the_header(void **state)
{
    (void)state;
    assert_string_equal(pollset_version(), POLLSET_VERSION);
}

int laws_of_names(void)
{
    const struct CMUnitTest laws[] = {
        LAW(unknown_name_is_an_error_and_no_fall_back),
        LAW(unknown_name_is_answered_with_the_known_ones),
        LAW(list_describes_each_backend),
        LAW(backend_says_what_it_is),
        LAW(unavailable_backend_says_why),
        LAW(destroy_takes_null),
        LAW(version_is_that_of_the_header),
    };
    return cmocka_run_group_tests(laws, NULL, NULL);
}
