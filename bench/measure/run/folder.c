/* SPDX-License-Identifier: MIT */
#include "folder.h"

#include "backends.h"
#include "host.h"
#include "schema.h"
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

__attribute__((format(printf, 2, 3))) static int
fail(struct pb_trouble *trouble, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(trouble->text, sizeof trouble->text, format, arguments);
    va_end(arguments);
    return -1;
}

/* Open folder/name; -1 with *trouble set. */
static int open_file(const struct pb_folder *folder, const char *name,
                     int flags, struct pb_trouble *trouble)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", folder->path, name) >=
        (int)sizeof path)
        return fail(trouble, "%.200s...: the path is too long", folder->path);
    int fd = open(path, flags | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail(trouble, "%s: %s", path, strerror(errno));
    return fd;
}

static int flush(const struct pb_folder *folder, struct pb_csv *csv,
                 const char *name, struct pb_trouble *trouble)
{
    int error = pb_csv_flush(csv);
    if (!error)
        error = pb_csv_sync(csv);
    if (error)
        return fail(trouble, "%s/%s: %s", folder->path, name, strerror(-error));
    return 0;
}

/* Try for some time to lock a file. Returns 0; the errno, above 0, that says
 * that this file system has no locks; or -EWOULDBLOCK. */
static int lock_file(int fd, int most_ms)
{
    enum { PAUSE_MS = 20 };
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK)
            return errno;
        if (most_ms <= 0)
            return -EWOULDBLOCK;
        nanosleep(&pause, NULL);
        most_ms -= PAUSE_MS;
    }
    return 0;
}

/* Both are held as long as the run goes on: host.csv by the program alone,
 * samples.csv by its measuring processes, too. Those of a program that was
 * killed are killed with it, but closing all they have open takes a while. */
static int lock(struct pb_folder *folder, struct pb_trouble *trouble)
{
    enum { OTHER_MS = 100, CHILDREN_MS = 60000 };
    if (lock_file(folder->host_fd, OTHER_MS) == -EWOULDBLOCK)
        return fail(trouble, "%s: another run is writing there: wait for it",
                    folder->path);
    int error = lock_file(folder->samples_fd, CHILDREN_MS);
    if (error == -EWOULDBLOCK)
        return fail(trouble,
                    "%s: a measuring process of a run that was killed is still "
                    "there: try again later",
                    folder->path);
    folder->lock_error = error;
    return 0;
}

/* What the file system cannot do is no reason not to measure. */
static void try_sync(struct pb_folder *folder)
{
    int error = pb_csv_sync_fd(folder->samples_fd);
    folder->sync_error = error > 0 ? error : 0;
}

static int open_files(struct pb_folder *folder, int flags,
                      struct pb_trouble *trouble)
{
    folder->samples_fd = open_file(folder, "samples.csv", flags, trouble);
    if (folder->samples_fd < 0)
        return -1;
    folder->host_fd = open_file(folder, "host.csv", flags, trouble);
    if (folder->host_fd < 0)
        return -1;
    try_sync(folder);
    return lock(folder, trouble);
}

static void init(struct pb_folder *folder, const char *path)
{
    *folder = (struct pb_folder){.path = path, .samples_fd = -1, .host_fd = -1};
}

/* A file that is whole from the start. */
static int write_file(const struct pb_folder *folder, const char *name,
                      struct pb_csv *rows, struct pb_trouble *trouble)
{
    rows->fd = open_file(folder, name, O_WRONLY | O_CREAT | O_EXCL, trouble);
    if (rows->fd < 0)
        return -1;
    int error = flush(folder, rows, name, trouble);
    if (close(rows->fd) < 0 && !error)
        error = fail(trouble, "%s/%s: %s", folder->path, name, strerror(errno));
    return error;
}

static int write_backends(const struct pb_folder *folder,
                          struct pb_trouble *trouble)
{
    struct pb_csv csv;

    pb_csv_init(&csv, -1);
    pb_backends_write(&csv);
    int error = write_file(folder, "backends.csv", &csv, trouble);
    pb_csv_free(&csv);
    return error;
}

/* The files with all that stands in them before the first batch. host.csv gets
 * its facts last: without them a run is not taken up again. */
static int write_headers(struct pb_folder *folder, struct pb_csv *cases,
                         struct pb_csv *host, struct pb_trouble *trouble)
{
    struct pb_csv csv;

