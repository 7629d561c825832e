#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# `cgi-login new-site`: an account with a web server and nothing else, and in it the archive, unpacked; or an install
# without settings. The server runs programs in the web root's runs/, and elsewhere where .htaccess says so.

load helpers
export SITE_LAYOUT=suffix

e2e_prepare() {
    export SITE_HTTPD_EXTRA="<Directory \"$SITE_HTML/runs\">
  Options +ExecCGI
  SetHandler cgi-script
</Directory>"
}

# What `make dist` packs, of the programs that are tested.
make_archive() { # FOLDER
    local -a arguments
    read -r -a arguments <<<"${SITE_MAKE_ARGS-}"
    (umask 022 && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL INSTALL_STAGE=1 make -s -C "$E2E_ROOT" install \
        BUILD="${SITE_BUILD:-build}" "${arguments[@]}" PREFIX="$1/cgi-login" CGI_BIN="$1/cgi-bin" HTML="$1/public_html" \
        CGI_SUFFIX=.cgi >/dev/null)
    printf 'a stage\n' >"$1/MANIFEST"
    mv "$1/public_html/.htaccess" "$1/htaccess.example"
    rm -f "$1/cgi-login/htaccess.example"
}

setup_file() {
    e2e_setup_file
    export STAGE=$SITE_HOME/unpacked
    make_archive "$STAGE"
    _site_give_away "$STAGE"
}

# What the site was laid out with is put aside.
empty_account() {
    mkdir "$WORK/aside"
    mv "$SITE_PRODUCT" "$SITE_HTML" "$WORK/aside/"
    site_run mkdir -p "$SITE_HTML"
    printf 'home\n' >"$SITE_HTML/index.html"
    _site_give_away "$SITE_HTML/index.html"
    PROGRAM=$STAGE/cgi-login/bin/cgi-login
}

setup() {
    e2e_setup
    PROGRAM=$SITE_PRODUCT/bin/cgi-login
}

teardown() {
    if [[ -d $WORK/aside ]]; then
        chmod -R u+w "$SITE_HTML"
        rm -rf "$SITE_PRODUCT" "$SITE_HTML"
        mv "$WORK"/aside/* "$SITE_HOME/"
    fi
    e2e_teardown
}

APP=$'1029384756102938\n5d41402abc4b2a76b9719d911017c592'

new_site() { # STATUS [OPTION...]: with standard input
    local expected=$1 status=0
    shift
    site_exec env HOME="$SITE_HOME" "${WRAPPER[@]}" -- "$PROGRAM" new-site "$@" >"$OUT" 2>"$ERR" || status=$?
    [[ $status -eq $expected ]] || fail "$status in place of $expected: $(cat "$OUT" "$ERR")"
}

# All that lies in the account besides the archive: names, modes, contents.
listing() {
    (cd "$SITE_HOME" && find . -path ./unpacked -prune -o -path '*/error.log*' -prune -o -printf '%p %m %y\n' | sort &&
        find . -path ./unpacked -prune -o -path '*/error.log*' -prune -o -type f -exec sha256sum {} + | sort)
}

