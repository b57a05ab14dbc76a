/* SPDX-License-Identifier: MIT */
/* How much of the CPUs the control groups of this process let it have, what
 * they and the hypervisor have taken away so far, and for how long something
 * had to wait for a CPU or for memory. */
#ifndef PB_QUOTA_H
#define PB_QUOTA_H

#include <stdint.h>

struct pb_quota {
    /* The tightest of all groups that this process is in; 0: none. */
    int64_t quota_us, period_us;
    /* Of all these groups: periods with a quota, those in which it ran out, and
     * for how long they were held. */
    int64_t periods, throttled_periods, throttled_ns;
    int64_t steal_ns; /* taken from all CPUs of this machine by its host */
    /* Time since boot in which some task of this machine waited for a CPU, and
     * for memory; -1 where the kernel does not say. */
    int64_t cpu_wait_us, memory_wait_us;
};

/* What cgroups (v1 and v2), /proc/stat and /proc/pressure say now; 0 where they
 * say nothing. Source: cgroups(7), proc(5), the kernel's admin-guide/
 * cgroup-v2.rst, scheduler/sched-bwc.rst and accounting/psi.rst. */
struct pb_quota pb_quota_now(void);

/* The same, with proc as /proc is elsewhere: for tests. */
struct pb_quota pb_quota_at(const char *proc);

#endif
