#!/usr/bin/env bash
# init — a first plan, whatever the repository is like, checks without a word against it and is in the one form.
. "$(dirname "$0")/lib.sh"
PATH=/usr/bin:/bin:$build

# fine — the plan that is in $work/out.
fine() {
	cp "$work/out" first.orch && orchc check first.orch >"$work/checked" 2>&1 && orchc fmt --check first.orch &&
		! grep -q 'warning\|error' "$work/checked" || { cat "$work/checked" first.orch; return 1; }
}
repository init
meanwhile=1 # it writes a plan
run 0 init
check 'what was written' said 'wrote plan.orch'
cp plan.orch "$work/out"
check 'it checks' fine
check 'an agent for the folder' grep -qF '"src/**"' plan.orch
check 'no agent is installed' grep -qF 'runner std.claude' plan.orch
check 'no tests are made up' not grep -q ' test ' plan.orch
run 3 init
check 'a second time' said 'plan.orch is there already, and is left as it is'
run 0 init other.orch
check 'a name' cmp plan.orch other.orch

repository tested
mkdir -p a b c d 'e [x]' .github node_modules
for folder in a b c d .github node_modules; do seq 3 >$folder/1; done
for file in 1 2 3 4 5; do seq 3 >"e [x]/$file"; seq 3 >b/$file; done
printf 'build:\n\ntest:\n\ttrue\n' >Makefile
git add -A && git commit -qm more
echo KEY=1 >.env
run 0 init -
check 'it checks' fine
check 'the largest folders' same "$(grep -c '^agent ' "$work/out")" 3
check 'whatever they are called' grep -qF 'agent e-x "What is to be done in e [x]"' "$work/out"
check 'not what others have made' not grep -q node_modules "$work/out"
check 'its tests' grep -qF 'sh "make test"' "$work/out"
check 'its settings' grep -qF 'copy     ".env"' "$work/out"

repository node
git rm -rq src
echo '{"scripts": {"test": "true"}}' >package.json
echo '{}' >package-lock.json
git add -A && git commit -qm node
mkdir bin && printf '#!/bin/sh\necho gemini 1\n' >bin/gemini && chmod +x bin/gemini
PATH=$PWD/bin:$PATH run 0 init -
check 'it checks' fine
check 'no folders' grep -qF '  owns     "**"' "$work/out"
check 'what is installed' grep -qF 'runner std.gemini' "$work/out"
check 'tests' grep -qF 'sh "npm test"' "$work/out"
check 'and what they need' grep -qF 'sh "npm ci"' "$work/out"

mkdir "$work/nothing" && cd "$work/nothing"
run 3 init
check 'no repository' said 'repository'
git init -q
run 3 init
check 'no commit yet' said 'commit'
end
