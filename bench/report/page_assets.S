/* SPDX-License-Identifier: MIT */
/* The page's style and script, as they are in page.css and page.js, each with
 * a NUL at its end: report.c puts them into every page. */
    .section .rodata
    .global pa_page_css
pa_page_css:
    .incbin "page.css"
    .byte 0
    .global pa_page_js
pa_page_js:
    .incbin "page.js"
    .byte 0
    .section .note.GNU-stack, "", %progbits
