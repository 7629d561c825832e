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
    for program in $ALL_PROGRAMS; do
        note "$program"
        case $program in
        start | login) unwanted='curl|sqlite|mongoc|ssl|crypto' ;;
        callback | backchannel | console) unwanted='mongoc' ;;
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
    output=$(
        umask 002
        install_into
    )
    for program in $ALL_PROGRAMS; do
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
    assert_contains "$output" "$PREFIX/bin/cgi-login new-site"
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
        "$HTML/other.html" "$CGI_BIN/other" "$PREFIX/templates/login.html" "$PREFIX/providers/instagram.json" \
        "$HTML/cgi-login/style.css" "$HTML/cgi-login/icon.svg" "$PREFIX/templates/own.html" >/dev/null
    local output file
    output=$(install_into)
    for file in "$HTML/index.html" "$PREFIX/config.json" "$PREFIX/users.db" "$HTML/other.html" \
        "$CGI_BIN/other" "$PREFIX/templates/login.html" "$PREFIX/providers/instagram.json" "$HTML/cgi-login/style.css" \
        "$HTML/cgi-login/icon.svg" "$PREFIX/templates/own.html"; do
        note "$file"
        assert_equal "$(cat "$file")" mine
    done
    # The routes go into the .htaccess, which is kept as it was, too.
    assert_contains "$output" "$HTML/.htaccess has the routes; the file as it was is $PREFIX/backup/htaccess%2F."
    assert_equal "$(cat "$PREFIX/backup/htaccess%2F")" mine
    assert_equal "$(sed -n '1,2p;$p' "$HTML/.htaccess")" $'mine\n# BEGIN cgi-login\n# END cgi-login'
    assert_contains "$(cat "$HTML/.htaccess")" "SetEnv CGI_LOGIN_CONFIG \"$PREFIX/config.json\""
    # An index.html would hide the home page of WordPress.
    mv "$HTML/index.html" "$HTML/index.php"
    output=$(install_into)
    [[ ! -e $HTML/index.html ]]
    assert_contains "$output" "$HTML/.htaccess has the routes already."
    # The same version again has nothing new to lay beside.
    assert_equal "$(find "$ACCOUNT" -name '*.new*' -o -name '*.old')" ""
    # The lines to be put in by hand are there, too.
    assert_contains "$(cat "$PREFIX/htaccess.example")" "$PREFIX/config.json"
}

# another_version [WORD]: a copy of the sources, with a WORD at the end of each file that is the owner's to change.
another_version() {
    local file
    VERSION=$WORK/version
    rm -rf "$VERSION"
    mkdir -p "$VERSION"
    cp -r "$E2E_ROOT"/{admin,html,man,providers,config-template.json,htaccess.example} "$VERSION/"
    for file in "$VERSION"/html/templates/*.html "$VERSION"/html/public/cgi-login/*.* \
        "$VERSION"/html/public/cgi-login/marks/* "$VERSION"/providers/*.json; do
        printf '\n%s\n' "$1" >>"$file"
    done
}

# Installs the other version, with the programs that there are.
upgrade() {
    # shellcheck disable=SC2086 # one word a program
    "$VERSION/admin/install.sh" "$(cd "$E2E_ROOT" && realpath "${SITE_BUILD:-build}")" "$PREFIX" "$CGI_BIN" "$HTML" "" \
        $ALL_PROGRAMS 2>&1
}

# bats test_tags=make_install
@test "an upgrade replaces what the owner never changed, and lays the new one beside what they did" {
    local output file
    install_into >/dev/null
    printf '/* mine */\n' >>"$HTML/cgi-login/style.css"
    printf 'mine\n' >"$PREFIX/templates/login.html"
    another_version two
    output=$(upgrade)
    for file in templates/profile.html templates/error.html providers/instagram.json; do
        cmp "$PREFIX/$file" "$VERSION/${file/#templates/html\/templates}"
    done
    cmp "$HTML/cgi-login/icon.svg" "$VERSION/html/public/cgi-login/icon.svg"
    assert_equal "$(tail -n 1 "$HTML/cgi-login/style.css")" "/* mine */"
    assert_equal "$(cat "$PREFIX/templates/login.html")" mine
    cmp "$HTML/cgi-login/style.css.new" "$VERSION/html/public/cgi-login/style.css"
    cmp "$PREFIX/templates/login.html.new" "$VERSION/html/templates/login.html"
    assert_contains "$output" "$HTML/cgi-login/style.css is yours and stays as it is; the new one is style.css.new"
    assert_contains "$output" "$PREFIX/templates/login.html is yours and stays as it is; the new one is login.html.new"
    assert_equal "$(grep -c 'is yours' <<<"$output")" 2
    assert_equal "$(find "$ACCOUNT" -name '*.new' | wc -l)" 2
    # Told once: the same version again says nothing of it.
    refute_contains "$(upgrade)" "is yours"
    # The next version: still theirs, and the newest beside it.
    another_version three
    output=$(upgrade)
    assert_equal "$(cat "$PREFIX/templates/login.html")" mine
    cmp "$PREFIX/templates/login.html.new" "$VERSION/html/templates/login.html"
    cmp "$PREFIX/templates/profile.html" "$VERSION/html/templates/profile.html"
    assert_equal "$(grep -c 'is yours' <<<"$output")" 2
    # What the owner makes of the one beside is theirs, too.
    printf 'half merged\n' >"$PREFIX/templates/login.html.new"
    another_version four
    output=$(upgrade)
    assert_contains "$output" "login.html.new had changed, and is kept as login.html.new.1"
    assert_equal "$(cat "$PREFIX/templates/login.html.new.1")" "half merged"
    assert_equal "$(cat "$PREFIX/templates/login.html")" mine
    # Who takes the new one over is like somebody who never changed it.
    mv "$PREFIX/templates/login.html.new" "$PREFIX/templates/login.html"
    cp "$HTML/cgi-login/style.css.new" "$HTML/cgi-login/style.css"
    another_version five
    refute_contains "$(upgrade)" "is yours"
    cmp "$PREFIX/templates/login.html" "$VERSION/html/templates/login.html"
    cmp "$HTML/cgi-login/style.css" "$VERSION/html/public/cgi-login/style.css"
    [[ ! -e $HTML/cgi-login/style.css.new ]]
}

