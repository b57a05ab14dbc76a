/* SPDX-License-Identifier: MIT */
/* What each backend is: as written, as read, and where there is no file. */
#include "unit.h"

#include "backends.h"
#include "output.h"

#include <errno.h>
#include <pollset.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/backends_test.XXXXXX";

static int setup(void **state)
{
    (void)state;
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    char path[64];
    (void)state;
    snprintf(path, sizeof path, "%s/backends.csv", folder);
    unlink(path);
    return rmdir(folder);
}

static void put_file(const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "%s/backends.csv", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void read_list(struct pa_backend_list *list)
{
    struct pa_problem problem = {0};
    if (pa_backend_list_read(list, folder, &problem) < 0)
        fail_msg("%s", problem.text);
}

static void is_the_librarys(const struct pa_backend_list *list)
{
    struct pollset_backend_info info;
    for (size_t i = 0; i < list->n; i++) {
        const struct pa_backend *backend = &list->backends[i];
        assert_int_equal(pollset_backend_at((unsigned)i, &info), 0);
        assert_string_equal(backend->name, info.name);
        assert_string_equal(backend->family, info.family);
        assert_string_equal(backend->scans, info.scans);
        assert_int_equal(backend->own_fds, info.own_fds);
        assert_int_equal(backend->order, i);
    }
    assert_int_equal(pollset_backend_at((unsigned)list->n, &info), -ENOENT);
}

static void what_was_written_is_read_again(void **state)
{
    (void)state;
    struct pa_backend_list list;
    struct pa_output output;
    struct pa_problem problem = {0};
    assert_int_equal(pa_output_open(&output, folder, "backends.csv", &problem),
                     0);
    pb_backends_write(&output.csv);
    assert_int_equal(pa_output_close(&output, &problem), 0);
    read_list(&list);
    assert_true(list.table.n_rows > 0);
    is_the_librarys(&list);
    pa_backend_list_free(&list);
}

static void a_run_without_the_file_has_the_librarys(void **state)
{
    (void)state;
    struct pa_backend_list list;
    read_list(&list);
    assert_int_equal(list.table.n_rows, 0);
    is_the_librarys(&list);
    pa_backend_list_free(&list);
}

static void the_file_goes_before_the_library(void **state)
{
    (void)state;
    struct pa_backend_list list;
    put_file("order,name,family,scans,own_fds\n"
             "7,b,a,fd_count,0\n3,a,a,fd_count,2\n");
    read_list(&list);
    assert_int_equal(list.n, 2);
    assert_int_equal(pa_backend_place(&list, "a"), 0);
    assert_int_equal(pa_backend_place(&list, "b"), 1);
    assert_int_equal(pa_backend_place(&list, "poll"), 2);
    assert_null(pa_backend_of(&list, "poll"));
    assert_int_equal(pa_backend_of(&list, "a")->own_fds, 2);
    assert_true(pa_backend_is_head(&list.backends[0]));
    assert_false(pa_backend_is_head(&list.backends[1]));
    assert_string_equal(pa_backend_family(&list, "b"), "a");
    assert_string_equal(pa_backend_family(&list, "poll"), "poll");
    pa_backend_list_free(&list);
}

static void a_bad_file_is_a_problem(void **state)
{
    (void)state;
    struct pa_backend_list list;
    struct pa_problem problem = {0};
    put_file("order,name,family,scans\n0,a,a,fd_count\n");
    assert_int_equal(pa_backend_list_read(&list, folder, &problem), -1);
    assert_non_null(strstr(problem.text, "backends.csv"));
    assert_non_null(strstr(problem.text, "own_fds"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_is_read_again, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_run_without_the_file_has_the_librarys,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(the_file_goes_before_the_library, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_bad_file_is_a_problem, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
