#!/bin/sh
# SPDX-License-Identifier: MIT
# configure.sh PRESET BUILD: what `cmake --preset PRESET -B BUILD` does, with a
# cmake before 3.21 as well, which knows no presets. Reads CMakePresets.json as
# it is laid out: a line for each name, and only cache variables in capitals.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
# One option a line; of two for a variable cmake takes the last.
options=$(awk -v wanted="$1" -F '"' '
    function print_options(preset) {
        if (parent[preset] != "")
            print_options(parent[preset])
        printf "%s", options[preset]
    }
    $2 == "name" { name = $4 }
    $2 == "inherits" { parent[name] = $4 }
    {
        for (i = 2; i < NF - 1; i += 2)
            if ($i ~ /^[A-Z_]+$/ && $(i + 1) ~ /^: *$/)
                options[name] = options[name] "-D" $i "=" $(i + 2) "\n"
    }
    END { print_options(wanted) }' CMakePresets.json)
[ -n "$options" ] || {
    echo "configure.sh: $1: no such preset in CMakePresets.json" >&2
    exit 2
}
printf '%s\n' "$options" | tr '\n' '\0' | xargs -0 cmake -S . -B "$2"
