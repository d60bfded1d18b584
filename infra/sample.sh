#!/usr/bin/env bash
# Makes the film of the sample recording anew (src/RecordingVault.Server/Features/Uploads/Sample): a drawn picture and a quiet tone, eight seconds. Needs ffmpeg and DejaVu Sans.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root/src/RecordingVault.Server/Features/Uploads/Sample"
font=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
ffmpeg -loglevel error -y \
  -f lavfi -i "gradients=size=640x360:rate=10:duration=8:c0=0x12372d:c1=0x0a6b52:c2=0x10241e:nb_colors=3:speed=0.008:seed=7" \
  -f lavfi -i "sine=frequency=220:duration=8" \
  -filter_complex "[0:v]drawtext=fontfile=$font:text='A sample recording':fontsize=36:fontcolor=0xe8efeb:x=(w-tw)/2:y=(h-th)/2,drawbox=x=mod(t*48\,640)-60:y=300:w=60:h=6:color=0x8cd8bc:t=fill[v];[1:a]volume=0.15,afade=in:d=1,afade=out:st=7:d=1[a]" \
  -map "[v]" -map "[a]" -c:v libx264 -profile:v baseline -pix_fmt yuv420p -crf 32 -preset veryslow -c:a aac -b:a 32k -ac 1 \
  -movflags +faststart -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact sample.mp4
