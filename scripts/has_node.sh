#!/bin/sh
# has_node.sh: succeed when npm is on the PATH with a Node.js that the checkers run on
# (20.19, 22.13, or 24 and newer).
command -v npm >/dev/null 2>&1 && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    const suits = (major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24;
    process.exit(suits ? 0 : 1);
' >/dev/null 2>&1
