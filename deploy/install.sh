#!/bin/sh
# Makes a virtual environment and installs a hashed lock into it: install.sh VENV LOCK
# uv when it can be had (from the PATH or the index), else pip. Byte code is compiled once, so that starts are quick.
set -eu
venv=$1 lock=$2
export UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1
unset PYTHONDONTWRITEBYTECODE

# The system's own Python first, unless one is named: why, says docs/decisions/0018-the-systems-python.md.
python=${PYTHON:-/usr/bin/python3}
if [ -z "${PYTHON:-}" ] && ! "$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  python=python3
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Python 3.11 or newer is needed; $python is $("$python" -V 2>&1). Set PYTHON=/path/to/python3.11" >&2
  exit 1
}
if [ ! -x "$venv/bin/python" ]; then
  echo "Making $venv …"
  "$python" -m venv "$venv" || {
    echo "python3 -m venv failed. On Debian and Ubuntu: apt-get install python3-venv" >&2
    exit 1
  }
fi
echo "Installing $lock …"
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
  "$venv/bin/pip" install -q uv 2>/dev/null || true
  [ -x "$venv/bin/uv" ] && uv=$venv/bin/uv
fi
if [ -n "$uv" ]; then
  "$uv" pip install -q --python "$venv/bin/python" --require-hashes -r "$lock"
else
  "$venv/bin/pip" install -q --require-hashes -r "$lock"
fi
"$venv/bin/python" -m compileall -q services shared
# The repository itself becomes importable, and `duijie` a command of the environment.
packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
pwd > "$packages/duijie.pth"
printf '#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/python" -m services.cli "$@"\n' > "$venv/bin/duijie"
chmod +x "$venv/bin/duijie"
