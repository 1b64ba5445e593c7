#!/usr/bin/env bash
# clock — the wall clock jumps by ten years, forth and back, while agents run: nothing changes but the dates that are
# shown. Deadlines go by a clock that nobody sets.
. "$(dirname "$0")/lib.sh"
fake=$(ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -n 1)
if [ -z "$fake" ]; then
	echo 'clock: not tried: libfaketime is not there (tools/deps --tests)'
	end
	exit
fi
statements='plan p { runner tidy  jobs 2 }
agent a { owns "a.txt"  timeout 100s  idle 100s  setup sh "touch $MARK.a; sleep 0.7"  prompt "write a.txt 1" }
agent b { owns "b.txt"  after a  timeout 2s  runner stubborn  prompt "write b.txt 1" }
agent c { owns "c.txt", "answer.txt"  after a  retry 1  runner improves  test sh "grep -qx 42 answer.txt || { echo the answer is 42; exit 1; }"  prompt "write c.txt 1" }
agent d { owns "d.txt"  after c  idle 1s  runner silent  prompt "write d.txt 1" }
agent e { owns "e.txt"  after c  test sh "sleep 0.3"  prompt "write e.txt 1" }'

# told — the events without their times, those of each agent in their order.
told() {
	for agent in a b c d e; do
		grep "\"agent\":\"$agent\"" "$1" | sed -E 's/"time":[0-9]+,?//; s/"commit":"[0-9a-f]*",?//' | grep -v '"event":"\(merging\|testing\)"'
	done
}
export MARK=$work/mark
repository steady
plan <<<"$statements"
timeout 120 orch exec --json plan.orch >"$work/steady.json" 2>"$work/err"
want=$(told "$work/steady.json")
tree=$(git rev-parse 'refs/orch/1/integration^{tree}')
check 'the run as it should be' grep -q '"event":"ended"' "$work/steady.json"

for way in '+10y -10y' '-10y +10y'; do
	repository "jumps$way"
	plan <<<"$statements"
	clock=$work/clock
	rm -f "$MARK".*
	echo +0 >"$clock"
	# Wherever the jump falls: a few in each second from the first agent on.
	(
		while ! [ -e "$MARK.a" ]; do sleep 0.02; done
		while ! [ -e "$work/over" ]; do
			for jump in $way; do
				echo "$jump" >"$clock.new" && mv "$clock.new" "$clock"
				sleep 0.4
			done
		done
	) &
	# Into orch and its nodes, not into what agents run, by env in the runner's command? All of it: agents have clocks, too.
	LD_PRELOAD=$fake FAKETIME_TIMESTAMP_FILE=$clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1 \
		timeout 120 orch exec --json plan.orch >"$work/jumps.json" 2>"$work/err"
	touch "$work/over"
	wait
	rm "$work/over"
	check "$way: the same events" same "$(told "$work/jumps.json")" "$want"
	check "$way: the same result" same "$(git rev-parse 'refs/orch/1/integration^{tree}')" "$tree"
	check "$way: the clock did jump" python3 -c '
import json, sys
times = [json.loads(line)["time"] for line in open(sys.argv[1])]
assert max(times) - min(times) > 9 * 365 * 86400, times' "$work/jumps.json"
	check "$way: git is content" fsck
done
end
