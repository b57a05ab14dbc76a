#!/bin/sh
# SPDX-License-Identifier: MIT
# Laws of growth that differ, each with 1 % of noise: a claim of O(n) is
# supported by O(n) alone, and growth.csv, the summary, the verdicts and the
# history say the same of one cost.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

# cell FILE COLUMN WHERE VALUE [WHERE VALUE]...: the column in the first row in
# which each WHERE is VALUE. Fields as RFC 4180 has them, without line ends.
cell() {
    cell_file=$1
    shift
    for cell_word; do
        printf '%s\n' "$cell_word"
    done | awk '
    function cut(row, fields,    n, i, c, is_quoted) {
        split("", fields)
        n = 1
        for (i = 1; i <= length(row); i++) {
            c = substr(row, i, 1)
            if (c == "\"")
                is_quoted = !is_quoted
            else if (c == "," && !is_quoted)
                n++
            else
                fields[n] = fields[n] c
        }
        return n
    }
    NR == FNR {
        word[NR] = $0
        n_words = NR
        next
    }
    FNR == 1 {
        for (i = cut($0, got); i > 0; i--)
            at[got[i]] = i
        next
    }
    {
        cut($0, got)
        for (i = 2; i < n_words && got[at[word[i]]] == word[i + 1]; i += 2)
            continue
        if (i > n_words) {
            print got[at[word[1]]]
            exit
        }
    }' - "$cell_file"
}

# is WANTED GOT WHAT
is() {
    [ "$1" = "$2" ] || fail "$truth, seed $seed: $3: \"$2\", not \"$1\""
}

# told CLASS VERDICT HISTORY: of poll, or of epoll where the truth is epoll's.
told() {
    backend=${truth%%-*}
    is "$1" "$(cell "$run/growth.csv" class backend "$backend" stage all \
        variable fd_count)" "class of $backend"
    case $backend in
    poll) claim=python-poll-fd-count ;;
    *) claim=libev-epoll-not-fd-count ;;
    esac
    words="$1 in the number of fds watched"
    [ "$1" != cannot-tell ] || words="in the number of fds watched"
    "$programs/pollbench" show "$run" | grep "^- $backend is " |
        grep -F "$words" >"$work/verdict" ||
        fail "$truth, seed $seed: not in the summary: $words"
    if [ "$1" = cannot-tell ]; then
        grep -qE "cannot be told|of no class" "$work/verdict"
    else
        ! grep -q "cannot be told" "$work/verdict"
    fi || fail "$truth, seed $seed: not in the summary: $words"
    is "$2" "$(cell "$run/claims.csv" verdict claim "$claim")" "$claim"
    is "$3" "$(cell "$run/history.csv" growth series 'this run' \
        backend "$backend")" "history of $backend"
}

for seed in 1 2; do
    for truth in poll-sqrt poll-log poll-n poll-n-log-n poll-n-1.5 poll-n-2 \
        poll-m-512 epoll-log; do
        run=$work/$truth-$seed
        synthetic "$run" 6 5 0.01 0.01 0 "$seed" 1 "$truth"
        "$programs/pollbench" fit "$run"
        case $truth in
        poll-sqrt) told 'O(sqrt n)' refuted sqrt ;;
        poll-log) told 'O(log n)' refuted log ;;
        poll-n) told 'O(n)' supported linear ;;
        poll-n-log-n) told 'O(n log n)' refuted n-log-n ;;
        poll-n-1.5) told cannot-tell cannot-tell cannot-tell ;;
        poll-n-2) told 'O(n^2)' refuted quadratic ;;
        epoll-log) told 'O(log n)' refuted log ;;
        poll-m-512)
            is refuted "$(cell "$run/claims.csv" verdict \
                claim python-poll-not-highest-fd)" python-poll-not-highest-fd
            ;;
        esac
        # What is not touched stays as it is.
        is supported "$(cell "$run/claims.csv" verdict \
            claim libev-epoll-ready-count)" libev-epoll-ready-count
    done
done
