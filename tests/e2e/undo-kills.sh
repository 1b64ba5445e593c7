#!/usr/bin/env bash
# undo-kills — rollback, retry and gc, killed at a call of the kernel that writes, and said again: the end is that of one that
# was never killed. $STEP is how many such calls are between two kills (15); 1 is every call (tests/sweeps/undone).
. "$(dirname "$0")/lib.sh"
export HOARD=$work/hoard MERCY=$work/mercy
mkdir -p "$HOARD" && touch "$MERCY"
meanwhile=yes
calls=rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,mkdir,pwrite64,write,fsync,fdatasync,ftruncate
step=${STEP-15}

if ! strace -f -o /dev/null -e inject=getppid:signal=KILL:when=9999 true 2>/dev/null; then
	echo 'undo-kills: strace is not there, or may not trace here: skipped'
	end
	exit
fi

plan_of() {
	plan <<'P'
plan p { runner tidy }
agent a { owns "a/**"  prompt "write a/a.txt 1" }
agent b { owns "b/**"  runner hoards  prompt "write b/b.txt 1" }
agent c { owns "c/**"  after b  prompt "write c/c.txt 1" }
agent d { owns "d/**", "src/two.txt"  prompt """
    write d/d.txt 1
    write src/two.txt changed
  """
}
P
}
tree() { git rev-parse -q --verify "$1^{tree}"; }
# what there is, whatever the hashes: states, trees, the checkout, and which trees and git folders are there
outcome() {
	orch status --json | grep -oE '"(agent|state)":"[^"]*"' | paste -sd' '
	tree refs/orch/1/integration
	tree main
	git log --format=%s main
	git status --porcelain
	ls .orch/runs/1/trees .orch/runs/1/git .orch/runs/1/gone .orch/runs/1/contents 2>/dev/null
}
words() {
	git rev-list --objects --all | cut -d' ' -f1 | git cat-file --batch >"$work/reachable"
	for folder in .orch/runs/*/git/*; do
		[ ! -e "$folder" ] || git --git-dir="$folder" cat-file --batch-all-objects --batch
	done >>"$work/reachable"
	grep -rohaE 'word-[a-z0-9-]+' "$work/reachable" .orch | sort -u >"$work/found"
	sort -u "$HOARD/kept" | comm -23 - "$work/found"
}

# sweep NAME WORDS — in a copy of the repository $work/NAME each time.
sweep() {
	local name=$1 when kills=0 bad=0 want got copy=$work/copy
	shift
	rm -rf "$copy" && cp -a "$work/$name" "$copy" && cd "$copy" || exit 1
	orch "$@" >/dev/null 2>&1
	want=$(outcome)
	for ((when = 1; ; when += step)); do
		cd "$work" && rm -rf "$copy" && cp -a "$work/$name" "$copy" && cd "$copy" || exit 1
		(exec strace -o /dev/null -e trace="$calls" -e inject="$calls:signal=KILL:when=$when" \
			orch "$@" >"$work/out" 2>"$work/err") 2>/dev/null
		[ $? = 137 ] || break
		kills=$((kills + 1))
		rm -f .git/index.lock .git/packed-refs.lock	# as the docs say
		# What was begun is finished by `orch resume`, or by saying it again.
		if [ $((kills % 2)) = 0 ]; then orch resume >/dev/null 2>&1; fi
		orch "$@" >"$work/out" 2>"$work/err"
		# A retry that has begun is not begun twice.
		if [ "$1" = retry ]; then orch resume >"$work/out" 2>"$work/err"; fi
		got=$(outcome)
		if [ "$got" != "$want" ] || [ -n "$(words)" ] || ! fsck; then
			bad=$((bad + 1))
			printf 'killed at call %d: orch %s\n' "$when" "$*"
			diff <(echo "$want") <(echo "$got") | head -n 10
			tail -n 3 "$work/err"
		fi
	done
	printf '# %d kills of orch %s\n' "$kills" "$*"
	check "orch $*, killed at $kills calls" [ "$bad" = 0 ] && check 'there were kills' [ "$kills" -gt 3 ]
}

repository merged
plan_of
run 0 exec plan.orch
sweep merged rollback b
cd "$work/merged" || exit 1
cp -a "$work/merged" "$work/undone" && cd "$work/undone" || exit 1
run 0 rollback d
sweep undone retry d
cd "$work/merged" || exit 1
cp -a "$work/merged" "$work/landed" && cd "$work/landed" || exit 1
run 0 land
sweep landed rollback b
sweep landed gc --ignored --refs
cd "$work/landed" || exit 1
end
