#!/bin/bash
# Installs what a build needs beside Swift.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v swift >/dev/null; then
    echo "Swift 6.3 is needed and is not on the PATH: see https://www.swift.org/install/linux" >&2
    exit 1
fi
packages=(git ca-certificates libpq5 libgit2-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libsqlite3-dev zlib1g-dev pkg-config libc6-dev)
# The name of this package has the version of the compiler in it, so g++ stands for it.
[ -d /usr/include/c++ ] || packages+=(g++)
exec ./need.sh "${packages[@]}"
