/* SPDX-License-Identifier: MIT */
#include "tables.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

struct pb_table {
    struct pb_tables *all;
    int index;
    pthread_t thread;
    sem_t go;
};

/* One thread at a time works; `run` and `result` are its orders and answer. */
struct pb_tables {
    int n; /* threads that are up */
    struct pb_table *table;
    sem_t done;
    int (*run)(int index, void *context); /* NULL: end */
    void *context;
    int result;
};

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) < 0)
        ;
}

static void *serve(void *argument)
{
    struct pb_table *self = argument;
    struct pb_tables *all = self->all;

    int unshared = unshare(CLONE_FILES);
    all->result = unshared < 0 ? -errno : 0;
    sem_post(&all->done);
    for (wait_for(&self->go); all->run; wait_for(&self->go)) {
        all->result = all->run(self->index, all->context);
        sem_post(&all->done);
    }
    /* A thread can be joined before the kernel has closed its files. */
    if (unshared == 0)
        closefrom(0);
    return NULL;
}

static int start(struct pb_tables *tables, const pthread_attr_t *attributes)
{
    struct pb_table *table = &tables->table[tables->n];
    table->all = tables;
    table->index = tables->n;
    sem_init(&table->go, 0, 0);
    int error = pthread_create(&table->thread, attributes, serve, table);
    if (error)
        return -error;
    tables->n++;
    wait_for(&tables->done);
    return tables->result;
}

/* One thread hands over to another and waits: the woken one shall not take the
 * CPU away before that, which would pass for an interruption. A wish. */
static void be_patient(bool patient)
{
    const struct sched_param none = {0};
    sched_setscheduler(0, patient ? SCHED_BATCH : SCHED_OTHER, &none);
}

int pb_tables_start(struct pb_tables **tables, int n)
{
    enum { STACK_BYTES = 256 << 10 };
    struct pb_tables *made = calloc(1, sizeof *made);
    pthread_attr_t attributes;
    int error = made ? 0 : -ENOMEM;

    *tables = NULL;
    if (made)
        made->table = calloc((size_t)n, sizeof *made->table);
    if (!made || !made->table) {
        free(made);
        return -ENOMEM;
    }
    sem_init(&made->done, 0, 0);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    be_patient(true);
    while (made->n < n && !error)
        error = start(made, &attributes);
    pthread_attr_destroy(&attributes);
    if (error)
        pb_tables_stop(made);
    else
        *tables = made;
    return error;
}

int pb_tables_run(struct pb_tables *tables,
                  int (*run)(int index, void *context), void *context)
{
    tables->run = run;
    tables->context = context;
    tables->result = 0;
    for (int i = 0; i < tables->n && tables->result == 0; i++) {
        sem_post(&tables->table[i].go);
        wait_for(&tables->done);
    }
    return tables->result;
}

void pb_tables_stop(struct pb_tables *tables)
{
    if (!tables)
        return;
    tables->run = NULL;
    be_patient(false);
    for (int i = 0; i < tables->n; i++) {
        sem_post(&tables->table[i].go);
        pthread_join(tables->table[i].thread, NULL);
        sem_destroy(&tables->table[i].go);
    }
    sem_destroy(&tables->done);
    free(tables->table);
    free(tables);
}
