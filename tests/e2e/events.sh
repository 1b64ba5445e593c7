#!/usr/bin/env bash
# events — what an agent's program prints of itself is read by the rules of its runner: how it ended, its session, what it
# cost, and that its service is busy.
. "$(dirname "$0")/lib.sh"

# client WORDS… — prints events of its own kind. What it is to do stands in its prompt, a line each; what it is started with
# is noted in $work/calls.
mkdir "$work/bin"
cat >"$work/bin/client" <<'P'
#!/usr/bin/env bash
prompt=$(cat)
echo "$ORCH_AGENT $*" >>"$HOME/calls"
printf '%s\n' "$prompt" >"$HOME/prompt.$ORCH_AGENT.$ORCH_ATTEMPT"
while [ $# -gt 0 ]; do
	case $1 in --begin | --go-on) session=$2 ;; esac
	shift
done
echo "{\"kind\":\"start\",\"id\":\"$session\"}"
do=$HOME/do.$ORCH_AGENT.$ORCH_ATTEMPT
[ -e "$do" ] || do=$HOME/do.$ORCH_AGENT
. "$do"
P
chmod +x "$work/bin/client"
export PATH=$work/bin:$PATH
: >"$work/calls"
cat >"$work/runners" <<'P'
runner c {
  command ["client", "--work"]
  session ["--begin", "${session}"]
  resume  ["--go-on", "${session}"]
  busy    "come back"
  events {
    session "[kind=start].id"
    said    "[kind=say].text"
    did     "[kind=tool]", "name", "path"
    done    "[kind=end][ok=true]"
    failed  "[kind=end][ok=false].why"
    denied  "[kind=denied].tool"
    busy    "[kind=busy]"
    reset   "[kind=busy].seconds"
    input   "[kind=end].tokens" session
    cost    "[kind=end].usd" session
  }
}
P
# what AGENT[.ATTEMPT] < COMMANDS — what it does
what() { cat >"$work/do.$1"; }
agents() { { echo 'orch 1'; cat; cat "$work/runners"; } >plan.orch; cp plan.orch "$work/plan.orch"; }

