#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# `cgi-login htaccess`: our routes in .htaccess files as people have them, before what answers every address; each route
# is then ours, and every other page is theirs. tests/unit/test_htaccess_merge.c has the placing, line by line.

load helpers

# A host that lets .htaccess do all but set Options, as many do.
e2e_prepare() {
    export SITE_HTTPD_EXTRA="<Directory \"$SITE_HTML\">
  AllowOverride FileInfo AuthConfig Limit Indexes
</Directory>"
    _site_write_httpd_conf
}

setup() {
    e2e_setup
    FILE=$SITE_HTML/.htaccess
    printf 'the front controller\n' >"$SITE_HTML/index.php"
    rm -rf "$FILE" "$SITE_HTML/login" "$SITE_PRODUCT/backup"
}

HTTPS='RewriteEngine On
RewriteCond %{HTTP:X-Forwarded-Proto} =http
RewriteRule ^(.*)$ https://shop.example/$1 [R=301,L]
'
WORDPRESS='
# BEGIN WordPress
# The directives (lines) between "BEGIN WordPress" and "END WordPress" are
# dynamically generated, and should only be modified via WordPress filters.
<IfModule mod_rewrite.c>
RewriteEngine On
RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]
RewriteBase /
RewriteRule ^index\.php$ - [L]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule . /index.php [L]
</IfModule>
# END WordPress
'
LARAVEL='<IfModule mod_rewrite.c>
    <IfModule mod_negotiation.c>
        Options -MultiViews -Indexes
    </IfModule>

    RewriteEngine On

    # Handle Authorization Header
    RewriteCond %{HTTP:Authorization} .
    RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]

    # Redirect Trailing Slashes If Not A Folder...
    RewriteCond %{REQUEST_FILENAME} !-d
    RewriteCond %{REQUEST_URI} (.+)/$
    RewriteRule ^ %1 [L,R=301]

    # Send Requests To Front Controller...
    RewriteCond %{REQUEST_FILENAME} !-d
    RewriteCond %{REQUEST_FILENAME} !-f
    RewriteRule ^ index.php [L]
</IfModule>
'
JOOMLA='## Can be commented out if causes errors, see notes above.
RewriteEngine On

## Begin - Rewrite rules to block out some common exploits.
RewriteCond %{QUERY_STRING} base64_encode[^(]*\([^)]*\) [OR]
RewriteCond %{QUERY_STRING} GLOBALS(=|\[|\%[0-9A-Z]{0,2})
RewriteRule .* index.php [F]

## Begin - Joomla! core SEF Section.
RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]
#
# If the requested path and file is not /index.php and the request
# has not already been internally rewritten to the index.php script
RewriteCond %{REQUEST_URI} !^/index\.php
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule .* index.php [L]
## End - Joomla! core SEF Section.'
DRUPAL='# Protect files and directories from prying eyes.
<FilesMatch "\.(engine|inc|install|module)$">
  Require all denied
</FilesMatch>
DirectoryIndex index.html

# Various rewrite rules.
<IfModule mod_rewrite.c>
  RewriteEngine on
  RewriteRule "/\.|^\.(?!well-known/)" - [F]
  # RewriteBase /drupal
  RewriteCond %{REQUEST_FILENAME} !-f
  RewriteCond %{REQUEST_FILENAME} !-d
  RewriteCond %{REQUEST_URI} !=/favicon.ico
  RewriteRule ^ index.php [L]
</IfModule>
'

# given: makes standard input the .htaccess, as the account's owner would.
given() {
    cat >"$FILE"
    chmod 604 "$FILE"
    _site_give_away "$FILE"
}

# merged STATUS [OPTION]...: adds our lines.
merged() {
    admin "$1" htaccess add --web-root "$SITE_HTML" "${@:2}"
}

@test "our routes go before front controllers as people have them, and out again to the byte" {
    local name
    for name in WORDPRESS LARAVEL JOOMLA DRUPAL; do
        note "$name"
        printf '%s' "$HTTPS" "${!name}" >"$WORK/before"
        [[ $name != DRUPAL ]] || sed -i 's/$/\r/' "$WORK/before"
        given <"$WORK/before"
        http /login
        assert_equal "$(body)" 'the front controller'
        merged 0
        assert_contains "$(out)" "$SITE_URL: every route leads to its program."
        http /auth/instagram
        assert_status 302
        http /some-post
        assert_equal "$(body)" 'the front controller'
        # The redirect to https holds for the login, too.
        http -H 'X-Forwarded-Proto: http' /login
        assert_equal "$(header Location)" https://shop.example/login
        assert_equal "$(stat -c %a "$FILE")" 604
        merged 0
        assert_contains "$(out)" "$FILE has the routes already."
        admin 0 htaccess remove --web-root "$SITE_HTML"
        cmp "$FILE" "$WORK/before"
    done
}

