#!/bin/sh
# SPDX-License-Identifier: MIT
# man_pages.sh HELP2MAN FOLDER TO: makes manual pages, into the folder TO, of the
# pollbench in FOLDER and of its verbs, from what they say to --help.
set -eu
help2man=$1 to=$3
cd "$2" # help2man takes a blank for the end of the program's name
mkdir -p "$to"
version=$(./pollbench --version)
version=${version#pollbench } version=${version%% *}

# page NAME SUMMARY COMMAND [OPTION...]
page() {
    name=$1 summary=$2 command=$3
    shift 3
    "$help2man" --no-info --manual=pollbench --name="$summary" "$@" \
        --version-string="$name $version" "$command" >"$to/$name.1"
}

cat >"$to/sections" <<'END'
[ENVIRONMENT]
.TP
POLLBENCH_EXEC_PATH
the folder with the verbs' programs, if not ../libexec/pollbench from that of
this command
.TP
POLLBENCH_DATA
the folder with claims.csv, published.csv and the scripts of the figures, if
not ../../share/pollbench from that of those programs
END
echo '[SEE ALSO]' >>"$to/sections"
./pollbench --help | sed -n 's/^  \([a-z]*\)  *\(.*\)/\1 \2/p' |
    while read -r verb summary; do
        ./pollbench "$verb" --help | grep -q "^Usage: pollbench $verb " ||
            continue # it is an option of another
        page "pollbench-$verb" "$summary" "./pollbench $verb"
        # Two words there, as they are typed, and the second no argument.
        sed -i "/^\.B pollbench$/{s/$/ $verb/;n;s/^\\\\fI\\\\,$verb /\\\\fI\\\\,/}" \
            "$to/pollbench-$verb.1"
        printf '.BR pollbench-%s (1)\n' "$verb" >>"$to/sections"
    done
page pollbench "how the cost of select, poll and epoll grows" ./pollbench \
    --include="$to/sections"
rm "$to/sections"
