#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# The layout of install.bats under prefork and mod_cgi, in an account whose path has spaces.

load helpers
load install

setup_file() {
    ACCOUNT_PARENT=$(mktemp -d "${TMPDIR:-/tmp}/cgi-login site.XXXXXX")
    export ACCOUNT_PARENT
    chmod 755 "$ACCOUNT_PARENT"
    SITE_MPM=prefork e2e_setup_file "$ACCOUNT_PARENT/my account"
}
teardown_file() {
    site_cleanup
    rmdir "$ACCOUNT_PARENT"
}

@test "mod_cgi in prefork serves this site" {
    assert_contains "$(cat "$SITE_DIR/httpd.conf")" mod_cgi.so
    assert_contains "$(cat "$SITE_DIR/httpd.conf")" mod_mpm_prefork.so
    assert_contains "$SITE_CONFIG" " "
}

@test "every route works" { routes_work; }

@test "every program works under its plain CGI path, with and without the provider" { plain_paths_work; }

@test "what must not be fetched is forbidden, should it get into the web root" { forbidden_files_stay_forbidden; }

@test "nothing that is installed can be written by others" { modes_are_tight; }

@test "errors of the provider and a body that nobody asked for are answered as elsewhere" {
    standin_control '{"token_fault": "used_code"}'
    begin "$JAR"
    decide
    assert_login_fails "$JAR" provider_error
    assert_contains "$(log_lines callback)" "This authorization code has been used"
    sign_in_after_reset
    head -c 6000 /dev/zero | tr '\0' x >"$WORK/body"
    http -X POST -b "$JAR" --data-binary "@$WORK/body" /logout
    assert_status 302
    assert_no_secrets
}

sign_in_after_reset() {
    standin_reset
    rm -f "$JAR"
    sign_in "$JAR"
}

@test "what goes wrong is in the product's own log too" {
    http /auth/nobody
    assert_status 404
    assert_own_line start "GET /auth/nobody" "not_found: "
    assert_one_line start "not_found: "
}
