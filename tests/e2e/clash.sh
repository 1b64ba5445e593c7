#!/usr/bin/env bash
# clash — patterns that share no path, and results that cannot lie side by side: a file where another needs
# a folder. The gate takes out the one who is at fault, and the other is merged.
. "$(dirname "$0")/lib.sh"
export SANDBOX=best

repository clash
plan <<'P'
plan clash { runner tidy }
agent file { owns "lib/*"  prompt "write lib/x 1" }
agent below { owns "lib/x/y"  prompt "write lib/x/y 1" }
P
run 1 exec plan.orch
check 'who made the file is at fault' because file stray
check 'and is told whose folder it is' said 'below'
check 'the other is merged' is below merged
check 'and has its file' holds refs/orch/1/integration lib/x/y 1
check 'what was made is kept' holds refs/orch/1/strays/file/1 lib/x 1
end
