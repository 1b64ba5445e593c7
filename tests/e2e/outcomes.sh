#!/usr/bin/env bash
# outcomes — what becomes of agents that behave, and of those that do not.
. "$(dirname "$0")/lib.sh"

repository outcomes
export PIDS=$work/pids LAUNCHES=$work/launches
plan <<'P'
plan outcomes { runner tidy }
agent t-tidy { owns "tidy/"    prompt "write tidy/a.txt hello" }
agent t-stray { owns "stray/"   runner stray   prompt "write stray/a.txt hello" }
agent t-slow { owns "slow/"    runner slow    prompt "write slow/a.txt hello" }
agent t-silent { owns "silent/"  runner silent  idle 1s  prompt "write silent/a.txt hello" }
agent t-chatty { owns "chatty/"  runner chatty  idle 1s  timeout 2s  prompt "write chatty/a.txt hello" }
agent t-crash { owns "crash/"   runner crash   prompt "write crash/a.txt hello" }
agent t-shot { owns "shot/"    runner shot    prompt "write shot/a.txt hello" }
agent t-daemon { owns "daemon/"  runner daemon  prompt "write daemon/a.txt hello" }
agent t-fork { owns "fork/"    runner fork-away  prompt "write fork/a.txt hello" }
agent t-loud { owns "loud/"    runner loud    prompt "write loud/a.txt hello" }
agent t-empty { owns "empty/"   runner empty   prompt "write empty/a.txt hello" }
agent t-commits { owns "commits/"  runner commits-itself  prompt "write commits/a.txt hello" }
agent t-stubborn { owns "stubborn/"  runner stubborn  timeout 1s  prompt "write stubborn/a.txt hello" }
agent t-reads { owns "a.txt"    runner reads-for-ever  prompt "anything" }
agent t-creates { creates "made/a.txt", "made/b.txt"  prompt "write made/a.txt hello" }
agent t-deletes { owns "src/one.txt"  prompt "delete src/one.txt" }
agent t-link { owns "way/"     prompt "link way/out /etc/passwd" }
P
before=$(everything)
run 1 exec plan.orch --jobs 17
check 'where the tree of one that failed is' said 'its tree: .orch/runs/1/trees/t-crash'
check 'and of no other' not said 'its tree: .orch/runs/1/trees/t-tidy'
check 'the checkout, HEAD, config, hooks and other refs are as they were' same "$(everything)" "$before"
for agent in tidy slow fork loud commits reads deletes link; do
	check "t-$agent is merged" is "t-$agent" merged
done
integration=refs/orch/1/integration
check 'what the tidy one wrote is in the integration' holds $integration tidy/a.txt hello
check 'and on its branch' holds orch/outcomes/t-tidy tidy/a.txt hello
check 'a deleted file is deleted' lacks $integration src/one.txt
check 'a link is a link' same "$(git ls-tree $integration way/out | cut -c1-6)" 120000
check 'commits of its own change nothing' holds $integration commits/a.txt hello
check 'main did not move' same "$(git rev-list --count main)" 1
check 'the stray one failed' because t-stray stray
check 'nothing of it is in the integration' lacks $integration stray/a.txt
check 'what it changed is kept' holds refs/orch/1/strays/t-stray/1 README.md "$(printf 'A readme.\nimproved')"
check 'with what it owned' holds refs/orch/1/strays/t-stray/1 stray/a.txt hello
check 'silence is ended' because t-silent idle
check 'talking does not help against the timeout' because t-chatty timeout
check 'nor does ignoring TERM' because t-stubborn timeout
check 'a failure is a failure' because t-crash exit
check 'its half work is kept' holds refs/orch/1/strays/t-crash/1 crash/a.txt hello
check 'so is a signal' because t-shot exit
check 'no change is no result' because t-empty empty
check 'what is to be created must be there' because t-creates creates
check 'the file that is missing is named' said made/b.txt
check 'no process of an agent is left' gone "$PIDS"
check 'the daemon wrote no stray into a result' lacks $integration daemon/stray
check 'the log of the loud one has a limit' test "$(stat -c %s .orch/runs/1/agents/t-loud/1.log)" -lt 70000000
check 'and its end' same "$(tail -n 1 .orch/runs/1/agents/t-loud/1.log)" 'the very end'
check 'each was launched once' same "$(sort "$LAUNCHES" | uniq -d)" ''
check 'logs shows what an agent printed' same "$(orch logs t-crash)" 'cannot go on'
check 'git is content' fsck
check '.orch does not show' same "$(git status --porcelain)" '?? plan.orch'
end
