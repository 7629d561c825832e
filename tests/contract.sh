#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the contract of the store (tests/unit/test_store_contract.c, which `make unit` runs on SQLite) on a MongoDB server
# through the plugin, in a database of its own that is dropped at the end, also after a failure.
#   tests/contract.sh [BUILD]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=${1:-build}
# shellcheck source-path=SCRIPTDIR source=support/mongodb.sh
source tests/support/mongodb.sh

folder=$(mktemp -d)
uri=
finish() {
    [[ -z $uri ]] || mongodb_client "$uri" drop || printf 'contract: the database could not be dropped\n' >&2
    mongodb_stop "$folder"
    rm -rf "$folder"
}
trap finish EXIT

mongodb_start "$folder"
uri=$(mongodb_database "$MONGODB_URI" "cgi_login_contract_$$")
CONTRACT_STORE=$uri CONTRACT_HOME=$build "$build/tests/test_store_contract"
