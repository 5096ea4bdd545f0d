#!/usr/bin/env bash
# Draws the program's icon, a house with a drop, in every form the systems ask for.
# Needs ImageMagick and Python. Run it again only to change the picture; its results are committed.
set -eu
cd "$(dirname "$0")"
convert -size 1024x1024 xc:none \
  -fill '#14607a' -draw 'roundrectangle 64,64 959,959 208,208' \
  -fill white -draw 'path "M 512,214 L 812,470 L 762,528 L 732,502 L 732,764 Q 732,800 696,800 L 328,800 Q 292,800 292,764 L 292,502 L 262,528 L 212,470 Z"' \
  -fill '#14607a' -draw 'path "M 512,398 C 560,470 612,536 612,600 A 100,100 0 0 1 412,600 C 412,536 464,470 512,398 Z"' \
  -fill white -draw 'path "M 452,604 A 60,60 0 0 0 506,668 L 506,652 A 46,46 0 0 1 468,604 Z"' \
  PNG32:icon.png
for size in 32 128 256 512; do
  convert icon.png -filter Lanczos -resize "${size}x${size}" -strip "PNG32:$size.png"
done
mv 32.png 32x32.png
mv 128.png 128x128.png
cp 256.png 128x128@2x.png
convert icon.png -define icon:auto-resize=256,128,64,48,32,16 icon.ico
python3 - <<'PY'
import struct
entries = b""
for kind, path in ((b"ic07", "128x128.png"), (b"ic08", "256.png"), (b"ic09", "512.png")):
    data = open(path, "rb").read()
    entries += kind + struct.pack(">I", len(data) + 8) + data
open("icon.icns", "wb").write(b"icns" + struct.pack(">I", len(entries) + 8) + entries)
PY
mv 512.png icon.png
rm 256.png
