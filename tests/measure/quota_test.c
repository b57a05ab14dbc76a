/* SPDX-License-Identifier: MIT */
/* What is read of control groups, steal and pressure, from trees made here as
 * the kernel and container engines make them. */
#include "unit.h"

#include "quota.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char top[] = "/tmp/pollbench-quota-XXXXXX";

/* put("a/b/c", text): text into that file of the tree; %T in it is the tree. */
static void put(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", top, name);
    for (char *at = path + strlen(top) + 1; (at = strchr(at, '/')); at++) {
        *at = '\0';
        mkdir(path, 0700);
        *at = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (const char *mark; (mark = strstr(text, "%T")); text = mark + 2)
        fprintf(file, "%.*s%s", (int)(mark - text), text, top);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static struct pb_quota look(void)
{
    char proc[64];
    snprintf(proc, sizeof proc, "%s/proc", top);
    return pb_quota_at(proc);
}

static int setup(void **state)
{
    (void)state;
    strcpy(strrchr(top, '-'), "-XXXXXX");
    return mkdtemp(top) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *at)
{
    (void)status;
    (void)type;
    (void)at;
    return remove(path);
}

static int teardown(void **state)
{
    (void)state;
    return nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void put_groups_of_version_2(void)
{
    put("cg/cgroup.controllers", "cpu memory\n");
    put("cg/cpu.stat", "usage_usec 9\n");
    put("cg/slice/cpu.max", "150000 100000\n");
    put("cg/slice/cpu.stat", "usage_usec 5\nnr_periods 100\nnr_throttled 7\n"
                             "throttled_usec 4000\n");
    put("cg/slice/scope/cpu.max", "max 100000\n");
    put("cg/slice/scope/cpu.stat", "nr_periods 0\nnr_throttled 0\n"
                                   "throttled_usec 0\n");
    put("cg/slice/scope/job/cpu.max", "20000 40000\n");
    put("cg/slice/scope/job/cpu.stat", "nr_periods 50\nnr_throttled 3\n"
                                       "throttled_usec 600\n");
}

/* The tightest limit of all groups above, and the sum of what they took. */
static void every_group_above_counts_in_version_2(void **state)
{
    (void)state;
    put_groups_of_version_2();
    put("proc/self/cgroup", "0::/slice/scope/job\n");
    put("proc/self/mountinfo",
        "24 1 0:22 / /proc rw - proc proc rw\n"
        "30 23 0:26 / %T/cg rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");
    struct pb_quota quota = look();
    assert_int_equal(quota.quota_us, 20000);
    assert_int_equal(quota.period_us, 40000);
    assert_int_equal(quota.periods, 150);
    assert_int_equal(quota.throttled_periods, 10);
    assert_int_equal(quota.throttled_ns, 4600000);
}

/* A container sees its own group as the root of the tree, and with a bind mount
 * the path is the host's. */
static void a_container_sees_its_own_groups(void **state)
{
    (void)state;
    put_groups_of_version_2();
    put("proc/self/cgroup", "0::/\n");
    put("proc/self/mountinfo",
        "30 23 0:26 / %T/cg/slice/scope/job ro - cgroup2 cgroup rw\n");
    assert_int_equal(look().throttled_periods, 3);
    put("proc/self/cgroup", "0::/slice/scope/job\n");
    put("proc/self/mountinfo",
        "30 23 0:26 /slice/scope %T/cg/slice/scope ro - cgroup2 cgroup rw\n");
    assert_int_equal(look().throttled_periods, 3);
    assert_int_equal(look().quota_us, 20000);
    /* A group outside of what is mounted. */
    put("proc/self/cgroup", "0::/../other\n");
    put("proc/self/mountinfo",
        "30 23 0:26 / %T/cg/slice ro - cgroup2 cgroup rw\n");
    assert_int_equal(look().throttled_periods, 7);
}

static void no_limit_is_no_quota(void **state)
{
    (void)state;
    put("cg/a/cpu.max", "max 100000\n");
    put("cg/a/cpu.stat", "usage_usec 5\n");
    put("proc/self/cgroup", "0::/a\n");
    put("proc/self/mountinfo", "30 23 0:26 / %T/cg rw - cgroup2 cgroup2 rw\n");
    struct pb_quota quota = look();
    assert_int_equal(quota.quota_us, 0);
    assert_int_equal(quota.periods, 0);
}

/* The CPU controller is in one of the two trees. */
static void where_both_versions_are_the_one_with_the_cpu_counts(void **state)
{
    static const char mounts[] =
        "29 23 0:25 / %T/cg rw - cgroup2 cgroup2 rw\n"
        "30 23 0:26 / %T/v1 rw - cgroup cgroup rw,cpu,cpuacct\n";
    (void)state;
    put_groups_of_version_2();
    put("v1/job/cpu.cfs_quota_us", "5000\n");
    put("v1/job/cpu.cfs_period_us", "50000\n");
    put("v1/job/cpu.stat", "nr_periods 20\nnr_throttled 2\n"
                           "throttled_time 800\n");
    put("proc/self/mountinfo", mounts);
    put("proc/self/cgroup", "3:cpuset:/\n2:cpu,cpuacct:/job\n0::/slice\n");
    struct pb_quota quota = look();
    assert_int_equal(quota.quota_us, 5000);
    assert_int_equal(quota.throttled_periods, 2);
    assert_int_equal(quota.throttled_ns, 800);
    put("proc/self/cgroup", "3:cpuset:/\n0::/slice\n");
    assert_int_equal(look().throttled_periods, 7);
}

static void steal_and_pressure_are_read_where_they_are(void **state)
{
    (void)state;
    put("proc/stat",
        "cpu  1 2 3 4 5 6 7 300 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
    struct pb_quota quota = look();
    assert_true(quota.steal_ns > 0);
    assert_int_equal(quota.cpu_wait_us, -1);
    assert_int_equal(quota.memory_wait_us, -1);
    put("proc/pressure/cpu",
        "some avg10=1.00 avg60=2.00 avg300=3.00 total=7000000001\n"
        "full avg10=0.00 avg60=0.00 avg300=0.00 total=3\n");
    put("proc/pressure/memory",
        "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
    quota = look();
    assert_true(quota.cpu_wait_us == 7000000001);
    assert_int_equal(quota.memory_wait_us, 0);
}

int main(void)
{
#define IN_A_TREE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        IN_A_TREE(every_group_above_counts_in_version_2),
        IN_A_TREE(a_container_sees_its_own_groups),
        IN_A_TREE(no_limit_is_no_quota),
        IN_A_TREE(where_both_versions_are_the_one_with_the_cpu_counts),
        IN_A_TREE(steal_and_pressure_are_read_where_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
