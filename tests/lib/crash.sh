# crash.sh — sourced by the sweeps that let runs be killed and fail, after BUILD is set: plans, runs under nth
# (tests/lib/nth.c), and the verdict on what became of them.
#
# The verdict is always the same. A run is resumed until it is over, and then it has the states and the tree of the
# one that nothing happened to; attempts that were over are not launched again; the user's files and refs are as
# they were, git is content, there is one run, and nothing had to be done by hand. What failed has said so: a run
# that ends with 0 or 1 has come to the right end, one that ends with 3 has printed an error.
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"
rmdir "$work"
work=$(mktemp -d "${TMPDIR:-/tmp}/orch-crash-XXXXXX")
export HOME=$work
library=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Not on the memory file system, from which no code may be loaded in some containers.
tools=$(TMPDIR=/tmp mktemp -d)
trap 'rm -rf "$tools"' EXIT
export PATH=$tools:$PATH
${CC:-cc} -O1 -o "$tools/nth" "$library/nth.c" || exit 1
nth kill true
if [ $? = 77 ]; then
	echo "skipped: no processes can be traced here"
	echo '0 passed, 0 failed'
	exit 0
fi

# crash_plan NAME < STATEMENTS — a repository with that plan, in $work/NAME.fresh.
crash_plan() {
	repository "$1.fresh"
	plan
	rm -f "$work/plan.orch"
	crash_users >"$work/$1.users"
}

# What is the user's: as everything() of lib.sh, without linked work trees, which agents have of their own.
crash_users() {
	{
		find . \( -path ./.orch -o -path ./.git \) -prune -o -printf '%p %y %m %l\n' | sort
		find . \( -path ./.orch -o -path ./.git \) -prune -o -type f -print0 | sort -z | xargs -0 cat .git/HEAD .git/index .git/config
		find .git/hooks .git/info -type f -print0 | sort -z | xargs -0 cat
		git for-each-ref --format='%(refname) %(objectname)' | grep -v -e '^refs/orch/' -e '^refs/heads/orch/'
	} | cksum
}

# The four plans: a chain, tests, two results in a row; a diamond with an agent that is told to try again and one that
# fails; linked work trees; a metric and setups whose result is kept.
crash_plans() {
	crash_plan chain <<-'P'
	plan p { runner tidy  test sh "test -e README.md" }
	agent a { owns "a.txt"  prompt "write a.txt 1" }
	agent b { owns "a.txt", "b.txt"  after a  prompt "append a.txt 2" }
	agent c { owns "src/**"  after b  test sh "test -e src/three.txt"  prompt "write src/three.txt 3" }
	P
	crash_plan diamond <<-'P'
	plan p {
	  runner tidy
	  merge a, c, b, e
	}
	agent a { owns "a.txt"  runner improves  retry 1  test sh "grep -q 42 answer.txt || { echo the answer is 42; exit 1; }"
	  creates "answer.txt"
	  prompt "write a.txt 1"
	}
	agent b { owns "b.txt"  after a  runner stray  prompt "write b.txt 1" }
	agent c { owns "c.txt"  after a  prompt "write c.txt 1" }
	agent d { owns "d.txt"  after b, c  prompt "write d.txt 1" }
	agent e { owns "e.txt"  after a, c  setup sh "true"  prompt "write e.txt 1" }
	P
	crash_plan linked <<-'P'
	plan p { runner tidy  isolation worktree  test sh "test -e README.md" }
	agent a { owns "a.txt"  prompt "write a.txt 1" }
	agent b { owns "b.txt"  runner commits  prompt "write b.txt 1" }
	agent c { owns "c.txt"  after a, b  prompt "write c.txt 1" }
	runner commits { command ["sh", "-c", "cat >/dev/null; echo b >>\"$LAUNCHES\"; echo 1 >b.txt; git add b.txt; git commit -qm own"] }
	P
	crash_plan measured <<-'P'
	plan p {
	  runner tidy
	  metric files { run sh "ls | wc -l"  goal >= 3 require }
	}
	agent a { owns "a.txt"
	  setup sh "mkdir -p ignored.txt && echo 1 >ignored.txt/x" keyed "README.md" makes "ignored.txt"
	  test ["test", "-e", "ignored.txt/x"]
	  prompt "write a.txt 1"
	}
	agent b { owns "b.txt"
	  setup sh "mkdir -p ignored.txt && echo 1 >ignored.txt/x" keyed "README.md" makes "ignored.txt"
	  test ["test", "-e", "ignored.txt/x"]
	  prompt "write b.txt 1"
	}
	P
	for plan in chain diamond linked measured; do crash_whole $plan; done
}

