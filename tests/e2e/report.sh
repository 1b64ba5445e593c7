#!/usr/bin/env bash
# report — what a run came to, as text, JSON and a page; the page is opened in a browser.
. "$(dirname "$0")/lib.sh"

repository report
cat >plan.orch <<'P'
orch 1
plan search "Search & <replace>" {
  runner teller
  sandbox off
  budget 5 USD
  test sh "echo on it all"
}
runner teller {
  command ["bash", "-c", "eval \"$(grep ^DO: | cut -c4-)\""]
  events {
    said   "text"
    denied "denied"
    cost   "usd" each
    input  "in" each
    done   "ok"
  }
}
agent model "The <b>model</b>" {
  owns     "src/one.txt"
  estimate 10s
  prompt   "DO: echo more >>src/one.txt; echo '{\"text\":\"<script>alert(1)</script>\",\"usd\":0.25,\"in\":1200,\"ok\":true}'"
}
agent api {
  owns     "api.txt"
  after    model
  estimate 5s
  retry    1
  test     sh "echo 'expected 2, was 1'; false"
  prompt   "DO: echo 1 >api.txt; echo '{\"denied\":\"Fetch\",\"usd\":0.5,\"ok\":true}'"
}
agent ui {
  owns     "ui.txt"
  after    api
  prompt   "DO: true"
}
P
run 1 exec plan.orch
run 0 report
check 'the run' said 'run 1 of the plan search (plan.orch): failed, 1 of 3 merged'
check 'how long, and planned' grep -q '^started: .* UTC, took .*, planned ' "$work/out"
check 'an agent that was merged' grep -Eq '^  model +merged +-[0-9]+s +1 file \+1 -0 +1 of 1 +1  0\.25 USD$' "$work/out"
check 'one that failed' grep -Eq '^  api +failed +-[0-9]+s +1 file \+1 -0 +0 of 2 +2  1\.00 USD$' "$work/out"
check 'why' said 'ended with exit status 1'
check 'one that was skipped' grep -Eq '^  ui +skipped$' "$work/out"
check 'how to go on' said 'to land it:       orch land 1'

run 0 report --json
ask() { python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); print(eval(sys.argv[2], {"r": r, "a": {a["agent"]: a for a in r["agents"]}}))' "$work/out" "$1"; }
check 'one object' same "$(ask '[r["state"], r["merged"], r["planned_seconds"], r["micro_usd"], r["budget_micro_usd"]]')" "['failed', 1, 1815, 1250000, 5000000]"
check 'in the order of merging' same "$(ask 'list(a)')" "['model', 'api', 'ui']"
check 'what was planned' same "$(ask '[(b["planned_start"], b["planned_end"], b["slack"], b["critical"]) for b in a.values()]')" '[(0, 10, 0, True), (10, 15, 0, True), (15, 1815, 0, True)]'
check 'and how it is tested' same "$(ask '[(t["outcome"], t["combination"]) for t in a["api"]["tests"]]')" "[('failed', False), ('not run', True)]"
check 'attempts' same "$(ask '[(t["reason"], t["micro_usd"], t["denied"]) for t in a["api"]["attempts"]]')" "[('test', 500000, ['Fetch']), ('test', 500000, ['Fetch'])]"
check 'what it changed' same "$(ask '[a["model"][k] for k in ("files", "lines_added", "lines_removed")]')" '[1, 1, 0]'
check 'as git has it' same "$(git diff --numstat refs/orch/1/start/model refs/orch/1/agents/model)" "$(printf '1\t0\tsrc/one.txt')"
check 'tokens' same "$(ask 'a["model"]["attempts"][0]["input_tokens"]')" 1200

run 2 report --json --html x.html
check 'one form at a time' said 'ask for one of them'
run 0 report --html -
check 'a page' grep -q '^<!doctype html>' "$work/out"
run 3 report --html nowhere/x.html
check 'a folder that is not there' said 'nowhere/x.html'
orch report 1 --html "$work/report.html" 2>"$work/err"
check 'a file' said "wrote $work/report.html"
check 'what agents write is text' grep -qF '&lt;script&gt;alert(1)&lt;/script&gt;' "$work/report.html"
check 'and never more' not grep -qi '<script\|<b>\|http:\|https:' <(sed 's/data:image[^"]*//' "$work/report.html")
if command -v chromium >/dev/null; then
	python3 "$here/../lib/browser.py" "$work/report.html" >"$work/seen" 2>&1
	seen() { grep -qxF -- "$1" "$work/seen" || { cat "$work/seen"; return 1; }; }
	check 'it asks for nothing' seen 'asked for: 1 file'
	check 'and nothing of it is refused' seen 'complaints: 0'
	check 'its title' seen 'title: Search & <replace> · run 1: failed'
	check 'it runs nothing' seen 'scripts: 0'
	check 'the graph is there' seen 'images that could not be drawn: 0'
	check 'what failed is unfolded' seen 'folded: 2 unfolded: 1'
	check 'by day' grep -q '^wide: too wide by -*[0-9]*, contrast good$' "$work/seen"
	check 'by night' grep -q '^dark: too wide by -*[0-9]*, contrast good$' "$work/seen"
	check 'on a phone' seen 'phone: too wide by 0, contrast good'
	check 'a screen reader is told who failed' grep -q '^DisclosureTriangle: .*api ✗ failed' "$work/seen"
	check 'and when' grep -Eq '^image: planned from 10s to 15s, on the critical path; ran from .* in 2 attempts' "$work/seen"
	check 'and what the graph shows' grep -q '^image: 3 agents · ' "$work/seen"
else
	echo '# left out: no chromium here'
fi

# A test that takes too long has failed, and what it printed is offered.
repository late
plan <<'P'
plan p {
  runner teller
  test ["true"]
}
runner teller { command ["sh", "-c", "echo 1 >a.txt"] }
agent a { owns "a.txt"  timeout 1s  test ["true"]  test sh "echo on and on; sleep 100"  test ["true"]  prompt "x" }
P
run 1 exec plan.orch
check 'who looks is told where' said 'what the test printed: orch logs a --test'
run 0 logs a --test
check 'what it printed' same "$(cat "$work/out")" 'on and on'
run 0 report --json
check 'how they went' same "$(ask '[t["outcome"] for t in a["a"]["tests"]]')" "['passed', 'failed', 'not run', 'not run']"

# While it goes on, and of a run of which nothing is there yet.
repository early
run 3 report
check 'nothing was run' said 'nothing was run here yet'
agents=$(printf 'plan p { sandbox off }\nrunner slow { command ["sh", "-c", "while [ ! -e %s/go ]; do sleep 0.1; done"] }\nagent a { runner slow\n owns "a.txt"\n prompt "x" }\n' "$work")
echo "$agents" >plan.orch
orch exec plan.orch >/dev/null 2>&1 &
pid=$!
until_ test -e .orch/runs/1/agents/a/1.log
orch report >"$work/out" 2>"$work/err"
check 'it is running' said 'running, 0 of 1 merged'
orch report --html - >"$work/out" 2>"$work/err"
check 'on the page, too' said '… running'
touch "$work/go"
wait $pid
end
