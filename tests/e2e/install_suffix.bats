#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# The layout with .cgi programs inside the web root, made to run by .htaccess alone.

load helpers
load install
export SITE_LAYOUT=suffix

@test "every route works" { routes_work; }

@test "every program works under its plain CGI path with .cgi, with and without the provider" { plain_paths_work; }

@test "what must not be fetched is forbidden, should it get into the web root" { forbidden_files_stay_forbidden; }

@test "nothing that is installed can be written by others" { modes_are_tight; }

@test "the programs run, and cannot be fetched or listed" {
    http /cgi-bin/login.cgi
    assert_status 200
    refute_contains "$(head -c 4 "$BODY")" ELF
    http /cgi-bin/
    assert_not_equal "$STATUS" 200
    http /cgi-bin/login
    assert_status 404
}

@test "without CGI_LOGIN_CONFIG the config is found beside the web root" {
    sed -i '/CGI_LOGIN_CONFIG/d' "$SITE_HTML/.htaccess"
    sign_in "$JAR"
    assert_signed_in "$JAR"
}

# bats test_tags=host
@test "htaccess add finds out that the document root is to be told to hold programs" {
    sed -i '/^Options\|^AddHandler/d' "$SITE_HTML/.htaccess"
    http /login
    assert_equal "$(head -c 4 "$BODY" | tail -c 3)" ELF
    admin 0 htaccess add --web-root "$SITE_HTML"
    assert_contains "$(out)" "every route leads to its program"
    assert_contains "$(cat "$SITE_HTML/.htaccess")" $'\nOptions +ExecCGI -Indexes\nAddHandler cgi-script .cgi\n'
}

@test "a config in the web root is refused here too, and cannot be fetched" {
    mkdir -p "$SITE_HTML/cgi-login-home"
    cp -rp "$SITE_PRODUCT/." "$SITE_HTML/cgi-login-home"
    sed -i "s#SetEnv CGI_LOGIN_CONFIG .*#SetEnv CGI_LOGIN_CONFIG \"$SITE_HTML/cgi-login-home/config.json\"#" "$SITE_HTML/.htaccess"
    http /login
    assert_status 500
    assert_contains "$(log_lines)" "lies in the web root"
    http /cgi-login-home/config.json
    assert_status 403
    rm -r "$SITE_HTML/cgi-login-home"
}