# crash_begin PLAN — a fresh copy of its repository, which is then the current folder. Each worker has one place.
crash_begin() {
	crash_plan=$1
	cd "$work" && rm -rf "$place" && cp -r "$1.fresh" "$place" && cd "$place" || exit 1
	export LAUNCHES=$place.launches
	: >"$LAUNCHES"
	: >"$place.recorded"
}

# States, then the tree of the integration.
crash_outcome() {
	orch status --json 2>&1 | sed -n 's/.*"agent":"\([a-z]\)","state":"\([^"]*\)".*/\1=\2/p' | sort | paste -sd' '
	orch status --json 2>&1 | sed -n 's/.*"before":{"number":"\([0-9]*\)"},"after":{"number":"\([0-9]*\)"}.*/from \1 to \2/p'
	git rev-parse -q --verify 'refs/orch/1/integration^{tree}' || echo none
}
crash_launches() { sort "$LAUNCHES" | uniq -c | sed 's/^ *//' | paste -sd' '; }

# crash_whole PLAN — the run that nothing happens to.
crash_whole() {
	place=$work/whole
	crash_begin "$1"
	orch exec plan.orch >"$place.out" 2>"$place.err"
	echo $? >"$work/$1.status"
	crash_outcome >"$work/$1.outcome"
	cp "$LAUNCHES" "$work/$1.launches"
}

# crash_calls PLAN FAULT COMMAND… — "WHO N" for each process of the command, N calls that the fault can happen to.
crash_calls() {
	local plan=$1 fault=$2
	shift 2
	nth -c "$work/calls" "$fault" "$@" >"$place.out" 2>"$place.err"
	grep -E '^(orch|node)' "$work/calls"
}