# bats test_tags=make_install
@test "an install from before there was a list of sums loses nothing" {
    local output
    install_into >/dev/null
    rm "$PREFIX/.installed.sha256"
    printf 'mine\n' >"$PREFIX/templates/login.html"
    another_version two
    output=$(upgrade)
    # What was an older version's may be the owner's, for all that is known.
    assert_equal "$(cat "$PREFIX/templates/login.html")" mine
    cmp "$PREFIX/templates/profile.html" "$E2E_ROOT/html/templates/profile.html"
    cmp "$PREFIX/templates/profile.html.new" "$VERSION/html/templates/profile.html"
    assert_contains "$output" "profile.html is yours"
    # From now on it is known.
    rm "$PREFIX/templates/"*.new
    another_version three
    upgrade >/dev/null
    assert_equal "$(cat "$PREFIX/templates/login.html")" mine
    cmp "$PREFIX/templates/login.html.new" "$VERSION/html/templates/login.html"
}

# bats test_tags=make_install
@test "a link of the owner's in the place of a style sheet or a template stays, and what it leads to too" {
    install_into >/dev/null
    cp "$HTML/cgi-login/style.css" "$ACCOUNT/theme.css"
    ln -sf ../../theme.css "$HTML/cgi-login/style.css"
    another_version two
    upgrade >/dev/null
    [[ -L $HTML/cgi-login/style.css ]]
    cmp "$ACCOUNT/theme.css" "$E2E_ROOT/html/public/cgi-login/style.css"
    cmp "$HTML/cgi-login/style.css.new" "$VERSION/html/public/cgi-login/style.css"
}

# What is in an account: names, kinds, contents.
account_state() { (cd "$ACCOUNT" && find . -printf '%p %y %l\n' | sort && find . -type f -exec sha256sum {} + | sort -k 2); }

# bats test_tags=make_install
@test "a folder, a link or a pipe in a file's place, and a file in a folder's, stop it before anything is written" {
    local place made words before
    while read -r place made words; do
        note "$place $made"
        rm -rf "$ACCOUNT"
        install_into >/dev/null
        another_version two
        rm -rf "${ACCOUNT:?}/$place"
        case $made in
        folder) mkdir "$ACCOUNT/$place" ;;
        link) ln -s elsewhere "$ACCOUNT/$place" ;;
        pipe) mkfifo "$ACCOUNT/$place" ;;
        file) : >"$ACCOUNT/$place" ;;
        esac
        before=$(account_state)
        refute upgrade >"$WORK/out"
        assert_contains "$(cat "$WORK/out")" "install: $ACCOUNT/$place $words"
        assert_equal "$(account_state)" "$before"
    done <<'TABLE'
cgi-bin/login folder is a folder, where a file is to be; move it away
cgi-bin/login link is a symbolic link, where a file of the product is to be; move it away
cgi-login/bin/cgi-login link is a symbolic link, where a file of the product is to be; move it away
cgi-bin/profile pipe is no file; move it away
cgi-login/templates/login.html folder is a folder, where a file is to be; move it away
cgi-login/templates file is no folder, so
public_html/cgi-login/style.css folder is a folder, where a file is to be; move it away
public_html/.htaccess folder is a folder, where a file is to be; move it away
cgi-login/.installed.sha256 folder is a folder, where a file is to be; move it away
TABLE
}

