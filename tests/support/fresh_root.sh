#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Proves the README: a new Debian 12 with git and the network, a clone of this commit, both commands.
# usage (as root, needs debootstrap): fresh_root.sh [--keep] [--root DIR] [COMMAND…]
# Without COMMANDs (each one argument) it runs './dev demo' and './dev test'. --root names the folder
# that the new system goes into (default: a temporary one); --keep leaves it, without its mounts.
set -euo pipefail
source=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
keep=no root=""
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=yes; shift ;;
    --root) root=$2; shift 2 ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || set -- './dev demo' './dev test'
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
[ -n "$root" ] || root=$(mktemp -d /var/tmp/freshet-root.XXXXXX)
mkdir -p "$root"
root=$(readlink -f "$root")

# Whatever still runs inside the root is ours: it was started there.
endProcesses() {
  local process
  for process in /proc/[0-9]*; do
    case "$(readlink "$process/root" 2>/dev/null || true)" in
      "$root" | "$root"/*) kill "-$1" "${process#/proc/}" 2>/dev/null || true ;;
    esac
  done
}

cleanUp() {
  endProcesses TERM
  sleep 1
  endProcesses KILL
  for place in dev/shm dev/pts dev sys proc; do
    ! mountpoint -q "$root/$place" || umount -l "$root/$place"
  done
  if [ $keep = yes ]; then
    echo "fresh_root: left in $root"
  elif ! grep -q " $root" /proc/mounts; then
    rm -rf --one-file-system "$root"
  fi
}
trap cleanUp EXIT
trap 'exit 130' INT TERM

if [ ! -x "$root/usr/bin/git" ]; then
  debootstrap --include=git bookworm "$root" "$mirror" >"$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; exit 1; }
  rm -f "$root.log"
fi
# A network that inspects TLS signs with authorities of its own, which this machine trusts already.
if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
  mkdir -p "$root/usr/local/share/ca-certificates"
  cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
grep -q "$(hostname)" "$root/etc/hosts" 2>/dev/null || echo "127.0.0.1 localhost $(hostname)" >>"$root/etc/hosts"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sys "$root/sys"
mount -t tmpfs -o mode=755 dev "$root/dev"
for node in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do
  read -r name major minor <<<"$node"
  mknod -m 666 "$root/dev/$name" c "$major" "$minor"
done
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"

rm -rf "$root/root/freshet"
git clone -q --no-hardlinks "$source" "$root/root/freshet"
echo "fresh_root: Debian $(cat "$root/etc/debian_version"), commit $(git -C "$source" rev-parse --short HEAD), in $root"
proxies=()
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  [ -z "${!name:-}" ] || proxies+=("$name=${!name}")
done
for command in "$@"; do
  echo "fresh_root: $command"
  began=$SECONDS
  chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
    "${proxies[@]}" /bin/bash -c "cd /root/freshet && $command"
  echo "fresh_root: $command took $((SECONDS - began)) s"
done
