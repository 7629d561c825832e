#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Judges tokens that npm's jose signs now, with new keys, by the unit test that otherwise reads tokens.json.
#   BUILD=FOLDER   where the programs are built and the npm packages go (default: build)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
build=${BUILD:-build}
npm_folder=$build/tokens
mkdir -p "$npm_folder"
if ! cmp -s tests/tokens/package-lock.json "$npm_folder/installed.json"; then
    cp tests/tokens/package.json tests/tokens/package-lock.json "$npm_folder/"
    (cd "$npm_folder" && npm ci --no-audit --no-fund --ignore-scripts --fetch-timeout=60000)
    cp tests/tokens/package-lock.json "$npm_folder/installed.json"
fi
cp tests/tokens/*.js "$npm_folder/"
node "$npm_folder/make_tokens.js" "$npm_folder/tokens.json"
make -s BUILD="$build" "$build/tests/test_id_token"
TOKENS=$npm_folder/tokens.json "$build/tests/test_id_token"
