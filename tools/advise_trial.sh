#!/bin/sh
# SPDX-License-Identifier: MIT
# Advice beside truth: starts servers of others under a load, with either of two
# calls one after the other, lets pollbench advise look at each, and prints what
# it says beside what was measured (docs/servers.md quotes it).
#
#   advise_trial.sh RUN [SERVER...]
#
# RUN has cold models of TCP sockets, of this machine and kernel. What can be
# told otherwise, by variables: BUILD, the folder it was built in; IDLE and
# RATES, lists of idle connections and of requests a second, of which 0 is as many
# as are answered; COUNTS=yes, that the servers count their waits; TRIALS, a
# folder to keep what was seen in.
set -eu

BUSY=16 # connections that ask, beside the idle ones
CALLS="poll epoll"
# One second alone, two that are looked at, and one to spare.
SECONDS_EACH=4
LOOK=2

root=$(dirname -- "$(readlink -f -- "$0")")/..
build=${BUILD:-$root/build}
programs=$build/bench
trial=$build/libexec/pollbench/server-trial

fail() {
    echo "advise_trial.sh: $2" >&2
    exit "$1"
}

[ $# -ge 1 ] || fail 2 "usage: advise_trial.sh RUN [SERVER...]"
run=$1
shift
[ -s "$run/models.csv" ] || fail 1 "$run: no models.csv; pollbench fit it first"
[ -x "$trial" ] || fail 1 "$trial: not there; build it, or set BUILD"
[ $# -gt 0 ] || set -- haproxy lighttpd memcached

preload=
[ "${COUNTS:-no}" = no ] || preload=$("$programs/pollbench" advise --preload)
child=
work=$(mktemp -d)
# The server dies with its clients.
end() {
    [ -z "$child" ] || kill "$child" 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT
trap 'exit 1' INT TERM HUP
seen=${TRIALS:-$work/seen}
mkdir -p "$seen"

# wait_for_line N FILE: until the server has said so much, or has ended
wait_for_line() {
    while [ "$(wc -l <"$2")" -lt "$1" ]; do
        kill -0 "$child" 2>/dev/null || return 1
        sleep 0.05
    done
}

# look SERVER CALL IDLE RATE: leaves what was seen in files of that name
look() {
    name=$seen/$1-$3-$4-$2
    : >"$name.csv"
    env ${preload:+"$preload"} "$trial" "$1" "$2" "$3" "$BUSY" "$4" "$SECONDS_EACH" \
        >"$name.csv" 2>"$name.log" &
    child=$!
    if wait_for_line 3 "$name.csv"; then
        "$programs/pollbench" advise --json --seconds "$LOOK" \
            --pid "$(head -n 1 "$name.csv")" "$run" \
            >"$name.json" 2>>"$name.log" || [ $? -eq 3 ] || true
    fi
    wait "$child" || {
        rm -f "$name.csv" "$name.json"
        echo "- $1, $2, $3 idle, $4 requests/s: left out: $(cat "$name.log")"
    }
    child=
}

# numbers SERVER CALL IDLE RATE: what was seen, on one line: of the server, all in
# all, alone and looked at; and what was said of the thread with the most fds.
numbers() {
    name=$seen/$1-$3-$4-$2
    [ -s "$name.json" ] || return 0
    other=$(echo "$CALLS" | tr ' ' '\n' | grep -vx "$2")
    awk -v OFS=';' -v server="$1" -v idle="$3" -v rate="$4" -v call="$2" \
        -v other="$other" '
        FILENAME ~ /csv$/ {
            if (split($0, field, ",") < 5 || FNR == 2)
                next
            share += field[1]; n++
            if (FNR == 3) { cpu = field[2]; p99 = field[5] }
            else if (FNR < 6) {
                looked_cpu += field[2] / 2
                if (field[5] + 0 > looked_p99) looked_p99 = field[5]
            }
            next
        }
        {
            key = $1; gsub(/[":]/, "", key)
            value = $0; sub(/^[^:]*: */, "", value); sub(/,$/, "", value)
            gsub(/[";|]/, "", value)
        }
        value == "{" { object = key }
        key == "own_share" { own = value }
        key == "fds" { is_most = value + 0 > fds + 0; if (is_most) fds = value }
        !is_most { next }
        key == "call" { option = value }
        key == "answer" { answer = value }
        key == "to" { to = value }
        key == "reason" { reason = value }
        key == "value" && object ~ /_per_second$/ { waits = value }
        object == "saved" && option == other { saved[key] = value }
        END {
            print server, idle, rate, call, n ? share / n : "", cpu, \
                looked_cpu, p99, looked_p99, fds, waits, answer, to, \
                saved["value"], saved["low"], saved["high"], own, reason
        }' "$name.csv" "$name.json"
}

# Of the lines of all: a table of advice beside the truth, which is what the other
# call took less or more in the same minute, and what of the aims was reached.
judge() {
    awk -F';' -v busy="$BUSY" -v calls="$CALLS" '
        function percent(x) { return sprintf("%.1f", 100 * x) }
        function ratio_of(x, y) { return y > 0 ? x / y : 1 }
        {
            key = $1 ";" $2 ";" $3
            if (!(key in known)) { known[key] = 1; order[++n_keys] = key }
            line[key, $4] = $0
            share[key, $4] = $5
            cpu[key, $4] = $6
        }
        # right, wrong or cannot tell: a switch that saves nothing is wrong, and
        # so is staying where a hundredth of a core was to be saved.
        function sign(answer, to, other, truth) {
            if (answer == "switch" && to == other)
                return truth > 0 ? "right" : "wrong"
            if (answer == "stay")
                return truth <= 0.01 ? "right" : "wrong"
            return "cannot tell"
        }
        function count(aim, is_met) { of[aim]++; met[aim] += is_met }
        function told(key, call, other, field, truth, error, is) {
            if (!((key, call) in line) || !((key, other) in line))
                return
            split(line[key, call], field, ";")
            truth = share[key, call] - share[key, other]
            if (field[3] == 0) # the same requests, by the other call
                truth = share[key, call] * \
                    (1 - ratio_of(cpu[key, other], cpu[key, call]))
            is = sign(field[12], field[13], other, truth)
            signs[is]++
            error = field[14] - truth
            has = field[14] != "" && field[14] != "null"
            printf "| %s | %d | %d | %s | %s | %s | %s | %s | %s | %s |\n", \
                field[1], field[2], field[3], call, percent(field[5]), \
                field[12] (field[13] == "null" ? "" : " to " field[13]), \
                has ? percent(field[14]) " [" percent(field[15]) ", " \
                    percent(field[16]) "]" : "-", percent(truth), \
                has ? percent(error) : "-", is
            count("A1: it sees the connections, and at most 8 fds more", \
                field[10] >= field[2] + busy && field[10] <= field[2] + busy + 8)
            if (field[3] > 0 && field[5] < 0.7)
                count("A2: below 70 % of a core, it counts as many waits as " \
                    "there were requests, within 3 %", \
                    field[11] > 0.97 * field[3] && field[11] < 1.03 * field[3])
            count("A3: looked at, CPU per request is the same within 3 %", \
                field[7] < 1.03 * field[6])
            if (field[3] > 0)
                count("A3: looked at, the 99th percentile is at most 1.5 times", \
                    field[9] <= 1.5 * field[8])
            count("A3: looking takes under 2 % of a core", field[17] < 0.02)
            if (has && field[3] == 0 && index(calls, call) == 1 && field[2] >= 1000)
                count("A5: as often as it answers, what epoll saves is within " \
                    "15 %", error * error <= 0.0225 * truth * truth)
            else if (has && field[2] >= 1000 && field[12] != "cannot tell")
                count("A4: from 1,000 idle on, what is saved is within 15 %", \
                    error * error <= 0.0225 * truth * truth)
            if (has && field[2] == 300 && field[12] != "cannot tell")
                count("A4: at 300 idle it is within 1 % of a core", \
                    error * error <= 0.0001)
            if (field[12] == "cannot tell")
                reasons = reasons sprintf("- %s, %s, %d idle, %d requests/s: %s\n", \
                    field[1], call, field[2], field[3], field[18])
        }
        END {
            if (!n_keys) exit 1
            split(calls, call, " ")
            print "| server | idle | requests/s | waits by | % of a core | advice " \
                "| saved by the other call, % of a core | measured | error | sign |"
            print "|---|---:|---:|---|---:|---|---|---:|---:|---|"
            for (i = 1; i <= n_keys; i++) {
                told(order[i], call[1], call[2])
                told(order[i], call[2], call[1])
            }
            print ""
            printf "A7: sign right %d, cannot tell %d, wrong %d\n\n", \
                signs["right"], signs["cannot tell"], signs["wrong"]
            for (aim in of)
                printf "- %s: %d of %d\n", aim, met[aim], of[aim] | "sort"
            close("sort")
            if (reasons != "")
                printf "\nCannot tell:\n\n%s", reasons
        }'
}

for server in "$@"; do
    for idle in ${IDLE:-0 300 1000 3000}; do
        for rate in ${RATES:-500 2000}; do
            for call in $CALLS; do
                look "$server" "$call" "$idle" "$rate" >&2
                numbers "$server" "$call" "$idle" "$rate"
            done
        done
    done
done >"$work/numbers"
judge <"$work/numbers" || fail 1 "nothing was seen, see above"
