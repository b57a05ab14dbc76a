# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the scripts of this folder share. They are called with the folder of
# the programs and this folder's path; PROGRAMS and HERE hold them after that.
set -eu

PROGRAMS=$1
# The programs themselves, without the command: what is traced starts there.
# shellcheck disable=SC2034 # used by the scripts
VERBS=$(cd "$PROGRAMS/../libexec/pollbench" && pwd)
HERE=$(cd "$(dirname "$0")" && pwd)

# Gone at the end, whatever the end is.
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT
trap 'exit 1' HUP INT TERM

# The smallest run that has everything: several points, sets, rounds and
# invocations; about 50 ms. Random layouts, so that a seed that is lost shows.
TINY="--quiet --sweep null --sweep raw --fds 1,4 --highest-fd 63
    --layout random --most-fds 128 --invocations 3 --rounds 3 --batch 1000
    --patience 0"

# After those, for one to be interrupted in the middle: seconds on any machine,
# of which only the first rounds are waited for.
LONG_ROUNDS=300
# shellcheck disable=SC2034 # used by the scripts
LONG="--rounds $LONG_ROUNDS --invocations 2"

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

skip() {
    printf 'skipped: %s\n' "$*"
    exit 77
}

need() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null || skip "$tool is not installed"
    done
}

# complaints FILE: what a program said, without warnings of a poor machine
complaints() {
    grep -v 'warning:' "$1" || true
}

# pollbench OPTION...: with the tiny plan
pollbench() {
    # shellcheck disable=SC2086 # a list of words
    "$PROGRAMS/pollbench" run $TINY "$@"
}

# is_whole FOLDER INVOCATIONS [AWK-ASSIGNMENT...]: or says what is not right
is_whole() {
    whole_folder=$1
    whole_invocations=$2
    shift 2
    for file in samples host; do
        [ -n "$(tail -c 1 "$whole_folder/$file.csv")" ] || continue
        echo "$whole_folder/$file.csv: the last row is cut off" >&2
        return 1
    done
    awk -v invocations="$whole_invocations" \
        -v series_planned="$(fact "$whole_folder" series)" "$@" \
        -f "$HERE/rounds_are_whole.awk" "$whole_folder/samples.csv" >&2
}

# The last value of a key in FOLDER/host.csv.
fact() {
    awk -F, -v key="$2" '$1 == key { value = $2 } END { print value }' \
        "$1/host.csv"
}

# counts_are_right FOLDER ROUNDS: what host.csv says of the rows of a run that
# has ended is so of all of them
counts_are_right() {
    awk -F, -v rounds="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        { rows++; ok = $column["status"] == "ok" }
        !ok { failed++ }
        ok && $column["involuntary_switches"] > 0 { interrupted++ }
        $column["backend"] == "ref1" && $column["round"] >= rounds { extra++ }
        END { print rows + 0, failed + 0, interrupted + 0, extra + 0 }' \
        "$1/samples.csv" >"$SCRATCH/counted"
    echo "$(fact "$1" rows) $(fact "$1" failed_batches)" \
        "$(fact "$1" interrupted_batches) $(fact "$1" extra_rounds)" |
        cmp -s - "$SCRATCH/counted" && return
    echo "$1/host.csv: rows, failed, interrupted or extra ones are not those" \
        "of samples.csv: $(cat "$SCRATCH/counted")" >&2
    return 1
}

# wait_for_rows FOLDER ROWS PROCESS: until the run that the process makes there
# has more than so many, its messages being in $SCRATCH/messages
wait_for_rows() {
    for _ in $(seq 1200); do
        [ ! -e "$1/samples.csv" ] ||
            [ "$(wc -l <"$1/samples.csv")" -le "$2" ] || return 0
        kill -0 "$3" 2>/dev/null || fail "ended: $(cat "$SCRATCH/messages")"
        sleep 0.05
    done
    fail "no rows after a minute"
}

# another_run FOLDER COPY: the same files as those of another run
another_run() {
    rm -rf "$2"
    cp -r "$1" "$2"
    echo 'note,another run,' >>"$2/host.csv"
}
