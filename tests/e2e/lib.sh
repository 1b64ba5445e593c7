# lib.sh — sourced by every case: a repository in a folder of its own, pretend agents in PATH, and checks.
#
# A case is a script that makes repositories, runs plans, and says `check WHAT COMMAND…`. It ends with
# `end`, whose line is "N passed, N failed". Everything lies in $work and is removed when all passed.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${BUILD:-$here/../../build}
build=$(cd "$build" && pwd)
export PATH=$build:$here/agents:$PATH
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null TERM=dumb
unset GIT_DIR GIT_WORK_TREE LAUNCHES
# On a memory file system where there is a large one: everything is synced all the time.
room=$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)
if [ "${room:-0}" -gt 2000000 ] && [ -w /dev/shm ]; then TMPDIR=/dev/shm; fi
work=$(mktemp -d "${TMPDIR:-/tmp}/orch-e2e-XXXXXX")
export HOME=$work
passed=0 failed=0

# repository NAME — a new repository, which is then the current folder.
repository() {
	mkdir -p "$work/$1/src"
	cd "$work/$1" || exit 1
	git init -q -b main
	git config user.name tester
	git config user.email tester@localhost
	echo "A readme." >README.md
	echo one >src/one.txt
	echo two >src/two.txt
	printf 'ignored.txt\n' >.gitignore
	git add -A
	git commit -q -m 'the beginning'
}

# plan < STATEMENTS — plan.orch (not committed), with a runner for each pretend agent that it names. Two spaces inside
# of a line stand for the end of a statement's line, so that an agent fits on one line here. Agents are held by the gate
# alone, so that it has something to find and they can leave notes for the tests, unless SANDBOX=best, or the plan says.
plan() {
	local statements runner
	statements=$(cat)
	{
		echo 'orch 1'
		for runner in "$here"/agents/*; do
			runner=${runner##*/}
			if grep -qE "runner $runner( |\$)" <<<"$statements" && ! grep -q "^runner $runner " <<<"$statements"; then
				printf 'runner %s { command ["%s"] }\n' "$runner" "$runner"
			fi
		done
		sed -E -e ':again; s/^(\s*\S.*\S)  +(\S)/\1\n  \2/; t again' <<<"$statements" |
			if [ "${SANDBOX-off}" = off ] && ! grep -q sandbox <<<"$statements"; then
				sed -E '0,/^plan [^{]*\{/s//&\n  sandbox off\n/'
			else
				cat
			fi
	} >"$work/plan.orch"
	cp "$work/plan.orch" plan.orch
}

# run STATUS WORDS… — runs orch, for five minutes at most; its output is in $work/out and $work/err. Unless it is asked
# to land, or the case says that somebody else changes things ($meanwhile), all that is the user's is as it was.
run() {
	local want=$1 got before=''
	shift
	if [ "$1" != land ] && [ -z "${meanwhile-}" ] && [ -d .git ]; then before=$(everything 2>/dev/null); fi
	timeout --foreground 300 orch "$@" >"$work/out" 2>"$work/err"
	got=$?
	if [ -n "$before" ] && [ "$(everything 2>/dev/null)" != "$before" ]; then
		failed=$((failed + 1))
		printf '%s:%s: failed: orch %s changed what is the user'"'"'s\n' "$(basename "$0")" "${BASH_LINENO[0]}" "$*"
	fi
	if [ "$got" = "$want" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '%s:%s: failed: orch %s ended with %s, not %s\n' "$(basename "$0")" "${BASH_LINENO[0]}" "$*" "$got" "$want"
		sed 's/^/    /' "$work/out" "$work/err" | tail -n 30
	fi
}

check() {
	local what=$1
	shift
	if "$@" >"$work/check" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '%s:%s: failed: %s (%s)\n' "$(basename "$0")" "${BASH_LINENO[0]}" "$what" "$*"
		sed 's/^/    /' "$work/check" | tail -n 20
	fi
}
not() { ! "$@"; }
# until_ COMMAND… — waits for it, for a minute at most.
until_() {
	local i
	for i in $(seq 1200); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.05
	done
	echo "never: $*"
	failed=$((failed + 1))
}
same() { [ "$1" = "$2" ] || { printf '[%s]\n[%s]\n' "$1" "$2"; return 1; }; }

said() { grep -qF -- "$1" "$work/out" "$work/err" || { cat "$work/out" "$work/err"; return 1; }; }
# state AGENT — as the last run's status has it.
state() { orch status --json | sed -n 's/.*"agent":"'"$1"'","state":"\([^"]*\)".*/\1/p'; }
reason() { orch status --json | grep "\"agent\":\"$1\"" | sed -n 's/.*"reason":"\([^"]*\)".*/\1/p'; }
is() { same "$(state "$1")" "$2"; }
because() { same "$(reason "$1")" "$2"; }
# holds REVISION PATH TEXT — is that the file's content in that commit?
holds() { same "$(git cat-file blob "$1:$2")" "$3"; }
lacks() { ! git cat-file -e "$1:$2" 2>/dev/null; }

# everything — a hash of all that is the user's: checkout, index, HEAD, config, hooks, other refs.
everything() {
	{
		find . -path ./.orch -prune -o -path ./.git -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
		find . -path ./.orch -prune -o -path ./.git -prune -o -printf '%p %y %m %l\n' | sort
		sha256sum .git/HEAD .git/index .git/config
		find .git/hooks .git/info .git/worktrees -path '.git/worktrees/orch-*' -prune -o -type f -print0 2>/dev/null | sort -z | xargs -0 sha256sum
		git for-each-ref --format='%(refname) %(objectname)' | grep -v -e '^refs/orch/' -e '^refs/heads/orch/'
	} | sha256sum
}
# row NAME — what follows shows what this row of docs/git.md says.
row() {
	row=$1
	check "docs/git.md has the row $1" grep -qF "| $1 |" "$here/../../docs/git.md"
}
fsck() { [ -z "$(git fsck --strict 2>&1 | grep -v -e '^dangling ' -e '^Checking ' -e '^notice:' -e '^hint:')" ]; }
# no process whose number is in the file is there any more
gone() { for id in $(cat "$1"); do ! kill -0 "$id" 2>/dev/null || return 1; done; }

# leftover — the numbers of processes of this case's agents that are still there
leftover() {
	local at
	for at in /proc/[0-9]*; do
		if tr '\0' '\n' <"$at/environ" | grep -q '^ORCH_AGENT=' && tr '\0' '\n' <"$at/environ" | grep -qxF "HOME=$work"; then
			echo "${at#/proc/}"
		fi
	done 2>/dev/null
}

end() {
	printf '%s: %d passed, %d failed\n' "$(basename "$0" .sh)" "$passed" "$failed"
	cd /
	if [ "$failed" = 0 ]; then rm -rf "$work"; else echo "left to be looked at: $work"; fi
	[ "$failed" = 0 ]
}