# bats test_tags=make_install
@test "a folder that cannot be written to stops it before anything is written" {
    local before user=()
    # Root may write anywhere.
    [[ $EUID -ne 0 ]] || user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    install_into >/dev/null
    another_version two
    # A checkout below /root is out of reach for anybody else.
    mkdir "$VERSION/build"
    (cd "$E2E_ROOT" && cd "${SITE_BUILD:-build}" && cp -r bin cgi-bin "$VERSION/build/")
    chmod -R a+rX "$BATS_RUN_TMPDIR" "$VERSION"
    [[ $EUID -ne 0 ]] || chown -R 65534:65534 "$ACCOUNT"
    chmod 555 "$CGI_BIN"
    before=$(account_state)
    # shellcheck disable=SC2086
    refute "${user[@]}" "$VERSION/admin/install.sh" "$VERSION/build" "$PREFIX" "$CGI_BIN" "$HTML" "" $ALL_PROGRAMS \
        >"$WORK/out" 2>&1
    assert_contains "$(cat "$WORK/out")" "$CGI_BIN cannot be written to by you"
    assert_equal "$(account_state)" "$before"
    chmod 755 "$CGI_BIN"
}

# A limit on the size of a file stands for a disk that is full: writing fails in the middle of one.
# bats test_tags=make_install
@test "a disk that is full half-way leaves each file whole, the old one or the new one" {
    local file limit
    install_into >/dev/null
    another_version two
    for file in "$PREFIX/bin/cgi-login" "$CGI_BIN"/*; do printf 'old\n' >"$file"; done
    # Every program fits, and this template does not: some files come before it, some after.
    limit=$(find "$E2E_ROOT/${SITE_BUILD:-build}"/{bin,cgi-bin,lib} -type f -printf '%k\n' | sort -n | tail -n 1)
    limit=$((limit + 100))
    head -c $((limit * 1024 + 50000)) /dev/zero >>"$VERSION/html/templates/profile.html"
    (
        trap '' XFSZ
        ulimit -f "$limit"
        upgrade
    ) >"$WORK/out" && fail "it went through"
    assert_contains "$(cat "$WORK/out")" "could not be written, and is as it was; run this again"
    assert_equal "$(find "$ACCOUNT" -name '.*' ! -name .htaccess ! -name .installed.sha256)" ""
    cmp "$PREFIX/bin/cgi-login" "$E2E_ROOT/${SITE_BUILD:-build}/bin/cgi-login"
    cmp "$PREFIX/templates/login.html" "$VERSION/html/templates/login.html"
    cmp "$PREFIX/templates/profile.html" "$E2E_ROOT/html/templates/profile.html"
    assert_equal "$(cat "$CGI_BIN/login")" old
    cmp "$HTML/cgi-login/style.css" "$E2E_ROOT/html/public/cgi-login/style.css"
    # Run again, it completes.
    upgrade >/dev/null
    cmp "$PREFIX/templates/profile.html" "$VERSION/html/templates/profile.html"
    cmp "$CGI_BIN/login" "$E2E_ROOT/${SITE_BUILD:-build}/cgi-bin/login"
    assert_equal "$(find "$ACCOUNT" -name '*.new')" ""
}

# bats test_tags=make_install
@test "a visitor never meets half a template while it is exchanged" {
    install_into >/dev/null
    another_version two
    printf '%02000000d\n' 0 >>"$VERSION/html/templates/login.html"
    local inode seen=$WORK/seen
    inode=$(stat -c %i "$PREFIX/templates/login.html")
    (while [[ ! -e $WORK/done ]]; do stat -c '%i %s' "$PREFIX/templates/login.html"; done >"$seen" 2>&1) &
    upgrade >/dev/null
    : >"$WORK/done"
    wait
    # Two files, each of one size only: the old one, and the new one when it was whole.
    assert_equal "$(sort -u "$seen" | wc -l)" 2
    assert_equal "$(sort -u "$seen" | grep -c "^$inode ")" 1
}

# bats test_tags=make_install
@test "the folder that it installs from is no place for PREFIX or the programs, nor may PREFIX hold it" {
    local before place
    another_version one
    mkdir -p "$ACCOUNT" "$WORK/around"
    ln -s "$VERSION" "$WORK/another-name"
    before=$(cd "$VERSION" && find . -type f -exec sha256sum {} + | sort -k 2)
    for place in "$VERSION" "$VERSION/cgi-login" "$VERSION/." "$WORK/another-name" "$WORK/another-name/x" "$WORK" /; do
        note "$place"
        PREFIX=$place
        refute upgrade >"$WORK/out"
        assert_contains "$(cat "$WORK/out")" "from which this installs"
        assert_equal "$(find "$ACCOUNT" -type f)" ""
    done
    PREFIX=$ACCOUNT/cgi-login CGI_BIN=$VERSION/cgi-bin
    refute upgrade >"$WORK/out"
    CGI_BIN=$ACCOUNT/cgi-bin HTML=$VERSION
    refute upgrade >"$WORK/out"
    assert_contains "$(cat "$WORK/out")" "from which this installs"
    assert_equal "$(cd "$VERSION" && find . -type f -exec sha256sum {} + | sort -k 2)" "$before"
    assert_equal "$(find "$ACCOUNT" -type f)" ""
    # Beside it, under a name that begins alike, is another folder.
    PREFIX=${VERSION}-home HTML=$ACCOUNT/public_html
    upgrade >/dev/null
    [[ -f $PREFIX/config-template.json ]]
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
    CGI_BIN=$HTML/'my cgi'
    refute install_into >"$WORK/out"
    assert_contains "$(cat "$WORK/out")" "its address, /my cgi, cannot be written into a rule"
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
