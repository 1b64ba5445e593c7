#!/usr/bin/env bash
# since — `orchc check --since REV` shows and counts what a change brings, and nothing else: whatever the change is, in
# every form, in every kind of clone; and what it says where there is nothing to compare with.
. "$(dirname "$0")/lib.sh"

# found STATUS WORDS… — runs orchc check; it must change nothing.
found() {
	local want=$1 got before
	shift
	before=$(everything 2>/dev/null)
	timeout 60 orchc check "$@" >"$work/out" 2>"$work/err" </dev/null
	got=$?
	check "orchc check $* ends with $got, not $want" same "$got" "$want"
	check "orchc check $* changes nothing" same "$(everything 2>/dev/null)" "$before"
}
# lines CODE… — the findings of the last run in the short form, by code and line.
lines() { same "$(sed -nE 's/^([^:]*):([0-9]+):[0-9]+: [a-z]+\[([EW][0-9]+)\].*/\3:\2/p' "$work/out" | paste -sd' ')" "$*"; }
commit() { git add -A && git commit -qm "${1-change}"; }

repository r
mkdir -p plans prompts lib
cat >plans/site.orch <<'P'
import "../lib/parts.orch" as parts
plan site {
  runner parts.r
}
agent one {
  owns   "src/one.txt"
  prompt "Change src/one.txt."
}
agent two {
  owns   "src/one.txt"
  prompt "Change it, too."
}
agent three {
  owns   "src/two.txt"
  prompt file "../prompts/three.md"
}
P
cat >lib/parts.orch <<'P'
runner r {
  command ["true"]
}
runner spare {
  command ["true"]
}
P
echo 'Change src/two.txt.' >prompts/three.md
commit 'a plan with an overlap'
git tag start
p=plans/site.orch

# Nothing changed, and then only places.
found 1 --format short $p
check 'an overlap and a warning' lines E0301:10
found 0 --since start $p
check 'nothing is new' said 'plan site: 3 agents; 1 old finding left out'
check 'and nothing is shown' same "$(wc -l <"$work/err")" 1
sed -i '1i# a line\n# another\n' $p
found 0 --since HEAD --strict $p
check 'lines that moved bring nothing' said '1 old finding left out'

# An error more, in the plan.
cat >>$p <<'P'
agent four {
  owns   "src/*.txt"
  after  one, two
  prompt "Change all."
}
P
found 1 --format short --since start $p
check 'only what the change brings' lines E0301:21
check 'both are counted' said '1 error; 1 old finding left out'
found 1 --format short $p
check 'without --since, both' lines E0301:13 E0301:21
for form in json sarif github gitlab; do
	found 1 --format $form --since start $p
	check "$form: one finding" same "$(grep -o 'E0301' "$work/out" | wc -l)" \
		"$(orchc check --format $form --since start $p 2>/dev/null | grep -o E0301 | wc -l)"
	check "$form: not the old one" not grep -qE '`one` and `two`' "$work/out"
	check "$form: the new one" grep -qE '`three` and `four`' "$work/out"
done
found 1 --since start $p
check 'as text' said 'error[E0301]: `three` and `four` may run at the same time'
check 'without the old one' not said '`one` and `two`'
commit
found 0 --since HEAD $p
check 'once it is committed, it is old' said '2 old findings left out'
found 1 --since HEAD~1 $p
check 'a commit by its distance' said '1 error; 1 old finding left out'
found 1 --since "$(git rev-parse start)" $p
check 'and by its name' said '1 error; 1 old finding left out'
found 1 --since start --max-errors 1 --format short $p
check '--max-errors counts what is new' lines E0301:21
check 'nothing is kept back' not said 'not shown'
git reset -q --hard start

# Warnings, and --strict.
sed -i 's/"Change it, too."/"See src\/none.txt and docs\/guide.md."/' $p
found 0 --format short --since start $p
check 'a warning that is new' said 'warning['
found 1 --format short --since start --strict $p
commit
found 0 --format short --since HEAD --strict $p
check 'an old one is none for --strict' said 'old finding'
git reset -q --hard start

