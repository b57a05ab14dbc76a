/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct pa_column columns[] = {
    {"name", PB_TEXT, ""},
    {"count", PB_INTEGER, ""},
    {"cost", PB_REAL, ""},
    {"kind", PB_TEXT, "socket"}, /* newer than some files */
};

static char path[] = "/tmp/pollbench-table-XXXXXX";
static struct pa_problem problem;

static int read_bytes(struct pa_table *table, const char *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
    problem.text[0] = '\0';
    return pa_table_read(table, path, columns, PA_ARRAY_SIZE(columns),
                         &problem);
}

static int read_text(struct pa_table *table, const char *text)
{
    return read_bytes(table, text, strlen(text));
}

/* Refused with one line that holds these words. */
static void is_refused(const char *text, const char *words)
{
    struct pa_table table;
    assert_int_equal(read_text(&table, text), -1);
    assert_non_null(strstr(problem.text, words));
    assert_null(strchr(problem.text, '\n'));
}

static void columns_are_found_by_name(void **state)
{
    (void)state;
    struct pa_table table;
    assert_int_equal(
        read_text(&table, "cost,extra,count,name\r\n1.5,x,7,\"a,\"\"b\"\r\n"),
        0);
    const union pa_cell *row = pa_table_row(&table, 0);
    assert_int_equal(table.n_rows, 1);
    assert_string_equal(row[0].text, "a,\"b");
    assert_int_equal(row[1].integer, 7);
    assert_true(row[2].real == 1.5);
    assert_string_equal(row[3].text, "socket");
    pa_table_free(&table);
}

static void empty_fields_are_none(void **state)
{
    (void)state;
    struct pa_table table;
    assert_int_equal(read_text(&table, "name,count,cost\n,,\n"), 0);
    const union pa_cell *row = pa_table_row(&table, 0);
    assert_string_equal(row[0].text, "");
    assert_true(row[1].integer == PA_NONE);
    assert_true(isnan(row[2].real));
    pa_table_free(&table);
}

static void an_apostrophe_that_defuses_is_taken_off(void **state)
{
    (void)state;
    struct pa_table table;
    assert_int_equal(
        read_text(&table, "name,count,cost\n\"'=1+1\",1,1\n'tis,1,1\n"), 0);
    assert_string_equal(pa_table_row(&table, 0)[0].text, "=1+1");
    assert_string_equal(pa_table_row(&table, 1)[0].text, "'tis");
    pa_table_free(&table);
}

static void a_byte_order_mark_is_skipped(void **state)
{
    (void)state;
    struct pa_table table;
    assert_int_equal(read_text(&table, "\xEF\xBB\xBFname,count,cost\na,1,1\n"),
                     0);
    assert_int_equal(table.n_rows, 1);
    pa_table_free(&table);
}

static void a_row_that_was_cut_off_is_left_out(void **state)
{
    (void)state;
    static const char *const files[] = {
        "name,count,cost\na,1,1.5\nb,2,1",
        "name,count,cost\na,1,1.5\nb,-",
        "name,count,cost\na,1,1.5\n\"b",
        "name,count,cost\na,1,1.5\nb",
    };
    for (size_t i = 0; i < PA_ARRAY_SIZE(files); i++) {
        struct pa_table table;
        assert_int_equal(read_text(&table, files[i]), 0);
        assert_int_equal(table.n_rows, 1);
        assert_non_null(strstr(table.warning.text, ":3: "));
        assert_non_null(strstr(table.warning.text, "cut off"));
        pa_table_free(&table);
    }
}

static void problems_say_where_and_what(void **state)
{
    (void)state;
    is_refused("", "the file is empty");
    is_refused("\n\n", "the file is empty");
    is_refused("name,cost\na,1\n", ":1: no column named count");
    is_refused("name,count,cost,name\n", ":1: two columns are named name");
    is_refused("name,count,cost\na,1\n", ":2: 2 fields where");
    is_refused("name,count,cost\na,1,2,3\n", ":2: 4 fields where");
    is_refused("name,count,cost\na,1,2\nb,x,2\n", ":3: count is \"x\"");
    is_refused("name,count,cost\na,1.5,2\n", ":2: count is \"1.5\"");
    is_refused("name,count,cost\na,99999999999999999999,2\n", "count is");
    is_refused("name,count,cost\na,1,nan\n", ":2: cost is \"nan\"");
    is_refused("name,count,cost\na,1,inf\n", ":2: cost is \"inf\"");
    is_refused("name,count,cost\na,1,0x10\n", ":2: cost is \"0x10\"");
    is_refused("name,count,cost\na,1,1e999\n", ":2: cost is \"1e999\"");
    is_refused("name,count,cost\na\"b,1,1\n", "a quote is out of place");
}

static void lines_are_counted_through_blank_and_quoted_ones(void **state)
{
    (void)state;
    is_refused("name,count,cost\n\n\"a\nb\",1,1\n\nc,x,1\n", ":6: count is");
}

static void two_files_in_one_are_noticed(void **state)
{
    (void)state;
    is_refused("name,count,cost\na,1,1\nname,count,cost\na,1,1\n",
               ":3: count is \"count\"");
}

static void a_huge_field_is_refused_before_it_fills_the_memory(void **state)
{
    (void)state;
    static const char head[] = "name,count,cost\n\"";
    size_t n = 1 << 20;
    struct pa_table table;
    char *bytes = malloc(n);
    assert_non_null(bytes);
    memset(bytes, 'x', n);
    memcpy(bytes, head, sizeof head - 1);
    assert_int_equal(read_bytes(&table, bytes, n), -1);
    assert_non_null(strstr(problem.text, "longer than 65536 bytes"));
    free(bytes);
}

static void a_nul_byte_is_refused(void **state)
{
    (void)state;
    static const char bytes[] = "name,count,cost\na\0b,1,1\n";
    struct pa_table table;
    assert_int_equal(read_bytes(&table, bytes, sizeof bytes - 1), -1);
    assert_non_null(strstr(problem.text, "NUL"));
}

static void a_message_cannot_steer_the_terminal(void **state)
{
    (void)state;
    is_refused("name,count,cost\na,\x1b[2Jx,1\n", "count is \"?[2Jx\"");
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    struct pa_table table;
    assert_int_equal(pa_table_read(&table, "/nonexistent/x.csv", columns,
                                   PA_ARRAY_SIZE(columns), &problem),
                     -1);
    assert_non_null(strstr(problem.text, "/nonexistent/x.csv: No such file"));
}

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_found_by_name),
        cmocka_unit_test(empty_fields_are_none),
        cmocka_unit_test(an_apostrophe_that_defuses_is_taken_off),
        cmocka_unit_test(a_byte_order_mark_is_skipped),
        cmocka_unit_test(a_row_that_was_cut_off_is_left_out),
        cmocka_unit_test(problems_say_where_and_what),
        cmocka_unit_test(lines_are_counted_through_blank_and_quoted_ones),
        cmocka_unit_test(two_files_in_one_are_noticed),
        cmocka_unit_test(a_huge_field_is_refused_before_it_fills_the_memory),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(a_message_cannot_steer_the_terminal),
        cmocka_unit_test(a_missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
