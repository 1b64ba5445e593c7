#!/usr/bin/env bash
# channels — prompts by argument and file, environment, pools, setup, copy, link, and linked work trees.
. "$(dirname "$0")/lib.sh"

repository channels
echo secret >ignored.txt
mkdir -p node_modules/x && echo ignored >node_modules/x/y && printf 'ignored.txt\nnode_modules\n' >.gitignore
git commit -q -am ignore
plan <<'P'
plan p { runner by-argument  pool one 1 }
runner by-argument { command ["argument", "${prompt}"]  prompt argument }
runner by-file { command ["argument", "--file", "${prompt_file}"]  prompt file }
runner environment { command ["sh", "-c", "env | sort > env.txt"]  env WHO "the runner"  env BOTH "runner" }
runner looks { command ["sh", "-c", "cat ignored.txt node_modules/x/y made > looks.txt"] }
runner linked { command ["sh", "-c", "echo 1 > linked.txt; git add -A; git -c user.name=a -c user.email=a@b commit -qm mine"] }
runner alone { command ["sh", "-c", "mkdir \"$LOCK\" || exit 5; sleep 0.3; rmdir \"$LOCK\"; echo 1 > $ORCH_AGENT.txt"] }
agent a-by-argument { owns "a.txt"  prompt "by ${argument} \" ' é" }
agent a-by-file { owns "a.txt"  after a-by-argument  runner by-file  prompt "by file" }
agent a-environment { owns "env.txt"  runner environment  env BOTH "agent"  prompt "x" }
agent a-looks { owns "looks.txt", "made"  runner looks  copy "ignored.txt"  link "node_modules"  setup sh "echo made > made"  prompt "x" }
agent a-linked { owns "linked.txt"  runner linked  isolation worktree  prompt "x" }
agent p1 { owns "p1.txt"  runner alone  pool one  prompt "x"  test sh "mkdir \"$LOCK\" && sleep 0.2 && rmdir \"$LOCK\"" in one }
agent p2 { owns "p2.txt"  runner alone  pool one  prompt "x" }
P
export GIT_DIR_X=1 GIT_AUTHOR_NAME=wrong LOCK=$work/lock
run 0 exec plan.orch
integration=refs/orch/1/integration
check 'as an argument, byte for byte' sh -c "git show refs/orch/1/agents/a-by-argument:a.txt | grep -qF 'by \${argument} \" '\\'' é'"
check 'as a file' sh -c "git show $integration:a.txt | grep -q '^by file'"
git show $integration:env.txt >"$work/env"
check 'no GIT_ variable of the user' not grep -q -e '^GIT_AUTHOR' -e '^GIT_DIR' "$work/env"
check 'the agent has the last word' grep -qx BOTH=agent "$work/env"
check 'the runner is heard' grep -qx 'WHO=the runner' "$work/env"
for variable in AGENT=a-environment PLAN=p RUN=1 ATTEMPT=1 "BASE=$(git rev-parse main)"; do
	check "ORCH_$variable" grep -qx "ORCH_$variable" "$work/env"
done
check 'copies, links and setup' holds $integration looks.txt "$(printf 'secret\nignored\nmade')"
check 'what was brought is in no result' lacks $integration ignored.txt
check 'a linked work tree works too' holds $integration linked.txt 1
check 'its branch has the result' same "$(git rev-parse orch/p/a-linked)" "$(git rev-parse refs/orch/1/agents/a-linked)"
check 'and its own commit is kept' same "$(git log -1 --format=%s refs/orch/1/commits/a-linked)" mine
check 'pools are held one at a time' is p1 merged
check 'git is content' fsck

repository long
plan <<P
plan p { runner argument }
runner argument { command ["argument", "\${prompt}"]  prompt argument }
agent a { owns "a.txt"  prompt "$(head -c 131000 /dev/zero | tr '\0' x)" }
P
run 1 exec plan.orch
check 'a prompt too long for an argument is refused with advice' said 'prompt stdin'
end
