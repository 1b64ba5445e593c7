#!/usr/bin/env bash
# metric — numbers are measured at the base and on what was merged, held against their goals, and never lost or
# measured of something else.
. "$(dirname "$0")/lib.sh"

# figure METRIC WHEN — the number in the last run's status.
figure() {
	orch status --json | head -1 | python3 -c '
import json, sys
for metric in json.load(sys.stdin)["metrics"]:
    if metric["metric"] == sys.argv[1]:
        side = metric.get(sys.argv[2], {})
        print(side.get("number", side.get("message", "")) if isinstance(side, dict) else side)' "$1" "$2"
}
faster='runner faster { command ["sh", "-c", "echo 30 >speed.txt"] }
agent a { owns "speed.txt"  prompt "x" }'
# begin NAME — a repository in which something is slow.
begin() {
	repository "$1"
	echo 50 >speed.txt
	git add speed.txt
	git commit -q -m slow
}

begin measured
plan <<P
plan p {
  runner faster
  env FACTOR "2"
  metric latency "How long a search takes" {
    run sh "echo warming up; cat speed.txt; echo done"
    unit "ms"
    goal <= 40
  }
  metric doubled {
    run ["sh", "-c", "echo \$((\$(cat speed.txt) * FACTOR)) # \$0"]
  }
  metric new {
    run sh "echo \$ORCH_METRIC \$ORCH_AGENT \$ORCH_SLOT >>$work/heard; ls new.txt && echo 1"
    goal > 0
  }
}
$faster
P
run 0 exec plan.orch
check 'before' same "$(figure latency before)" 50
check 'after' same "$(figure latency after)" 30
check 'with the environment of the plan' same "$(figure doubled before) $(figure doubled after)" '100 60'
check 'a goal that is met' same "$(figure latency verdict)" met
check 'one that cannot be measured' said 'new, before: cannot be measured: "echo '
check 'where its output is' grep -q 'new.txt' .orch/runs/1/metrics/new/before.log
check 'misses its goal' same "$(figure new verdict)" missed
check 'and is told of' said 'missed: new, after: cannot be measured'
check 'which is a warning' said 'everything asked for is merged'
check 'told which metric, and no agent' same "$(cat "$work/heard")" "$(printf 'new 10\nnew 10')"
check 'no tree is left' not test -e .orch/runs/1/measure/new
run 0 report
check 'in the report' grep -qE 'latency +50 ms +30 ms +-40% +<= 40 ms +met' "$work/out"
run 0 report --html "$work/page.html"
check 'and its page' grep -qF '<th scope="row">How long a search takes</th><td class="number">50 ms</td><td class="number">30 ms</td>' "$work/page.html"
run 0 rollback a
check 'rolled back, it is as before' same "$(figure latency after)" 50
check 'and misses its goal' same "$(figure latency verdict)" missed

begin required
plan <<P
plan p {
  runner faster
  land auto
  metric latency {
    run ["cat", "speed.txt"]
    goal < 30 require
  }
}
$faster
P
run 1 exec plan.orch
check 'a goal that is required and missed' said 'missed: latency, after: 30, and < 30 is required'
check 'is a failure' said 'a goal that the plan requires is missed'
check 'and nothing lands by itself' holds main speed.txt 50
check 'though all is merged' is a merged
run 1 resume
run 0 land
check 'by hand it does' holds main speed.txt 30

# Only the tree is its own to write in, and no longer than the plan lets it.
begin held
SANDBOX=best plan <<P
plan p {
  runner faster
  timeout 2s
  metric writes { run sh "echo x >speed.txt; echo x >$work/held/stray.txt; cat speed.txt; echo 7" }
  metric long { run sh "sleep 1000" }
}
$faster
P
run 0 exec plan.orch
level=$(sed -n 's/.*"sandbox":"\([a-z]*\)".*/\1/p' .orch/runs/1/metrics/writes/before.json)
check 'held as agents are' same "$level" "$(cat .orch/runs/1/sandbox)"
[ "$level" = gate ] || check 'nothing outside of its tree is written' not test -e stray.txt
check 'it may write in its tree' same "$(figure writes after)" 7
check 'and has its time' grep -qF 'was ended by the timeout of 2 s' <<<"$(figure long before)"

# Killed while it measures, stopped while it measures: measured again, and agents run once.
for how in kill stop; do
	begin "$how"
	plan <<P
plan p {
  runner faster
  metric slow { run sh "echo \$\$ >>$work/$how-pids; test -e $work/$how-go || sleep 1000; cat speed.txt" }
}
runner faster { command ["sh", "-c", "echo launched >>$work/$how-launches; echo 30 >speed.txt"] }
agent a { owns "speed.txt"  prompt "x" }
P
	orch exec plan.orch >/dev/null 2>&1 &
	pid=$!
	until_ test -s "$work/$how-pids"
	if [ $how = kill ]; then kill -KILL $pid; else run 0 stop --now; fi
	wait $pid 2>/dev/null
	check 'no agent before the base is measured' not test -e "$work/$how-launches"
	until_ gone "$work/$how-pids"
	touch "$work/$how-go"
	run 0 resume
	check 'measured' same "$(figure slow before) $(figure slow after)" '50 30'
	check 'launched once' same "$(wc -l <"$work/$how-launches")" 1
	run 0 resume
	check 'and not again once all has ended' same "$(wc -l <"$work/$how-pids")" 3
done
end
