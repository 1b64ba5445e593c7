#!/usr/bin/env bash
# traps — a repository, and an agent's own git folder, whose hooks, filters, drivers and programs all leave a mark when
# they are run. git falls into them; no command of orch does.
. "$(dirname "$0")/lib.sh"
meanwhile=1
mkdir "$work/fired" "$work/bin"
real=$(command -v git)

# trap_program FILE NAME — a program that leaves a mark, and passes on what it reads.
trap_program() {
	printf '#!/bin/sh\n: >"%s/fired/%s"\n[ -t 0 ] || cat\n' "$work" "$2" >"$1"
	chmod +x "$1"
}
hooks='applypatch-msg commit-msg fsmonitor-watchman post-applypatch post-checkout post-commit post-index-change post-merge
post-receive post-rewrite post-update pre-applypatch pre-auto-gc pre-commit pre-merge-commit pre-push pre-rebase pre-receive
prepare-commit-msg proc-receive push-to-checkout reference-transaction sendemail-validate update'
programs='alias.log alias.merge alias.status browser.own.cmd core.alternateRefsCommand core.askPass core.editor core.fsmonitor
core.gitProxy core.pager core.sshCommand credential.helper diff.external diff.own.command diff.own.textconv difftool.own.cmd
filter.own.clean filter.own.process filter.own.smudge gpg.program gpg.ssh.program gpg.x509.program interactive.diffFilter
man.own.cmd merge.own.driver mergetool.own.cmd pager.diff pager.log remote.origin.receivepack remote.origin.uploadpack
sequence.editor submodule.sub.update trailer.own.command uploadpack.packObjectsHook'
# set_traps GIT_FOLDER WHOSE PLACE — all of them, their programs in the place. `filter.own.process` is set where nothing else is to be shown to work.
set_traps() {
	local folder=$1 whose=$2 place=$3 name
	mkdir -p "$folder/hooks" "$folder/info" "$place"
	for name in $hooks; do trap_program "$folder/hooks/$name" "$whose-hook-$name"; done
	for name in $programs; do
		trap_program "$place/$name" "$whose-$name"
		case $name in
		alias.* | submodule.* | credential.*) "$real" --git-dir="$folder" config "$name" "!$place/$name" ;;
		*) "$real" --git-dir="$folder" config "$name" "$place/$name" ;;
		esac
	done
	"$real" --git-dir="$folder" config core.hooksPath "$folder/hooks"
	"$real" --git-dir="$folder" config commit.gpgSign true
	"$real" --git-dir="$folder" config tag.gpgSign true
	"$real" --git-dir="$folder" config filter.own.required true
	printf '[core]\n\tfsmonitor = %s/core.fsmonitor\n[alias]\n\tinfo = !%s/alias.log\n' "$place" "$place" >"$place/included"
	"$real" --git-dir="$folder" config include.path "$place/included"
	"$real" --git-dir="$folder" config init.templateDir "$folder"
	echo '*.own filter=own diff=own merge=own' >"$folder/info/attributes"
}
fired() { ls "$work/fired"; }

repository trapped
echo 1 >kept.own && echo '*.c filter=own diff=own merge=own' >.gitattributes && echo 'int a;' >a.c
git add -A && git commit -q -m own
set_traps "$PWD/.git" user "$work/user"
git config --unset filter.own.process

# They work: git itself falls into them.
echo 2 >>kept.own
git status >/dev/null 2>&1
git -c core.pager= diff >/dev/null 2>&1
git add kept.own >/dev/null 2>&1
git commit -q -m x >/dev/null 2>&1 </dev/null
git -c commit.gpgSign=false commit -q -m x >/dev/null 2>&1 </dev/null
git -c core.hooksPath=/nowhere -c commit.gpgSign=false commit -q -m x >/dev/null 2>&1
git checkout -q -b other HEAD^ >/dev/null 2>&1
echo 3 >kept.own && git -c core.hooksPath=/nowhere -c commit.gpgSign=false commit -q -am y >/dev/null 2>&1
git -c commit.gpgSign=false merge -q main -m z >/dev/null 2>&1 </dev/null
git merge --abort >/dev/null 2>&1
git checkout -q -f main >/dev/null 2>&1
for name in hook-post-checkout hook-pre-commit hook-reference-transaction hook-post-index-change core.fsmonitor filter.own.clean filter.own.smudge gpg.program merge.own.driver; do
	check "git falls into $name" test -e "$work/fired/user-$name"
