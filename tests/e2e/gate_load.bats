#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# Many ask for guarded things at once: the short form of `make load`, which does ten times that, in more ways, and with
# what is large.

# shellcheck source=../support/site.sh
source "$BATS_TEST_DIRNAME/../support/site.sh"
# shellcheck source=../support/gate.sh
source "$BATS_TEST_DIRNAME/../support/gate.sh"
# shellcheck source=../load/layout.sh
source "$BATS_TEST_DIRNAME/../load/layout.sh"

setup_file() {
    export LC_ALL=C.UTF-8
    load_site cgi authorizer
}

teardown_file() { load_end; }

# bats test_tags=host
@test "of 1,000 requests in each way, 16 at once, by two people, strangers and forgers, each gets what it has to" {
    load_crowd 1000 16 >&2
}
