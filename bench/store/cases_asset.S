/* SPDX-License-Identifier: MIT */
/* The declarations of the cases, as they are in results/cases.csv, with a NUL
 * at their end: cases.c gives them to runs that have none. */
    .section .rodata
    .global pa_cases_csv
pa_cases_csv:
    .incbin "cases.csv"
    .byte 0
    .section .note.GNU-stack, "", %progbits
