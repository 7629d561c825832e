#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# The accounts that hosting panels make, with nothing that names the config, as suEXEC starts a program: which config
# each program finds, and what `make install` does where it would find none, or another site's. The table of all that
# others could have put there is tests/unit/test_config_place.c.

load helpers
export E2E_NO_SERVER=1

# An account laid out below the site's home, which has a config of its own: that is what is found where nothing nearer is.
account() { # NAME CGI_BIN [CONFIG_FOLDER...]
    local folder
    ACCOUNT=$SITE_HOME/$1
    mkdir -p "$ACCOUNT/$2"
    install -m 755 "$SITE_CGI_BIN/profile$SITE_CGI_SUFFIX" "$ACCOUNT/$2/profile"
    for folder in "${@:3}"; do
        mkdir -p "$ACCOUNT/$folder"
        jq --arg home "/$1/$folder" '.redirects.home = $home' "$SITE_CONFIG" >"$ACCOUNT/$folder/config.json"
        chmod 600 "$ACCOUNT/$folder/config.json"
        [[ -e $ACCOUNT/$folder/providers ]] || ln -s "$SITE_PRODUCT/templates" "$SITE_PRODUCT/providers" "$ACCOUNT/$folder/"
    done
    chmod -R go-w "$ACCOUNT"
    _site_give_away "$ACCOUNT"
}

# What the program says is home tells which config it has.
home_of() { # PROGRAM
    site_exec env -i REQUEST_METHOD=GET -- "$1" >"$WORK/out" 2>"$WORK/errors"
    sed -n 's/^Location: http:\/\/[^/]*\([^\r]*\).*/\1/p' "$WORK/out"
}