# What the plan reads is that commit's, too: imports, prompts, and the files that are there.
sed -i 's/runner spare {/runner spare = {/' lib/parts.orch
found 1 --format short --since start $p
check 'a mistake in what is imported' lines E0103:4
check 'at its place' said 'lib/parts.orch:4:'
commit
echo '# above' | cat - lib/parts.orch >parts && mv parts lib/parts.orch
found 0 --format short --since HEAD $p
check 'moved there' said 'old finding'
git reset -q --hard start
rm prompts/three.md
found 1 --format short --since start $p
check 'a prompt that is gone' lines E0601:15
commit
echo 'Change src/two.txt.' >prompts/three.md
found 0 --format short --since HEAD $p
check 'and there again' lines
git reset -q --hard start
git rm -q src/two.txt && commit
found 0 --format short --since start $p
check 'a file that is gone is missed by the plan that was not changed' lines W0603:14
git reset -q --hard start
git mv prompts/three.md prompts/3.md && ln -s 3.md prompts/three.md && commit
found 0 --since HEAD $p
check 'links in the commit are followed' said 'plan site: 3 agents; 1 old finding left out'
ln -sfn /etc/hostname prompts/three.md && commit
found 0 --since HEAD $p
check 'and not out of it' said '2 old findings left out'
ln -sfn ../../../x prompts/three.md && commit
found 1 --since HEAD~1 $p
check 'which is what it is in a checkout' said 'there is no such file'
ln -sfn loop prompts/three.md && ln -s three.md prompts/loop && commit
found 0 --since HEAD $p
check 'links that lead to each other' said '2 old findings left out'
rm prompts/three.md prompts/loop && mkdir prompts/three.md && touch prompts/three.md/x && commit
found 0 --since HEAD $p
check 'a folder' said '2 old findings left out'
git reset -q --hard start

printf '*.orch eol=crlf\n' >.gitattributes && rm $p && git add -A && git checkout -q HEAD -- $p && commit && rm $p && git checkout -q -- $p
check 'a checkout with other line ends than git has' grep -q $'\r' $p
found 0 --since HEAD $p
check 'brings nothing' said '1 old finding left out'
git rm -q .gitattributes && git reset -q --hard start
git update-index --add --cacheinfo "160000,$(git rev-parse HEAD),vendor" && git commit -qm vendor
mkdir vendor && echo 'Change src/two.txt.' >vendor/three.md
sed -i 's|../prompts|../vendor|' $p && git commit -qam vendor
found 0 --since HEAD $p
check 'a prompt in a submodule' said '1 old finding left out'
rm -r vendor && git reset -q --hard start
printf '# A plan\n\n```orch\n' | cat - $p >plans/site.md && echo '```' >>plans/site.md && commit
sed -i '1i# Above' plans/site.md
found 0 --since HEAD plans/site.md
check 'a plan in Markdown' said '1 old finding left out'
git reset -q --hard start
ln -s site.orch plans/link.orch && commit && sed -i '1i# moved' $p
found 0 --since HEAD --format short plans/link.orch
check 'a plan that is a link' said 'old finding'
git reset -q --hard start

# What was not there, or under another name.
cp $p plans/new.orch
found 1 --since start --format short plans/new.orch
check 'of a new plan, all is new' lines E0301:10
git mv $p plans/moved.orch && commit
found 1 --since start --format short plans/moved.orch
check 'and of one that was renamed' lines E0301:10
git reset -q --hard start
head -c 300 /dev/urandom >plans/odd.orch && commit && cp $p plans/odd.orch
found 1 --since HEAD --format short plans/odd.orch
check 'and of one that was no text' lines E0301:10
git reset -q --hard start

# The same mistake several times.
printf 'plan p { runner r }\nrunner r { command ["x"] }\nagent a {\n  owns "a" "b"\n  creates "c"\n  prompt "p"\n}\n' >plans/twice.orch
commit
sed -i 's|  creates "c"|  reads "b"\n  creates "c" "b"|; s|  owns|\n  owns|' plans/twice.orch
found 1 --since HEAD --format short plans/twice.orch
check 'once more than before, at the line that is new' lines E0103:7
check 'the other is old' said '1 error; 3 old findings left out'
printf 'plan p { runner r }\n# \xe9\nrunner r { command ["x"] }\n' >plans/byte.orch && commit
sed -i '1i# moved' plans/byte.orch
found 0 --since HEAD --format short plans/byte.orch
check 'a message that names a byte' said '1 old finding left out'
commit

