#!/bin/bash
# Makes a Python environment, or makes it anew when its list has changed: environment.sh FOLDER REQUIREMENTS
set -euo pipefail

folder=$1 list=$2
cmp --silent "$list" "$folder/requirements.txt" && exit 0
echo "installing $list into $folder" >&2
if command -v uv >/dev/null; then
    uv venv --quiet --clear "$folder"
    uv pip install --quiet --python "$folder/bin/python" --requirement "$list"
else
    "$(dirname "$0")/need.sh" python3-venv
    python3 -m venv --clear "$folder"
    "$folder/bin/pip" install --quiet --requirement "$list"
fi
cp "$list" "$folder/requirements.txt"
