# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# For bash: verbs and options are those that pollbench tells of.
_pollbench() {
    local words
    if [ "$COMP_CWORD" -eq 1 ]; then
        words=$(pollbench --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
    elif [[ $2 == -* ]]; then
        words=$(pollbench "${COMP_WORDS[1]}" --help | grep -o -e '--[a-z-]*')
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$2")
}
complete -o default -F _pollbench pollbench
