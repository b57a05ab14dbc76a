/* SPDX-License-Identifier: MIT */
/* What is taken for a growth of the kernel's memory. */
#include "unit.h"

#include "memory.h"

static struct pb_kernel_memory memory_of(int64_t n_first, int64_t n_second)
{
    return (struct pb_kernel_memory){
        .slab_bytes = 1 << 20,
        .n_caches = 2,
        .caches = {{"first", n_first, 128}, {"second", n_second, 64}}};
}

static void what_others_allocate_is_left_out_of_a_growth(void **state)
{
    (void)state;
    struct pb_kernel_memory before = memory_of(1000, 7000);
    struct pb_kernel_memory after = memory_of(1990, 7400);

    assert_int_equal(pb_kernel_memory_growth(&before, &after, 1000), 990 * 128);
    assert_int_equal(pb_kernel_memory_growth(&before, &after, 800),
                     990 * 128 + 400 * 64);
    after.vmalloc_bytes = 4096;
    assert_int_equal(pb_kernel_memory_growth(&before, &after, 1000),
                     990 * 128 + 4096);
}

static void without_caches_the_sums_are_all_there_is(void **state)
{
    (void)state;
    struct pb_kernel_memory before = memory_of(0, 0), after = memory_of(9, 9);

    after.slab_bytes += 5000;
    after.n_caches = 0;
    assert_int_equal(pb_kernel_memory_growth(&before, &after, 9), 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_others_allocate_is_left_out_of_a_growth),
        cmocka_unit_test(without_caches_the_sums_are_all_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