    if (open_files(folder, O_WRONLY | O_CREAT | O_EXCL, trouble) < 0)
        return -1;
    pb_csv_init(&csv, folder->samples_fd);
    PB_CSV_HEADER(&csv, PB_SAMPLES);
    int error = flush(folder, &csv, "samples.csv", trouble);
    pb_csv_free(&csv);
    if (error)
        return error;
    pb_csv_init(&csv, folder->host_fd);
    PB_CSV_HEADER(&csv, PB_HOST);
    error = flush(folder, &csv, "host.csv", trouble);
    pb_csv_free(&csv);
    if (!error)
        error = write_backends(folder, trouble);
    if (!error && cases)
        error = write_file(folder, "cases.csv", cases, trouble);
    return error ? error : pb_folder_add_facts(folder, host, trouble);
}

/* A folder in which nothing was measured must not be in the way of the next
 * try. Only what was made here goes: the folder is new. */
static void remove_folder(struct pb_folder *folder)
{
    struct pb_trouble ignored;
    char path[4096];
    static const char *const names[] = {"/samples.csv", "/host.csv",
                                        "/backends.csv", "/cases.csv", ""};
    for (size_t i = 0; i < PA_ARRAY_SIZE(names); i++) {
        snprintf(path, sizeof path, "%s%s", folder->path, names[i]);
        remove(path);
    }
    pb_folder_close(folder, &ignored);
}

int pb_folder_create(struct pb_folder *folder, const char *path,
                     struct pb_csv *cases, struct pb_csv *host,
                     struct pb_trouble *trouble)
{
    init(folder, path);
    if (mkdir(path, 0777) < 0)
        return errno == EEXIST
                   ? fail(trouble,
                          "%s: exists, and is not overwritten: name another "
                          "folder, or finish the run in it with --resume",
                          path)
                   : fail(trouble, "%s: %s", path, strerror(errno));
    int error = write_headers(folder, cases, host, trouble);
    if (error)
        remove_folder(folder);
    return error;
}

static char *read_all(int fd, size_t *n_bytes)
{
    struct stat status;
    if (fstat(fd, &status) < 0)
        return NULL;
    char *bytes = malloc((size_t)status.st_size + 1);
    size_t n = 0;
    while (bytes && n < (size_t)status.st_size) {
        ssize_t got =
            pread(fd, bytes + n, (size_t)status.st_size - n, (off_t)n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(bytes);
            return NULL;
        }
        if (got == 0)
            break;
        n += (size_t)got;
    }
    *n_bytes = n;
    return bytes;
}

static const struct pa_column host_columns[] = {PB_HOST(PA_COLUMN)};

static int read_facts(const struct pb_folder *folder, struct pa_table *facts,
                      struct pb_trouble *trouble)
{
    struct pa_problem problem = {0};
    char path[4096];
    snprintf(path, sizeof path, "%s/host.csv", folder->path);
    if (pa_table_read(facts, path, host_columns, PA_ARRAY_SIZE(host_columns),
                      &problem) < 0)
        return fail(trouble, "%s", problem.text);
    return 0;
}

/* The index-th value of a key; NULL when there is none. */
static const char *find_fact(const struct pa_table *facts, const char *key,
                             int index)
{
    for (size_t i = 0; i < facts->n_rows; i++) {
        const union pa_cell *row = pa_table_row(facts, i);
        if (strcmp(row[0].text, key) == 0 && index-- == 0)
            return row[1].text;
    }
    return NULL;
}

/* The writer put an apostrophe before what starts like a formula. */
static char *copy_argument(const char *text)
{
    return strdup(text[0] == '\'' && text[1] == '-' ? text + 1 : text);
}

static int read_arguments(struct pb_folder *folder,
                          const struct pa_table *facts)
{
    int n = 0;
    while (find_fact(facts, "argument", n))
        n++;
    folder->arguments = calloc((size_t)n + 1, sizeof *folder->arguments);
    if (!folder->arguments)
        return -1;
    const char *text;
    while ((text = find_fact(facts, "argument", folder->n_arguments))) {
        char *copy = copy_argument(text);
        if (!copy)
            return -1;
        folder->arguments[folder->n_arguments++] = copy;
    }
    for (n = 0; (text = find_fact(facts, "complete", n)); n++)
        folder->is_complete = strcmp(text, "yes") == 0;
    return 0;
}

/* The seed may have been by chance: the random layouts hang on it. */
static int read_seed(struct pb_folder *folder, const struct pa_table *facts)
{
    const char *seed = find_fact(facts, "seed", 0);
    char *end;
    if (!seed || *seed < '0' || *seed > '9')
        return -1;
    errno = 0;
    unsigned long number = strtoul(seed, &end, 10);
    folder->seed = (unsigned)number;
    return errno || *end || number > UINT_MAX ? -1 : 0;
}