# bats test_tags=make_install
@test "one command makes a site of the unpacked archive, changes nothing in a dry run, and can be run again" {
    local before after
    empty_account
    before=$(listing)
    new_site 0 --url "${SITE_URL^^}/" --provider instagram --dry-run </dev/null
    assert_contains "$(cat "$OUT")" "For $SITE_URL:"
    assert_contains "$(cat "$OUT")" "the web root  $SITE_HTML"
    assert_regex "$(cat "$OUT")" "1[0-9]{2} files would be copied, and 0 there already"
    assert_equal "$(listing)" "$before"
    # The server runs nothing anywhere: .htaccess has to say so.
    new_site 0 --provider instagram --yes <<<"$SITE_URL"$'\n'"$APP"
    assert_contains "$(cat "$OUT")" "$SITE_HTML/index.html is there with another content, and stays as it is."
    assert_contains "$(cat "$OUT")" "$SITE_HTML/.htaccess has the routes"
    assert_contains "$(cat "$OUT")" "All is right."
    assert_contains "$(cat "$OUT")" "the site sends people to Instagram with this config's redirect URI"
    assert_contains "$(cat "$OUT")" "The site is ready: open $SITE_URL/login."
    assert_contains "$(cat "$OUT")" "Put $SITE_URL/auth/instagram/callback under OAuth redirect URIs"
    refute_contains "$(cat "$OUT" "$ERR")" 5d41402abc4b2a76b9719d911017c592
    assert_equal "$(stat -c %a "$SITE_CONFIG")" 600
    assert_equal "$(cat "$SITE_HTML/index.html")" home
    assert_equal "$(find "$SITE_HTML" "$SITE_PRODUCT" -perm /022 ! -type l)" ""
    assert_equal "$(find "$SITE_HOME" -name '*probe*')" ""
    after=$(listing)
    new_site 0 --yes </dev/null
    assert_contains "$(cat "$OUT")" "which is there and stays"
    assert_contains "$(cat "$OUT")" "0 files are copied"
    assert_equal "$(listing)" "$after"
    # What is missing is made.
    rm "$SITE_HTML/.htaccess" "$SITE_HTML/cgi-bin/logout.cgi"
    new_site 0 --yes </dev/null
    assert_contains "$(cat "$OUT")" "1 file is copied"
    assert_equal "$(listing)" "$after"
    # People sign in there.
    # shellcheck disable=SC2016 # $old is jq's
    site_config_edit --slurpfile old "$SITE_DIR/config.pristine" \
        '.providers.instagram += ($old[0].providers.instagram | del(.client_id, .client_secret))'
    sign_in "$JAR"
    assert_signed_in "$JAR"
    # The web root is known under a panel's second name for it, too, and when the routes are taken out of it.
    site_run ln -s public_html "$SITE_HOME/www"
    site_admin htaccess remove >"$OUT"
    [[ ! -e $SITE_HTML/.htaccess || -z $(grep -F RewriteRule "$SITE_HTML/.htaccess") ]]
    site_admin htaccess add --exec-cgi >"$OUT"
    assert_contains "$(cat "$OUT")" "every route leads to its program"
    rm "$SITE_HOME/www"
    new_site 1 --url https://other.example --yes </dev/null
    assert_contains "$(cat "$ERR")" "has the base_url $SITE_URL: change it there"
}

# bats test_tags=make_install
@test "the programs go where the host runs them, which the site itself is asked" {
    empty_account
    site_run mkdir "$SITE_HTML/runs"
    new_site 0 --url "$SITE_URL" --provider instagram --cgi-bin "$SITE_HTML/runs" --yes <<<"$APP"
    assert_contains "$(cat "$OUT")" "The host runs the programs in $SITE_HTML/runs as you."
    assert_contains "$(cat "$OUT")" "The site is ready"
    assert_contains "$(cat "$SITE_HTML/.htaccess")" "/runs/login.cgi"
    refute_regex "$(cat "$SITE_HTML/.htaccess")" "^ *Options"
    # A folder beside the web root that is there, and where the host runs nothing, is passed over.
    rm -rf "$SITE_PRODUCT" "$SITE_HTML/runs" "$SITE_HTML/.htaccess"
    site_run mkdir "$SITE_HOME/cgi-bin"
    # The home page of WordPress stays one, and the umask of a careful owner closes nothing to the server.
    rm -r "$SITE_HTML/cgi-login" "$SITE_HTML/index.html"
    touch "$SITE_HTML/index.php"
    (umask 077 && new_site 0 --url "$SITE_URL" --provider instagram --yes <<<"$APP")
    [[ ! -e $SITE_HTML/index.html ]]
    assert_equal "$(find "$SITE_HTML" "$SITE_PRODUCT" -type d ! -perm 755)" ""
    assert_contains "$(cat "$OUT")" "/cgi-bin: no program runs there: the status is 404."
    assert_contains "$(cat "$OUT")" "The site is ready"
    assert_equal "$(ls -A "$SITE_HOME/cgi-bin")" ""
    rmdir "$SITE_HOME/cgi-bin"
    # A product under another name is found, too.
    rm -rf "$SITE_PRODUCT" "$SITE_HTML/.htaccess"
    new_site 0 --url "$SITE_URL" --provider instagram --home "$SITE_HOME/other-login" --yes <<<"$APP"
    assert_equal "$(cat "$SITE_HTML/cgi-bin/.cgi-login-config")" ../../other-login/config.json
    sed -i '/SetEnv/d' "$SITE_HTML/.htaccess"
    http /login
    assert_status 200
    http /cgi-bin/.cgi-login-config
    assert_status 403
    rm -rf "$SITE_HOME/other-login"
}

