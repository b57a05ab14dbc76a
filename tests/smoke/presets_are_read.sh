#!/bin/sh
# SPDX-License-Identifier: MIT
# presets_are_read.sh PROGRAMS SOURCES: cmake/configure.sh gives cmake the
# options that cmake itself reads from CMakePresets.json.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"

cd "$SOURCES" || exit
presets=$(cmake --list-presets 2>/dev/null | sed -n 's/^ *"\([^"]*\)".*/\1/p')
[ -n "$presets" ] || skip "this cmake knows no presets"
cmake --preset test -N | grep -q = || # 4.3 does not
    skip "this cmake does not say what a preset holds"
mkdir "$SCRATCH/bin"
# shellcheck disable=SC2016 # expanded there
printf '#!/bin/sh\nprintf "%%s\\n" "$@"\n' >"$SCRATCH/bin/cmake"
chmod 755 "$SCRATCH/bin/cmake"
for preset in $presets; do
    cmake --preset "$preset" -N | sed -n 's/^ *\([A-Z_]*\)="\(.*\)"$/\1=\2/p' |
        sort >"$SCRATCH/cmake"
    PATH=$SCRATCH/bin:$PATH cmake/configure.sh "$preset" "$SCRATCH/build" |
        awk -F= 'sub(/^-D/, "") { last[$1] = $0 }
                 END { for (name in last) print last[name] }' |
        sort >"$SCRATCH/ours"
    cmp "$SCRATCH/cmake" "$SCRATCH/ours" ||
        fail "$preset: $(cat "$SCRATCH/ours")"
    echo "$preset: $(wc -l <"$SCRATCH/ours") options"
done
expect 2 "no such preset" cmake/configure.sh nothing "$SCRATCH/build"