/* A write that was cut short leaves half a row, which would swallow the start
 * of the next. */
static int cut_off_half_fact(struct pb_folder *folder,
                             struct pb_trouble *trouble)
{
    size_t n_bytes = 0;
    char *rows = read_all(folder->host_fd, &n_bytes);
    if (!rows)
        return fail(trouble, "%s/host.csv: cannot be read", folder->path);
    const char *end = memrchr(rows, '\n', n_bytes);
    size_t whole = end ? (size_t)(end + 1 - rows) : 0;
    free(rows);
    if (whole < n_bytes && ftruncate(folder->host_fd, (off_t)whole) < 0)
        return fail(trouble, "%s/host.csv: %s", folder->path, strerror(errno));
    return 0;
}

int pb_folder_reopen(struct pb_folder *folder, const char *path,
                     struct pb_trouble *trouble)
{
    struct pa_table facts = {0};

    init(folder, path);
    if (open_files(folder, O_RDWR, trouble) < 0 ||
        cut_off_half_fact(folder, trouble) < 0 ||
        read_facts(folder, &facts, trouble) < 0)
        return -1;
    int error = 0;
    if (!find_fact(&facts, "argument", 0))
        error = fail(trouble,
                     "%s/host.csv: no rows 'argument': not a run that "
                     "can be taken up again",
                     path);
    else if (read_seed(folder, &facts) < 0)
        error =
            fail(trouble, "%s/host.csv: no seed in it: start a new run", path);
    else if (read_arguments(folder, &facts) < 0)
        error = fail(trouble, "%s: out of memory", path);
    pa_table_free(&facts);
    return error;
}

/* Where the last whole round ends: behind the last row of the ALU loop, with
 * which every round closes; or behind the header. */
static size_t end_of_rounds(const char *rows, size_t n_bytes)
{
    static const char mark[] = "reference,ref1,";
    const char *end = memchr(rows, '\n', n_bytes);
    if (!end)
        return 0;
    size_t whole = (size_t)(end + 1 - rows);
    for (size_t at = whole; at < n_bytes;) {
        end = memchr(rows + at, '\n', n_bytes - at);
        if (!end)
            break;
        size_t next = (size_t)(end + 1 - rows);
        if (next - at > sizeof mark &&
            memcmp(rows + at, mark, sizeof mark - 1) == 0)
            whole = next;
        at = next;
    }
    return whole;
}

static int cut_off_half_round(struct pb_folder *folder,
                              struct pb_trouble *trouble)
{
    size_t n_bytes = 0;
    char *rows = read_all(folder->samples_fd, &n_bytes);
    if (!rows)
        return fail(trouble, "%s/samples.csv: cannot be read", folder->path);
    size_t whole = end_of_rounds(rows, n_bytes);
    free(rows);
    if (whole == 0)
        return fail(trouble,
                    "%s/samples.csv: not even its first line is whole: start "
                    "a new run",
                    folder->path);
    if (whole < n_bytes && ftruncate(folder->samples_fd, (off_t)whole) < 0)
        return fail(trouble, "%s/samples.csv: %s", folder->path,
                    strerror(errno));
    return 0;
}

static const struct pa_column round_columns[] = {
    {"backend", PB_TEXT, ""},
    {"invocation", PB_INTEGER, ""},
    {"round", PB_INTEGER, ""},
    {"involuntary_switches", PB_INTEGER, ""},
    {"status", PB_TEXT, ""},
    {"seed", PB_INTEGER, ""}, /* so that no older file gets rows with it */
};

/* While samples.csv is scanned. */
struct counting {
    int rounds;
    struct pb_folder *folder;
};

static int count_row(void *context, const union pa_cell *cells,
                     struct pa_problem *problem)
{
    struct counting *counting = context;
    struct pb_folder *folder = counting->folder;
    int is_ok = strcmp(cells[4].text, "ok") == 0;
    (void)problem;
    folder->n_rows++;
    folder->n_failed += !is_ok;
    folder->n_interrupted += is_ok && cells[3].integer > 0;
    if (strcmp(cells[0].text, "ref1") != 0)
        return 0;
    int is_last = cells[2].integer == counting->rounds - 1;
    if (cells[1].integer >= folder->next_invocation)
        folder->next_invocation = (int)cells[1].integer + 1;
    folder->n_complete += is_last;
    folder->n_extra += cells[2].integer >= counting->rounds;
    return 0;
}

