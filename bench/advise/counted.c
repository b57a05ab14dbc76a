/* SPDX-License-Identifier: MIT */
#include "counted.h"

#include <link.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void pa_counted_find(struct pa_counted *counted, struct pa_process *process)
{
    const char *maps = pa_process_text(process, 0, "maps");
    const char *line = maps ? strstr(maps, "/memfd:" PA_COUNTS_NAME) : NULL;

    *counted = (struct pa_counted){0};
    if (!line)
        return;
    while (line > maps && line[-1] != '\n')
        line--;
    counted->at = strtoull(line, NULL, 16);
    pa_counted_read(counted, process, 0);
}

void pa_counted_read(struct pa_counted *counted, struct pa_process *process,
                     int n_slices)
{
    struct pa_counts *head = &counted->heads[n_slices];

    if (counted->at &&
        pa_process_memory(process, head, counted->at, sizeof *head) < 0)
        counted->at = 0;
}

/* No wait is shorter than a ns: more are none that were counted. */
static int is_possible(const struct pa_counts_slot *slot)
{
    const uint64_t most = INT64_MAX / (PB_LOOK_SLICES + 1);
    return slot->waits <= most && slot->returned <= most &&
           slot->cpu_ns <= most;
}

/* Of a slot, from one reading to another; nothing of one that began anew
 * between them, or that anybody else wrote. */
static struct pa_counts_slot more(const struct pa_counted *counted, int slot,
                                  int from, int to)
{
    struct pa_counts_slot before = counted->heads[from].slots[slot];
    struct pa_counts_slot after = counted->heads[to].slots[slot];

    if (before.tid != after.tid)
        before = (struct pa_counts_slot){0};
    if (after.waits < before.waits || after.cpu_ns < before.cpu_ns ||
        after.returned < before.returned || !is_possible(&after))
        after = before;
    after.waits -= before.waits;
    after.cpu_ns -= before.cpu_ns;
    after.returned -= before.returned;
    return after;
}

/* What it waits for, read where it is not written meanwhile. */
static void read_set(struct pa_thread *thread, struct pa_process *process,
                     const struct pa_counted *counted, int slot)
{
    const uint64_t offset = offsetof(struct pa_counts, slots) +
                            (size_t)slot * sizeof(struct pa_counts_slot);
    struct pa_counts_slot before, after;
    struct pa_watched got = {0};
    struct pa_at at = {.where = PA_IN_CALL};

    if (pa_process_memory(process, &before, counted->at + offset,
                          sizeof before) < 0)
        return;
    memcpy(at.arguments, before.arguments, sizeof before.arguments);
    int error =
        pa_process_watched(process, &got, thread->tid, thread->way, &at);
    if (error == 0 &&
        pa_process_memory(process, &after, counted->at + offset,
                          sizeof after) == 0 &&
        before.version % 2 == 0 &&
        (before.version == after.version || thread->way == PA_EPOLL)) {
        pa_watched_free(&thread->watched);
        thread->watched = got;
        thread->n_least = got.n;
        thread->set_slice = thread->n_slices - 1;
    } else {
        pa_watched_free(&got);
    }
}

static void fill(struct pa_thread *thread, const struct pa_counted *counted,
                 int slot)
{
    for (int i = 0; i < thread->n_slices; i++) {
        struct pa_counts_slot part = more(counted, slot, i, i + 1);
        thread->slices[i].waits = (int64_t)part.waits;
        thread->slices[i].returned = (int64_t)part.returned;
        thread->slices[i].waiting_ns = (int64_t)part.cpu_ns;
    }
}

/* The slot of the thread in which it waited most often; -1: it has none. */
static int most_used(const struct pa_counted *counted, struct pa_thread *thread)
{
    uint64_t n_most = 0, n_all = 0;
    const char *call;
    int most = -1;

    for (int i = 0; counted->at && i < PA_COUNTS_SLOTS; i++) {
        struct pa_counts_slot all = more(counted, i, 0, thread->n_slices);
        if (all.tid != thread->tid ||
            pa_way_of_call((long)all.number, &call) == PA_NO_WAY)
            continue;
        n_all += all.waits;
        if (all.waits > n_most) {
            n_most = all.waits;
            most = i;
        }
    }
    thread->elsewhere_share = most < 0 ? 0 : 1 - (double)n_most / (double)n_all;
    return most;
}

void pa_counted_tell(const struct pa_counted *counted,
                     struct pa_process *process, struct pa_thread *thread)
{
    enum { TRIES = 3 };
    int most = most_used(counted, thread);

    if (most < 0)
        return;
    const struct pa_counts *head = &counted->heads[thread->n_slices];
    thread->is_counted = 1;
    thread->clock_ns = head->clock_ns;
    thread->set = (int)head->slots[most].set;
    thread->way = pa_way_of_call((long)head->slots[most].number, &thread->call);
    fill(thread, counted, most);
    thread->set_slice = -1;
    for (int i = 0; i < TRIES && thread->set_slice < 0; i++)
        read_set(thread, process, counted, most);
}

/* Whether a program names the one that loads libraries for it. */
static int is_static(struct pa_process *process)
{
    ElfW(Ehdr) head;
    ElfW(Phdr) part;
    int fd = pa_process_file(process, 0, "exe");
    int is_static =
        fd >= 0 && pread(fd, &head, sizeof head, 0) == (ssize_t)sizeof head;

    for (int i = 0; is_static && i < head.e_phnum; i++)
        if (pread(fd, &part, sizeof part,
                  (off_t)head.e_phoff + i * (off_t)sizeof part) !=
                (ssize_t)sizeof part ||
            part.p_type == PT_INTERP)
            is_static = 0;
    if (fd >= 0)
        close(fd);
    return is_static;
}

/* Whether it was begun with more rights than who began it has: then what the
 * environment asks for is not loaded. */
static int is_secure(struct pa_process *process)
{
    ElfW(auxv_t) entry;
    int is_secure = 0, fd = pa_process_file(process, 0, "auxv");

    while (fd >= 0 && read(fd, &entry, sizeof entry) == (ssize_t)sizeof entry)
        if (entry.a_type == AT_SECURE)
            is_secure = entry.a_un.a_val != 0;
    if (fd >= 0)
        close(fd);
    return is_secure;
}

int pa_counted_problem(struct pa_process *process, struct pa_problem *problem)
{
    const char *why = "it was not started with what pollbench advise --preload "
                      "prints in its environment";

    if (is_static(process))
        why = "it is linked statically, so that nothing can be loaded into it";
    else if (is_secure(process))
        why =
            "it has rights that who started it has not (set-user-ID), so that "
            "nothing is loaded into it";
    return pa_problem_set(problem, "process %d does not count its waits: %s",
                          process->pid, why);
}
