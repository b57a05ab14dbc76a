/* SPDX-License-Identifier: MIT */
/* Threads with descriptor tables of their own. The limit on descriptors is one
 * of each table: together they hold more open files than any process may. */
#ifndef PB_TABLES_H
#define PB_TABLES_H

struct pb_tables;

/* Start n threads. Each begins with a copy of the caller's table, so that what
 * is open here, an epoll instance for one, is open under the same number in
 * all of them; what is opened later in one is that one's.
 *
 * tables   receives them; NULL after an error.
 * Returns  0, -ENOMEM, -EAGAIN (limit on threads), or what unshare(2) says.
 */
int pb_tables_start(struct pb_tables **tables, int n);

/* Call run(index, context) in every thread, in one after the other; the first
 * that does not return 0 ends it. Returns what the last one returned. */
int pb_tables_run(struct pb_tables *tables,
                  int (*run)(int index, void *context), void *context);

/* End the threads, which closes what is open in their tables. NULL is fine. */
void pb_tables_stop(struct pb_tables *tables);

#endif