@test "where there is no .htaccess there is one, and it goes again; a dry run writes nothing" {
    merged 0 --dry-run
    assert_contains "$(out)" 'RewriteRule ^login/?$ /cgi-bin/login [END]'
    [[ ! -e $FILE ]]
    merged 0
    assert_equal "$(stat -c '%a %U' "$FILE")" "644 $(stat -c %U "$SITE_HTML")"
    admin 0 htaccess remove --web-root "$SITE_HTML" --dry-run
    [[ -e $FILE ]]
    admin 0 htaccess remove --web-root "$SITE_HTML"
    [[ ! -e $FILE ]]
    admin 1 htaccess remove --web-root "$SITE_HTML"
    assert_contains "$(err)" "$FILE has no \"# BEGIN cgi-login\""
}

@test "a byte order mark and our lines of an earlier version go" {
    { printf '\xef\xbb\xbf' && grep -v '^# \(BEGIN\|END\) cgi-login$' "$SITE_DIR/htaccess.pristine"; } | given
    http /login
    assert_status 500
    merged 0
    assert_contains "$(out)" 'began with a byte order mark'
    assert_contains "$(out)" 'Our lines of an earlier version, '
    assert_equal "$(grep -c '\^login' "$FILE")" 1
    http /login
    assert_status 200
}

@test "a route that leads elsewhere is told, with what hides it" {
    mkdir "$SITE_HTML/login"
    merged 1
    assert_contains "$(err)" "$SITE_URL/login: the folder $SITE_HTML/login hides it; give that folder another name"
    refute_contains "$(err)" /profile
    rmdir "$SITE_HTML/login"
    # What worked is not given up for what does not.
    cp "$FILE" "$BATS_TEST_TMPDIR/right"
    merged 1 --cgi-url /elsewhere --cgi-suffix .cgi
    assert_contains "$(err)" "$SITE_URL/profile: the status is 404: the web server has nothing there"
    assert_contains "$(err)" "every route led to its program before, so $FILE is as it was"
    cmp "$FILE" "$BATS_TEST_TMPDIR/right"
    rm "$FILE"
    merged 1 --cgi-url /elsewhere --cgi-suffix .cgi
    assert_contains "$(cat "$FILE")" '/elsewhere/login.cgi [END]'
    merged 2 --cgi-url elsewhere
    merged 2 --cgi-suffix '.c gi'
    merged 0 --cgi-url /cgi-bin --cgi-suffix ''
}

@test "where the whole site fails with our lines, the file is put back" {
    printf '# mine\n' | given
    merged 1 --exec-cgi
    assert_contains "$(err)" "with our lines the web server answers every page with an error (500), so $FILE is as it was"
    assert_equal "$(cat "$FILE")" '# mine'
    http /
    assert_status 200
}

@test "a file that cannot be merged stays as it is, and the words say why" {
    local -A words=(['<IfModule x>']='the section that line 1 begins is closed nowhere'
        ['# BEGIN cgi-login']='must have "# BEGIN cgi-login" once, and "# END cgi-login" once behind it'
        [$'RewriteEngine Off\nRewriteRule ^a b']='line 1 turns rewriting off')
    local text
    for text in "${!words[@]}"; do
        printf '%s\n' "$text" | given
        merged 1
        assert_contains "$(err)" "${words[$text]}"
        assert_equal "$(cat "$FILE")" "$text"
    done
    yes '# one of many' | head -c 262000 | given
    merged 1
    assert_contains "$(err)" "would have more than 262144 bytes"
    assert_equal "$(stat -c %s "$FILE")" 262000
    printf 'R\0e\0' | given # UTF-16
    merged 1
    assert_contains "$(err)" "holds a NUL byte, as UTF-16 does"
    mv "$FILE" "$WORK/elsewhere"
    ln -s "$WORK/elsewhere" "$FILE"
    merged 1
    assert_contains "$(err)" "$FILE is a link or no file"
    rm "$FILE"
    admin 1 htaccess add --web-root "$SITE_HOME"
    assert_contains "$(err)" "holds the product's own folder"
}
