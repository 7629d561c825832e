# shellcheck shell=bash source-path=SCRIPTDIR
# SPDX-License-Identifier: MIT
# Lays out a hosting account in a temp folder and runs a real Apache and the stand-in for Instagram on it.
# To be sourced. What others call is site_* and standin_*; README.md in this folder lists it.
# Every return here has its value: in a trap, a bare one gives the status from before the trap.
#
#   DIR/home/cgi-login    the product: bin/, providers/, templates/, config.json, users.db
#   DIR/home/cgi-bin      the programs (SITE_LAYOUT=suffix: DIR/home/public_html/cgi-bin)
#   DIR/home/public_html  the document root
#   DIR/logs              error.log, access.log of Apache
#   DIR/standin           requests.log (every request with its secrets), output.log of the stand-in
#
# With SITE_ARCHIVE the account is made of that tar file, in a jail: site/archive.sh.
# site/ has the functions, a file for each concern.

_SITE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
_SITE_WAIT_SECONDS=60
_SITE_MODULES="actions alias authz_core dir env expires headers log_config mime rewrite setenvif unixd"

# shellcheck source=site/tools.sh
source "$_SITE_ROOT/tests/support/site/tools.sh"
# shellcheck source=site/process.sh
source "$_SITE_ROOT/tests/support/site/process.sh"
# shellcheck source=site/owner.sh
source "$_SITE_ROOT/tests/support/site/owner.sh"
# shellcheck source=site/account.sh
source "$_SITE_ROOT/tests/support/site/account.sh"
# shellcheck source=site/archive.sh
source "$_SITE_ROOT/tests/support/site/archive.sh"
# shellcheck source=site/httpd.sh
source "$_SITE_ROOT/tests/support/site/httpd.sh"
# shellcheck source=site/lifecycle.sh
source "$_SITE_ROOT/tests/support/site/lifecycle.sh"
# shellcheck source=site/standin.sh
source "$_SITE_ROOT/tests/support/site/standin.sh"
# shellcheck source=site/outside.sh
source "$_SITE_ROOT/tests/support/site/outside.sh"

# A child process, such as a bats test, goes on with its parent's site.
if [[ -n ${SITE_DIR-} && -e ${SITE_DIR-}/site.env ]]; then
    site_use "$SITE_DIR"
fi
