#!/bin/bash
# A picture of every screen of phone and staff, in both languages and both colour schemes, into target/screens. The walks are those of the
# browser tests that judge the screens, so a screen that is judged is in the pictures, and none has to be listed twice.
set -eu
cd "$(dirname "$0")/.."

screens=$(realpath -m ../target/screens)
rm -rf "$screens"
BEDRING_SCREENS="$screens" npx playwright test --grep @screens "$@"
echo "$(find "$screens" -name '*.png' | wc -l) pictures in $screens"