# bats test_tags=host
@test "a program finds its config in each layout, with nothing that names it" {
    local name cgi_bin config expected
    while read -r name cgi_bin config expected; do
        note "$name"
        # shellcheck disable=SC2086 # some have two
        account "$name" "$cgi_bin" ${config//,/ }
        assert_equal "$(home_of "$ACCOUNT/$cgi_bin/profile")" "/$name/$expected"
    done <<'TABLE'
cpanel      public_html/cgi-bin                        cgi-login cgi-login
beside      cgi-bin                                    cgi-login cgi-login
addon       public_html/shop.example/cgi-bin           cgi-login cgi-login
directadmin domains/shop.example/public_html/cgi-bin   cgi-login cgi-login
two         domains/shop.example/public_html/cgi-bin   cgi-login,domains/shop.example/cgi-login domains/shop.example/cgi-login
plesk       httpdocs/sub/cgi-bin                       cgi-login cgi-login
own         site/web/public/cgi-bin                    cgi-login cgi-login
TABLE
    # A web root behind a link, and a home behind one.
    account release deploy/releases/42/public/cgi-bin cgi-login
    ln -s deploy/releases/42/public "$ACCOUNT/public_html"
    assert_equal "$(home_of "$ACCOUNT/public_html/cgi-bin/profile")" /release/cgi-login
    ln -s "$ACCOUNT" "$SITE_HOME/linked"
    assert_equal "$(home_of "$SITE_HOME/linked/public_html/cgi-bin/profile")" /release/cgi-login
    # Two sites in one account, the second in the first one's web root, each with its own.
    account main public_html/cgi-bin cgi-login
    account main public_html/shop.example/cgi-bin cgi-login shop-login
    cp -p "$ACCOUNT/public_html/shop.example/cgi-bin/profile" "$ACCOUNT/public_html/shop.example/cgi-bin/login"
    site_exec -- "$SITE_PRODUCT/bin/cgi-login" programs --config "$ACCOUNT/shop-login/config.json" \
        "$ACCOUNT/public_html/shop.example/cgi-bin"
    assert_equal "$(home_of "$ACCOUNT/public_html/cgi-bin/profile")" /main/cgi-login
    assert_equal "$(home_of "$ACCOUNT/public_html/shop.example/cgi-bin/profile")" /main/shop-login
}

# bats test_tags=host
@test "what others could have put there names no config, and the log says why" {
    account others public_html/cgi-bin cgi-login
    # The nearer folder is one that a group can write.
    account others public_html/cgi-bin public_html/cgi-login
    chmod 775 "$ACCOUNT/public_html"
    assert_equal "$(home_of "$ACCOUNT/public_html/cgi-bin/profile")" /others/cgi-login
    chmod 755 "$ACCOUNT/public_html"
    assert_equal "$(home_of "$ACCOUNT/public_html/cgi-bin/profile")" /others/public_html/cgi-login
    rm -r "$ACCOUNT/public_html/cgi-login"
    chmod 775 "$ACCOUNT/cgi-login"
    assert_equal "$(home_of "$ACCOUNT/public_html/cgi-bin/profile")" ""
    assert_contains "$(cat "$WORK/errors")" "other users can write its folder (mode 0775); run: chmod 755 $ACCOUNT/cgi-login"
    chmod 755 "$ACCOUNT/cgi-login"
    # The file beside the program counts where its owner alone can have written it.
    printf '../../cgi-login/config.json\n' >"$ACCOUNT/public_html/cgi-bin/.cgi-login-config"
    _site_give_away "$ACCOUNT/public_html/cgi-bin/.cgi-login-config"
    chmod 666 "$ACCOUNT/public_html/cgi-bin/.cgi-login-config"
    assert_equal "$(home_of "$ACCOUNT/public_html/cgi-bin/profile")" ""
    assert_contains "$(cat "$WORK/errors")" ".cgi-login-config names the config, but can be written by other users"
    chmod 644 "$ACCOUNT/public_html/cgi-bin/.cgi-login-config"
    assert_equal "$(home_of "$ACCOUNT/public_html/cgi-bin/profile")" /others/cgi-login
    [[ $EUID -eq 0 ]] || return 0
    # Where the server's own user runs the account's programs, what it can write does not count either.
    account shared public_html/cgi-bin cgi-login
    account shared public_html/cgi-bin public_html/cgi-login
    chown -RH 61001 "$ACCOUNT"
    chmod 640 "$ACCOUNT/cgi-login/config.json"
    chown -R "$_SITE_USER" "$ACCOUNT/public_html/cgi-login"
    assert_equal "$(home_of "$ACCOUNT/public_html/cgi-bin/profile")" /shared/public_html/cgi-login
    chown "$_SITE_USER" "$ACCOUNT/public_html"
    assert_equal "$(home_of "$ACCOUNT/public_html/cgi-bin/profile")" /shared/cgi-login
    printf '%s/public_html/cgi-login/config.json\n' "$ACCOUNT" >"$ACCOUNT/public_html/cgi-bin/.cgi-login-config"
    chown "$_SITE_USER" "$ACCOUNT/public_html/cgi-bin/.cgi-login-config"
    assert_equal "$(home_of "$ACCOUNT/public_html/cgi-bin/profile")" ""
    assert_contains "$(cat "$WORK/errors")" "is not of the user whose file the program is"
}

install_into() { # PREFIX CGI_BIN HTML
    local -a arguments
    read -r -a arguments <<<"${SITE_MAKE_ARGS-}"
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$E2E_ROOT" install BUILD="${SITE_BUILD:-build}" \
        "${arguments[@]}" PREFIX="$ACCOUNT/$1" CGI_BIN="$ACCOUNT/$2" HTML="$ACCOUNT/$3"
}

# bats test_tags=make_install
@test "make install has the programs find the config that it installs, and says so where they would not" {
    local output pointer
    ACCOUNT=$SITE_HOME/installed
    mkdir -p "$ACCOUNT/cgi-bin"
    output=$(install_into cgi-login cgi-bin public_html)
    refute_contains "$output" .cgi-login-config
    [[ ! -e $ACCOUNT/cgi-bin/.cgi-login-config ]]
    output=$(install_into shop-login public_html/shop.example/cgi-bin public_html/shop.example)
    pointer=$ACCOUNT/public_html/shop.example/cgi-bin/.cgi-login-config
    assert_contains "$output" "install: $pointer is written, since the programs there would not find $ACCOUNT/shop-login/config.json"
    assert_equal "$(cat "$pointer") $(stat -c %a "$pointer")" "../../../shop-login/config.json 644"
    # Once more, with the configs there: nothing is to be done.
    account installed public_html/shop.example/cgi-bin cgi-login shop-login
    [[ $EUID -ne 0 ]] || chown -R root: "$ACCOUNT" # whose programs the install made
    output=$(install_into shop-login public_html/shop.example/cgi-bin public_html/shop.example)
    refute_contains "$output" .cgi-login-config
    env -i REQUEST_METHOD=GET "$ACCOUNT/public_html/shop.example/cgi-bin/profile" >"$WORK/out"
    assert_contains "$(cat "$WORK/out")" "Location: $SITE_URL/installed/shop-login"
    # A file of the owner's that names another site's config stays.
    printf '%s/cgi-login/config.json\n' "$ACCOUNT" >"$pointer"
    output=$(install_into shop-login public_html/shop.example/cgi-bin public_html/shop.example)
    assert_contains "$output" "use $ACCOUNT/cgi-login/config.json and not $ACCOUNT/shop-login/config.json"
    assert_equal "$(cat "$pointer")" "$ACCOUNT/cgi-login/config.json"
    # One that names nothing any more does not.
    printf '/nowhere/config.json\n' >"$pointer"
    output=$(install_into shop-login public_html/shop.example/cgi-bin public_html/shop.example)
    assert_contains "$output" "is written"
    assert_equal "$(cat "$pointer")" "../../../shop-login/config.json"
    rm "$pointer"
    chmod 775 "$ACCOUNT/public_html/shop.example/cgi-bin"
    output=$(install_into shop-login public_html/shop.example/cgi-bin public_html/shop.example)
    assert_contains "$output" "shop.example/cgi-bin can be written by other users; run: chmod 755 on it"
    [[ ! -e $pointer ]]
    rm "$ACCOUNT"/cgi-bin/*
    admin 1 programs "$ACCOUNT/cgi-bin"
    assert_contains "$(cat "$ERR")" "there is no program \`login\` in it"
}
