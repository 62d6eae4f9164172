#!/bin/bash
# Installs what the pages use of others, and puts the files of it into one folder: web-parts.sh FOLDER
set -euo pipefail

folder=$1
here=$(dirname "$0")
cmp --silent "$here/web-parts.sh" "$folder/installed-by" && exit 0
"$here/need.sh" libjs-katex fonts-katex libjs-highlight.js libjs-codemirror
mkdir -p "$folder"
work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

echo "installing what the pages use of others into $folder" >&2
# Wheels are taken apart rather than installed: a few files of each are wanted, and nothing of their Python.
if command -v pip >/dev/null; then
    pip=pip
else
    "$here/need.sh" python3-venv
    python3 -m venv "$work/venv"
    pip=$work/venv/bin/pip
fi
"$pip" download --quiet --no-deps --dest "$work" uplot-python==1.1.1 panel==1.9.4

take() { # WHEEL FILE NAME: one file of a wheel, under its name here
    mkdir -p "$folder/$(dirname "$3")"
    python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' \
        "$work"/"$1"-*.whl "$2" >"$folder/$3"
}
take uplot_python uplot/static/uPlot.iife.js uplot/uPlot.iife.min.js
take uplot_python uplot/static/uPlot.min.css uplot/uPlot.min.css
take panel panel/dist/bundled/echarts/echarts@6.0.0/dist/echarts.min.js echarts/echarts.min.js

debian() { # FILE NAME: a file, or a folder, of a Debian package
    mkdir -p "$folder/$(dirname "$2")"
    cp --recursive --dereference --no-target-directory "/usr/share/javascript/$1" "$folder/$2"
}
debian katex/katex.min.js katex/katex.min.js
debian katex/katex.min.css katex/katex.min.css
debian katex/fonts katex/fonts
debian highlight.js/highlight.min.js highlight/highlight.min.js
debian codemirror/lib codemirror/lib
debian codemirror/mode codemirror/mode
cp "$here/web-parts.sh" "$folder/installed-by"
