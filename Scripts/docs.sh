#!/bin/bash
# Makes the reference of some rooms from their doc comments in .build/docs; a link in them that leads nowhere is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

swift build
modules=()
while read -r map; do modules+=(-Xcc "-fmodule-map-file=$map"); done < <(
    find "$PWD/.build/debug/" -name module.modulemap -path '*.build/module.modulemap' ! -path '*-tool.build/*'
    find "$PWD/.build/checkouts" "$PWD"/Sources/C{Git2,Mark,Zlib} -name module.modulemap -path '*/Sources/*'
)
rm -rf .build/symbols .build/docs
for room in Core Database Events ObjectStore Tracking Registry API Server; do
    mkdir -p ".build/symbols/$room" ".build/docs/$room"
    swift symbolgraph-extract -module-name "$room" -I .build/debug/Modules "${modules[@]}" \
        -minimum-access-level package -skip-synthesized-members -output-dir ".build/symbols/$room" \
        -target "$(swift -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)".*/\1/p')"
    docc convert --additional-symbol-graph-dir ".build/symbols/$room" --output-path ".build/docs/$room" \
        --fallback-display-name "$room" --fallback-bundle-identifier "roost.$room" --warnings-as-errors
done
echo "To read: python3 -m http.server --directory .build/docs/Tracking, and open /documentation/tracking."
