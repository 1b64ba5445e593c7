#!/usr/bin/env bash
# reuse — an edited plan runs again only what its edits change: the rest has the results of earlier runs, as commits of
# its own run.
. "$(dirname "$0")/lib.sh"

launched() { sort "$work/launches" 2>/dev/null | tr '\n' ' '; }
# edit SCRIPT — the plan, edited by sed.
edit() { sed -i "$1" plan.orch; }
# again STATUS WORDS… — runs the plan again.
again() {
	local want=$1
	shift
	: >"$work/launches"
	run "$want" exec "$@" plan.orch
}

repository plain
plan <<P
plan p {
  runner writer
  test sh "test ! -e broken"
}
runner writer { command ["sh", "-c", "echo \$ORCH_AGENT >>$work/launches; sed -n 's/^write //p' >\$ORCH_AGENT.txt; test ! -e $work/fails-\$ORCH_AGENT"] }
agent a "The first" { owns "a.txt"  prompt "write one" }
agent b { owns "b.txt"  after a  prompt "write two" }
agent c { owns "c.txt"  prompt "write three" }
agent d { owns "d.txt"  after b, c  prompt "write four" }
P
again 0
check 'all run' same "$(launched)" 'a b c d '
first=$(git rev-parse refs/orch/1/agents/a) whole=$(git rev-parse 'refs/orch/1/integration^{tree}')
again 0
check 'the same again runs nothing' same "$(launched)" ''
check 'and comes to the same' same "$(git rev-parse 'refs/orch/2/integration^{tree}')" "$whole"
check 'each is told' said 'd reused: from run 1'
check 'and shown' grep -qE '^  a  merged +run 1 +[0-9a-f]{10}  branch orch/p/a$' "$work/out"
check 'as JSON' grep -q '"agent":"a","state":"merged","merge_order":1,"attempt":0,"seconds":0,"reused":1' <<<"$(orch status --json)"
check 'in a commit of its own' not same "$(git rev-parse refs/orch/2/agents/a)" "$first"
check 'that says where it is from' same "$(git log -1 --format=%B orch/p/a)" "$(printf 'a: The first\n\nPlan p, of run 1, used again in run 2.')"
run 0 report
check 'in the report' grep -qE '^  d +merged .* of run 1$' "$work/out"
run 3 logs a
check 'its log is elsewhere' said 'orch logs a 1'
run 0 diff a
check 'what it changed is there' grep -q '+one' "$work/out"

edit 's/write two/write zwei/'
again 0 --explain
check 'an edit runs the agent and what comes after it' same "$(launched)" 'b d '
check 'with the reason' said 'b differs: its prompt is not what it was in run 2'
check 'of those after it' said 'd differs: what it starts from is not what it was in run 2'
check 'the new is in it' holds refs/orch/3/integration b.txt zwei
edit 's/write zwei/write two/'
again 0
check 'back again: an older run has it' same "$(launched)" ''
check 'of that run' said 'b reused: from run 2'
again 0 --fresh
check '--fresh runs all' same "$(launched)" 'a b c d '

# Every edit that matters, and none that does not.
changes() {
	edit "$1"
	again 0 --explain
	check "edit $1: runs $2" same "$(launched)" "$2"
	[ -z "${3-}" ] || check "and says: $3" said "$3"
}
changes '/^agent c/,/}$/s/owns "c.txt"/owns "c.txt", "e.txt"/' 'c ' 'c differs: what it owns is'
changes '/^agent c/,/}$/s/prompt/test ["true"]\n  prompt/' 'c ' 'c differs: its tests is'
changes '/^agent c/,/}$/s/test \["true"\]/test ["true"]\n  setup ["true"]/' 'c ' 'c differs: its setup is'
changes '/^agent c/,/}$/s/prompt/env FRESH "1"\n  prompt/' 'c ' 'c differs: its environment is'
changes '/^agent c/,/}$/s/prompt/timeout 1h\n  retry 2\n  estimate 5m\n  prompt/' ''
changes '/^agent a "The first"/s/The first/The very first/' ''
changes 's/^  runner writer/  runner writer\n  jobs 2/' ''
changes 's/^runner writer { /runner writer {\n  env NEW "x"\n  /' 'a b c d ' 'a differs: its runner is'
edit 's/^agent c/agent g { owns "g.txt"  prompt "write five" }\nagent c/; s/  prompt "write five"/\n  prompt "write five"\n/; s/{ owns "g.txt"/{\n  owns "g.txt"/'
again 0 --explain
check 'a new agent runs' same "$(launched)" 'g '
check 'and has no earlier result' said 'g differs: no earlier run of the plan has a result of it'