int pb_folder_count_rounds(struct pb_folder *folder, int rounds,
                           struct pb_trouble *trouble)
{
    char path[4096];
    struct pa_intern pool = {0};
    struct pa_problem problem = {0};
    struct counting counting = {rounds, folder};

    if (cut_off_half_round(folder, trouble) < 0)
        return -1;
    snprintf(path, sizeof path, "%s/samples.csv", folder->path);
    struct pa_scan scan = {
        .path = path,
        .columns = round_columns,
        .n_columns = PA_ARRAY_SIZE(round_columns),
        .pool = &pool,
        .row = count_row,
        .context = &counting,
    };
    int error = pa_scan(&scan, &problem);
    pa_intern_free(&pool);
    return error ? fail(trouble, "%s", problem.text) : 0;
}

/* Find a key's row in text that pb_csv made; what follows the key. */
static int has_fact(const struct pb_csv *host, const char *key,
                    const char *value)
{
    struct pb_csv wanted;
    pb_csv_init(&wanted, -1);
    pb_csv_text(&wanted, key);
    pb_csv_text(&wanted, value);
    pb_csv_none(&wanted); /* so that not only the start of a value is alike */
    int found =
        wanted.n_bytes > 0 &&
        memmem(host->rows, host->n_bytes, wanted.rows, wanted.n_bytes) != NULL;
    pb_csv_free(&wanted);
    return found;
}

int pb_folder_check_host(const struct pb_folder *folder,
                         const struct pb_csv *host, struct pb_trouble *trouble)
{
    struct pa_table facts = {0};
    int error = read_facts(folder, &facts, trouble);
    for (int i = 0; pb_host_identity[i] && !error; i++) {
        const char *value = find_fact(&facts, pb_host_identity[i], 0);
        if (!value || !has_fact(host, pb_host_identity[i], value))
            error = fail(trouble,
                         "%s: measured with another %s (%s): a run can be "
                         "finished only on the same host and version",
                         folder->path, pb_host_identity[i],
                         value ? value : "unknown");
    }
    pa_table_free(&facts);
    return error;
}

int64_t pb_folder_count(const struct pb_folder *folder, const char *key)
{
    struct pa_table facts = {0};
    struct pb_trouble ignored;
    const char *text;
    int64_t count = 0;
    if (read_facts(folder, &facts, &ignored) == 0)
        for (int n = 0; (text = find_fact(&facts, key, n)); n++)
            count = strtoll(text, NULL, 10);
    pa_table_free(&facts);
    return count;
}

int pb_folder_add_facts(struct pb_folder *folder, struct pb_csv *host,
                        struct pb_trouble *trouble)
{
    host->fd = folder->host_fd;
    return flush(folder, host, "host.csv", trouble);
}

static void warn(struct pb_csv *facts, const char *program, const char *text)
{
    fprintf(stderr, "%s: warning: %s\n", program, text);
    pb_host_text(facts, "warning", text);
}

int pb_folder_warn(struct pb_folder *folder, const char *program,
                   struct pb_trouble *trouble)
{
    char text[256];
    struct pb_csv facts;

    pb_csv_init(&facts, -1);
    if (folder->lock_error) {
        snprintf(text, sizeof text,
                 "the run's folder cannot be locked (%s): nothing keeps a "
                 "second run from going on in it",
                 strerror(folder->lock_error));
        warn(&facts, program, text);
    }
    if (folder->sync_error) {
        snprintf(text, sizeof text,
                 "the run's file system does not sync (%s): a loss of power "
                 "may take more than the round in progress",
                 strerror(folder->sync_error));
        warn(&facts, program, text);
    }
    int error = pb_folder_add_facts(folder, &facts, trouble);
    pb_csv_free(&facts);
    return error;
}

int pb_folder_close(struct pb_folder *folder, struct pb_trouble *trouble)
{
    int error = 0;
    if (folder->samples_fd >= 0 && close(folder->samples_fd) < 0)
        error =
            fail(trouble, "%s/samples.csv: %s", folder->path, strerror(errno));
    if (folder->host_fd >= 0 && close(folder->host_fd) < 0)
        error = fail(trouble, "%s/host.csv: %s", folder->path, strerror(errno));
    for (int i = 0; i < folder->n_arguments; i++)
        free(folder->arguments[i]);
    free(folder->arguments);
    init(folder, folder->path);
    return error;
}
