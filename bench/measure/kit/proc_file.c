/* SPDX-License-Identifier: MIT */
#include "proc_file.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *pb_proc_line(const char *path, char *text, size_t n_bytes)
{
    FILE *file = fopen(path, "re");
    if (!file || !fgets(text, (int)n_bytes, file))
        text[0] = '\0';
    if (file)
        fclose(file);
    text[strcspn(text, "\n")] = '\0';
    return text;
}

const char *pb_proc_value(const char *path, const char *key, char *text,
                          size_t n_bytes)
{
    char line[4096];
    FILE *file = fopen(path, "re");
    text[0] = '\0';
    while (file && !text[0] && fgets(line, sizeof line, file)) {
        size_t n = strlen(key);
        if (strncmp(line, key, n) != 0)
            continue;
        const char *value = line + n + strspn(line + n, " \t:");
        snprintf(text, n_bytes, "%.*s", (int)strcspn(value, "\n"), value);
    }
    if (file)
        fclose(file);
    return text;
}

int64_t pb_proc_number(const char *path, const char *key)
{
    char text[64];
    return strtoll(pb_proc_value(path, key, text, sizeof text), NULL, 10);
}

int64_t pb_proc_of_threads(pid_t pid, const char *file,
                           int64_t (*number_in)(const char *path))
{
    char pattern[96];
    int64_t sum = 0;
    glob_t found;

    snprintf(pattern, sizeof pattern, "/proc/%d/task/*/%s", (int)pid, file);
    if (glob(pattern, 0, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc; i++)
        sum += number_in(found.gl_pathv[i]);
    globfree(&found);
    return sum;
}

static int64_t sleeps_in(const char *path)
{
    return pb_proc_number(path, "voluntary_ctxt_switches");
}

int64_t pb_proc_sleeps(pid_t pid)
{
    return pb_proc_of_threads(pid, "status", sleeps_in);
}
