#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The Debian package: what lintian says of it, and its life in a copy of this system, an overlay whose changes end with
# this file: installed, served by Apache, upgraded, removed, purged. The tests go on from one another.

setup_file() {
    export ROOT=$BATS_TEST_DIRNAME/.. WORK=$BATS_FILE_TMPDIR
    export SYSTEM=$WORK/system
    if [[ -z ${PACKAGE-} ]]; then
        PACKAGE_BUILD=$(cd "$ROOT" && realpath "${SITE_BUILD:-build}") PACKAGE_OUTPUT=$WORK "$ROOT/packaging/build.sh" >&2
        PACKAGE=$(compgen -G "$WORK/cgi-login_*.deb")
    fi
    export PACKAGE
    make_next
    mkdir "$SYSTEM"
    unshare --mount --propagation private "$ROOT/packaging/test_system.sh" "$SYSTEM" 3>&- &
    export NAMESPACE=$!
    until [[ -e $WORK/ready ]]; do
        kill -0 "$NAMESPACE" || return 1
        sleep 0.05
    done
}

teardown_file() {
    in_system sh -c 'kill "$(cat /run/cgi-login-test.pid)" && while [ -e /run/cgi-login-test.pid ]; do sleep 0.05; done' || true
    kill "$NAMESPACE"
}

setup() {
    bats_load_library bats-support
    bats_load_library bats-assert
}

in_system() { nsenter --target "$NAMESPACE" --mount chroot "$SYSTEM/root" "$@"; }

as_owner() { in_system setpriv --reuid www-data --regid www-data --init-groups "$@"; }

page() { curl -sS -o "$WORK/page" -w '%{http_code} %{redirect_url}' "http://localhost:$(<"$WORK/port")$1"; }

# Starts Apache on a port that nobody has, and writes down which: one that is free may be taken a moment later.
start_apache() {
    local port
    for _ in {1..5}; do
        port=$((20000 + RANDOM % 10000))
        if in_system apache2 -c "Listen 127.0.0.1:$port" -f /etc/httpd-test.conf 3>&-; then
            printf '%s\n' "$port" >"$WORK/port"
            return
        fi
    done
    return 1
}

# What the next version changes: a template and a provider's file more, one of each less, and a line in Apache's conf.
make_next() {
    local next=$WORK/next
    dpkg-deb -R "$PACKAGE" "$next"
    sed -i 's/^Version: .*/Version: 99/' "$next/DEBIAN/control"
    mv "$next/usr/share/cgi-login/providers/amazon.json" "$next/usr/share/cgi-login/providers/nile.json"
    cp "$next/usr/share/cgi-login/templates/bar.html" "$next/usr/share/cgi-login/templates/next.html"
    echo '# The next version.' >>"$next/etc/apache2/conf-available/cgi-login.conf"
    dpkg-deb --root-owner-group -b "$next" "$WORK/next.deb" >&2
}

@test "lintian has nothing to say" {
    run lintian --allow-root --fail-on error,warning "$PACKAGE"
    assert_success
    refute_output --regexp '^[EW]:'
}

@test "the version is that of the tree, also at the foot of the manual pages and in the program" {
    local version
    version=$(<"$ROOT/VERSION")
    assert_regex "$(dpkg-deb -f "$PACKAGE" Version)" "^${version//./\\.}\+[a-z]+[0-9.]+$"
    dpkg-deb --fsys-tarfile "$PACKAGE" | tar -xO ./usr/share/man/man1/cgi-login.1.gz | zcat | grep -qx ".Os cgi-login $version"
    dpkg-deb --fsys-tarfile "$PACKAGE" | tar -xO ./usr/lib/cgi-login/bin/cgi-login >"$WORK/command"
    chmod 755 "$WORK/command"
    run "$WORK/command" --version
    assert_output "cgi-login $version"
}

@test "installed, it has a config with a key of its own, which www-data reads and nobody else" {
    in_system dpkg --no-triggers -i "$PACKAGE" >&2
    run in_system stat -c '%U:%G %a' /etc/cgi-login /etc/cgi-login/config.json /var/lib/cgi-login /var/log/cgi-login
    assert_output $'root:root 755\nroot:www-data 640\nwww-data:www-data 750\nwww-data:adm 750'
    in_system jq -e '(.keys[0] | test("^[A-Za-z0-9+/]{43}=$")) and .store == "sqlite:///var/lib/cgi-login/users.db"' \
        /etc/cgi-login/config.json
    # What is left to do is what nobody but the owner knows.
    run as_owner cgi-login check
    assert_failure 1
    run grep -c -e '^  FIX   providers\.instagram\.client_' -e '^  FIX   .*base_url' -e '^  FIX   .*callback_url' <<<"$output"
    local known=$output
    run as_owner cgi-login check
    assert_equal "$(grep -c '^  FIX' <<<"$output")" "$known"
    in_system man -P cat cgi-login.json >/dev/null
}

