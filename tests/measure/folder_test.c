/* SPDX-License-Identifier: MIT */
/* The folder of a run: never overwritten, one run at a time, taken up again
 * where the last whole round ended. */
#include "unit.h"

#include "folder.h"
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const arguments[] = {"--preset", "quick", "--sweep=grid",
                                        "with space", "a,b\"c"};
enum { N_ARGUMENTS = sizeof arguments / sizeof arguments[0] };

static char path[] = "/tmp/folder_test_XXXXXX";
static char run[sizeof path + 8]; /* a folder in it, made by the tests */
static struct pb_trouble trouble;

static int setup(void **state)
{
    (void)state;
    strcpy(path + sizeof path - 7, "XXXXXX");
    trouble.text[0] = '\0';
    if (!mkdtemp(path))
        return -1;
    snprintf(run, sizeof run, "%s/run", path);
    return 0;
}

static int teardown(void **state)
{
    static const char *const names[] = {"/run/samples.csv", "/run/host.csv",
                                        "/run/backends.csv", "/run", ""};
    (void)state;
    for (int i = 0; i < 5; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s%s", path, names[i]);
        remove(name);
    }
    return 0;
}

static void add_facts(struct pb_csv *host, const char *const *facts)
{
    pb_csv_init(host, -1);
    for (; *facts; facts += 2)
        pb_host_text(host, facts[0], facts[1]);
}

static const char *const this_host[] = {
    "schema",      "1",       "seed",       "7",         "kernel",
    "Linux 6.1",   "machine", "x86_64",     "cpu_model", "A, \"fast\" one",
    "cpus_online", "2",       "limit_hard", "200",       "project_version",
    "0.1.0",       "series",  "16",         NULL};

static int create(struct pb_folder *folder)
{
    struct pb_csv host;
    add_facts(&host, this_host);
    for (int i = 0; i < N_ARGUMENTS; i++)
        pb_host_text(&host, "argument", arguments[i]);
    int error = pb_folder_create(folder, run, NULL, &host, &trouble);
    pb_csv_free(&host);
    return error;
}

static void put(struct pb_folder *folder, const char *rows)
{
    size_t n = strlen(rows);
    assert_int_equal(write(folder->samples_fd, rows, n), n);
}

/* A row that ends a round, and one that does not. */
static void put_row(struct pb_folder *folder, const char *backend,
                    int invocation, int round)
{
    char row[256];
    snprintf(row, sizeof row,
             "reference,%s,all,packed,0,0,0,0,socketpair,1,0,0,0,0,none,warm,0,"
             "spread,"
             "none,none,0,0,cost,%d,%d,0,"
             "0,1,ns,"
             "1,0,0,,1,ok\n",
             backend, invocation, round);
    put(folder, row);
}

static void make(struct pb_folder *folder)
{
    assert_int_equal(create(folder), 0);
}

static void close_folder(struct pb_folder *folder)
{
    assert_int_equal(pb_folder_close(folder, &trouble), 0);
}

static long size_of(const char *name)
{
    char file[64];
    struct stat status;
    snprintf(file, sizeof file, "%s/%s", run, name);
    return stat(file, &status) < 0 ? -1 : (long)status.st_size;
}

static void an_existing_folder_is_not_touched(void **state)
{
    (void)state;
    struct pb_folder folder;
    make(&folder);
    assert_true(size_of("backends.csv") > 0);
    put_row(&folder, "ref1", 0, 0);
    close_folder(&folder);
    long before = size_of("samples.csv");
    assert_int_equal(create(&folder), -1);
    assert_non_null(strstr(trouble.text, "exists"));
    assert_non_null(strstr(trouble.text, run));
    assert_int_equal(size_of("samples.csv"), before);
}

static void a_folder_that_cannot_be_made_is_named(void **state)
{
    (void)state;
    struct pb_folder folder;
    strcat(run, "/x/y");
    assert_int_equal(create(&folder), -1);
    assert_non_null(strstr(trouble.text, "No such file or directory"));
}

static void a_second_run_is_refused_while_the_first_goes_on(void **state)
{
    (void)state;
    struct pb_folder first, second;
    make(&first);
    assert_int_equal(pb_folder_reopen(&second, run, &trouble), -1);
    assert_non_null(strstr(trouble.text, "another run is writing"));
    close_folder(&second);
    close_folder(&first);
    assert_int_equal(pb_folder_reopen(&second, run, &trouble), 0);
    close_folder(&second);
}

static void the_command_line_comes_back(void **state)
{
    (void)state;
    struct pb_folder folder;
    make(&folder);
    close_folder(&folder);
    assert_int_equal(pb_folder_reopen(&folder, run, &trouble), 0);
    assert_int_equal(folder.n_arguments, N_ARGUMENTS);
    for (int i = 0; i < N_ARGUMENTS; i++)
        assert_string_equal(folder.arguments[i], arguments[i]);
    assert_null(folder.arguments[N_ARGUMENTS]);
    close_folder(&folder);
}

