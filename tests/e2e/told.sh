#!/usr/bin/env bash
# told — what a user is told of what went wrong, and that the commands which are named do what they are named for.
. "$(dirname "$0")/lib.sh"

repository runners
plan <<'P'
plan p { runner tidy }
runner locked { command ["./locked.sh"] }
runner missing { command ["./missing.sh"] }
runner odd { command ["./odd.sh"] }
agent a { owns "a.txt"  runner locked  prompt "x" }
agent b { owns "b.txt"  runner missing  prompt "x" }
agent c { owns "c.txt"  runner odd  prompt "x" }
P
echo 'echo hello' >locked.sh
printf '#!/no/such/interpreter\n' >odd.sh
chmod +x odd.sh
git add locked.sh odd.sh
git commit -q -m runners
printf '#!/bin/sh\necho 1 >b.txt\n' >missing.sh
chmod +x missing.sh
run 1 exec plan.orch
check 'a program that is not executable' said 'Permission denied: chmod +x locked.sh and commit it'
check 'one that is not committed' said "./missing.sh is not in the work tree: commit it, or give an absolute path"
check 'one whose interpreter is not there' said 'its first line names is not there'

repository tests
plan <<'P'
plan p {
  runner tidy
  merge b, a, c
  test sh "echo FINE"
  test sh "test ! -e b.txt || { echo TOGETHER; false; }"
}
agent a { owns "a.txt"  setup sh "echo SETTING"  test sh "echo FIRST"  test sh "echo WHY; false"  retry 1  prompt """
    write a.txt 1
    say hello there
  """
}
agent b { owns "b.txt"  prompt "write b.txt 1" }
agent c { owns "c.txt"  prompt "write c.txt 1" }
P
run 1 exec plan.orch
check 'how to see what the test printed' said 'what the test printed: orch logs a --test'
check 'also of the combination' said 'what the test printed: orch logs b --test'
check 'what the test printed' same "$(orch logs a --test)" WHY
check 'in the first attempt, which had a setup' same "$(orch logs a --test --attempt 1)" WHY
check 'another test' same "$(orch logs a --test=1 --attempt 1)" FIRST
check 'and in the attempt without a setup' same "$(orch logs a --test=1)" FIRST
check 'what the test on the combination printed' same "$(orch logs b --test)" TOGETHER
check 'and the one before it' same "$(orch logs b --test=1)" FINE
check 'also of one that is merged' same "$(orch logs c --test=1)" FINE
check 'the agent itself' same "$(orch logs a)" 'hello there'
run 3 logs a --attempt 9
check 'an attempt that never was' said '`a` had 2 attempts'
run 3 logs a --test=9
check 'a test that never was' said '`a` has 4 tests'
run 3 logs a --test=3
check 'one that was not come to' said 'was not run'
run 2 logs a --test=none

repository strays
plan <<'P'
plan p { runner wild }
runner wild { command ["sh", "-c", "echo x >stray.txt; echo x >>README.md; git add README.md; rm src/two.txt; test $ORCH_AGENT = a"] }
agent a { owns "a.txt"  retry 1  prompt "x" }
agent b { owns "b.txt"  retry 1  prompt "x" }
P
run 1 exec plan.orch
told=$(cat .orch/runs/1/agents/a/2.feedback)
check 'the agent is told what to undo, each once' same "$told" 'Your last attempt was not accepted:
- you changed README.md, which is not yours: put README.md back as it was: git checkout "$ORCH_BASE" -- README.md
- you deleted src/two.txt, which is not yours: put src/two.txt back as it was: git checkout "$ORCH_BASE" -- src/two.txt
- you created stray.txt, which is not yours: remove stray.txt'
check 'also when its program failed' same "$(sed 's/: its program ended with exit status 1:$/:/' .orch/runs/1/agents/b/2.feedback)" "$told"
check 'the summary says that there is more' said 'leave it alone; and 2 more: .orch/runs/1/agents/a/2.json'
check 'which is all there' grep -q '"findings":\[.*README.md.*src/two.txt.*stray.txt' .orch/runs/1/agents/a/2.json
check 'what is advised works' same "$(cd .orch/runs/1/trees/a && export ORCH_BASE=$(git -C ../../../.. rev-parse main) &&
	sed -n 's/.*: git/git/p' ../../agents/a/2.feedback | sh >/dev/null 2>&1; rm stray.txt; git status --porcelain)" ''