repository ends
agents <<'P'
plan p {
  runner c
  sandbox off
}
agent good {
  owns "good.txt"
  prompt "do it"
}
agent bad {
  owns "bad.txt"
  prompt "do it"
}
agent mute {
  owns "mute.txt"
  prompt "do it"
}
agent shy {
  owns "shy.txt"
  prompt "do it"
}
P
what good <<'D'
echo '{"kind":"tool","name":"Write","path":"good.txt"}'; echo 1 >good.txt
printf 'plain words\n{"kind":"say","text":"all \\u001b[31m done"}\n{"kind":"denied","tool":"Shell"}\n'
echo '{"kind":"end","ok":true,"tokens":1200,"usd":0.25}'
D
what bad <<'D'
echo 1 >bad.txt; echo '{"kind":"end","ok":false,"why":"no credit left","usd":0.5}'
D
what mute <<'D'
echo 1 >mute.txt
D
what shy <<'D'
echo 1 >shy.txt; echo '{"kind":"end","ok":true}'; exit 3
D
run 1 exec plan.orch
check 'one that says it is done' is good merged
check 'one that ends with 0 and says that it failed' because bad exit
check 'in its words' said 'said that it failed: no credit left'
check 'one that does not say that it is done' because mute unfinished
check 'one that says so and ends with a failure' because shy exit
check 'what it cost is told' said '0.25 USD'
check 'and what the run cost' said 'spent:            0.75 USD'
run 0 logs good
check 'what it did' said '→ Write good.txt'
check 'what it may not' said '✗ not allowed: Shell'
check 'what else it printed' said 'plain words'
check 'events are not shown as they are' not said '{"kind"'
run 0 logs good --raw
check 'but when asked for' said '{"kind":"tool"'
check 'the session is recorded' grep -q '"session":"[0-9a-f-]\{36\}"' .orch/runs/1/agents/good/1.json
check 'as it was chosen' grep -q "good --work --begin $(sed -n 's/.*"session":"\([^"]*\)".*/\1/p' .orch/runs/1/agents/good/1.json)" "$work/calls"
check 'and what it was not allowed' grep -q '"denied":\["Shell"\]' .orch/runs/1/agents/good/1.json

run 0 status
check 'and who looks is told' said 'was not allowed: Shell'
run 0 status --json
check 'programs, too' grep -q '"agent":"good".*"denied":\["Shell"\]' "$work/out"

# It is asked to end with the signal that its runner names.
for sandbox in off best; do
	repository "asked-$sandbox"
	{
		echo 'plan p {'
		echo '  runner hears'
		[ $sandbox = best ] || echo '  sandbox off'
		echo '  idle 1s'
		echo '}'
		printf 'runner hears {\n  command ["bash", "-c", "trap %s INT; trap %s TERM; sleep 100 & wait"]\n  stop "INT"\n}\n' \
			"'echo heard INT; exit 1'" "'echo heard TERM; exit 1'"
		printf 'agent a {\n  owns "a.txt"\n  prompt "x"\n}\n'
	} >plan.orch
	run 1 exec plan.orch
	check "sandbox $sandbox: it was silent" because a idle
	check "sandbox $sandbox: and was asked as its runner says" same "$(orch logs a)" 'heard INT'
done

# From another terminal, from attempt to attempt, until it is done.
repository followed
agents <<'P'
plan p {
  runner c
  sandbox off
}
agent a {
  owns  "a.txt"
  retry 1
  test  sh "grep -q 2 a.txt"
  prompt "the whole task"
}
P
what a.1 <<'D'
echo '{"kind":"say","text":"first"}'; sleep 1; echo 1 >a.txt; echo '{"kind":"end","ok":true}'
D
what a.2 <<'D'
echo '{"kind":"say","text":"second"}'; echo 2 >>a.txt; echo '{"kind":"end","ok":true}'
D
orch exec plan.orch >/dev/null 2>&1 &
pid=$!
until_ test -e .orch/runs/1/agents/a/1.log
timeout 30 orch logs a -f >"$work/follow.out"
check 'it ends with the agent' same $? 0
wait $pid
check 'both attempts were followed' same "$(cat "$work/follow.out")" "$(printf 'first\n✓ done\n[attempt 2]\nsecond\n✓ done')"
rm -f "$work"/do.*

# What failed goes on with its session, and is told what is wrong only.
repository again
: >"$work/calls"
agents <<'P'
plan p {
  runner c
  sandbox off
}
agent a {
  owns  "a.txt"
  retry 1
  test  sh "grep -q 2 a.txt || { echo it has no two; exit 1; }"
  prompt "the whole task"
}
P
what a.1 <<'D'
echo 1 >a.txt; echo '{"kind":"end","ok":true,"tokens":100,"usd":0.25}'
D
what a.2 <<'D'
echo 2 >>a.txt; echo '{"kind":"end","ok":true,"tokens":150,"usd":0.40}'
D
run 0 exec plan.orch
session=$(sed -n 's/^a --work --begin //p' "$work/calls")
check 'it goes on with its session' same "$(tail -n 1 "$work/calls")" "a --work --go-on $session"
check 'it is told what is wrong' grep -q 'it has no two' "$work/prompt.a.2"
check 'and not its task once more' not grep -q 'the whole task' "$work/prompt.a.2"
check 'the cost of a session is not counted twice' said 'spent:            0.40 USD'
check 'nor are its tokens' grep -q '"input":50,' .orch/runs/1/agents/a/2.json

# A busy service has failed nobody: everybody waits, as long as it said, and goes on.
repository busy
: >"$work/calls"
agents <<'P'
plan p {
  runner c
  sandbox off
  jobs 1
}
agent a {
  owns "a.txt"
  prompt "the whole task"
}
agent b {
  owns "b.txt"
  prompt "the whole task"
}
P
rm -f "$work"/do.*
what a.1 <<'D'
echo 1 >a.txt; echo '{"kind":"busy","seconds":3}'; exit 1
D
what a <<'D'
echo 2 >>a.txt; echo '{"kind":"end","ok":true,"usd":0.01}'
D
what b <<'D'
echo 1 >b.txt; echo '{"kind":"end","ok":true,"usd":0.01}'
D
run 0 exec plan.orch
check 'it is told' grep -qE 'its service is busy; it is asked again in [23]s' "$work/err"
check 'the agent goes on in its tree' holds refs/orch/1/integration a.txt "$(printf '1\n2')"
check 'with its session' grep -q '^a --work --go-on' "$work/calls"
check 'nobody else of that account was started meanwhile' same "$(cut -c1 "$work/calls" | paste -sd' ')" 'a a b'

# A client that asks again and again by itself until its time is over has not failed either; one that was answered
# meanwhile has.
repository asking
: >"$work/calls"
agents <<'P'
plan p {
  runner c
  sandbox off
  timeout 2s
}
agent a {
  owns "a.txt"
  prompt "the whole task"
}
agent b {
  owns "b.txt"
  prompt "the whole task"
}
P
rm -f "$work"/do.*
what a.1 <<'D'
echo '{"kind":"busy","seconds":2}'; sleep 1000
D
what a <<'D'
echo 1 >a.txt; echo '{"kind":"end","ok":true,"usd":0.01}'
D
what b <<'D'
echo '{"kind":"busy","seconds":2}'; echo '{"kind":"say","text":"now it goes"}'; sleep 1000
D
run 1 exec plan.orch
check 'its service was busy' grep -q ' a busy (attempt 1)' "$work/err"
check 'and then was not' is a merged
check 'nor was it when it had answered' because b timeout

# By a pattern; stopped while it waits, and resumed: it waits on.
repository stopped
: >"$work/calls"
agents <<'P'
plan p {
  runner c
  sandbox off
}
agent a {
  owns "a.txt"
  prompt "the whole task"
}
P
rm -f "$work"/do.*
what a.1 <<'D'
echo 'please come back' >&2; exit 1
D
what a <<'D'
echo 2 >>a.txt; echo '{"kind":"end","ok":true}'
D
orch exec plan.orch >"$work/out" 2>"$work/err" &
pid=$!
until_ grep -qs 'is busy' "$work/err"
check 'it waits' said 'asked again in 15s'
run 0 status
check 'which the status says' said 'asked again in 15s'
kill -INT $pid
wait $pid
check 'it can be stopped at once' same $? 130
check 'and is no failure' is a ready
orch resume >"$work/out" 2>"$work/err" &
pid=$!
sleep 3
check 'resumed, it waits on' same "$(wc -l <"$work/calls")" 1
kill -9 $pid
wait $pid 2>/dev/null

# Once the budget is spent, nothing is started any more.
repository budget
: >"$work/calls"
agents <<'P'
plan p {
  runner c
  sandbox off
  jobs 1
  budget 0.50 USD
}
agent a {
  owns "a.txt"
  prompt "x"
}
agent b {
  owns "b.txt"
  prompt "x"
}
agent c1 {
  owns "c.txt"
  prompt "x"
}
P
rm -f "$work"/do.*
for agent in a b c1; do
	what $agent <<'D'
echo 1 >"${ORCH_AGENT%1}.txt"; echo '{"kind":"end","ok":true,"usd":0.30}'
D
done
run 1 exec plan.orch
check 'two were started' same "$(wc -l <"$work/calls")" 2
check 'the third is not' because c1 budget
check 'it is said' said 'the run has spent 0.60 USD of its budget of 0.50 USD'
check 'and summed up' said 'spent:            0.60 USD of 0.50 USD'
run 1 retry c1
check 'nor is it on a retry' same "$(wc -l <"$work/calls")" 2
run 2 retry c1 --budget much
run 0 retry c1 --budget 1.00
check 'but with more' is c1 merged
end
