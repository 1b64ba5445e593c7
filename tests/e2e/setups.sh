#!/usr/bin/env bash
# setups — what a setup makes is kept under what it depends on: made once, copied for all others, made again when that
# changes, and never half there.
. "$(dirname "$0")/lib.sh"

made() { wc -l <"$work/made" 2>/dev/null || echo 0; }
repository shared
echo 1 >lock.json
printf 'ignored.txt\ndeps\nother\n' >.gitignore
ln -s .. src/up
git add -A
git commit -q -m locked
setup='setup sh "echo made >>$work/made; mkdir -p deps/bin other/in; cat lock.json >deps/version; ln -s ../version deps/bin/link; echo run >deps/bin/tool; chmod +x deps/bin/tool; echo x >other/in/x" keyed "lock.json" makes "deps", "other/in"'
agents='runner uses { command ["sh", "-c", "cat deps/bin/link >$ORCH_AGENT.txt; test -x deps/bin/tool -a -L deps/bin/link -a -f other/in/x && rm -r deps"] }'
plan <<P
plan p {
  runner uses
}
${agents}
group all {
  ${setup//\$work/$work}
  agent a { owns "a.txt"  prompt "x" }
  agent b { owns "b.txt"  prompt "x" }
  agent c { owns "c.txt"  after a  prompt "x" }
}
P
run 0 exec plan.orch
check 'made once for three' same "$(made)" 1
check 'each has it' holds refs/orch/1/integration c.txt 1
check 'what agents do to theirs is theirs' same "$(cat .orch/kept/*/0/version)" 1
check 'whole, with links and modes' test -L .orch/kept/*/0/bin/link -a -x .orch/kept/*/0/bin/tool
run 0 logs c --setup
check 'told where it is from' said 'not run: what it makes was kept, in '
run 0 exec --fresh plan.orch
check 'and for the next run' same "$(made)" 1
echo 2 >lock.json
git commit -q -a -m two
run 0 exec --fresh plan.orch
check 'made anew when what it depends on has changed' same "$(made)" 2
check 'from that' holds refs/orch/3/integration a.txt 2
sed -i 's/cat lock.json/: ; cat lock.json/' plan.orch
run 0 exec --fresh plan.orch
check 'or the command' same "$(made)" 3
echo README >>README.md
git commit -q -a -m three
run 0 exec --fresh plan.orch
check 'and not when something else has' same "$(made)" 3
run 0 gc --dry-run
check 'what was used just now stays' not said 'no setup has used it'
touch -d '40 days ago' .orch/kept/*/
run 0 gc
check 'what nothing uses goes' said 'no setup has used it for 30 days'
check 'all of it, locks too' same "$(ls .orch/kept)" ''

# It fails, or does not make what it says: nothing is kept.
rm -f "$work/made"
sed -i 's/echo x >other/exit 3; echo x >other/' plan.orch
run 1 exec --fresh plan.orch
check 'a setup that fails is one' because a setup
check 'keeps nothing' not test -e .orch/kept/*/0
sed -i 's/exit 3; echo x >other.in.x/rmdir other\/in/' plan.orch
run 1 exec --fresh plan.orch
check 'says what it has not made' said 'says that it makes other/in, and has not'
check 'keeps nothing either' not test -e .orch/kept/*/0

# A path that leads out of the tree is no place to copy to.
repository outside
mkdir "$work/elsewhere"
ln -s "$work/elsewhere" away
git add -A
git commit -q -m link
plan <<P
plan p {
  runner uses
}
runner uses { command ["sh", "-c", "echo 1 >a.txt"] }
agent a { owns "a.txt"  setup sh "mkdir away/deps" keyed "README.md" makes "away/deps"  prompt "x" }
P
run 1 exec plan.orch
check 'not from there' said 'says that it makes away/deps, and has not'

# Killed while it is made, or copied: whoever comes next has all of it.
repository killed
plan <<P
plan p {
  runner uses
}
runner uses { command ["sh", "-c", "ls deps | wc -l >\$ORCH_AGENT.txt"] }
agent a { owns "a.txt"  setup sh "mkdir -p deps; for i in 1 2 3 4 5 6 7 8; do echo \$i >deps/\$i; echo \$i >>$work/steps; test -e $work/go || sleep 0.2; done" keyed "README.md" makes "deps"  prompt "x" }
P
printf 'deps\n' >.gitignore
git commit -q -a -m ignore
orch exec plan.orch >/dev/null 2>&1 &
pid=$!
until_ test -s "$work/steps"
kill -KILL $pid
wait $pid 2>/dev/null
check 'not half of it' not test -e .orch/kept/*/0
touch "$work/go"
run 0 resume
check 'all of it' holds refs/orch/1/integration a.txt 8
end