/* Two whole invocations of two rounds, and one round of a third. */
static void put_rounds(struct pb_folder *folder)
{
    for (int round = 0; round < 5; round++) {
        put_row(folder, "ref0", round / 2, round % 2);
        put_row(folder, "ref1", round / 2, round % 2);
    }
}

static void whole_invocations_are_counted(void **state)
{
    (void)state;
    struct pb_folder folder;
    make(&folder);
    put_rounds(&folder);
    long whole = size_of("samples.csv");
    close_folder(&folder);
    assert_int_equal(pb_folder_reopen(&folder, run, &trouble), 0);
    assert_int_equal(pb_folder_count_rounds(&folder, 2, &trouble), 0);
    assert_int_equal(folder.n_complete, 2);
    assert_int_equal(folder.next_invocation, 3);
    assert_int_equal(size_of("samples.csv"), whole);
    close_folder(&folder);
}

/* Cut off at any byte of a round, what is whole stays and no more. */
static void half_a_round_is_cut_off_anywhere(void **state)
{
    (void)state;
    struct pb_folder folder;
    char file[64];
    make(&folder);
    put_rounds(&folder);
    long whole = size_of("samples.csv");
    put_row(&folder, "ref0", 2, 1);
    put_row(&folder, "ref1", 2, 1);
    long all = size_of("samples.csv");
    close_folder(&folder);
    snprintf(file, sizeof file, "%s/samples.csv", run);
    for (long end = all - 1; end >= whole; end--) {
        assert_int_equal(truncate(file, end), 0);
        assert_int_equal(pb_folder_reopen(&folder, run, &trouble), 0);
        assert_int_equal(pb_folder_count_rounds(&folder, 2, &trouble), 0);
        assert_int_equal(size_of("samples.csv"), whole);
        assert_int_equal(folder.n_complete, 2);
        put(&folder, "reference,ref0,all,packed,0,0,0,0,socketpair,1,0,0,0,"
                     "0,none,warm,0,spread,none,none,0,0,cost,2,1,0,0,1,ns,"
                     "1,0,0,,1,ok\n");
        put_row(&folder, "ref1", 2, 1);
        close_folder(&folder);
    }
}

static int check_host(const char *key, const char *value)
{
    struct pb_folder folder;
    struct pb_csv host;
    const char *facts[sizeof this_host / sizeof this_host[0]];
    memcpy(facts, this_host, sizeof facts);
    for (int i = 0; facts[i]; i += 2)
        if (strcmp(facts[i], key) == 0)
            facts[i + 1] = value;
    add_facts(&host, facts);
    assert_int_equal(pb_folder_reopen(&folder, run, &trouble), 0);
    int error = pb_folder_check_host(&folder, &host, &trouble);
    close_folder(&folder);
    pb_csv_free(&host);
    return error;
}

static void only_the_same_host_may_go_on(void **state)
{
    (void)state;
    struct pb_folder folder;
    make(&folder);
    close_folder(&folder);
    assert_int_equal(check_host("none", NULL), 0);
    assert_int_equal(check_host("kernel", "Linux 6.2"), -1);
    assert_non_null(strstr(trouble.text, "kernel (Linux 6.1)"));
    assert_int_equal(check_host("cpu_model", "A, fast one"), -1);
    assert_int_equal(check_host("schema", "2"), -1);
}

/* 200 descriptors are not 2000, nor are 2 CPUs 24. */
static void the_start_of_a_value_is_not_the_value(void **state)
{
    (void)state;
    struct pb_folder folder;
    make(&folder);
    close_folder(&folder);
    assert_int_equal(check_host("limit_hard", "2000"), -1);
    assert_int_equal(check_host("cpus_online", "24"), -1);
    assert_int_equal(check_host("kernel", "Linux 6.18"), -1);
}

static void facts_are_added_at_the_end(void **state)
{
    (void)state;
    struct pb_folder folder;
    struct pb_csv facts;
    make(&folder);
    long before = size_of("host.csv");
    pb_csv_init(&facts, -1);
    pb_host_text(&facts, "seam", "invocation 1 on");
    assert_int_equal(pb_folder_add_facts(&folder, &facts, &trouble), 0);
    pb_csv_free(&facts);
    close_folder(&folder);
    assert_int_equal(size_of("host.csv") - before,
                     strlen("seam,\"invocation 1 on\",\n"));
}

#define FOLDER_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(an_existing_folder_is_not_touched),
        FOLDER_TEST(a_folder_that_cannot_be_made_is_named),
        FOLDER_TEST(a_second_run_is_refused_while_the_first_goes_on),
        FOLDER_TEST(the_command_line_comes_back),
        FOLDER_TEST(whole_invocations_are_counted),
        FOLDER_TEST(half_a_round_is_cut_off_anywhere),
        FOLDER_TEST(only_the_same_host_may_go_on),
        FOLDER_TEST(the_start_of_a_value_is_not_the_value),
        FOLDER_TEST(facts_are_added_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