done
set_traps "$PWD/.git" user "$work/user"
check 'there are enough of them' test "$(ls .git/hooks "$work/user" | wc -l)" -ge 55
git -c core.hooksPath=/nowhere -c core.fsmonitor= reset -q --hard >/dev/null 2>&1
rm -f "$work"/fired/*

# What would be run if orch started git, or obeyed the environment.
trap_program "$work/bin/git" path-git
trap_program "$work/bin/git-lfs" path-git-lfs
trap_program "$work/bin/ssh" path-ssh
trap_program "$work/bin/gpg" path-gpg
trap_program "$work/bin/less" path-less
export REAL_GIT=$real TRAPS=$work
for name in GIT_EXTERNAL_DIFF GIT_EDITOR GIT_PAGER GIT_SSH GIT_SSH_COMMAND GIT_ASKPASS GIT_PROXY_COMMAND GIT_SEQUENCE_EDITOR EDITOR VISUAL PAGER SSH_ASKPASS; do
	trap_program "$work/bin/env-$name" "env-$name"
	export $name="$work/bin/env-$name"
done
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.fsmonitor GIT_CONFIG_VALUE_0=$work/user/core.fsmonitor
export PATH=$work/bin:$PATH
declare -f trap_program set_traps >"$work/lib"

# The agent sets the same traps in its own git folder, and others in its tree.
cat >"$work/agent" <<'S'
. "$TRAPS/lib"
work=$TRAPS real=$REAL_GIT
hooks='post-checkout pre-commit reference-transaction post-index-change fsmonitor-watchman'
programs='core.fsmonitor filter.own.clean filter.own.smudge filter.own.process diff.external core.pager alias.status'
folder=$(sed 's/^gitdir: //' .git)
set_traps "$folder" agent "$folder/traps"
echo "$TRAPS/trapped/.git" >"$folder/commondir"
mkdir -p mine && echo '* filter=own' >mine/.gitattributes
echo "$ORCH_AGENT $ORCH_ATTEMPT" >"mine/$ORCH_AGENT.txt"
[ "${ORCH_AGENT}" != strays ] || echo stray >README.md
exit 0
S
cat >plan.orch <<P
orch 1
plan traps {
  runner shell
  test sh "test -e README.md"
}
runner shell { command ["bash", "$work/agent"] }
agent one { owns "mine/one.txt", "mine/.gitattributes"  setup sh "true"  prompt "x" }
P
sed -i 's/  setup/\n  setup/; s/  prompt/\n  prompt/' plan.orch
cat >>plan.orch <<P
agent linked {
  owns "mine/linked.txt"
  isolation worktree
  after one
  prompt "x"
}
agent strays {
  owns "mine/strays.txt"
  retry 1
  prompt "x"
}
P
none() {
	check "$1: no trap fired" same "$(fired)" ''
	rm -f "$work"/fired/*
}
orchc check plan.orch >"$work/out" 2>&1
none 'orchc check'
orch exec plan.orch >"$work/out" 2>"$work/err"
none 'orch exec'
states=$(orch status --json | sed -n 's/.*"agent":"\([a-z]*\)","state":"\([^"]*\)".*/\1=\2/p' | paste -sd' ')
check 'agents ran' same "$states" 'one=merged linked=failed strays=failed'
check 'and set their traps' test -x .orch/runs/1/git/one/traps/core.fsmonitor -a -x .orch/runs/1/git/one/hooks/post-checkout
(cd .orch/runs/1/trees/one && GIT_CONFIG_COUNT=0 "$real" status >/dev/null 2>&1)
check 'and git falls into them' test -n "$(fired)"
rm -f "$work"/fired/*
for command in 'status' 'status --json' 'logs one' 'logs strays' 'resume' 'doctor' 'retry strays' 'rollback one' 'exec plan.orch --new' 'gc --dry-run' 'land' 'gc'; do
	orch $command >"$work/out" 2>"$work/err"
	# It asks the git that is installed for its version.
	[ "$command" != doctor ] || rm -f "$work/fired/path-git"
	none "orch $command"
done
cat >plan2.orch <<P
orch 1
plan lands {
  runner shell
  land auto
}
runner shell { command ["sh", "-c", "echo 1 >b.txt"] }
agent b {
  owns "b.txt"
  prompt "x"
}
P
orch exec plan2.orch --new >"$work/out" 2>"$work/err"
none 'land auto'
check 'it has landed' test "$(GIT_CONFIG_COUNT=0 "$real" -c core.fsmonitor= show main:b.txt 2>/dev/null)" = 1
end