# Attempts that are over, by their records: they are never launched again.
crash_note_recorded() {
	local record
	for record in .orch/runs/1/agents/*/[0-9]*.json; do
		[ -e "$record" ] || continue
		grep -qE '"reason": ?"(stopped|lost|world)"' "$record" || basename "$(dirname "$record")"
	done | sort >"$place.recorded"
}

# What is wrong, a line each; nothing when all is well.
crash_bad() { printf '%s\n' "$*" >>"$place.bad"; }
crash_same() { [ "$2" = "$3" ] || crash_bad "$1: [$2], not [$3]"; }

# crash_said STATUS — a status that is no kill's has its sentence.
crash_said() {
	case $1 in
	0 | 1) crash_same 'a false end' "$(crash_outcome)" "$(cat "$work/$crash_plan.outcome")" ;;
	3) grep -qE '^(error: |[0-9:]+ .*(stopped|interrupted))' "$place.err" || crash_bad "it ended with 3 and said nothing" ;;
	127) grep -qE 'error while loading shared libraries|^Fatal glibc error' "$place.err" || crash_bad "it ended with 127 and said nothing" ;;
	137) ;;
	*) crash_bad "it ended with $1" ;;
	esac
}

# crash_resume [OPTIONS] — resumes until it is over; nobody does anything in between.
crash_resume() {
	local status=3 again=0
	while [ $status = 3 ] && [ $again -lt 4 ]; do
		if [ -n "$(git for-each-ref refs/orch/1/base 2>/dev/null)" ] || orch status >/dev/null 2>&1; then
			timeout 120 orch resume "$@" >"$place.out" 2>"$place.err"
		else
			timeout 120 orch exec "$@" plan.orch >"$place.out" 2>"$place.err"
		fi
		status=$?
		again=$((again + 1))
	done
	crash_same 'the status after resuming' "$status" "$(cat "$work/$crash_plan.status")"
	[ "$status" = 0 ] || [ "$status" = 1 ] || sed 's/^/    /' "$place.err" | tail -n 3 >>"$place.bad"
}

# The verdict on what is there in the end.
crash_verdict() {
	local agent had want got
	crash_same 'states and tree' "$(crash_outcome)" "$(cat "$work/$crash_plan.outcome")"
	# As often as in the whole run, and once more for each attempt that was cut off.
	for agent in a b c d e; do
		want=$(grep -c "^$agent$" "$work/$crash_plan.launches")
		had=$(($(grep -c "^$agent$" "$place.before") - $(grep -c "^$agent$" "$place.recorded")))
		[ $had -ge 0 ] || had=0
		got=$(grep -c "^$agent$" "$LAUNCHES")
		[ "$got" -le $((want + had)) ] || crash_bad "$agent was launched $got times, not $((want + had))"
		[ "$got" -ge "$want" ] || crash_bad "$agent was launched $got times only"
	done
	[ ! -e .orch/runs/2 ] || crash_bad 'there is a second run'
	crash_same "the user's" "$(crash_users)" "$(cat "$work/$crash_plan.users")"
	fsck || crash_bad "$(git fsck --strict 2>&1 | head -n 3)"
	[ -z "$(find .git -name '*.lock' -o -name '*.new-*')" ] || crash_bad "left behind: $(find .git -name '*.lock' -o -name '*.new-*')"
}

# crash_point PLAN FAULT WHO N [-f] — one run in which that happens. Prints "hit CALL", "missed" or what is wrong.
crash_point() {
	local status
	crash_begin "$1"
	rm -f "$place.bad" "$place.hit"
	timeout 120 nth -l "$place.hit" -w "$3" -n "$4" ${5-} "$2" orch exec plan.orch >"$place.out" 2>"$place.err"
	status=$?
	cp "$LAUNCHES" "$place.before"
	crash_note_recorded
	crash_said $status
	# What could not be synced must not be taken for written.
	# (SQLite writes its log back at the end; when that fails, the log is there still.)
	if [ "$2" != kill ] && grep -E ' (fsync|fdatasync) ' "$place.hit" 2>/dev/null | grep -qv '/journal.db'; then
		[ "$2" = eintr ] || [ "$status" = 3 ] || crash_bad "a sync that failed was passed over: it ended with $status"
	fi
	crash_resume
	crash_verdict
	crash_tell "$status" "$@"
}

# crash_tell STATUS WORDS… — the line about a point: "ok", what was hit, how it ended; or "BAD" and why.
crash_tell() {
	local status=$1
	shift
	if [ -s "$place.bad" ]; then
		printf 'BAD %s (%s, ended with %s): %s\n' "$*" "$(paste -sd' ' "$place.hit" 2>/dev/null)" "$status" "$(paste -sd';' "$place.bad")"
		[ -z "${KEEP-}" ] || cp -r "$place" "$work/kept-$(tr -c 'a-z0-9\n' - <<<"$*")"
	elif [ -s "$place.hit" ]; then
		printf 'ok %s %s %s\n' "$status" "$(awk '{ print $2; exit }' "$place.hit")" "$*"
	else
		printf 'missed %s\n' "$*"
	fi
}

# crash_resume_point PLAN FIRST FAULT N [-f] — killed at FIRST, and that happens while it is resumed.
crash_resume_point() {
	local status=none
	crash_begin "$1"
	rm -f "$place.bad" "$place.hit"
	nth -w orch -n "$2" kill orch exec plan.orch >"$place.out" 2>"$place.err"
	cp "$LAUNCHES" "$place.before"
	crash_note_recorded
	if orch status >/dev/null 2>&1; then
		timeout 120 nth -l "$place.hit" -w orch -n "$4" ${5-} "$3" orch resume >"$place.out" 2>"$place.err"
		status=$?
		cp "$LAUNCHES" "$place.before"
		crash_note_recorded
		crash_said $status
	fi
	crash_resume
	crash_verdict
	crash_tell "$status" resumed "$@"
}

# crash_work LIST — a point for each line of the list, two at a time: a function of this file or of the sweep, and
# its words. What came of them is in $work/told.
crash_work() {
	local worker
	for worker in 0 1; do
		(
			place=$work/place-$worker
			awk -v worker=$worker 'NR % 2 == worker' "$1" | while read -r words; do
				eval "$words" </dev/null
			done >"$work/told-$worker"
		) &
	done
	wait
	cat "$work/told-0" "$work/told-1" >>"$work/told"
}

# crash_end NAME — how many points were well; the first that were not.
crash_end() {
	local ok bad missed
	ok=$(grep -c '^ok' "$work/told")
	bad=$(grep -c '^BAD' "$work/told")
	missed=$(grep -c '^missed' "$work/told")
	grep '^BAD' "$work/told" | head -n "${SHOWN-20}"
	awk '$1 == "ok" { n[$2]++ } END { for (s in n) printf "%d ended with %s; ", n[s], s; print "" }' "$work/told"
	[ "$missed" = 0 ] || echo "$missed points were not reached (the run took fewer calls than the first)"
	[ "$((ok + bad))" -gt 0 ] || bad=1
	passed=$((passed + ok)) failed=$((failed + bad))
	[ -z "${KEEP-}" ] || { cp "$work/told" "$KEEP"; }
	end
}
