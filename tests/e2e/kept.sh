#!/usr/bin/env bash
# kept — whatever an agent has left anywhere is reachable from a ref before its tree or git folder goes: what it committed,
# stashed, staged, deleted the branch of, or only wrote. What no commit can hold stays where it is.
. "$(dirname "$0")/lib.sh"
export HOARD=$work/hoard MERCY=$work/mercy
mkdir -p "$HOARD"

# lists the words that are lost: of $HOARD/kept those that cannot be read from some ref, nor from a git folder that is there,
# of $HOARD/loose those that are in no file either
words() {
	git rev-list --objects --all | cut -d' ' -f1 | git cat-file --batch >"$work/reachable"
	for folder in .orch/runs/*/git/*; do
		[ ! -e "$folder" ] || git --git-dir="$folder" cat-file --batch-all-objects --batch
	done >>"$work/reachable"
	grep -ohE 'word-[a-z0-9-]+' -a "$work/reachable" | sort -u >"$work/found"
	sort -u "$HOARD/kept" | comm -23 - "$work/found"
	grep -rohE 'word-[a-z0-9-]+' .orch | sort -u >>"$work/found"
	sort -u "$HOARD/loose" | comm -23 - <(sort -u "$work/found")
}

for repack in '' yes; do
	export REPACK=$repack
	rm -f "$HOARD"/* "$MERCY"
	repository "clone$repack"
	plan <<'P'
plan p { runner hoards  retry 1 }
agent a { owns "a/**"  prompt "write a/a.txt 1" }
agent b { owns "b/**"  after a  prompt "write b/b.txt 1" }
P
	before=$(everything)
	run 1 exec plan.orch
	run 1 retry a
	check 'it has failed four times' same "$(orch status --json | grep -c '"agent":"a".*"attempt":4')" 1
	check 'nothing is lost' same "$(words)" ''
	check 'the tree with an ignored file is moved' test -e .orch/runs/1/old/a.1
	touch "$MERCY"
	run 0 retry a
	check 'nothing is lost by what succeeds' same "$(words)" ''
	run 0 rollback a
	run 0 retry a
	check 'nor by a rollback and another attempt' same "$(words)" ''
	check 'nothing of the user is touched' same "$(everything)" "$before"
	check 'the repository is sound' fsck
	refs=$(git for-each-ref | wc -l)
	run 0 resume
	check 'no ref is made twice' same "$(git for-each-ref | wc -l)" "$refs"
done
end
