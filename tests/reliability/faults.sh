#!/bin/sh
# SPDX-License-Identifier: MIT
# Every system call that the programs make fails, one at a time, by strace's
# fault injection; or the process is killed as it makes it. What may follow is
# a correct result, rows that say why they hold no measurement, or one clear
# line and a non-zero exit; and never a crash, a hang or a wrong row.
#
# usage: faults.sh PROGRAMS OUTPUT.csv [all]
# all     every errno at up to six occurrences each, about 15 minutes; without
#         it the plausible errnos at the first and the last, about one
# shellcheck source=tests/reliability/common.sh
. "$(dirname "$0")/common.sh"
need strace timeout awk
output=$2
how=${3:-quick}
strace -e inject=getpid:error=EPERM true 2>/dev/null ||
    skip "strace may not trace here, or cannot inject"

FEW_ROUNDS="--invocations 2 --rounds 2"
# What the loader and the C library do before main is not the programs'.
STARTUP='execve|arch_prctl|set_tid_address|set_robust_list|rseq|exit|exit_group'
STARTUP="$STARTUP|rt_sigreturn|restart_syscall"
# The kernel tells of a failed brk by the old end and never by an errno, which
# the C library then takes for an address; allocation fails in another test.
# A wake-up never fails; the C library aborts when it does.
STARTUP="$STARTUP|brk|futex"

# --- what is run ------------------------------------------------------------

# prepare SCENARIO: what has to be there before; $run is its folder
prepare() {
    rm -rf "$run" "$SCRATCH/messages"
    case $1 in
    measure) ;;
    resume) cp -r "$SCRATCH/interrupted" "$run" ;;
    fit) cp -r "$SCRATCH/measured" "$run" ;;
    predict) cp -r "$HERE/../report/run" "$run" ;;
    compare)
        cp -r "$HERE/../report/run" "$run"
        another_run "$run" "$SCRATCH/another" ;;
    verify) # has to find that the last of its files was changed
        cp -r "$SCRATCH/reference.report" "$run"
        echo >>"$run/steps.csv" ;;
    *) cp -r "$SCRATCH/reference.fit" "$run" ;;
    esac
}

# command SCENARIO: the command line, as words
command_of() {
    case $1 in
    measure) echo "$VERBS/pollbench-run $TINY $FEW_ROUNDS --output $run" ;;
    resume) echo "$VERBS/pollbench-run --quiet --resume $run" ;;
    predict) echo "$VERBS/pollbench-predict --fds 100 $run" ;;
    compare) echo "$VERBS/pollbench-compare $run $SCRATCH/another" ;;
    verify) echo "$VERBS/pollbench-verify $run" ;;
    *) echo "$VERBS/pollbench-$1 $run" ;;
    esac
}

# --- what may come of it ----------------------------------------------------

# judge_measure: a run that may have ended early. Sets outcome.
judge_measured() {
    if [ "$status" -eq 0 ]; then
        is_whole "$run" 2 -v rounds=2 -v may_fail=1 2>"$SCRATCH/wrong" ||
            return 1
        outcome=correct
        grep -q ',ok$' "$run/samples.csv" &&
            ! sed 1d "$run/samples.csv" | grep -qv ',ok$' ||
            outcome="rows say why"
        [ "$(fact "$run" complete)" = yes ]
        return
    fi
    outcome="one line"
    # Perhaps nothing was touched.
    cmp -s "$run/samples.csv" "$SCRATCH/interrupted/samples.csv" && return
    [ ! -s "$run/samples.csv" ] || [ ! -s "$run/host.csv" ] ||
        is_whole "$run" any -v rounds=2 -v may_fail=1 2>"$SCRATCH/wrong"
}

