/* SPDX-License-Identifier: MIT */
#include "digest.h"

#include "need.h"
#include "output.h"
#include "run_tables.h"

#include <dirent.h>
#include <errno.h>
#include <nettle/base16.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void finish(struct sha256_ctx *context, char hex[static PA_DIGEST_HEX])
{
    uint8_t sum[SHA256_DIGEST_SIZE];

    sha256_digest(context, sizeof sum, sum);
    base16_encode_update(hex, sizeof sum, sum);
    hex[PA_DIGEST_HEX - 1] = '\0';
}

void pa_digest_bytes(const void *bytes, size_t n_bytes,
                     char hex[static PA_DIGEST_HEX])
{
    struct sha256_ctx context;

    sha256_init(&context);
    sha256_update(&context, n_bytes, bytes);
    finish(&context, hex);
}

void pa_digest_base64(const void *bytes, size_t n_bytes,
                      char base64[static PA_DIGEST_BASE64])
{
    struct sha256_ctx context;
    uint8_t sum[SHA256_DIGEST_SIZE];

    sha256_init(&context);
    sha256_update(&context, n_bytes, bytes);
    sha256_digest(&context, sizeof sum, sum);
    base64_encode_raw(base64, sizeof sum, sum);
    base64[PA_DIGEST_BASE64 - 1] = '\0';
}

static int path_problem(struct pa_problem *problem, const char *path)
{
    pa_problem_set(problem, "%s", strerror(errno));
    return pa_problem_at(problem, path, 0);
}

int pa_digest_file(const char *folder, const char *name,
                   char hex[static PA_DIGEST_HEX], struct pa_problem *problem)
{
    PA_FREED char *path = pa_path(folder, name);
    FILE *file = fopen(path, "rb");
    struct sha256_ctx context;
    uint8_t chunk[65536];
    size_t n_bytes;

    if (!file)
        return errno == ENOENT ? 1 : path_problem(problem, path);
    sha256_init(&context);
    while ((n_bytes = fread(chunk, 1, sizeof chunk, file)) > 0)
        sha256_update(&context, n_bytes, chunk);
    finish(&context, hex);
    int error = ferror(file) ? path_problem(problem, path) : 0;
    fclose(file); /* only read from */
    return error;
}

/* --- SHA256SUMS ---------------------------------------------------------- */

static FILE *open_sums(const char *folder)
{
    PA_FREED char *path = pa_path(folder, PA_DIGEST_FILE);

    return fopen(path, "rb");
}

/* A name that we write: in the folder itself, in figures/ or in figures/page/,
 * and nothing that sha256sum would have to escape. */
static int is_our_name(const char *name)
{
    if (strncmp(name, "figures/", 8) == 0)
        name += strncmp(name, "figures/page/", 13) == 0 ? 13 : 8;
    if (*name == '.' || *name == '\0')
        return 0;
    if (strncmp(name, PA_DIGEST_FILE, strlen(PA_DIGEST_FILE)) == 0)
        return 0; /* itself, also while it is written */
    for (; *name; name++)
        if ((unsigned char)*name < ' ' || strchr("\\/\x7f", *name))
            return 0;
    return 1;
}

/* Split "SUM  NAME\n" in place. Returns the name, or NULL. */
static const char *split(char *line)
{
    line[strcspn(line, "\n")] = '\0';
    if (strspn(line, "0123456789abcdef") != PA_DIGEST_HEX - 1 ||
        strncmp(line + PA_DIGEST_HEX - 1, "  ", 2) != 0)
        return NULL;
    line[PA_DIGEST_HEX - 1] = '\0';
    const char *name = line + PA_DIGEST_HEX + 1;
    return is_our_name(name) ? name : NULL;
}

/* The sum that SHA256SUMS has for name. Returns 0, 1 if it has none, or -1. */
static int recorded(const char *folder, const char *name,
                    char hex[static PA_DIGEST_HEX], struct pa_problem *problem)
{
    FILE *file = open_sums(folder);
    char *line = NULL;
    size_t capacity = 0;
    int error = 1;

    if (!file)
        return errno == ENOENT ? 1 : path_problem(problem, PA_DIGEST_FILE);
    while (error > 0 && getline(&line, &capacity, file) > 0) {
        const char *of = split(line);
        if (!of || strcmp(of, name) != 0)
            continue;
        memcpy(hex, line, PA_DIGEST_HEX);
        error = 0;
    }
    if (error > 0 && !feof(file))
        error = path_problem(problem, PA_DIGEST_FILE);
    free(line);
    fclose(file); /* only read from */
    return error;
}

static int digest_or_recorded(const char *folder, const char *name,
                              char hex[static PA_DIGEST_HEX],
                              struct pa_problem *problem)
{
    int error = pa_digest_file(folder, name, hex, problem);

    if (error > 0)
        error = recorded(folder, name, hex, problem);
    if (error <= 0)
        return error;
    return pa_problem_set(problem,
                          "%s/%s is not there, and no " PA_DIGEST_FILE
                          " knows it; is this the folder of a run?",
                          folder, name);
}

int pa_run_id(const char *folder, char id[static PA_RUN_ID_HEX],
              struct pa_problem *problem)
{
    static const char *const names[] = {"host.csv", "samples.csv"};
    char hex[PA_DIGEST_HEX];
    char lines[2 * (PA_DIGEST_HEX + 20)];
    int n_bytes = 0;

