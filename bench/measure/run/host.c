/* SPDX-License-Identifier: MIT */
#include "host.h"

#include "build_info.h"
#include "proc_file.h"
#include "quota.h"

#include <dirent.h>
#include <gnu/libc-version.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

const char *const pb_host_identity[] = {
    "schema",      "project_version", "kernel", "machine", "cpu_model",
    "cpus_online", "limit_hard",      "series", NULL};

void pb_host_text(struct pb_csv *csv, const char *key, const char *value)
{
    pb_csv_text(csv, key);
    pb_csv_text(csv, value);
    pb_csv_none(csv);
    pb_csv_end_row(csv);
}

void pb_host_integer(struct pb_csv *csv, const char *key, int64_t value,
                     const char *unit)
{
    pb_csv_text(csv, key);
    pb_csv_integer(csv, value);
    pb_csv_text(csv, unit);
    pb_csv_end_row(csv);
}

static void add_limit(struct pb_csv *csv, const char *key, int64_t limit)
{
    if (limit < 0)
        pb_host_text(csv, key, "unlimited");
    else
        pb_host_integer(csv, key, limit, "fds");
}

void pb_host_limit(struct pb_csv *csv, const struct pb_limit *limit)
{
    add_limit(csv, "limit_soft", limit->soft);
    add_limit(csv, "limit_hard", limit->hard);
}

