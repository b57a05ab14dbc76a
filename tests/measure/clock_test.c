/* SPDX-License-Identifier: MIT */
/* The real clock. Its cost is tested with the sampler, on a clock that the
 * test moves. */
#include "unit.h"

#include "clock.h"

#include <string.h>

static void the_clock_never_goes_back(void **state)
{
    (void)state;
    int64_t last_ns = pb_now_ns();
    assert_true(last_ns > 0);
    for (int i = 0; i < 10000; i++) {
        int64_t now_ns = pb_now_ns();
        assert_true(now_ns >= last_ns);
        last_ns = now_ns;
    }
}

static void utc_text_reads_back_as_now(void **state)
{
    (void)state;
    char text[32];
    struct tm utc = {0};
    time_t before = time(NULL);
    pb_utc_text(text);
    time_t after = time(NULL);
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    assert_non_null(end);
    assert_string_equal(end, "");
    time_t read = timegm(&utc);
    assert_true(read >= before && read <= after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_never_goes_back),
        cmocka_unit_test(utc_text_reads_back_as_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
