#!/usr/bin/env bash
# Makes the pictures of docs/screens anew, from the pages of the demo as a browser shows them: on the desk and on the phone, by day and by night.
# Neither a test nor part of CI: somebody looks at what came out, and commits it.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ $# -eq 0 ] || stop 2 "usage: infra/screens.sh"
need_sdk
need_node
wanted=$(missing_packages ffmpeg=ffmpeg bwrap=bubblewrap socat=socat chromium=chromium espeak-ng=espeak-ng)
# shellcheck disable=SC2086 # a list of package names
[ -z "$wanted" ] || install_packages $wanted || stop 1 "missing: ${wanted% }. The demo and its pictures need them."

cd "$root"
taken=$artifacts/screens/docs
rm -rf "$taken"
dotnet build tests/RecordingVault.EndToEnd.Tests -c Release -v quiet
dotnet test --project tests/RecordingVault.EndToEnd.Tests -c Release --no-build --no-progress --explicit only --filter-class '*.DemoPictures'

# 256 colours are enough for drawn people, and a quarter of the bytes.
mkdir -p docs/screens
rm -f docs/screens/*.png
for picture in "$taken"/*.png; do
  ffmpeg -nostdin -v error -y -i "$picture" -vf 'split[a][b];[a]palettegen=stats_mode=full[p];[b][p]paletteuse=dither=bayer:bayer_scale=5' "docs/screens/${picture##*/}"
done
say "$(find docs/screens -name '*.png' | wc -l) pictures, $(du -ch docs/screens/*.png | tail -1 | cut -f1), in docs/screens. Look at each before you commit it."