repository names
git init -q "$work/sub" && git -C "$work/sub" -c user.name=t -c user.email=t@x commit -q --allow-empty -m one
git -c protocol.file.allow=always submodule --quiet add "$work/sub" sm
git commit -q -m more
plan <<'P'
plan p { runner odd }
runner odd { command ["sh", "-c", "printf x >\"$(printf 'src/\\033[31mE\\nVIL')\""] }
runner less { command ["sh", "-c", "rm -rf sm"] }
agent a { owns "a.txt"  retry 1  prompt "x" }
agent b { owns "sm"  runner less  prompt "x" }
P
run 1 exec plan.orch
check 'a name with a line end and an escape is one line' said '`a` created src/\x1b[31mE\x0aVIL, which nobody owns: add it to `owns`'
check 'the agent sees no raw byte of it' not grep -q "$(printf '\033')" .orch/runs/1/agents/a/2.feedback
check 'and can name it' grep -qF "remove \"\$(printf 'src/\\033[31mE\\012VIL')\"" .orch/runs/1/agents/a/2.feedback
check 'a submodule that was removed' said '`b` deleted sm, which no result can have'
check 'what to do' said 'tell `b` to leave it as it was'
check 'which .gitignore would not' not said 'gitignore'

repository slow
plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  timeout 1s  setup sh "echo SETTING; sleep 30"  prompt "x" }
P
run 1 exec plan.orch
check 'a setup that took too long: where it printed' said 'what was printed: .orch/runs/1/agents/a'
check 'not a program that was not started' not said 'orch logs a'
run 3 gc 9
check 'nothing is said of what was not done' not said 'removed'

repository offered
plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  prompt "write a.txt 1" }
P
run 0 exec plan.orch
check 'what can be done with the result' said 'the result can be landed: orch land 1'

run 0 land
meanwhile=1 run 0 rollback a
check 'what was landed and taken back' said '; all of it was rolled back since'
check 'is not offered' not said 'orch land 1'
run 0 gc
check 'nor is it for gc' said '(landed, and rolled back since)'
check 'which does not speak of its own removals' not said 'cut off'
git tag here
plan <<'P'
plan q { runner tidy  base "here" }
agent a { owns "a.txt"  prompt "write a.txt 1" }
P
run 0 exec plan.orch
check 'from a tag there is no branch to land on' not said 'orch land 2'
check 'what to do instead' said 'git merge refs/orch/2/integration'
git branch -D -q orch/q/a
run 0 status 2
check 'a branch that is deleted is not shown' not said 'branch orch/q/a'
plan <<'P'
plan r { runner half }
runner half { command ["sh", "-c", "rm stray.txt && exit 1; echo x >stray.txt"] }
agent a { owns "a.txt"  retry 1  prompt "x" }
P
run 1 exec plan.orch
check 'what is kept of which attempt' said 'what its attempt 1 changed is kept: git show refs/orch/3/strays/a/1'
check 'nothing is merged' said 'nothing is merged, so there is nothing to land'
run 1 exec --json --new plan.orch
check 'programs are told as well' said 'nothing is merged, so there is nothing to land'

repository interrupted
plan <<'P'
plan p { runner sleeps }
runner sleeps { command ["sh", "-c", "touch ../../begun; sleep 30"] }
agent a { owns "a.txt"  prompt "x" }
P
python3 - "$work" <<'P'
import os, signal, subprocess, sys, time
work = sys.argv[1]
with open(work + '/out', 'w') as out, open(work + '/err', 'w') as err:
    orch = subprocess.Popen(['orch', 'exec', 'plan.orch'], stdout=out, stderr=err)
    while not os.path.exists('.orch/runs/1/begun'):
        time.sleep(0.01)
    orch.send_signal(signal.SIGINT)
    time.sleep(0.1)
    orch.send_signal(signal.SIGINT)
    print(orch.wait(), file=open(work + '/status', 'w'))
P
check 'interrupted' same "$(cat "$work/status")" 130
check 'the summary says so' said ': interrupted, 0 of 1 merged'
check 'and how to go on' said 'to go on:         orch resume 1'

repository lost
plan <<'P'
plan p { runner kills }
runner kills { command ["sh", "-c", "echo half >a.txt; kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); sleep 30"] }
agent a { owns "a.txt"  prompt "x" }
P
run 1 exec plan.orch
check 'whose node was killed' because a lost
check 'where its tree is' said 'its tree is as it was left: .orch/runs/1/trees/a'
check 'and that is true' same "$(cat .orch/runs/1/trees/a/a.txt)" half

# Settings that git ignores are in no agent's tree; whoever has them in the checkout is told how to bring them over.
repository settings
printf '.env*\n' >>.gitignore
printf 'KEY=example\n' >.env.example
git add -f .gitignore .env.example
git commit -q -m settings
echo KEY=secret >.env
echo KEY=mine >.env.local
plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  prompt "write a.txt 1" }
P
run 0 exec plan.orch
check 'settings that nobody gets' said 'no agent gets: say `copy'
check 'by name' said '".env.local"'
check 'but not an example of them' not said '.env.example'
plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  copy ".env*"  prompt "write a.txt 1" }
P
run 0 exec --new plan.orch
check 'nothing is said of what is brought over' not said 'no agent gets'
check 'and it is there' test -e .orch/runs/2/trees/a/.env.local

end
