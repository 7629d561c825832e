#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run.sh [crowd|size]...: the gate under load, in each of its ways: 20,000 requests of people who are and who are not
# signed in, 16 at once, each response looked at; 100 MB with an eye on the memory; 1,000 files. What `make load` does
# after building. LOAD_REQUESTS: how many for each way. Leaves nothing behind.
# shellcheck disable=SC2030,SC2031 # each server is a site of its own, in a subshell
set -euo pipefail

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
requests=${LOAD_REQUESTS:-20000}
clients=16
parts=" ${*:-crowd size} "
unset SITE_DIR SITE_LAYOUT SITE_MPM SITE_STORE SITE_MAKE_ARGS SITE_PASS_ENV SITE_HTTPD_EXTRA
# shellcheck source-path=SCRIPTDIR source=../support/site.sh
source "$folder/../support/site.sh"
# shellcheck source-path=SCRIPTDIR source=../support/gate.sh
source "$folder/../support/gate.sh"
# shellcheck source-path=SCRIPTDIR source=layout.sh
source "$folder/layout.sh"

# A site with this kind of Apache, and what is measured there.
try_site() ( # MPM WAY...
    trap load_end EXIT
    trap 'exit 130' INT TERM HUP
    export SITE_MPM=$1
    load_site "${@:2}"
    [[ $parts != *' crowd '* ]] || load_crowd "$requests" "$clients"
    [[ $parts != *' size '* ]] || load_size
)

try_site event cgi fcgi authorizer nginx
try_site prefork cgi
