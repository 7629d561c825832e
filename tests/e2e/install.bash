# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What holds in every layout that `make install` can make; install*.bats run it in theirs.

routes_work() {
    sign_in "$JAR"
    http -b "$JAR" /profile
    assert_status 200
    http /login
    assert_status 200
    assert_contains "$(body)" 'href="/auth/instagram"'
    http /auth
    assert_status 302
    http -X POST -b "$JAR" -c "$JAR" /logout
    assert_equal "$(header Location)" "$SITE_URL/"
    http /
    assert_status 200
    assert_contains "$(body)" 'href="/auth/instagram"'
    http /cgi-login/style.css
    assert_equal "$STATUS $(header Content-Type)" "200 text/css"
    assert_equal "$(header X-Content-Type-Options)" nosniff
    http /cgi-login/icon.svg
    assert_equal "$STATUS $(header Content-Type)" "200 image/svg+xml"
    # A browser runs no module of another type.
    http /cgi-login/login.js
    assert_contains "$STATUS $(header Content-Type)" "javascript"
}

plain_paths_work() {
    local suffix=$SITE_CGI_SUFFIX
    # The pages link to where the visitor is: the plain path here, the route elsewhere.
    http "/cgi-bin/login$suffix"
    assert_status 200
    assert_contains "$(body)" "href=\"/cgi-bin/start$suffix/instagram\""
    http "/cgi-bin/start$suffix"
    assert_status 302
    site_config_edit --arg url "$SITE_URL/cgi-bin/callback$suffix/instagram" '.providers.instagram.callback_url = $url'
    begin "$JAR" "/cgi-bin/start$suffix/instagram"
    assert_equal "$(query_of "$AUTHORIZE" redirect_uri)" "$SITE_URL/cgi-bin/callback$suffix/instagram"
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    http -b "$JAR" "/cgi-bin/profile$suffix"
    assert_status 200
    assert_contains "$(body)" "action=\"/cgi-bin/logout$suffix\""
    http -X POST -b "$JAR" -c "$JAR" "/cgi-bin/logout$suffix"
    assert_status 302
    assert_signed_out "$JAR"
    site_admin check >"$WORK/check" || fail "$(cat "$WORK/check")"
}

# What should never get into a web root, gets there all the same.
forbidden_files_stay_forbidden() {
    local name
    mkdir -p "$SITE_HTML/sub"
    for name in .htaccess .htaccess.bak .env .git config.json config.json.bak config.json~ config.json.save config-old.json \
        config.prod.json users.db users.db-journal users.db-wal users.db-shm users.db.bak key.pem site.key index.html.old \
        index.html.swp .index.html.swp index.html.orig error.log error.log.1; do
        note "/$name"
        [[ $name == .htaccess ]] || cp "$SITE_HTML/index.html" "$SITE_HTML/$name"
        cp "$SITE_HTML/index.html" "$SITE_HTML/sub/$name"
        [[ $name != .htaccess ]] || : >"$SITE_HTML/sub/$name"
        http "/$name"
        assert_status 403
        http "/sub/$name"
        assert_status 403
        [[ $name == .htaccess ]] || rm "$SITE_HTML/$name"
        rm "$SITE_HTML/sub/$name"
    done
    # And what belongs there is served.
    for name in page.html data.json photo.png configuration.html; do
        note "$name"
        cp "$SITE_HTML/index.html" "$SITE_HTML/sub/$name"
        http "/sub/$name"
        assert_status 200
    done
    rm -r "$SITE_HTML/sub"
}

modes_are_tight() {
    # Hosts with suEXEC refuse programs that a group can write to, and programs in such a folder.
    assert_equal "$(find "$SITE_HOME" \( -type f -o -type d \) -perm /022)" ""
    assert_equal "$(find "$SITE_CGI_BIN" -type f ! -perm 755)" ""
    assert_equal "$(stat -c %a "$SITE_CONFIG")" 600
}
