#!/bin/sh
# make_venv.sh DIR: make a virtual environment in DIR with a Python that lcrmap runs on.
# $PYTHON, when set, is the one to use. An environment that is there already is kept.
set -eu
dir=$1

suits() { # 3.11 or newer
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -x "$dir/bin/python" ] && suits "$dir/bin/python" &&
    "$dir/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

found=
# 3.14 comes last: fiona has no wheels for it yet.
for python in ${PYTHON:-python3.13 python3.12 python3.11 python3 python3.14}; do
    suits "$python" || continue
    found=$python
    if "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        echo "Making $dir with $("$python" --version)." >&2
        exec "$python" -m venv --clear "$dir"
    fi
done

if [ -n "$found" ]; then
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "$found cannot make a virtual environment (no ensurepip): on Debian or Ubuntu type" >&2
    echo "    apt-get install python$version-venv" >&2
elif [ -n "${PYTHON:-}" ]; then
    echo "PYTHON=$PYTHON is not a Python 3.11 or newer." >&2
else
    echo "No Python 3.11 or newer found: install one, or name it: make PYTHON=/path/to/python3" >&2
fi
exit 1
