#!/usr/bin/env bash
# contained — at which level agents are held, what is refused, what they can and cannot do in there, and that
# nothing of them is left. tests/suites/escape tries what they must not.
. "$(dirname "$0")/lib.sh"
export SANDBOX=best
mkdir -p "$work/notes" "$work/tools"
${CC:-cc} -O1 -o "$work/tools/without" "$here/../lib/without.c" || exit 1
PATH=$work/tools:$PATH

# task NAME — a program of that name, from standard input.
task() {
	{ echo '#!/bin/sh'; cat; } >"$work/tools/$1"
	chmod +x "$work/tools/$1"
}
levels() { orch status --json >/dev/null; sed -E 's/.*"sandbox":"([a-z]*)".*/\1/' .orch/runs/*/agents/"$1"/*.json | paste -sd' '; }
# one RUNNER STATEMENTS — a plan of one agent.
one() {
	plan <<P
plan contained { runner $1 }
runner $1 {
  command ["$1"]
  writes "$work/notes"
}
agent a {
  owns "src/one.txt"
$2
  prompt "Do it."
}
P
}

task does <<'S'
cat >/dev/null
echo done >src/one.txt
S

repository offers
one does ''
run 0 exec plan.orch
best=$(cat .orch/runs/1/sandbox)
check 'the level is said' said "sandbox: $best"
check 'it is in the record' same "$(levels a)" "$best"
check 'it is an event of the journal' same "$(sqlite3 .orch/journal.db "SELECT count(*) FROM events WHERE name = 'sandbox' AND message LIKE '$best%'" 2>/dev/null || echo 1)" 1
for missing in namespaces landlock both; do
	case $missing in
	namespaces) expected=landlock ;;
	landlock) expected=$best ;;
	both) expected=gate ;;
	esac
	[ "$missing" != landlock ] || [ "$best" = namespaces ] || expected=gate
	timeout 60 without $missing orch exec --new --fresh plan.orch >"$work/out" 2>"$work/err"
	check 'no folder for temporary files is left' same "$(find .orch/runs -name tmp)" ''
	check "without $missing: $expected" same "$(cat ".orch/runs/$(ls .orch/runs | sort -n | tail -n 1)/sandbox")" "$expected"
done

# What is asked for is had, or refused before anything is made.
repository asked
one does '  sandbox on'
run 0 exec plan.orch
timeout 60 without both orch exec --new --fresh plan.orch >"$work/out" 2>"$work/err"
check 'refused where there is none' same $? 3
check 'and says whose statement, and what to do' said 'says `sandbox on`, and there is none on this machine'
check 'and what a machine needs' said 'docs/containment.md'
check 'nothing was made' same "$(ls .orch/runs)" 1
one does '  sandbox off'
run 0 exec --new --fresh plan.orch
check 'off is the gate' same "$(sed -E 's/.*"sandbox":"([a-z]*)".*/\1/' .orch/runs/2/agents/a/1.json)" gate
check 'and is said' said 'sandbox: gate'
one does '  network off
  sandbox off'
run 3 exec --new --fresh plan.orch
check 'no network without a sandbox is refused' said 'nothing keeps it from the network'
one does '  network off'
timeout 60 without namespaces orch exec --new --fresh plan.orch >"$work/out" 2>"$work/err"
check 'no network takes namespaces' same $? 3
check 'and says so' said 'says `network off`, which takes namespaces'

# A level that is taken away: before the launch, and before the run is taken up again.
if [ "$best" = namespaces ]; then
	for statement in '' '  sandbox on'; do
		repository "taken${statement:+-on}"
		one does "$statement"
		mkdir "$work/tools/taken${statement:+-on}"
		cp "$build/orch" "$work/tools/taken${statement:+-on}/"
		printf '#!/bin/sh\nexec without namespaces %s/orch-node "$@"\n' "$build" >"$work/tools/taken${statement:+-on}/orch-node"
		chmod +x "$work/tools/taken${statement:+-on}/orch-node"
		timeout 60 "$work/tools/taken${statement:+-on}/orch" exec plan.orch >"$work/out" 2>"$work/err"
		check 'a level that is gone at the launch ends the run' same $? 3
		check 'with the reason' grep -q 'was not started, for it cannot be contained as it was to be (namespaces)' .orch/runs/1/agents/a/1.json
		check 'and the program never ran' same "$(cat .orch/runs/1/trees/a/src/one.txt)" one
	done
	task waits-for-it <<S
cat >/dev/null
echo >>$work/notes/began
while ! [ -e $work/notes/go ]; do sleep 0.05; done
echo done >src/one.txt
S
	for statement in '' '  sandbox on'; do
		repository "again${statement:+-on}"
		rm -f "$work/notes/"*
		one waits-for-it "$statement"
		orch exec plan.orch >"$work/out" 2>"$work/err" &
		while ! [ -s "$work/notes/began" ]; do sleep 0.05; done
		kill -9 $!
		wait $! 2>/dev/null
		echo >"$work/notes/go"
		timeout 60 without namespaces orch resume >"$work/out" 2>"$work/err"
		got=$?
		if [ -n "$statement" ]; then
			check 'asked for: not taken up where there is less' same $got 3
			check 'and says what there was' said 'this run began with namespaces'
			run 0 resume
			check 'and is taken up where there is what there was' is a merged
		else
			check 'not asked for: it goes on' same $got 0
			check 'and says that it is weaker' said 'weaker than when the run began (namespaces)'
			check 'the record has what was in force' grep -q '"sandbox":"landlock"' .orch/runs/1/agents/a/2.json
		fi
	done
else
	echo 'contained: no namespaces on this machine; what needs them is not tested'
	end
	exit
fi

# What works in there.
task works <<S
cat >/dev/null
exec >$work/notes/works 2>&1
script -qec 'tty' /dev/null </dev/null | grep -q /dev/pts && echo terminal
python3 -c 'import os, pty; pty.openpty(); import multiprocessing; multiprocessing.Lock(); print("python")'
echo x >/dev/null && head -c 8 /dev/urandom | wc -c
mktemp >/dev/null && [ "\$TMPDIR" = /tmp ] && echo temporary
git add -A && git -c user.name=a -c user.email=a@b commit -qm mine --allow-empty && echo committed
[ "\$(ps ax | wc -l)" -lt 20 ] && echo alone
[ -e ../../../../../README.md ] && ! [ -e ../../../../journal.db ] && echo sees
bwrap --unshare-user --unshare-pid --ro-bind / / --dev /dev --tmpfs /tmp true && echo nested
sed -n 's/^CapEff:\s*//p;s/^CapBnd:\s*//p;s/^NoNewPrivs:\s*//p' /proc/self/status | paste -sd' '
echo new >src/new-a && mv src/new-a src/one.txt && echo replaced
S
repository works
rm -f "$work/notes/"*
one works ''
run 0 exec plan.orch
# Root keeps what making namespaces inside takes.
none=0000000000000000
[ "$(id -u)" != 0 ] || none=0000000080000000
for word in terminal python temporary committed alone sees replaced "$none $none 1"; do
	check "in there: $word" grep -q "^$word\$" "$work/notes/works"
done
if command -v bwrap >/dev/null; then
	check 'bubblewrap works inside' grep -q '^nested$' "$work/notes/works"
else
	echo 'contained: no bwrap here, so it is not tried inside'
fi

# Sockets, and the network.
repository network
python3 - "$work" <<'P' &
import socket, sys, time
work = sys.argv[1]
path = socket.socket(socket.AF_UNIX)
path.bind(work + "/outside.sock")
path.listen()
inside = socket.socket(socket.AF_UNIX)
inside.bind(work + "/network/inside.sock")
inside.listen()
abstract = socket.socket(socket.AF_UNIX)
abstract.bind("\0orch-" + work)
abstract.listen()
tcp = socket.socket()
tcp.bind(("127.0.0.1", 0))
tcp.listen()
open(work + "/port", "w").write(str(tcp.getsockname()[1]))
open(work + "/ready", "w").close()
time.sleep(600)
P
server=$!
while ! [ -e "$work/ready" ]; do sleep 0.05; done
task connects <<S
cat >/dev/null
python3 - >$work/notes/connects 2>&1 <<'P'
import socket
def to(name, family, address):
    try:
        s = socket.socket(family)
        s.settimeout(2)
        s.connect(address)
        print(name, "open")
    except OSError as e:
        print(name, "closed")
to("path", socket.AF_UNIX, "$work/outside.sock")
to("inside", socket.AF_UNIX, "$work/network/inside.sock")
to("abstract", socket.AF_UNIX, "\0orch-$work")
to("tcp", socket.AF_INET, ("127.0.0.1", $(cat "$work/port")))
own = socket.socket()
own.bind(("127.0.0.1", 0))
own.listen()
to("loopback", socket.AF_INET, own.getsockname())
P
echo done >src/one.txt
S
one connects ''
run 0 exec plan.orch
check 'a socket that is there is covered' grep -q '^path closed' "$work/notes/connects"
check 'also in the repository, below /tmp as it is' grep -q '^inside closed' "$work/notes/connects"
check 'the network is there' grep -q '^tcp open' "$work/notes/connects"
one connects '  network off'
run 0 exec --new --fresh plan.orch
check 'without network, nobody is reached' same "$(paste -sd' ' "$work/notes/connects")" 'path closed inside closed abstract closed tcp closed loopback open'
kill $server

# Nothing is left: of what forks away, and when orch and its node are killed in one moment.
task forks-away <<S
cat >/dev/null
for i in 1 2 3; do
	setsid sh -c 'trap "" TERM HUP; exec sleep 5$$' </dev/null >/dev/null 2>&1 &
	setsid sh -c '(trap "" TERM; sleep 5$$ &) &' &
done
sh -c 'kill -STOP \$\$' &
echo done >src/one.txt
if [ -e $work/notes/stay ]; then
	echo >$work/notes/began
	sleep 5$$
fi
S
alive() { pgrep -f "sleep 5$$\$" | grep -v "^$$\$" | wc -l; }
repository ends
rm -f "$work/notes/"*
one forks-away ''
run 0 exec plan.orch
check 'no process is left' same "$(alive)" 0
echo >"$work/notes/stay"
orch exec --new --fresh plan.orch >"$work/out" 2>"$work/err" &
id=$!
while ! [ -e "$work/notes/began" ]; do sleep 0.05; done
check 'they are there while it runs' not same "$(alive)" 0
kill -9 $id $(pgrep -P $id)
wait $id 2>/dev/null
for i in $(seq 100); do [ "$(alive)" = 0 ] || sleep 0.05; done
check 'orch and node killed by -9 in one moment: none is left' same "$(alive)" 0

# A linked work tree: its work counts, its git is read-only.
task commits <<S
cat >/dev/null
echo done >src/one.txt
git log --oneline >/dev/null && git status --short >$work/notes/status
git add src/one.txt 2>/dev/null && echo added >>$work/notes/status
exit 0
S
repository linked
one commits '  isolation worktree'
before=$(everything)
run 0 exec plan.orch
check 'its result is merged' holds refs/orch/1/integration src/one.txt done
check 'it sees its change, and cannot add it' same "$(cat "$work/notes/status")" ' M src/one.txt'

# What it does not own stays as it is, and where it may write it is told to the gate.
task strays <<'S'
cat >/dev/null
echo done >src/one.txt
echo stray >>README.md 2>/dev/null
echo new >src/new.txt
S
repository strays
one strays ''
run 1 exec plan.orch
check 'the new name in its folder is found' because a stray
check 'the file that is not its own is as it was' holds HEAD README.md "$(cat .orch/runs/1/trees/a/README.md)"

# Setup and tests: their tree, and no more.
task quick <<'S'
cat >/dev/null
[ -e build/made ] && echo done >src/one.txt
S
repository commands
printf 'build/\n' >>.gitignore
git commit -qam ignore
one quick "  setup sh \"mkdir build && touch build/made && ! touch $work/home-file\"
  test sh \"touch build/tested && ! touch $work/home-file && ! touch ../../../../journal.db\""
run 0 exec plan.orch
check 'and nothing outside' not test -e "$work/home-file"
end
