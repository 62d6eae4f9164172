#!/bin/bash
# Measures the pages in Chromium beside MLflow's own on its own server: the same runs, in the same run. Options go to
# bench_pages.py, such as --runs 10000; BUILD names another build than the release.
set -euo pipefail
cd "$(dirname "$0")/.."

build=${BUILD:-.build/release}
[ -x "$build/roost" ] || swift build --configuration release --static-swift-stdlib --product roost
command -v chromium google-chrome >/dev/null || Scripts/need.sh chromium
Scripts/web-parts.sh .web-parts
Scripts/environment.sh .venv-test Tests/Contract/requirements.txt
exec .venv-test/bin/python Scripts/bench_pages.py --roost "$build/roost" "$@"