# bats test_tags=make_install
@test "after make install one command makes the settings" {
    rm "$SITE_CONFIG" "$SITE_HTML/.htaccess"
    new_site 0 --url "$SITE_URL" --provider instagram --yes <<<"$APP"
    assert_contains "$(cat "$OUT")" "the product   $SITE_PRODUCT, as it is"
    assert_contains "$(cat "$OUT")" "The site is ready"
    assert_equal "$(jq -r '.base_url, .default_provider, .store, (.providers | keys | join(","))' "$SITE_CONFIG")" \
        "$SITE_URL"$'\n'instagram$'\n'"sqlite://$SITE_PRODUCT/users.db"$'\n'instagram
}

# bats test_tags=make_install
@test "what cannot be is told before anything is written" {
    local options input status words before
    empty_account
    ln -sfn . "$SITE_HOME/link"
    before=$(listing)
    while IFS='|' read -r status options input words; do
        note "$options"
        # shellcheck disable=SC2086 # some have several
        new_site "$status" ${options//ROOT/$SITE_HTML} < <(printf '%b' "$input")
        assert_contains "$(cat "$ERR")" "$words"
        assert_equal "$(listing)" "$before"
    done <<TABLE
1|--yes||The site's address: nothing was given
1|--url https://www.example.com/shop --yes||with nothing behind the name
1|--url http://www.example.com --yes||expected an address such as https://www.example.com
1|--url $SITE_URL --web-root /nowhere --yes||is not found, /nowhere: name it with --web-root
1|--url $SITE_URL --cgi-url cgi-bin --yes||--cgi-url: expected the address of the programs' folder
1|--url $SITE_URL --home ROOT/cgi-login-home --yes||where anybody could fetch the config
1|--url $SITE_URL --yes|Instagram\n|expected a name of a-z
1|--url $SITE_URL --home $SITE_HOME/none/../public_html/product --yes||--home: expected the path of a folder
1|--url $SITE_URL --home $SITE_HOME/link/public_html/product --yes||where anybody could fetch the config
1|--url $SITE_URL --provider nobody --yes||providers/nobody.json
1|--url $SITE_URL --provider instagram --yes|1029384756102938\n|nothing was given; nothing was changed
2|--url $SITE_URL --provider instagram||nobody is at the terminal to confirm this: add --yes
TABLE
    [[ $EUID -eq 0 ]] || return 0
    HOME=$SITE_HOME "$STAGE/cgi-login/bin/cgi-login" new-site --url "$SITE_URL" --yes </dev/null >"$OUT" 2>"$ERR" && false
    assert_contains "$(cat "$ERR")" "run this as that user, and not as root"
    assert_equal "$(listing)" "$before"
}

# bats test_tags=make_install
@test "a full disk, a folder that cannot be written to and a signal leave nothing half-written" {
    local before child
    empty_account
    before=$(listing)
    # Killed at a question, when nothing is written yet.
    mkfifo "$WORK/answers"
    exec 9<>"$WORK/answers"
    site_exec env HOME="$SITE_HOME" -- "$PROGRAM" new-site --url "$SITE_URL" --provider instagram --yes \
        <&9 >"$OUT" 2>"$ERR" &
    child=$!
    _site_until grep -q 'app ID' "$OUT"
    kill "$child"
    wait "$child" || true
    exec 9>&-
    assert_equal "$(listing)" "$before"
    # No file may become as large as a program.
    WRAPPER=(prlimit --fsize=20000)
    new_site 1 --url "$SITE_URL" --provider instagram --yes <<<"$APP"
    assert_contains "$(cat "$ERR")" "cannot be written: File too large; run this again when that is mended"
    assert_equal "$(find "$SITE_PRODUCT" -name '*.??????' -newer "$WORK/answers" -size 0)" ""
    [[ ! -e $SITE_CONFIG && ! -e $SITE_HTML/.htaccess ]]
    WRAPPER=()
    chmod 555 "$SITE_HTML"
    if [[ $EUID -ne 0 || -n $_SITE_USER ]]; then
        new_site 1 --url "$SITE_URL" --provider instagram --yes <<<"$APP"
        assert_contains "$(cat "$ERR")" "$SITE_HTML/"
        assert_contains "$(cat "$ERR")" "Permission denied"
        [[ ! -e $SITE_CONFIG ]]
    fi
    chmod 755 "$SITE_HTML"
    new_site 0 --url "$SITE_URL" --provider instagram --yes <<<"$APP"
    assert_contains "$(cat "$OUT")" "The site is ready"
}
