#!/bin/bash
# Builds Roost and the benchmark, installs what they are compared with, and measures; options go to roost-bench.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*" >&2; }

environment() {
    # A folder for each, because FastTrackML wants an older mlflow than the one it is compared with.
    local folder=$1 package=$2
    [ -f "$folder/$package" ] && return
    step "installing $package into $folder"
    if command -v uv >/dev/null; then
        uv venv --quiet --clear --python 3.11 "$folder"
        uv pip install --quiet --python "$folder/bin/python" "$package"
    else
        python3 -m venv --clear "$folder"
        "$folder/bin/pip" install --quiet "$package"
    fi
    touch "$folder/$package"
}

step "building"
swift build --configuration release --static-swift-stdlib --disable-index-store --product roost
swift build --configuration release --static-swift-stdlib --disable-index-store --product roost-bench
environment .venv-bench mlflow==3.17.2
environment .venv-bench-fml fasttrackml==0.6.0
nginx=$(command -v nginx || echo /usr/sbin/nginx)
if [ ! -x "$nginx" ]; then
    # Unpacked, not installed: an installed nginx would start to serve on this machine.
    nginx=.venv-bench-nginx/usr/sbin/nginx
    [ -x "$nginx" ] || (
        step "unpacking nginx into .venv-bench-nginx"
        mkdir -p .venv-bench-nginx && cd .venv-bench-nginx && apt-get download -qq nginx && dpkg -x nginx_*.deb .
    )
fi

fcgiwrap=$(command -v fcgiwrap || echo /usr/sbin/fcgiwrap)
if [ ! -x "$fcgiwrap" ]; then
    fcgiwrap=.venv-bench-nginx/usr/sbin/fcgiwrap
    [ -x "$fcgiwrap" ] || (
        step "unpacking fcgiwrap into .venv-bench-nginx"
        mkdir -p .venv-bench-nginx && cd .venv-bench-nginx
        apt-get download -qq fcgiwrap libfcgi0ldbl
        for package in fcgiwrap_*.deb libfcgi0ldbl_*.deb; do dpkg -x "$package" .; done
    )
    export LD_LIBRARY_PATH=$PWD/.venv-bench-nginx/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo x86_64-linux-gnu)
fi

step "measuring"
[ $# -gt 0 ] || set -- --document docs/performance.md
exec .build/release/roost-bench --nginx "$nginx" --fcgiwrap "$fcgiwrap" "$@"