static void add_file(struct pb_csv *csv, const char *key, const char *path)
{
    char text[256];
    pb_host_text(csv, key, pb_proc_line(path, text, sizeof text));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* "name: state" of every weakness this kernel knows of, one row each. */
static void add_mitigations(struct pb_csv *csv)
{
    static const char dir[] = "/sys/devices/system/cpu/vulnerabilities";
    struct dirent **names;
    int n = scandir(dir, &names, NULL, by_name);
    for (int i = 0; i < n; i++) {
        char path[512], state[256], text[768];
        if (names[i]->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", dir, names[i]->d_name);
            pb_proc_line(path, state, sizeof state);
            snprintf(text, sizeof text, "%s: %s", names[i]->d_name, state);
            if (strcmp(state, "Not affected") != 0)
                pb_host_text(csv, "mitigations", text);
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

/* User-mode Linux is a kernel that runs as a process: its system calls go
 * through another kernel's tracing. */
static int is_user_mode_linux(void)
{
    char text[64];
    pb_proc_value("/proc/cpuinfo", "vendor_id", text, sizeof text);
    return strcmp(text, "User Mode Linux") == 0;
}

static void add_hypervisor(struct pb_csv *csv)
{
    char text[4096], vendor[256];
    if (is_user_mode_linux()) {
        pb_host_text(csv, "hypervisor", "User Mode Linux");
        pb_host_text(csv, "warning",
                     "User Mode Linux: the shape of a cost is right and its "
                     "ns are not: a system call costs over 10 us more");
        return;
    }
    pb_proc_value("/proc/cpuinfo", "flags", text, sizeof text);
    const char *flag = strstr(text, " hypervisor");
    pb_proc_line("/sys/class/dmi/id/sys_vendor", vendor, sizeof vendor);
    pb_host_text(csv, "hypervisor",
                 !flag       ? "none seen"
                 : vendor[0] ? vendor
                             : "yes");
}

/* Models of many years share a name: "AMD EPYC". Not all kernels tell. */
static void add_cpu_id(struct pb_csv *csv)
{
    char family[64], model[64], stepping[64], clock[64], text[256];

    pb_proc_value("/proc/cpuinfo", "cpu family", family, sizeof family);
    pb_proc_value("/proc/cpuinfo", "model", model, sizeof model);
    pb_proc_value("/proc/cpuinfo", "stepping", stepping, sizeof stepping);
    pb_proc_value("/proc/cpuinfo", "cpu MHz", clock, sizeof clock);
    snprintf(text, sizeof text, "family %s, model %s, stepping %s", family,
             model, stepping);
    pb_host_text(csv, "cpu_id", *model ? text : "");
    if (*clock)
        pb_host_integer(csv, "cpu_clock", lround(strtod(clock, NULL)), "MHz");
}

static void add_cpu(struct pb_csv *csv)
{
    char text[4096];
    pb_proc_value("/proc/cpuinfo", "model name", text, 256);
    pb_host_text(csv, "cpu_model", text);
    add_cpu_id(csv);
    pb_host_integer(csv, "cpus_online", sysconf(_SC_NPROCESSORS_ONLN), "");
    pb_host_integer(csv, "cache_l1d", sysconf(_SC_LEVEL1_DCACHE_SIZE), "bytes");
    pb_host_integer(csv, "cache_l2", sysconf(_SC_LEVEL2_CACHE_SIZE), "bytes");
    pb_host_integer(csv, "cache_l3", sysconf(_SC_LEVEL3_CACHE_SIZE), "bytes");
    pb_host_integer(csv, "page_size", sysconf(_SC_PAGESIZE), "bytes");
    add_file(csv, "governor",
             "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    add_mitigations(csv);
    add_hypervisor(csv);
}

static const char *container(void)
{
    if (access("/.dockerenv", F_OK) == 0)
        return "docker";
    if (access("/run/.containerenv", F_OK) == 0)
        return "podman";
    return getenv("container") ? "yes" : "none seen";
}

static void add_build(struct pb_csv *csv)
{
    char libc[64];
    snprintf(libc, sizeof libc, "glibc %s", gnu_get_libc_version());
    pb_host_text(csv, "libc", libc);
    pb_host_text(csv, "compiler", PB_COMPILER);
    pb_host_text(csv, "compiler_flags", PB_COMPILER_FLAGS);
    pb_host_text(csv, "project_version", PB_PROJECT_VERSION);
    pb_host_text(csv, "commit", PB_COMMIT);
}

void pb_host_machine(struct pb_csv *csv)
{
    struct utsname name;
    char text[300];
    if (uname(&name) == 0) {
        snprintf(text, sizeof text, "%s %s", name.sysname, name.release);
        pb_host_text(csv, "kernel", text);
        pb_host_text(csv, "kernel_build", name.version);
        pb_host_text(csv, "machine", name.machine);
    }
    add_cpu(csv);
    pb_host_text(csv, "container", container());
    add_file(csv, "clock_source",
             "/sys/devices/system/clocksource/clocksource0/"
             "current_clocksource");
    add_build(csv);
}

static void add_number(struct pb_csv *csv, const char *key, const char *suffix,
                       const char *text, const char *unit)
{
    char name[64];
    snprintf(name, sizeof name, "%s_%s", key, suffix);
    if (*text)
        pb_host_integer(csv, name, strtoll(text, NULL, 10), unit);
    else
        pb_host_text(csv, name, NULL);
}

/* The number in /proc/stat's cpu line that counts time taken by the host. */
static const char *steal_field(char *text)
{
    char *field = text;
    for (int i = 0; field && i < 7; i++) {
        field = strchr(field, ' ');
        field = field ? field + 1 : NULL;
    }
    return field ? field : "";
}

static void add_pressure(struct pb_csv *csv, const char *resource,
                         const char *suffix, int64_t us)
{
    char name[64];
    snprintf(name, sizeof name, "pressure_%s_some_%s", resource, suffix);
    if (us < 0)
        pb_host_text(csv, name, NULL);
    else
        pb_host_integer(csv, name, us, "us");
}

void pb_host_load(struct pb_csv *csv, const char *suffix)
{
    struct pb_quota quota = pb_quota_now();
    char text[4096], name[64];
    pb_proc_line("/proc/loadavg", text, sizeof text);
    text[strcspn(text, " ")] = '\0';
    snprintf(name, sizeof name, "load_1min_%s", suffix);
    pb_host_text(csv, name, text);
    pb_proc_value("/proc/stat", "cpu ", text, sizeof text);
    add_number(csv, "steal", suffix, steal_field(text), "clock ticks");
    add_pressure(csv, "cpu", suffix, quota.cpu_wait_us);
    add_pressure(csv, "memory", suffix, quota.memory_wait_us);
}
