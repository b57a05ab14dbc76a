#!/bin/sh
# SPDX-License-Identifier: MIT
# kernel.sh SUITE [ARCHITECTURE]: sees to it that the kernel of one of Debian's
# suites (bookworm) is there, and prints its file. Its package is downloaded and
# unpacked, not installed, and nothing of the system's is changed; what is there
# already is not asked for again. It stays in $XDG_CACHE_HOME/pollbench; remove
# its folder to have a newer one. POLLBENCH_MIRROR is where Debian's packages are,
# if not where this system has them from. Exit status: 1 failed, 2 wrong usage,
# 77 cannot be had here.
set -eu

# die STATUS MESSAGE...
die() {
    status=$1
    shift
    printf 'kernel.sh: %s\n' "$*" >&2
    exit "$status"
}

# With lists and archives of its own; the system's keys and sources stay as they are.
apt() {
    tool=$1
    shift
    "$tool" -q -o Dir::Etc::SourceList="$apt/sources.list" \
        -o Dir::Etc::SourceParts="$apt/none" -o Dir::State="$apt" \
        -o Dir::State::status="$apt/status" -o Dir::Cache="$apt" \
        -o APT::Architecture="$architecture" \
        -o APT::Architectures="$architecture" -o Acquire::Languages=none \
        -o APT::Sandbox::User=root "$@"
}

# The first of the system's own that has Debian's packages or, where it has read
# none yet, may have.
mirror() {
    for origin in 'Origin: Debian' 'Created-By: Packages'; do
        # shellcheck disable=SC2016 # for apt-get
        apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
            "$origin"
    done | grep -v -m 1 security
}

# The packages with an image and its configuration, whatever their version is.
packages() {
    apt apt-cache depends --recurse --no-recommends --no-suggests \
        --no-conflicts --no-breaks --no-replaces --no-enhances "$package" |
        grep -E '^linux-(image|binary|base)-[0-9]'
}

# Into $cache/vmlinuz-VERSION and config-VERSION
fetch() {
    command -v apt-get >/dev/null ||
        die 77 "no apt-get to fetch the kernel of $suite with: name an image"
    mkdir -p "$apt/none" "$apt/lists/partial" "$apt/archives/partial"
    : >"$apt/status"
    key=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -r "$key" ] && key="[signed-by=$key]" || key=
    uri=${POLLBENCH_MIRROR:-$(mirror || true)}
    [ -n "$uri" ] || die 77 "this system has no packages of Debian: set \
POLLBENCH_MIRROR, or name an image"
    echo "deb $key $uri $suite main" >"$apt/sources.list"
    printf 'Reading which kernel %s has (some 10 MB)\n' "$suite" >&2
    apt apt-get update -o APT::Update::Error-Mode=any >"$apt/log" 2>&1 || {
        why=$(grep '^E:' "$apt/log" | head -n 1)
        rm -rf "$cache"
        die 1 "$suite: no lists of its packages: $why"
    }
    names=$(packages) || die 1 "$suite: has no $package"
    # shellcheck disable=SC2086 # a list of names
    size=$(cd "$apt" && apt apt-get download --print-uris $names |
        awk '{ sum += $3 } END { printf "%.0f", sum / 1e6 }')
    printf 'Downloading %s MB, to be unpacked and not installed: %s\n' "$size" \
        "$(echo "$names" | xargs)" >&2
    # What was interrupted is gone on with, and its sum looked at.
    # shellcheck disable=SC2086
    (cd "$apt" && apt apt-get download $names) >"$apt/log" 2>&1 ||
        die 1 "$suite: not downloaded: $(grep '^E:' "$apt/log" | head -n 1)"
    rm -rf "$apt/root"
    for archive in "$apt"/*.deb; do
        dpkg-deb -x "$archive" "$apt/root" || die 1 "$archive: cannot be unpacked"
    done
    keep_kernel
}

# Under /boot, or in recent suites beside the modules; the image comes last.
keep_kernel() {
    image=$(find "$apt/root" -type f -name 'vmlinuz*' | head -n 1)
    [ -n "$image" ] || die 1 "no kernel in $(echo "$names" | xargs)"
    version=$(echo "$names" | grep -E -m 1 '^linux-(image|binary)-' |
        sed -E 's/^linux-(image|binary)-//')
    find "$apt/root" -type f \( -name config -o -name "config-$version" \) \
        -exec mv {} "$cache/config-$version" \;
    mv "$image" "$cache/vmlinuz-$version"
    rm -rf "$apt"
}

case $#:${1:-} in
[12]:[a-z]*) suite=$1 ;;
*) die 2 "usage: kernel.sh SUITE [ARCHITECTURE], in Debian's words" ;;
esac
architecture=${2:-$(dpkg --print-architecture 2>/dev/null || echo amd64)}
case $architecture in
amd64 | arm64) package=linux-image-cloud-$architecture ;; # a third of the size
*) package=linux-image-$architecture ;;
esac
cache=${XDG_CACHE_HOME:-$HOME/.cache}/pollbench/$architecture-$suite
apt=$cache/apt
[ -s "$(echo "$cache"/vmlinuz-*)" ] || fetch
echo "$cache"/vmlinuz-*
