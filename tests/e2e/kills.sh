#!/usr/bin/env bash
# kills — orch is killed right after each of its syncs, resumed, and ends as if it had not been.
. "$(dirname "$0")/lib.sh"

# Not on the memory file system, from which no code may be loaded in some containers.
library=$(TMPDIR=/tmp mktemp -d)
trap 'rm -rf "$library"' EXIT
${CC:-cc} -shared -fPIC -o "$library/kill_at.so" "$here/../lib/kill_at.c" -ldl || exit 1
statements='plan p {
  runner tidy
  merge a, c, b
  test sh "test -e README.md"
}
agent a { owns "a.txt"  prompt "write a.txt 1" }
agent b { owns "b.txt"  after a  runner stray  prompt "write b.txt 1" }
agent c { owns "c.txt"  after a  prompt """
    need a.txt
    write c.txt 1
  """
}
agent d { owns "d.txt"  after b  prompt "write d.txt 1" }'

export LAUNCHES=$work/launches
repository fresh
plan <<<"$statements"
before=$(everything)
# begin NAME — a copy of it.
begin() {
	cp -r "$work/fresh" "$work/$1"
	cd "$work/$1" || exit 1
	rm -f "$LAUNCHES"
}
states() { orch status --json | sed -n 's/.*"agent":"\([a-z]\)","state":"\([^"]*\)".*/\1=\2/p' | paste -sd' '; }

begin whole
LD_PRELOAD=$library/kill_at.so COUNT_TO=$work/count orch exec plan.orch >"$work/out" 2>"$work/err"
check 'the run that nobody kills' same "$(states)" 'a=merged c=merged b=failed d=skipped'
tree=$(git rev-parse 'refs/orch/1/integration^{tree}')
count=$(cat "$work/count")
check 'it syncs now and then' test "${count:-0}" -gt 20
for n in $(seq "${count:-0}"); do
	begin "at-$n"
	# The inner shell is the one that talks of a process that was killed.
	LD_PRELOAD=$library/kill_at.so KILL_AT=$n bash -c 'orch exec plan.orch; exit $?' >"$work/out" 2>"$work/err"
	# Nodes end by themselves; each holds its agent's lock until then.
	for lock in .orch/runs/1/agents/*/*lock; do
		[ ! -e "$lock" ] || flock -w 20 "$lock" true
	done
	for record in .orch/runs/1/agents/*/1.json; do
		[ ! -e "$record" ] || basename "$(dirname "$record")"
	done >"$work/recorded"
	if orch status >"$work/out" 2>"$work/err"; then orch resume; else orch exec plan.orch; fi >"$work/out" 2>"$work/err"
	check "killed at $n: the same states" same "$(states)" 'a=merged c=merged b=failed d=skipped'
	check "killed at $n: the same tree" same "$(git rev-parse 'refs/orch/1/integration^{tree}')" "$tree"
	while read -r agent; do
		check "killed at $n: $agent was recorded, and is not launched again" same "$(grep -c "^$agent$" "$LAUNCHES")" 1
	done <"$work/recorded"
	check "killed at $n: the stray is kept" grep -q . <(git for-each-ref refs/orch/1/strays/b)
	check "killed at $n: one run" not test -e .orch/runs/2
	check "killed at $n: the user's is as it was" same "$(everything)" "$before"
	check "killed at $n: git is content" fsck
	cd "$work" && rm -rf "$work/at-$n"
done
end