    for (size_t i = 0; i < 2; i++) {
        if (digest_or_recorded(folder, names[i], hex, problem) < 0)
            return -1;
        n_bytes += snprintf(lines + n_bytes, sizeof lines - (size_t)n_bytes,
                            "%s  %s\n", hex, names[i]);
    }
    pa_digest_bytes(lines, (size_t)n_bytes, hex);
    memcpy(id, hex, PA_RUN_ID_HEX - 1);
    id[PA_RUN_ID_HEX - 1] = '\0';
    return 0;
}

static int write_sum(FILE *out, const char *folder, const char *name,
                     struct pa_problem *problem)
{
    char hex[PA_DIGEST_HEX];

    if (digest_or_recorded(folder, name, hex, problem) < 0)
        return -1;
    fprintf(out, "%s  %s\n", hex, name);
    return 0;
}

/* Likewise, if it is one of our names and a regular file. */
static int write_sum_of_file(FILE *out, const char *folder, const char *name,
                             struct pa_problem *problem)
{
    PA_FREED char *path = pa_path(folder, name);
    struct stat status;

    if (!is_our_name(name))
        return 0;
    if (stat(path, &status) < 0) /* a link to nothing is no file */
        return errno == ENOENT ? 0 : path_problem(problem, path);
    return S_ISREG(status.st_mode) ? write_sum(out, folder, name, problem) : 0;
}

/* Write the sums of the regular files of folder/part, in the order of their
 * names. part is empty or ends with a slash. */
static int write_sums_of(FILE *out, const char *folder, const char *part,
                         struct pa_problem *problem)
{
    struct dirent **entries = NULL;
    PA_FREED char *path = pa_path(folder, part);
    int n = scandir(path, &entries, NULL, alphasort);
    int error =
        n < 0 && !(*part && errno == ENOENT) ? path_problem(problem, path) : 0;

    for (int i = 0; i < n; i++) {
        PA_FREED char *name = pa_format("%s%s", part, entries[i]->d_name);
        if (error == 0)
            error = write_sum_of_file(out, folder, name, problem);
        free(entries[i]);
    }
    free(entries);
    return error;
}

/* That of a samples.csv that is packed away is kept, if there is one. */
static int write_sums(FILE *out, const char *folder, struct pa_problem *problem)
{
    char hex[PA_DIGEST_HEX];
    int error = write_sums_of(out, folder, "", problem);

    if (error == 0)
        error = write_sums_of(out, folder, "figures/", problem);
    if (error == 0)
        error = write_sums_of(out, folder, "figures/page/", problem);
    if (error < 0 || pa_file_is_there(folder, "samples.csv"))
        return error;
    error = recorded(folder, "samples.csv", hex, problem);
    if (error == 0)
        fprintf(out, "%s  samples.csv\n", hex);
    return error < 0 ? -1 : 0;
}

int pa_digest_write(const char *folder, struct pa_problem *problem)
{
    struct pa_string text;
    FILE *out = pa_string_open(&text);
    int error = write_sums(out, folder, problem);

    pa_string_close(out);
    if (error == 0)
        error = pa_output_write(folder, PA_DIGEST_FILE, text.text, problem);
    free(text.text);
    return error;
}

/* --- verifying ----------------------------------------------------------- */

/* Whether what is not there as name is there packed, with a sum of its own. */
static int is_packed(const char *folder, const char *name,
                     struct pa_problem *problem)
{
    PA_FREED char *packed = pa_format("%s.xz", name);
    char hex[PA_DIGEST_HEX];

    return pa_file_is_there(folder, packed) &&
           recorded(folder, packed, hex, problem) == 0;
}

/* Returns 0 if the file of a line is as it was, 1 if not, or -1. */
static int verify_line(const char *folder, char *line, FILE *out,
                       struct pa_problem *problem)
{
    char hex[PA_DIGEST_HEX];
    const char *name = split(line);

    if (!name)
        return pa_problem_set(
            problem,
            "%s/" PA_DIGEST_FILE
            " has a line that pollbench report does not write",
            folder);
    int error = pa_digest_file(folder, name, hex, problem);
    if (error == 0 && strcmp(hex, line) == 0)
        return 0;
    if (error == 1 && is_packed(folder, name, problem))
        return 0;
    if (error == 1)
        fprintf(out, "%s: missing\n", name);
    else if (error == 0)
        fprintf(out, "%s: changed since the report was made\n", name);
    return error < 0 ? -1 : 1;
}

int pa_digest_verify(const char *folder, FILE *out, struct pa_problem *problem)
{
    FILE *file = open_sums(folder);
    char *line = NULL;
    size_t capacity = 0;
    int n_files = 0, n_changed = 0, error = 0;

    if (!file)
        return pa_problem_set(
            problem, "%s/" PA_DIGEST_FILE ": %s; pollbench report %s writes it",
            folder, strerror(errno), folder);
    while (error >= 0 && getline(&line, &capacity, file) > 0) {
        error = verify_line(folder, line, out, problem);
        n_changed += error > 0;
        n_files++;
    }
    if (error >= 0 && !feof(file))
        error = path_problem(problem, PA_DIGEST_FILE);
    free(line);
    fclose(file); /* only read from */
    if (error >= 0 && n_files == 0)
        error =
            pa_problem_set(problem, "%s/" PA_DIGEST_FILE ": is empty", folder);
    return error < 0 ? -1 : n_changed;
}
