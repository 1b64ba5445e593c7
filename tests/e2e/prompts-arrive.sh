#!/usr/bin/env bash
# prompts-arrive — the short form of the sweep: random prompts and two of 10 MiB.
exec "$(dirname "$0")/../sweeps/prompts-arrive" "${BUILD:-$(dirname "$0")/../../build}" 60