# Several plans, and a plan that cannot be read.
git reset -q --hard start
sed 's/plan site/plan other/' $p >plans/other.orch
found 1 --since HEAD --format gitlab $p plans/other.orch
check 'one document for all' python3 -c 'import json, sys
found = json.load(open(sys.argv[1]))
assert [one["location"]["path"] for one in found] == ["plans/other.orch"], found' "$work/out"
found 3 --since HEAD $p plans/none.orch
check 'the others are shown' said '1 old finding left out'

# Where there is nothing to compare with.
found 3 --since nowhere $p plans/other.orch
check 'no such commit' said 'error: cannot compare with an earlier commit: `nowhere` is no branch, tag or commit of this repository'
check 'is said once' same "$(grep -c '^error' "$work/err")" 1
check 'and what to do' said 'if another has it, get it from there by `git fetch`'
found 3 --since strat $p
check 'a name that is near' said 'did you mean `start`?'
found 3 --since "HEAD:$p" $p
check 'no commit' said 'is no commit at'
check 'is said what to name' said '; name one by its branch, its tag, or enough of its own name'
found 3 --since 'a b..c~^{' $p
check 'no revision at all' said '; name one by its branch'
found 3 --since 0000000000000000000000000000000000000000 $p
check 'what CI says for none' said 'is no commit, but what stands for none'
found 3 --since nowhere --format sarif $p
check 'SARIF says it, too' grep -q '"executionSuccessful":false.*is no branch, tag or commit' "$work/out"
found 2 --since '' $p
check 'a variable that is empty' said 'error: --since needs a commit, but its argument is empty'
found 2 --since start --fix $p
check 'not with --fix' said 'error: --since leaves out what was found before, and --fix and --diff would mend that, too'
found 2 --since start --diff $p
found 2 --since
check 'nothing behind it' said '--since needs an argument: REV'

# Other clones.
found 0 --since start $p
git clone -q --depth 1 "file://$work/r" "$work/shallow" && cd "$work/shallow" || exit 1
found 3 --since HEAD~1 $p
check 'a shallow clone' said 'which is a shallow clone: it has the last commits only. Get the others by `git fetch --unshallow`'
check 'as CI makes them' said '`fetch-depth: 0` of actions/checkout; GitLab: `GIT_DEPTH: 0`'
git fetch -q --unshallow
found 1 --since HEAD~1 $p
check 'what it says helps' said '1 error'
cd "$work/r" || exit 1
sed -i '1i# moved' $p && sed -i 's/two.txt/all of src/' prompts/three.md && commit
object=.git/objects/$(git rev-parse HEAD~1:prompts/three.md | sed 's|^..|&/|')
cp "$object" "$work/kept" && chmod u+w "$object" && truncate -s 5 "$object"
found 3 --since HEAD~1 $p
check 'a damaged object' said 'prompts/three.md cannot be read as it is in HEAD~1: its object'
check 'is not shown as a finding' not said 'E0601'
cp "$work/kept" "$object"
git config uploadpack.allowFilter true
git clone -q --filter=blob:none "file://$work/r" "$work/partial" && cd "$work/partial" || exit 1
found 3 --since HEAD~1 $p
check 'a partial clone' said 'cannot be read as it is in HEAD~1: its object'
check 'and what to do' said 'if that is a partial clone, `git diff --stat HEAD~1` gets it, else `git fsck` says more'
git diff --stat HEAD~1 >/dev/null
found 0 --since HEAD~1 $p
check 'once git has it' said '1 old finding left out'
cd "$work/r" || exit 1
git gc -q
git worktree add -q "$work/linked" && cd "$work/linked" || exit 1
found 0 --since HEAD~1 $p
check 'a linked work tree, and packs' said '1 old finding left out'
cd "$work/linked/plans" || exit 1
found 0 --since HEAD~1 site.orch
check 'from a folder in it' said '1 old finding left out'
mkdir -p "$work/none" && cd "$work/none" || exit 1
cp "$work/r/lib/parts.orch" . && sed 's|../lib/||; s|file "../prompts/three.md"|"Change it."|' "$work/r/$p" >site.orch
found 3 --since HEAD site.orch
check 'no repository' said "error: cannot compare with the commit HEAD: there is no git repository at $work/none"
git init -q --object-format=sha256 .
found 3 --since HEAD site.orch
check 'one that orch cannot read' said 'a format that orch cannot read'
rm -rf .git && git init -q -b main .
found 3 --since HEAD site.orch
check 'one without a commit' said '`HEAD` is no branch, tag or commit of this repository'
end