@test "Apache serves it with the configuration that the package brings, also beside rules of a host's own" {
    local port
    in_system sh -c 'cat >/etc/httpd-test.conf' <<CONF
ServerName localhost
PidFile /run/cgi-login-test.pid
$(printf 'LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n' mpm_event{,} authz_core{,} alias{,} rewrite{,} env{,} \
        mime{,} headers{,} cgid{,})
TypesConfig /etc/mime.types
User www-data
Group www-data
ErrorLog /var/log/httpd-test.log
ScriptSock /run/cgi-login-test.sock
Include /etc/apache2/conf-available/cgi-login.conf
<VirtualHost *>
  DocumentRoot /var/www
  RewriteEngine On
  RewriteRule ^/old$ /new [R]
</VirtualHost>
CONF
    in_system mkdir -p /var/www
    start_apache
    port=$(<"$WORK/port")
    in_system sh -c "sed -i -e 's/YOUR_INSTAGRAM_APP_ID/1029384756102938/; s/YOUR_INSTAGRAM_APP_SECRET/0123456789abcdef/' \
        -e 's#https://www.example.com#http://localhost:$port#' /etc/cgi-login/config.json"
    until curl -s -o /dev/null "http://localhost:$port/"; do sleep 0.05; done
    run page /login
    assert_output '200 '
    grep -q 'href="/auth/instagram' "$WORK/page"
    run page /cgi-login/style.css
    assert_output '200 '
    run page /auth/instagram
    assert_output --partial "302 https://www.instagram.com/oauth/authorize?"
    assert_output --partial "redirect_uri=http%3A%2F%2Flocalhost%3A$port%2Fauth%2Finstagram%2Fcallback"
    run page /profile
    assert_output --regexp '^302 '
    run page /old
    assert_output "302 http://localhost:$port/new"
    run as_owner cgi-login check
    printf '%s\n' "$output" >&2
    refute_output --partial '  FIX '
}

@test "the programs find the config by themselves, too" {
    run as_owner env -i REQUEST_METHOD=GET HTTP_ACCEPT=application/json /usr/lib/cgi-bin/cgi-login/profile
    assert_output --partial 'Status: 401'
    run as_owner env -i /usr/bin/cgi-login setup
    assert_success
}

@test "an upgrade keeps what is the owner's, brings what is new, and takes away what is gone" {
    local config
    config=$(in_system sha256sum /etc/cgi-login/config.json /var/lib/cgi-login/users.db)
    in_system sh -c 'rm /etc/cgi-login/templates/login.html && echo "<h1>Ours</h1>" >/etc/cgi-login/templates/login.html
        echo "{}" >/etc/cgi-login/providers/ours.json'
    in_system dpkg --no-triggers -i "$WORK/next.deb" >&2
    assert_equal "$(in_system sha256sum /etc/cgi-login/config.json /var/lib/cgi-login/users.db)" "$config"
    run page /login
    assert_output '200 '
    assert_equal "$(cat "$WORK/page")" "<h1>Ours</h1>"
    in_system sh -c 'test -f /etc/cgi-login/providers/ours.json && test -f /etc/cgi-login/providers/nile.json &&
        test -f /etc/cgi-login/templates/next.html && test ! -L /etc/cgi-login/providers/amazon.json &&
        grep -q "The next version" /etc/apache2/conf-available/cgi-login.conf'
}

@test "removed, it leaves what is the owner's; purged, it leaves nothing" {
    in_system dpkg --no-triggers -r cgi-login >&2
    in_system sh -c 'test -f /etc/cgi-login/config.json && test -f /etc/cgi-login/templates/login.html &&
        test -f /var/lib/cgi-login/users.db && test -z "$(find /etc/cgi-login -type l)" && test ! -e /usr/bin/cgi-login'
    in_system dpkg --no-triggers -P cgi-login >&2
    run in_system find /etc /usr /var ! -path '/var/cache/*' \( -path '*/cgi-login' -o -path '*/cgi-login.*' -o -path '*/cgi-login_*' \) \
        -newer "$PACKAGE"
    assert_success
    refute_output
}
