/* SPDX-License-Identifier: MIT */
/* A run's id and sums: any change of a file is noticed. */
#include "unit.h"

#include "digest.h"
#include "report_doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *folder, const char *name, const char *text)
{
    char *path = pa_format("%s/%s", folder, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    free(path);
}

static void drop(const char *folder, const char *name)
{
    char *path = pa_format("%s/%s", folder, name);

    remove(path);
    free(path);
}

static int make_run(void **state)
{
    static char folder[] = "/tmp/digest_test.XXXXXX";

    memcpy(strrchr(folder, '.') + 1, "XXXXXX", 6);
    *state = mkdtemp(folder);
    char *figures = pa_format("%s/figures", folder);
    int error = mkdir(figures, 0777);
    free(figures);
    put(folder, "samples.csv", "a\n1\n");
    put(folder, "host.csv", "key\nx\n");
    put(folder, "points.csv", "b\n2\n");
    put(folder, "figures/growth.svg", "<svg/>");
    put(folder, ".hidden", "x");
    return error;
}

static int drop_run(void **state)
{
    char *folder = *state;
    static const char *const names[] = {
        "samples.csv", "host.csv",       "points.csv",   "figures/growth.svg",
        ".hidden",     "samples.csv.xz", PA_DIGEST_FILE, "figures"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        drop(folder, names[i]);
    return rmdir(folder);
}

/* Number of changed files, what was said in *told (to be freed). */
static int verify(const char *folder, char **told)
{
    struct pa_problem problem = {0};
    size_t n_bytes;
    FILE *out = open_memstream(told, &n_bytes);

    assert_non_null(out);
    int n = pa_digest_verify(folder, out, &problem);
    fclose(out);
    return n;
}

static void write_sums(const char *folder)
{
    struct pa_problem problem = {0};

    assert_int_equal(pa_digest_write(folder, &problem), 0);
}

static void the_sum_is_sha_256(void **state)
{
    char hex[PA_DIGEST_HEX], base64[PA_DIGEST_BASE64];

    (void)state;
    pa_digest_bytes("abc", 3, hex); /* FIPS 180-2, appendix B.1 */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
                             "b00361a396177a9cb410ff61f20015ad");
    pa_digest_base64("abc", 3, base64);
    assert_string_equal(base64, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

static void an_unchanged_run_is_verified(void **state)
{
    char *told;

    write_sums(*state);
    write_sums(*state); /* the old sums are not part of the new ones */
    assert_int_equal(verify(*state, &told), 0);
    assert_string_equal(told, "");
    free(told);
}

static void a_changed_or_missing_file_is_named(void **state)
{
    char *told;

    write_sums(*state);
    put(*state, "points.csv", "b\n3\n");
    put(*state, "figures/growth.svg", "<svg></svg>");
    drop(*state, "host.csv");
    assert_int_equal(verify(*state, &told), 3);
    assert_non_null(strstr(told, "points.csv: changed"));
    assert_non_null(strstr(told, "figures/growth.svg: changed"));
    assert_non_null(strstr(told, "host.csv: missing"));
    free(told);
}

static void the_id_follows_the_measurements_alone(void **state)
{
    char first[PA_RUN_ID_HEX], second[PA_RUN_ID_HEX];
    struct pa_problem problem = {0};

    assert_int_equal(pa_run_id(*state, first, &problem), 0);
    put(*state, "points.csv", "b\n3\n");
    assert_int_equal(pa_run_id(*state, second, &problem), 0);
    assert_string_equal(first, second);
    put(*state, "samples.csv", "a\n2\n");
    assert_int_equal(pa_run_id(*state, second, &problem), 0);
    assert_string_not_equal(first, second);
}

static void a_packed_run_keeps_its_id(void **state)
{
    char first[PA_RUN_ID_HEX], second[PA_RUN_ID_HEX];
    struct pa_problem problem = {0};
    char *told;

    assert_int_equal(pa_run_id(*state, first, &problem), 0);
    write_sums(*state);
    drop(*state, "samples.csv");
    put(*state, "samples.csv.xz", "packed");
    write_sums(*state);
    assert_int_equal(pa_run_id(*state, second, &problem), 0);
    assert_string_equal(first, second);
    assert_int_equal(verify(*state, &told), 0);
    free(told);
    put(*state, "samples.csv.xz", "packed otherwise");
    assert_int_equal(verify(*state, &told), 1);
    assert_string_equal(told, "samples.csv.xz: changed since the report was "
                              "made\n");
    free(told);
    drop(*state, "samples.csv.xz");
    assert_int_equal(verify(*state, &told), 2);
    free(told);
    put(*state, "samples.csv.xz", "packed");
    put(*state, "samples.csv", "a\n1\n");
    assert_int_equal(verify(*state, &told), 0);
    free(told);
}

static void a_folder_without_measurements_has_no_id(void **state)
{
    char id[PA_RUN_ID_HEX];
    struct pa_problem problem = {0};

    drop(*state, "samples.csv");
    assert_int_equal(pa_run_id(*state, id, &problem), -1);
    assert_non_null(strstr(problem.text, "samples.csv"));
}

static void sums_that_lead_elsewhere_are_refused(void **state)
{
    static const char *const lines[] = {
        "", "nonsense\n",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  "
        "../../etc/passwd\n",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  "
        "/etc/passwd\n"};
    char *told;

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        put(*state, PA_DIGEST_FILE, lines[i]);
        assert_int_equal(verify(*state, &told), -1);
        free(told);
    }
}

int main(void)
{
#define ON_RUN(test) cmocka_unit_test_setup_teardown(test, make_run, drop_run)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sum_is_sha_256),
        ON_RUN(an_unchanged_run_is_verified),
        ON_RUN(a_changed_or_missing_file_is_named),
        ON_RUN(the_id_follows_the_measurements_alone),
        ON_RUN(a_packed_run_keeps_its_id),
        ON_RUN(a_folder_without_measurements_has_no_id),
        ON_RUN(sums_that_lead_elsewhere_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
