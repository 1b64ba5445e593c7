#!/usr/bin/env bash
# notify — the plan's `notify` is told what somebody who is not watching wants to know, once each, and nothing that it
# does harms the run.
. "$(dirname "$0")/lib.sh"

# told — the events that it was told of, a line each.
told() { sed 's/|.*//' "$work/heard"; }
repository told
plan <<P
plan p {
  runner works
  jobs 1
  notify sh "echo \"\$ORCH_EVENT \$ORCH_AGENT|\$ORCH_RUN|\$ORCH_PLAN|\$ORCH_MESSAGE|\$PWD\" >>$work/heard; cat; echo loud"
}
runner works { command ["sh", "-c", "echo 1 >a.txt"] }
runner fails { command ["sh", "-c", "exit 3"] }
agent a { owns "a.txt"  prompt "x" }
agent b { owns "b.txt"  runner fails  retry 1  after a  prompt "x" }
agent c { owns "c.txt"  after b  prompt "x" }
P
run 1 exec plan.orch
check 'what failed, once, and the end' same "$(told)" "$(printf 'failed b\nended ')"
check 'of which run, and why' grep -qF 'failed b|1|p|its program ended with exit status 3|' "$work/heard"
check 'in the checkout' grep -qF "|$PWD" "$work/heard"
check 'what it printed is kept' same "$(cat .orch/runs/1/notify.log)" "$(printf 'loud\nloud')"
check 'and is not in the way' not said loud
rm "$work/heard"
run 1 retry b
check 'of what was tried again' same "$(told)" "$(printf 'failed b\nended ')"

repository fails
agents='runner works { command ["sh", "-c", "echo 1 >a.txt"] }
agent a { owns "a.txt"  prompt "x" }'
plan <<P
plan p {
  runner works
  notify ["nobody-has-this-program", "x"]
}
$agents
P
run 0 exec plan.orch
check 'one that cannot be run is told of' said "the plan's \`notify\` failed; what it printed: .orch/runs/1/notify.log"
check 'with a reason' grep -q nobody-has-this-program .orch/runs/1/notify.log

repository hangs
plan <<P
plan p {
  runner works
  notify sh "echo \$\$ >>$work/pids; sleep 1000 & echo \$! >>$work/pids; sleep 1000"
}
$agents
P
run 0 exec plan.orch
check 'one that hangs is ended' said 'took too long and was ended; 1 event it was not told of'
until_ gone "$work/pids" # killed, it may still have to be waited for

# Not once more after a kill, and an interrupted run is an event, too.
repository stopped
rm -f "$work/heard"
plan <<P
plan p {
  runner slow
  notify sh "echo \"\$ORCH_EVENT \$ORCH_AGENT\" >>$work/heard"
}
runner slow { command ["sh", "-c", "while [ ! -e $work/go ]; do sleep 0.1; done; echo 1 >a.txt"] }
runner fails { command ["sh", "-c", "exit 3"] }
agent a { owns "a.txt"  prompt "x" }
agent b { owns "b.txt"  runner fails  prompt "x" }
P
orch exec plan.orch >/dev/null 2>&1 &
pid=$!
until_ test -s "$work/heard"
kill -KILL $pid
wait $pid 2>/dev/null
check 'while others run' same "$(told)" 'failed b'
orch resume >/dev/null 2>&1 &
pid=$!
sleep 1
run 0 stop --now
wait $pid
check 'interrupted' same "$(told)" "$(printf 'failed b\ninterrupted ')"
touch "$work/go"
run 1 resume
check 'and at the end' same "$(told)" "$(printf 'failed b\ninterrupted \nended ')"
end
