#!/usr/bin/env bash
# place — runs are kept only on file systems that keep the promises; and what orch doctor says of this and that.
. "$(dirname "$0")/lib.sh"
mounts=$(TMPDIR=/tmp mktemp -d)
unmount() { for at in "$mounts"/*/; do fusermount -u "$at" 2>/dev/null || umount "$at" 2>/dev/null; done; }
trap 'cd /; unmount; rm -rf "$mounts"' EXIT
tried() { echo "place: $1: not tried: $2"; }

# refused NAME WORDS — a repository on $mounts/NAME: refused for these words, and taken with the flag.
refused() {
	cd "$mounts/$1" && git init -q -b main repo && cd repo || exit 1
	git -c user.name=t -c user.email=t@x commit -q --allow-empty -m one
	plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  prompt "write a.txt hello" }
P
	rm plan.orch
	run 3 exec "$work/plan.orch"
	check "$1: refused" said 'cannot keep what orch promises'
	check "$1: with the reason" said "$2"
	check "$1: with the remedy" said '--any-file-system'
	check "$1: nothing was made" not test -e .orch
	check "$1: nor left" same "$(git status --porcelain)" ''
	run 1 doctor
	check "$1: the doctor says so too" grep -q "^bad .*file system" "$work/out"
	check "$1: and leaves nothing" not test -e .orch
}

repository local
plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  prompt "write a.txt hello" }
P
rm plan.orch
run 0 doctor
check 'the doctor leaves nothing behind' same "$(git status --porcelain --ignored)" ''
check 'nor .orch' not test -e .orch
run 0 doctor --json
check 'a line of JSON for each check' python3 -c '
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert len(lines) >= 16 and all(set(l) == {"name", "state", "what", "advice"} for l in lines)
assert all(l["state"] in ("ok", "weaker", "bad") and l["what"] for l in lines)
assert all(l["advice"] for l in lines if l["state"] != "ok"), "what is not ok has a remedy"
assert len({l["name"] for l in lines}) == len(lines)' "$work/out"
run 0 exec "$work/plan.orch"
check 'a file system that keeps all of it is not talked of' not said 'file system'
for runner in $(sed -n 's/^runner \([a-z]*\) {.*/\1/p' "$here/../../stdlib/agents.orch"); do
	check "$runner of the library is looked for" grep -qE "coding agents .*\b$runner\b" <(orch doctor)
done
mkdir "$work/clients" "$work/.claude"
printf '#!/bin/sh\nprintf "1.2.3 \\033[31mred\\n"\n' >"$work/clients/claude"
printf '#!/bin/sh\nexec sleep 1000\n' >"$work/clients/codex"
chmod +x "$work/clients"/*
(unset ANTHROPIC_API_KEY; PATH=$work/clients:$PATH orch doctor) >"$work/out" 2>&1
check 'one that is installed, with its version' said 'claude: 1.2.3 \x1b[31mred (no login found)'
check 'one that does not answer' said 'codex: it does not say which version'
echo secret >"$work/.claude/.credentials.json"
chmod 0 "$work/.claude/.credentials.json"
(unset ANTHROPIC_API_KEY; PATH=$work/clients:$PATH orch doctor) >"$work/out" 2>&1
check 'a login is told by its file' said 'red (logged in)'
rm -rf "$work/.claude"
run 0 doctor
check 'the journal' grep -qE '^ok +journal +1 run$' "$work/out"
cp .orch/journal.db "$work/journal"
head -c 5000 "$work/journal" >.orch/journal.db
run 1 doctor
check 'one that is damaged' grep -qE '^bad +journal .*journal.db is damaged' "$work/out"
cp "$work/journal" .orch/journal.db
(cd "$work" && mkdir none && cd none && orch doctor >"$work/out" 2>&1)
check 'without a repository no run can start' same $? 1
check 'which is said' grep -q '^bad .*repository' "$work/out"
(ulimit -n 100; orch doctor) >"$work/out" 2>&1
check 'too few open files are bad' grep -q '^bad .*open files' "$work/out"
check 'with a command' grep -q 'ulimit -n 1024' "$work/out"
git worktree add -q ../linked -b linked
(cd ../linked && orch doctor) >"$work/out" 2>&1
check 'in a linked work tree it says where to go' grep -q "cd .*/local" "$work/out"

mkdir "$mounts/fuse" "$mounts/source"
if command -v bindfs >/dev/null && bindfs "$mounts/source" "$mounts/fuse" 2>"$work/err"; then
	refused fuse "it is a program's (FUSE)"
	run 0 exec --any-file-system "$work/plan.orch"
	check 'fuse: with the flag it runs' is a merged
	check 'fuse: and is told' said 'is used all the same'
	check 'fuse: and journaled' python3 -c '
import sqlite3
rows = sqlite3.connect(".orch/journal.db").execute("select name, message from events").fetchall()
assert sum(name == "file-system" and "FUSE" in message for name, message in rows) == 1, rows'
	cd / && fusermount -u "$mounts/fuse"
else
	tried fuse 'no bindfs, or no FUSE mounts here'
fi

# One that is full: a disk in memory, whose last bytes are taken.
mkdir "$mounts/full"
if mount -t tmpfs -o size=1m,nr_inodes=200 none "$mounts/full" 2>"$work/err"; then
	cd "$mounts/full" && git init -q -b main repo && cd repo || exit 1
	git -c user.name=t -c user.email=t@x commit -q --allow-empty -m one
	dd if=/dev/zero of=.git/filler bs=4096 status=none 2>/dev/null
	run 3 exec "$work/plan.orch"
	check 'full: it is said that it is full' said 'its disk is full'
	check 'full: and what to do' said 'make room there'
	check 'full: no reason to distrust it' not said '--any-file-system'
	run 1 doctor
	check 'full: the doctor says so' grep -q '^bad .*its disk is full' "$work/out"
	check 'full: and nothing else' not said '--any-file-system'
	cd / && umount "$mounts/full"
else
	tried full 'this user cannot mount a disk in memory'
fi

# A file system of another system: exFAT, which knows no case.
mkdir "$mounts/folded"
truncate -s 64M "$work/folded.image"
loop=
if command -v mount.exfat-fuse >/dev/null && mkfs.exfat "$work/folded.image" >/dev/null 2>&1 &&
	loop=$(losetup -f --show "$work/folded.image" 2>"$work/err") &&
	mount.exfat-fuse "$loop" "$mounts/folded" >/dev/null 2>"$work/err"; then
	refused folded 'names that differ only in upper and lower case are one file there'
	check 'folded: every fault is named' said 'it has no symbolic links'
	cd / && umount "$mounts/folded"
else
	tried folded 'no exfat-fuse, or no loop devices or FUSE mounts here'
fi
[ -z "$loop" ] || losetup -d "$loop"

# The same in the kernel: an ext4 with a folder that folds case.
mkdir "$mounts/ext4"
truncate -s 64M "$work/ext4.image"
if mkfs.ext4 -q -O casefold -E encoding=utf8 "$work/ext4.image" 2>"$work/err" &&
	mount -o loop "$work/ext4.image" "$mounts/ext4" 2>>"$work/err" && chattr +F "$mounts/ext4" 2>>"$work/err"; then
	refused ext4 'names that differ only in upper and lower case are one file there'
	cd / && umount "$mounts/ext4"
else
	tried ext4 'this kernel or this user cannot mount one that folds case'
	umount "$mounts/ext4" 2>/dev/null
fi
mkdir "$mounts/vfat"
truncate -s 64M "$work/vfat.image"
if command -v mkfs.vfat >/dev/null && mkfs.vfat "$work/vfat.image" >/dev/null 2>&1 &&
	mount -o loop "$work/vfat.image" "$mounts/vfat" 2>"$work/err"; then
	refused vfat 'it was made for other systems'
	cd / && umount "$mounts/vfat"
else
	tried vfat 'this kernel or this user cannot mount one'
fi
end
