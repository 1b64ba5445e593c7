#!/usr/bin/env bash
# pools — nobody who holds a place waits for another, so no two can wait for each other.
. "$(dirname "$0")/lib.sh"
export SANDBOX=best

repository pools
plan <<'P'
plan pools {
  runner tidy
  timeout 60s
  pool x 1
  pool y 1
}
agent a { owns "a.txt"  pool x  setup ["true"] in x  test ["true"] in x  prompt "write a.txt 1" }
agent b { owns "b.txt"  pool x  setup ["sleep", "0.2"] in y  test ["true"] in y  prompt "write b.txt 1" }
agent c { owns "c.txt"  pool y  setup ["sleep", "0.2"] in x  test ["true"] in x  prompt "write c.txt 1" }
P
run 0 exec plan.orch
check 'all are merged' same "$(git diff --name-only main refs/orch/1/integration | paste -sd' ')" 'a.txt b.txt c.txt'
end