# judge_analysed PROGRAM: every derived file is the right one, or not there;
# and so is what was printed, as far as it goes
judge_analysed() {
    outcome=correct
    [ "$status" -eq 0 ] || outcome="one line"
    for file in "$run"/*.*; do
        right=$SCRATCH/reference.$1/$(basename "$file")
        cmp "$file" "$right" >"$SCRATCH/wrong" 2>&1 || return 1
    done
    [ "$status" -eq 0 ] || return 0
    cmp "$SCRATCH/out" "$SCRATCH/reference.$1.out" >"$SCRATCH/wrong" 2>&1 &&
        diff -rq "$run" "$SCRATCH/reference.$1" >"$SCRATCH/wrong"
}

# judge_verified: it says that the run was changed, or why it cannot tell
judge_verified() {
    outcome=correct
    ! grep -q 'as they were' "$SCRATCH/out" || return 1
    [ "$status" -eq 1 ] && grep -q 'not as it was' "$SCRATCH/out" && return
    outcome="one line"
    [ "$2" = KILL ] || { [ "$status" -ne 0 ] && says_one_line; }
}

# A run whose process was killed is taken up again, and is whole then.
judge_killed() {
    case $1 in
    measure | resume)
        outcome="resumed"
        [ -s "$run/samples.csv" ] || { outcome="nothing measured"; return; }
        if ! "$VERBS/pollbench-run" --quiet --resume "$run" \
            2>"$SCRATCH/messages"; then
            outcome="nothing measured"
            [ "$(wc -l <"$run/samples.csv")" -le 1 ]
            return
        fi
        is_whole "$run" 2 -v rounds=2 2>"$SCRATCH/wrong" ;;
    *)
        # Half-written files have names of their own, and go the next time.
        mkdir -p "$SCRATCH/half"
        mv "$run"/*.half-?????? "$SCRATCH/half" 2>/dev/null || true
        status=1
        judge_analysed "$1" || return 1
        mv "$SCRATCH/half"/* "$run" 2>/dev/null || true
        # shellcheck disable=SC2046,SC2091 # the words of a command
        $(command_of "$1") >"$SCRATCH/out" 2>"$SCRATCH/messages" || return 1
        status=0
        judge_analysed "$1" || return 1
        outcome="nothing half-written" ;;
    esac
}

# One line of the program or of its loader, warnings apart; or two, when the
# call failed in two of its processes.
says_one_line() {
    lines=$(complaints "$SCRATCH/messages" | wc -l)
    ! grep ': Success' "$SCRATCH/messages" >"$SCRATCH/wrong" || return 1
    hit=$(awk '/INJECTED/ { n += !seen[$1]++ } END { print n }' \
        "$SCRATCH/trace")
    [ "$lines" -ge 1 ] && [ "$lines" -le "$hit" ] && return
    echo "$lines lines on standard error" >"$SCRATCH/wrong"
    return 1
}

# judge SCENARIO ERROR: sets outcome, or returns 1 with the reason in wrong
judge() {
    : >"$SCRATCH/wrong"
    if [ "$1" = verify ] && [ "$status" -ne 124 ]; then
        judge_verified "$@"
        return
    fi
    if [ "$2" = KILL ]; then
        judge_killed "$1"
        return
    fi
    case $status in
    0) ;;
    1 | 2 | 77 | 127) says_one_line || return 1 ;;
    124) echo "hangs" >"$SCRATCH/wrong"; return 1 ;;
    *) echo "exit status $status" >"$SCRATCH/wrong"; return 1 ;;
    esac
    case $1 in
    measure | resume) judge_measured ;;
    *) judge_analysed "$1" ;;
    esac
}

# inject SCENARIO CALL ERROR OCCURRENCE
inject() {
    what=error=$3
    [ "$3" != KILL ] || what=signal=KILL
    prepare "$1"
    status=0
    # shellcheck disable=SC2046 # a list of words
    timeout -s KILL 100 \
        strace -f -qqq -o "$SCRATCH/trace" -e signal=none -e "trace=$2" \
        -e "inject=$2:$what:when=$4" $(command_of "$1") \
        >"$SCRATCH/out" 2>"$SCRATCH/messages" || status=$?
    [ "$status" -ne 137 ] || [ "$3" = KILL ] || status=124
    # A call during which its process was killed has no result.
    grep -q -e INJECTED -e '= ?$' "$SCRATCH/trace" || return 0
    n_injected=$((n_injected + 1))
    if judge "$1" "$3"; then
        message=$(complaints "$SCRATCH/messages" | head -n 1)
        message=$(echo "$message" | sed "s,$SCRATCH,,g; s/\"/'/g")
    else
        outcome=WRONG
        message=$(cat "$SCRATCH/wrong" "$SCRATCH/messages" |
            tr '\n"' "|'" | cut -c 1-300)
        n_wrong=$((n_wrong + 1))
        echo "$1: $2 $3 at $4: $message" >&2
    fi
    echo "$1,$2,$3,$4,$outcome,\"$message\"" >>"$output"
}

# --- what is injected -------------------------------------------------------

# occurrences SCENARIO: "CALL N..." of one run; N as strace counts, in each
# process for itself. Those before main are left out.
occurrences() {
    prepare "$1"
    # shellcheck disable=SC2046
    strace -f -qqq -e signal=none -o "$SCRATCH/trace" $(command_of "$1") \
        >/dev/null 2>&1 || [ "$1" = verify ] # which finds a change
    awk -v how="$how" -v startup="^($STARTUP)$" '
        NR == 1 { main = $1 }
        !match($2, /^[a-z_0-9]+\(/) { next }
        { call = substr($2, 1, RLENGTH - 1) }
        call ~ startup { next }
        { n[call, $1]++; calls[call]; pids[$1] }
        # The last thing the loader does is to forget its cache.
        call == "munmap" && !is_main && $1 == main {
            is_main = 1
            for (c in calls)
                before[c] = n[c, main] + 0
        }
        function add(number) {
            if (number > before[call] && !((call, number) in chosen)) {
                chosen[call, number]
                list = list " " number
            }
        }
        END {
            for (call in calls) {
                list = ""
                for (pid in pids) {
                    low = pid == main ? before[call] + 1 : 1
                    last = n[call, pid]
                    if (last < low)
                        continue
                    add(low)
                    add(last)
                    if (how != "all")
                        continue
                    add(low + 1 <= last ? low + 1 : last)
                    add(int((low + last) / 2))
                }
                if (list != "")
                    print call list
            }
        }' "$SCRATCH/trace" | LC_ALL=C sort
}

ALL="EINTR EAGAIN EMFILE ENFILE ENOMEM ENOSPC EIO EPERM ENOSYS EBADF KILL"

errors_of() {
    [ "$how" != all ] || { echo "$ALL"; return; }
    case $1 in
    open* | socket* | epoll_create* | dup* | fcntl) echo "EMFILE ENOMEM" ;;
    read | pread*) echo "EIO EINTR" ;;
    write | pwrite*) echo "ENOSPC EIO EINTR KILL" ;;
    fdatasync | fsync | ftruncate | rename* | mkdir* | fchmod | unlink* | lseek)
        echo "EIO ENOSPC KILL" ;;
    mmap | munmap | brk | mprotect | mremap | madvise) echo "ENOMEM" ;;
    clone* | *fork) echo "EAGAIN KILL" ;;
    poll | select | pselect6 | epoll_wait | epoll_pwait* | wait4 | flock | *sig*)
        echo "EINTR EBADF" ;;
    *) echo "EPERM ENOSYS" ;;
    esac
}

# --- all of it --------------------------------------------------------------

run=$SCRATCH/run
n_injected=0
n_wrong=0
# shellcheck disable=SC2086
pollbench $FEW_ROUNDS --output "$SCRATCH/measured" 2>/dev/null
# Cut off in the middle of the second invocation, with half a row at the end.
cp -r "$SCRATCH/measured" "$SCRATCH/interrupted"
head -c "$(awk '{ n += length($0) + 1 } END { print int(0.7 * n) }' \
    "$SCRATCH/measured/samples.csv")" "$SCRATCH/measured/samples.csv" \
    >"$SCRATCH/interrupted/samples.csv"
sed '/^complete,yes/d' "$SCRATCH/measured/host.csv" \
    >"$SCRATCH/interrupted/host.csv"

scenarios="${SCENARIOS-measure resume}"
for verb in fit report predict compare; do
    prepare "$verb"
    # shellcheck disable=SC2046,SC2091 # the words of a command
    $(command_of "$verb") >"$SCRATCH/reference.$verb.out"
    mv "$run" "$SCRATCH/reference.$verb"
    scenarios="$scenarios $verb"
done
scenarios="$scenarios verify"

echo "program,system_call,error,occurrence,outcome,message" >"$output"
for scenario in $scenarios; do
    occurrences "$scenario" >"$SCRATCH/calls"
    while read -r call numbers; do
        for error in $(errors_of "$call"); do
            for number in $numbers; do
                inject "$scenario" "$call" "$error" "$number" </dev/null
            done
        done
    done <"$SCRATCH/calls"
done
echo "$n_injected faults injected, $n_wrong of them with a wrong outcome;" \
    "each is in $output"
[ "$n_wrong" -eq 0 ] && [ "$n_injected" -gt 100 ]
