/* SPDX-License-Identifier: MIT */
/* The laws of the library, by subject. Each function tests those of one
 * subject for tested_backend and returns how many do not hold. */
#ifndef CONTRACT_LAWS_H
#define CONTRACT_LAWS_H

int laws_of_names(void);
int laws_of_events(void);
int laws_of_change(void);
int laws_of_descriptors(void);
int laws_of_poll(void);
int laws_of_stages(void);
int laws_of_triggers(void);
int laws_of_ownership(void);
int laws_of_calls(void); /* needs wrapped_calls.c linked in */

#endif
