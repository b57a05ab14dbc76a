/* SPDX-License-Identifier: MIT */
/* Memory that has to be there is, and where it is not the process ends. */
#include "unit.h"

#include "need.h"
#include "output.h"
#include "run_tables.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void an_array_keeps_what_it_held(void **state)
{
    (void)state;
    int *numbers = NULL;

    for (int i = 0; i < 1000; i++) {
        numbers = pa_grown(numbers, (size_t)i, sizeof *numbers);
        numbers[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i);
    free(numbers);
}

static void a_stream_fills_its_string(void **state)
{
    (void)state;
    struct pa_string text;
    FILE *out = pa_string_open(&text);

    assert_string_equal(text.text, "");
    for (int i = 0; i < 5000; i++)
        fprintf(out, "%d", i % 10);
    pa_string_close(out);
    assert_int_equal(text.n_bytes, 5000);
    assert_int_equal(strlen(text.text), 5000);
    free(text.text);
}

/* What the columns of a file are called is how its rows are read. */
static void a_row_is_its_cells(void **state)
{
    (void)state;
    char folder[] = "/tmp/need_test-XXXXXX";
    struct pa_problem problem = {0};
    struct pa_table table;

    assert_non_null(mkdtemp(folder));
    PA_FREED char *path = pa_path(folder, "host.csv");
    assert_int_equal(
        pa_output_write(folder, "host.csv",
                        "unit,key,value\nns,clock_cost,20\n,kernel,6.1\n",
                        &problem),
        0);
    assert_int_equal(pa_run_file_read(&table, folder, PA_HOST, &problem), 0);
    const struct pb_host_row *rows = (const void *)table.cells;
    assert_int_equal(table.n_rows, 2);
    assert_string_equal(rows[0].key, "clock_cost");
    assert_string_equal(rows[0].unit, "ns");
    assert_string_equal(rows[1].value, "6.1");
    assert_string_equal(pa_host_fact(&table, "kernel", "none"), "6.1");
    assert_string_equal(pa_host_fact(&table, "libc", "none"), "none");
    pa_table_free(&table);
    unlink(path);
    rmdir(folder);
}

/* In a process of its own, which begins a file and then lacks memory. */
static void end_while_writing(const char *folder)
{
    struct pa_problem problem;
    struct pa_output output;

    if (!freopen("/dev/null", "w", stderr) ||
        pa_output_open(&output, folder, "points.csv", &problem) < 0)
        _exit(9);
    pa_need_or_exit_with(7);
    pa_need(NULL);
}

static void a_file_begun_is_gone_when_memory_runs_out(void **state)
{
    (void)state;
    char folder[] = "/tmp/need_test-XXXXXX";
    int status;

    assert_non_null(mkdtemp(folder));
    pid_t child = fork();
    if (child == 0)
        end_while_writing(folder);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
    assert_int_equal(rmdir(folder), 0); /* it is empty */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_array_keeps_what_it_held),
        cmocka_unit_test(a_stream_fills_its_string),
        cmocka_unit_test(a_row_is_its_cells),
        cmocka_unit_test(a_file_begun_is_gone_when_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
