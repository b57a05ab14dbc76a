#!/bin/sh
# SPDX-License-Identifier: MIT
# Each verb has a manual page that man takes without a warning, and bash completes
# verbs and their options.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"
install_and_move
PATH="$installed/bin:$PATH"

# completed WORD...: what bash offers for the last of these
cat >"$work/complete.bash" <<'END'
. "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_pollbench pollbench "${@: -1}"
printf '%s\n' "${COMPREPLY[@]}"
END
completed() {
    bash "$work/complete.bash" \
        "$installed/share/bash-completion/completions/pollbench" "$@"
}
if command -v bash >/dev/null; then
    [ "$(completed pollbench com)" = compare ] || fail "no verb is completed"
    [ "$(completed pollbench '' | wc -l)" -ge 10 ] || fail "few verbs"
    [ "$(completed pollbench compare RUN --thr)" = --threshold ] ||
        fail "no option is completed"
    [ -z "$(completed pollbench fit result)" ] || fail "a file was completed"
fi

pages=$installed/share/man/man1
[ -d "$pages" ] || skip "no manual pages: help2man was not there"
pollbench --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' >"$work/verbs"
while read -r verb; do
    [ "$verb" != list ] || continue # an option of run
    page=$pages/pollbench-$verb.1
    [ -s "$page" ] || fail "$verb has no page"
    grep -q "^\.B pollbench $verb$" "$page" || fail "$page: another synopsis"
done <"$work/verbs"
command -v man >/dev/null || skip "man is not installed"
for page in "$pages"/*.1; do
    LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$page" 2>"$work/said" \
        >"$work/page"
    [ ! -s "$work/said" ] || fail "$page: $(cat "$work/said")"
    grep -q '^SYNOPSIS' "$work/page" || fail "$page: no synopsis"
done
