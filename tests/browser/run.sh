#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The browser tests: a real site, driven with Chromium. Run it with no argument, or with the test files to run.
#   SCREENSHOTS=FOLDER   also leaves a picture of every page there
#   CHROMIUM=PROGRAM     the browser, where it is not the `chromium` or `chromium-browser` on PATH
#   BUILD=FOLDER         where the programs are built and the npm packages go (default: build)
set -euo pipefail

unset SITE_DIR
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/tests/browser
npm_folder=$(cd "$root" && realpath -m -- "${BUILD:-build}/browser")
readonly root here npm_folder
# shellcheck source-path=SCRIPTDIR source=../support/site.sh
source "$root/tests/support/site.sh"

find_browser() {
    local name
    for name in "${CHROMIUM-}" chromium chromium-browser; do
        if [[ -n $name ]] && command -v -- "$name"; then
            return
        fi
    done
    printf 'browser tests: there is no chromium here: run tools/packages.sh test\n' >&2
    return 1
}

# Once for each package-lock.json.
install_modules() {
    if cmp -s "$here/package-lock.json" "$npm_folder/installed.json"; then
        return
    fi
    printf 'browser tests: fetching what package.json names from npm\n'
    mkdir -p "$npm_folder"
    cp "$here/package.json" "$here/package-lock.json" "$npm_folder/"
    (cd "$npm_folder" && npm ci --no-audit --no-fund --ignore-scripts --fetch-timeout=60000) || return 1
    cp "$here/package-lock.json" "$npm_folder/installed.json"
}

serve() {
    printf 'browser tests: starting a site\n'
    # shellcheck disable=SC2119 # it makes its own folder
    SITE_BUILD=${BUILD:-build} site_create && standin_start && site_start
}

tests=("$@")
[[ ${#tests[@]} -ne 0 ]] || tests=("$here"/*.test.js)
CHROMIUM=$(find_browser)
if [[ -n ${SCREENSHOTS-} ]]; then
    mkdir -p "$SCREENSHOTS"
    SCREENSHOTS=$(realpath -- "$SCREENSHOTS")
fi
install_modules
trap site_cleanup EXIT
trap 'exit 130' INT TERM HUP
serve
# One file after the other: they share the stand-in and its settings.
export CHROMIUM SCREENSHOTS NODE_PATH=$npm_folder/node_modules
node --test --test-concurrency=1 --test-reporter=spec "${tests[@]}"
