# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# A small disk that can be filled up. After tap.sh.
#
#   disk_mount SIZE      an empty one of SIZE (8m) at $disk until the test's end; where none can be mounted, the file is skipped
#   disk_resize SIZE     another size for it, with what is on it

disk=''

disk_mount() {
    disk=$(mktemp -d /tmp/disk.XXXXXX)
    mount -t tmpfs -o "size=$1" tmpfs "$disk" 2>"$work/.mount" || {
        rmdir "$disk"
        skip_all "no small disk can be mounted here: $(cat "$work/.mount")"
    }
    at_exit rmdir "$disk"
    at_exit umount "$disk"
}

disk_resize() { mount -o "remount,size=$1" "$disk"; }
