#!/usr/bin/env bash
# flood — the short form of the sweep: agents that print without end.
exec "$(dirname "$0")/../sweeps/flood" "${BUILD:-$(dirname "$0")/../../build}" 6