# Another base.
echo three >src/three.txt
git add src
git -c gc.auto=0 commit -q -m "one more"
again 0 --explain
check 'on another base all run' same "$(launched)" 'a b c d g '
check 'for that reason' said 'a differs: what it starts from is not'

# What failed or was rolled back is none to be used.
repository failed
plan <<P
plan p {
  runner writer
}
runner writer { command ["sh", "-c", "echo \$ORCH_AGENT >>$work/launches; echo \$ORCH_AGENT >\$ORCH_AGENT.txt; test ! -e $work/fails-\$ORCH_AGENT"] }
agent a { owns "a.txt"  prompt "x" }
agent b { owns "b.txt"  prompt "x" }
P
touch "$work/fails-b"
again 1
check 'one failed' because b exit
rm "$work/fails-b"
again 0
check 'the failed one alone runs' same "$(launched)" 'b '
run 0 rollback a
again 0 --explain
check 'one that was rolled back runs' same "$(launched)" 'a '
check 'for that reason' said 'a differs: it was rolled back in run 2'
: >"$work/launches"
run 0 rollback b
run 0 retry b
check 'one that is tried again runs' same "$(launched)" 'b '

repository combination
plan <<P
plan p {
  runner writer
  test sh "test ! -e $work/broken"
}
runner writer { command ["sh", "-c", "echo \$ORCH_AGENT >>$work/launches; echo \$ORCH_AGENT >\$ORCH_AGENT.txt"] }
agent a { owns "a.txt"  prompt "x" }
P
touch "$work/broken"
again 1
rm "$work/broken"
again 0 --explain
check 'one that failed on the combination runs' same "$(launched)" 'a '
check 'for that reason, too' said 'a differs: its result could not be merged in run 1'

# One that owns nothing has no commit of its own, then or now.
repository nothing
plan <<P
plan p {
  runner reader
}
runner reader { command ["sh", "-c", "echo \$ORCH_AGENT >>$work/launches"] }
agent a { reads "README.md"  prompt "x" }
P
again 0
check 'it runs' same "$(launched)" 'a '
again 0
check 'and not again' same "$(launched)" ''
check 'its result is its start' same "$(git rev-parse refs/orch/2/agents/a)" "$(git rev-parse HEAD)"

# Landed, reverted by hand, and run again: the result lands once more.
repository reverted
plan <<P
plan p {
  runner writer
  land auto
}
runner writer { command ["sh", "-c", "echo \$ORCH_AGENT >>$work/launches; echo \$ORCH_AGENT >\$ORCH_AGENT.txt"] }
agent a { owns "a.txt"  prompt "x" }
P
meanwhile=1
again 0
check 'landed' holds main a.txt a
git rm -q a.txt
git commit -q -m 'not like this'
again 0
check 'nothing runs' same "$(launched)" ''
check 'and it has landed again' holds main a.txt a
unset meanwhile

# Killed and stopped in between: what --fresh asked for holds for the rest of the run.
repository killed
plan <<P
plan p {
  runner writer
  jobs 1
}
runner writer { command ["sh", "-c", "echo \$ORCH_AGENT >>$work/launches; echo \$ORCH_AGENT >\$ORCH_AGENT.txt; test \$ORCH_AGENT != a -o -e $work/go || sleep 1000"] }
agent a { owns "a.txt"  prompt "x" }
agent b { owns "b.txt"  after a  prompt "x" }
P
touch "$work/go"
again 0
rm "$work/go"
: >"$work/launches"
orch exec --fresh plan.orch >/dev/null 2>&1 &
pid=$!
until_ test -s "$work/launches"
kill -KILL $pid
wait $pid 2>/dev/null
touch "$work/go"
run 0 resume
check 'after a kill too, all run' same "$(launched)" 'a a b '
run 2 exec --explain --dry-run plan.orch
check 'and nothing to explain of none' said '--explain is about a run'
end
