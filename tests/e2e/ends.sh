#!/usr/bin/env bash
# ends — the short form of the sweep: each way in which an agent may end, once; no process of it is left.
exec "$(dirname "$0")/../sweeps/ends" "${BUILD:-$(dirname "$0")/../../build}" 90
