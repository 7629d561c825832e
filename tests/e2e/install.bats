#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# `make install`, and the layout with programs outside the web root (ScriptAlias), as many hosts have it. What is about
# `make install` itself has the tag make_install.

load helpers
load install
export SITE_LAYOUT=cgi-bin

setup() {
    e2e_setup
    # An account of its own for what is installed here.
    ACCOUNT=$WORK/account
    PREFIX=$ACCOUNT/cgi-login CGI_BIN=$ACCOUNT/cgi-bin HTML=$ACCOUNT/public_html
}

# install_into [NAME=VALUE...]: prints what it says, with the status that make has.
install_into() {
    local -a arguments
    read -r -a arguments <<<"${SITE_MAKE_ARGS-}"
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$E2E_ROOT" install BUILD="${SITE_BUILD:-build}" "${arguments[@]}" \
        PREFIX="$PREFIX" CGI_BIN="$CGI_BIN" HTML="$HTML" "$@" 2>&1
}

@test "every route works" { routes_work; }

@test "every program works under its plain CGI path, with and without the provider" { plain_paths_work; }

@test "what must not be fetched is forbidden, should it get into the web root" { forbidden_files_stay_forbidden; }

@test "nothing that is installed can be written by others" { modes_are_tight; }

# A request pays for each library that is linked, used or not. Static programs have none.
@test "no program is linked with a library that it has no use for" {
    local program libraries unwanted
    for program in $PROGRAMS; do
        note "$program"
        case $program in
        start | login) unwanted='curl|sqlite|mongoc|ssl|crypto' ;;
        callback) unwanted='mongoc' ;;
        *) unwanted='curl|mongoc|ssl|crypto' ;;
        esac
        libraries=$(readelf -dW "$SITE_CGI_BIN/$program$SITE_CGI_SUFFIX" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p')
        assert_equal "$(grep -E "lib($unwanted)" <<<"$libraries")" ""
    done
}

@test "the programs themselves cannot be fetched" {
    http /cgi-bin/
    assert_not_equal "$STATUS" 200
    http "/cgi-bin/login$SITE_CGI_SUFFIX"
    refute_contains "$(head -c 4 "$BODY")" ELF
}

# bats test_tags=make_install
@test "install puts every file in its place and says what to do next" {
    local program page output
    output=$(umask 002; install_into)
    for program in $PROGRAMS; do
        [[ -x $CGI_BIN/$program ]]
        cmp "$CGI_BIN/$program" "$E2E_ROOT/${SITE_BUILD:-build}/cgi-bin/$program"
    done
    [[ -x $PREFIX/bin/cgi-login && -f $PREFIX/providers/instagram.json && -f $PREFIX/templates/login.html ]]
    [[ -f $PREFIX/config-template.json && -f $HTML/index.html && -f $HTML/.htaccess && -f $HTML/cgi-login/style.css ]]
    for page in man1/cgi-login.1 man5/cgi-login.json.5 man5/cgi-login-provider.5; do
        cmp "$PREFIX/share/man/$page" "$E2E_ROOT/man/${page#*/}"
    done
    assert_equal "$(find "$PREFIX/share/man" -type f | wc -l)" "$(find "$E2E_ROOT/man" -type f | wc -l)"
    [[ ! -e $PREFIX/config.json ]]
    assert_contains "$output" "new-key"
    assert_contains "$output" "$PREFIX/bin/cgi-login check"
    assert_contains "$(cat "$HTML/.htaccess")" "SetEnv CGI_LOGIN_CONFIG \"$PREFIX/config.json\""
    refute_contains "$(cat "$HTML/.htaccess")" "/home/you"
    assert_equal "$(find "$ACCOUNT" -perm /022)" ""
    assert_equal "$(find "$ACCOUNT" -name '*.new')" ""
}

# bats test_tags=make_install
@test "installing again changes nothing of the owner's" {
    install_into >/dev/null
    printf 'mine\n' | tee "$HTML/.htaccess" "$HTML/index.html" "$PREFIX/config.json" "$PREFIX/users.db" \
        "$HTML/other.html" "$CGI_BIN/other" >/dev/null
    printf 'changed\n' >>"$PREFIX/templates/login.html"
    local output
    output=$(install_into)
    for file in "$HTML/.htaccess" "$HTML/index.html" "$PREFIX/config.json" "$PREFIX/users.db" "$HTML/other.html" "$CGI_BIN/other"; do
        note "$file"
        assert_equal "$(cat "$file")" mine
    done
    assert_contains "$output" "$HTML/.htaccess is left as it is"
    # A changed template is replaced, and kept.
    assert_contains "$output" "login.html.old"
    assert_equal "$(tail -n 1 "$PREFIX/templates/login.html.old")" changed
    cmp "$PREFIX/templates/login.html" "$E2E_ROOT/html/templates/login.html"
    # Next to it lies what the owner would merge.
    assert_contains "$(cat "$PREFIX/htaccess.example")" "$PREFIX/config.json"
}

# bats test_tags=make_install
@test "installing twice in a row gives the same files" {
    install_into >/dev/null
    (cd "$ACCOUNT" && find . -type f -exec sha256sum {} + | sort -k 2) >"$WORK/first"
    install_into >/dev/null
    assert_equal "$(cd "$ACCOUNT" && find . -type f -exec sha256sum {} + | sort -k 2)" "$(cat "$WORK/first")"
}

# bats test_tags=make_install
@test "the web root is no place for PREFIX, whatever it is called" {
    local prefix
    mkdir -p "$HTML"
    ln -s "$HTML" "$WORK/link"
    for prefix in "$HTML" "$HTML/cgi-login" "$HTML/../public_html/x" "$HTML//y/z" "$WORK/link/cgi-login"; do
        note "$prefix"
        PREFIX=$prefix
        refute install_into >"$WORK/out"
        assert_contains "$(cat "$WORK/out")" "lies in the web root"
        assert_equal "$(find "$HTML" -type f)" ""
    done
    # A name that only begins alike is another folder.
    PREFIX=${HTML}_private
    install_into >/dev/null
}

# bats test_tags=make_install
@test "install without its folders, or with a path that .htaccess cannot hold, says what it needs" {
    local output
    PREFIX=
    refute install_into >"$WORK/out"
    assert_contains "$(cat "$WORK/out")" "usage: make install"
    PREFIX=$ACCOUNT/'a"b'
    refute install_into >"$WORK/out"
    assert_contains "$(cat "$WORK/out")" "cannot be written into .htaccess"
    PREFIX=$ACCOUNT/cgi-login
    refute install_into CGI_SUFFIX='; rm -rf' >"$WORK/out"
    assert_contains "$(cat "$WORK/out")" "CGI_SUFFIX"
    [[ ! -e $ACCOUNT ]]
}

# bats test_tags=make_install
@test "paths with spaces and relative ones are taken" {
    ACCOUNT="$WORK/my account" PREFIX="$WORK/my account/cgi login" CGI_BIN="$WORK/my account/cgi bin" HTML="$WORK/my account/web root"
    install_into CGI_SUFFIX=.cgi >/dev/null
    [[ -x $CGI_BIN/login.cgi ]]
    assert_contains "$(cat "$HTML/.htaccess")" "SetEnv CGI_LOGIN_CONFIG \"$PREFIX/config.json\""
}
