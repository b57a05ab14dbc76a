#!/bin/sh
# SPDX-License-Identifier: MIT
# Boots User Mode Linux, a kernel that is an ordinary process, and runs a
# command in it with far more descriptors than a process may have here. What is
# needed: linux.uml (Debian: user-mode-linux) and busybox; not root.
#
#   user_mode_linux.sh [-m MEGABYTES] [-t SECONDS] DIR COMMAND
#
#   -m       memory of the guest, taken as it is used (default: three quarters
#            of what is free, 12288 at most)
#   -t       end it after that long (default: 7200)
#   DIR      is copied into the guest
#   COMMAND  is run there by sh, as root, in the copy
#
# Prints what COMMAND prints. Exit status: COMMAND's; 124 it did not end, 125
# the guest did not come up. Nothing stays behind, whatever ends this script.
set -eu

DESCRIPTORS=2100000 # that a process may have there
MEGABYTES_LEAST=256

# cannot WHAT: there is no guest to be had
cannot() {
    printf 'user_mode_linux.sh: %s\n' "$*" >&2
    exit 125
}

megabytes_free() {
    awk '$1 == "MemAvailable:" { free = int($2 / 1024 * 3 / 4) }
         END { print (free > 12288) ? 12288 : free + 0 }' /proc/meminfo
}

# The root of the guest: busybox with the libraries it may need, an init.
make_root() {
    mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev" "$root/tmp" \
        "$root/work"
    cp "$(command -v busybox)" "$root/bin/busybox"
    { ldd "$root/bin/busybox" 2>/dev/null || true; } |
        awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^\//) print $i }' |
        while read -r library; do
            mkdir -p "$root$(dirname "$library")"
            cp -L "$library" "$root$library"
        done
    cp -RL "$1" "$root/dir"
    printf '%s\n' "$2" >"$root/command"
    cat >"$root/init" <<INIT
#!/bin/busybox sh
# There is no console: what goes wrong here is in the file log.
exec >/log 2>&1
/bin/busybox --install -s /bin
export PATH=/bin HOME=/tmp
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs -o size=90% tmp /tmp
mount -t tmpfs -o size=90% work /work
cp -R /dir/. /work
cd /work
echo 4000000 >/proc/sys/fs/nr_open
echo 20000000 >/proc/sys/fs/file-max
echo 20000000 >/proc/sys/fs/epoll/max_user_watches
ulimit -Hn $DESCRIPTORS && echo up >/up
sh /command </dev/null >/output 2>&1
echo \$? >/status
poweroff -f
INIT
    chmod +x "$root/init"
}

# What the shell below does first: a place for the guest's memory. In huge
# pages it is about twice as fast when there is much of it.
# shellcheck disable=SC2016 # expanded by that shell
own_memory='mount -t tmpfs -o huge=always,size="$1m" memory "$2" 2>/dev/null ||
    mount -t tmpfs -o size="$1m" memory "$2"'

# Sets isolation: what gives the guest process numbers of its own, which end
# with it, and mounts; empty where that is not allowed.
choose_isolation() {
    for as in "" --map-root-user; do
        isolation="unshare $as --mount --pid --fork --kill-child --mount-proc"
        # shellcheck disable=SC2086 # a command and its arguments
        ! $isolation sh -c "$own_memory" sh 1 "$work/memory" 2>/dev/null ||
            return 0
    done
    isolation=
}

# Where the guest's memory lies, as a file that is executed from.
choose_memory() {
    if [ -n "$isolation" ]; then
        memory=$work/memory
    elif [ -w /dev/shm ]; then
        memory=/dev/shm own_memory=:
    else
        memory=$work/memory own_memory=:
    fi
}

# One CPU: the guest and the processes it traces take turns, and that is dear
# across CPUs.
last_cpu() {
    taskset -cp $$ | sed 's/.*[:, -]//'
}

# Does not return. The guest dies with this script, however that dies: on
# SIGTERM User Mode Linux ends its helpers, too, and unshare, which does not
# heed it, is killed a little later with all that it has started.
start() {
    # shellcheck disable=SC2086,SC2016 # a command; the inner shell expands
    exec setpriv --pdeathsig TERM timeout -k 1 "$seconds" $isolation \
        sh -c "$own_memory"' || exit
            export TMPDIR="$2"
            cpu=$3
            echo $$ >"$4"
            shift 4
            exec taskset -c "$cpu" linux.uml "$@"' \
        sh "$((megabytes + 64))" "$memory" "$(last_cpu)" "$work/pid" \
        mem="${megabytes}M" rootfstype=hostfs rootflags="$root" rw init=/init \
        con=null con0=null,fd:1 quiet uml_dir="$work/" umid=guest \
        </dev/null >"$work/console" 2>&1
}

# A kernel that panicked stays, and does nothing any more. Ends with the guest.
watch() {
    while kill -0 "$guest" 2>/dev/null; do
        ! grep -qs 'Kernel panic' "$work/console" || kill "$guest" || true
        sleep 0.5
    done
}

# Sets ended, its status. It leads a session; what it had no time to end itself
# is still there, if it has the same process numbers as this script.
wait_for_guest() {
    ended=0
    wait "$guest" 2>/dev/null || ended=$?
    guest=
    [ -n "$isolation" ] || [ ! -s "$work/pid" ] ||
        kill -s KILL -- "-$(cat "$work/pid")" 2>/dev/null || true
}

usage() {
    sed -n 's/^#   user_mode/usage: user_mode/p' "$0" >&2
    exit 2
}

megabytes=$(megabytes_free)
seconds=7200
while getopts m:t: option; do
    case $option in
    m) megabytes=$OPTARG ;;
    t) seconds=$OPTARG ;;
    *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -eq 2 ] || usage
[ -d "$1" ] || cannot "$1: no such folder"
for tool in linux.uml busybox setpriv taskset timeout unshare; do
    command -v "$tool" >/dev/null || cannot "$tool is not installed"
done
[ "$megabytes" -ge "$MEGABYTES_LEAST" ] ||
    cannot "$megabytes MB of memory are too little"

guest=
work=$(mktemp -d)
# A signal ends the script only when the guest is gone.
trap '[ -z "$guest" ] || { kill "$guest" 2>/dev/null || true; wait_for_guest; }
    rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
case $work in
*[!A-Za-z0-9/._-]*) cannot "$work: a kernel cannot be told that name" ;;
esac
root=$work/root
mkdir "$work/memory"
make_root "$1" "$2"
choose_isolation
choose_memory

start &
guest=$!
watch &
wait_for_guest
[ -s "$root/up" ] || {
    cat "$work/console" "$root/log" >&2 2>/dev/null || true
    cannot "the guest did not come up (status $ended), see above"
}
cat "$root/output"
[ -s "$root/status" ] || {
    tail -n 20 "$work/console" >&2
    echo "user_mode_linux.sh: the command did not end (within $seconds s?)" >&2
    exit 124
}
exit "$(cat "$root/status")"
