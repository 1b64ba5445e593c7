#!/usr/bin/env bash
# lives — whatever is done to a run, in any order, every word that an agent has left anywhere is found afterwards. $LIVES
# is how many random lives there are (3), $FROM the first; tests/sweeps/lives has many.
. "$(dirname "$0")/lib.sh"
export HOARD=$work/hoard MERCY=$work/mercy
meanwhile=yes
steps=10

cat >"$work/statements" <<'P'
plan p { runner hoards  retry 1 }
agent a { owns "a/**"  prompt "write a/a.txt 1" }
agent b { owns "b/**"  after a  prompt "write b/b.txt 1" }
agent c { owns "c/**"  prompt "write c/c.txt 1" }
agent d { owns "d/**"  after b, c  prompt "write d/d.txt 1" }
P
below() { echo $((RANDOM % $1)); }
agent() { echo "a b c d" | cut -d' ' -f$((1 + RANDOM % 4)); }

# still — until no supervisor of an agent is there any more
still() {
	local lock
	for lock in .orch/runs/*/agents/*/lock; do
		[ ! -e "$lock" ] || flock -w 60 "$lock" true
	done
}
# lists the words that are lost
lost() {
	git rev-list --objects --all | cut -d' ' -f1 | git cat-file --batch >"$work/reachable" 2>>"$work/broken"
	for folder in .orch/runs/*/git/*; do
		[ ! -e "$folder/objects" ] || git --git-dir="$folder" cat-file --batch-all-objects --batch
	done >>"$work/reachable" 2>/dev/null
	{
		grep -ohE 'word-[a-z0-9-]+' -a "$work/reachable"
		grep -rohE 'word-[a-z0-9-]+' .orch/runs/*/trees .orch/runs/*/old 2>/dev/null
	} | sort -u >"$work/found"
	cat "$HOARD/kept" "$HOARD/loose" 2>/dev/null | sort -u | comm -23 - "$work/found"
}
# cut WORDS — orch, told to stop or killed at some time
cut_off() {
	orch "$@" >"$work/out" 2>"$work/err" &
	local pid=$!
	sleep "0.$(printf '%02d' "$(below 90)")"
	case $(below 4) in
	0) kill -INT $pid 2>/dev/null ;;
	1) orch stop --now >/dev/null 2>&1 ;;
	*) kill -KILL $pid 2>/dev/null ;;
	esac
	wait $pid 2>/dev/null
	still
}
step() {
	local command
	if [ "$(below 2)" = 0 ]; then touch "$MERCY"; else rm -f "$MERCY"; fi
	case $(below 12) in
	0) command="resume" ;;
	1) command="exec plan.orch" ;;
	2 | 3) command="retry $(agent)" ;;
	4) command="retry $(agent) $(agent)" ;;
	5 | 6) command="rollback $(agent)" ;;
	7) command="land" ;;
	8) command="gc" ;;
	9) command="gc --refs" ;;
	10) command="gc --ignored" ;;
	11)
		command="commit"
		echo "$RANDOM" >>user.txt && git add user.txt && git commit -qm user
		git branch --format='%(refname:short)' | grep -v '^main$' | shuf -n 1 | xargs -r git branch -qD
		git -c gc.pruneExpire=now gc -q --prune=now 2>>"$work/broken"
		;;
	esac
	history+=" $command;"
	[ "$command" = commit ] && return
	if [ "$(below 3)" = 0 ]; then
		history+=" (cut)"
		cut_off $command
	else
		timeout 120 orch $command >"$work/out" 2>"$work/err"
		[ $? -lt 4 ] || wrong="orch $command ended in a way that is none: $(tail -n 3 "$work/err")"
		still
	fi
	# What git ignores may go when that is asked for.
	if [ "$command" = "gc --ignored" ]; then
		lost >"$work/gone"
		grep -vxFf "$work/gone" "$HOARD/loose" >"$work/rest"
		mv "$work/rest" "$HOARD/loose"
	fi
}

first=${FROM-1}
for ((life = first; life < first + ${LIVES-3}; life++)); do
	RANDOM=$life
	rm -rf "$HOARD" "$work/broken" && mkdir "$HOARD" && touch "$HOARD/kept" "$HOARD/loose"
	wrong= history=
	repository "life$life"
	plan <"$work/statements"
	REPACK= && [ $((life % 4)) = 0 ] && REPACK=yes
	export REPACK
	if [ $((life % 2)) = 0 ]; then touch "$MERCY"; else rm -f "$MERCY"; fi
	orch exec plan.orch >"$work/out" 2>"$work/err"
	for ((i = 0; i < steps; i++)); do
		step
		missing=$(lost)
		[ -z "$missing" ] || wrong="lost: $missing"
		[ -z "$wrong" ] || break
	done
	fsck || wrong="${wrong}git fsck is not content"
	check "life $life:$history $wrong" [ -z "$wrong" ]
	cd "$work" || exit 1
	[ -n "$wrong" ] || rm -rf "$work/life$life"
done
end
