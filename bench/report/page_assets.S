/* SPDX-License-Identifier: MIT */
/* The page's style, script and forms, as they are in their files, each with a
 * NUL at its end: report.c and report_calculator.c put them into pages. */
    .section .rodata
    .global pa_page_css
pa_page_css:
    .incbin "page.css"
    .byte 0
    .global pa_page_js
pa_page_js:
    .incbin "page.js"
    .byte 0
    .global pa_calculator_html
pa_calculator_html:
    .incbin "calculator.html"
    .byte 0
    .global pa_server_html
pa_server_html:
    .incbin "server.html"
    .byte 0
    .section .note.GNU-stack, "", %progbits
