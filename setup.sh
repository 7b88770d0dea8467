#!/bin/sh
# Makes everything that `make run` (or, with the argument "tests", also `make test` and `make lint`, with "bench" `make bench`)
# needs on this machine.
# Run again it only looks, in a second. Takes packages of the system with apt where it may.
set -eu
cd "$(dirname "$0")"
for_tests=${1:-} # "tests", or "bench" for the tests' tools and Lighthouse
venv=.venv
python=$venv/bin/python

say() { printf '%s\n' "$*" >&2; }

# Installs packages of the system, or names the command and stops.
system_packages() {
    command="apt-get install -y --no-install-recommends $*"
    if ! command -v apt-get >/dev/null; then
        say "Missing on this machine: $* (names of Debian). Install them and run this again."
        exit 1
    elif [ "$(id -u)" = 0 ]; then
        as_root=""
    elif sudo -n true 2>/dev/null; then
        as_root="sudo"
    else
        say "Missing on this machine: $*. Install them with this command and run this again:"
        say "  sudo $command"
        exit 1
    fi
    say "Installing with apt: $*"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    $as_root $command >/dev/null 2>&1 || { $as_root apt-get update -q >/dev/null && $as_root $command >&2; }
}

# One set-up at a time in this checkout.
mkdir -p .setup
if command -v flock >/dev/null; then
    exec 9>.setup/lock
    flock 9
fi

# A Python that is new enough; the packages of the embedded services know 3.11 and 3.12 best.
base=""
for candidate in python3.11 python3.12 python3 python3.13 python3.14; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        base=$candidate
        break
    fi
done
if [ -z "$base" ]; then
    say "Python 3.11 or later is needed (Debian 12: apt-get install python3 python3-venv)."
    exit 1
fi

missing=""
if [ ! -x $python ] && ! "$base" -c 'import ensurepip, venv' 2>/dev/null; then
    missing="$missing $(basename "$base")-venv"
fi
# shellcheck disable=SC2016
missing="$missing $("$base" -c '
from ctypes.util import find_library
print(*(f"lib{name}-0" for name in ("pango-1.0", "pangoft2-1.0") if not find_library(name)))')"
command -v msgfmt >/dev/null || missing="$missing gettext"
if [ -n "$for_tests" ]; then
    command -v chromium >/dev/null || missing="$missing chromium"
    command -v pdftoppm >/dev/null || missing="$missing poppler-utils"
    command -v java >/dev/null || missing="$missing default-jre-headless"
    command -v node >/dev/null || missing="$missing nodejs"
    command -v npm >/dev/null || missing="$missing npm"
fi
# shellcheck disable=SC2086
[ -z "${missing# }" ] || system_packages $missing

# The virtual environment, from the lock; again only when the lock has changed.
lock=$(cksum requirements-dev.lock)
if [ "$(cat $venv/.lock-installed 2>/dev/null || true)" != "$lock" ]; then
    if ! $python -m pip --version >/dev/null 2>&1; then
        say "Making the virtual environment in $venv."
        "$base" -m venv --clear $venv
    fi
    say "Installing the packages of requirements-dev.lock (the first time this takes some minutes)."
    $python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-dev.lock >&2
    printf '%s\n' "$lock" >$venv/.lock-installed
fi

# Tools that come as packages of npm, from a lock with hashes; again only when the lock has changed.
node_packages() {
    node_lock=$(cksum "$1/package-lock.json")
    if [ "$(cat "$1/node_modules/.lock-installed" 2>/dev/null || true)" != "$node_lock" ]; then
        say "Installing the packages of $1/package-lock.json."
        (cd "$1" && npm ci --ignore-scripts --no-progress --loglevel=error >&2) || exit 1
        printf '%s\n' "$node_lock" >"$1/node_modules/.lock-installed"
    fi
}
[ -z "$for_tests" ] || node_packages tests/web
[ "$for_tests" != bench ] || node_packages tests/lighthouse

# Translations, fonts, pictures, and a file of settings for this machine.
$python -m collectievekracht.local set-up
