#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# `cgi-login ca-refresh`: the folder of CA certificates that it makes from a bundle, and the command itself.

load helpers
load ca

# --- what it is for ---

@test "a bundle from a file makes ca/, and with nothing else to trust people sign in" {
    refresh 0 --from "$BUNDLES/good.pem"
    assert_equal "$(out)" "ca: $((ROOTS + 1)) certificates, $((ROOTS + 1)) new, 0 gone"
    assert_equal "$(err)" ""
    assert_folder $((ROOTS + 1))
    site_config_edit 'del(.providers.instagram.ca_file)'
    sign_in "$JAR"
    assert_signed_in "$JAR"
    site_admin check --online >"$OUT"
    assert_contains "$(out)" "ok    certificates are checked against $CA"
    assert_contains "$(out)" "$STANDIN_URL answers over TLS"
    # It was the folder that did it.
    rm -rf "$CA"
    begin "$WORK/other"
    decide
    assert_login_fails "$WORK/other" provider_unreachable
}

@test "a second run says that nothing changed, and the next what did" {
    local some
    fill
    refresh 0 --from "$BUNDLES/good.pem"
    assert_equal "$(out)" "ca: $((ROOTS + 1)) certificates, nothing changed"
    some=$(
        {
            sed '1,/^# Root 3$/d' "$BUNDLES/roots.pem"
            root "/CN=New 1"
            cat "$OURS"
            root "/CN=New 2"
            root "/CN=New 3"
        } | bundle some.pem
    )
    refresh 0 --from "$some"
    assert_equal "$(out)" "ca: $((ROOTS + 2)) certificates, 3 new, 2 gone"
    assert_folder $((ROOTS + 2))
    sign_in "$JAR"
}

@test "the system's own bundle gives the names that the system has" {
    local file
    cp /etc/ssl/certs/ca-certificates.crt "$BUNDLES/system.pem"
    refresh 0 --from "$BUNDLES/system.pem"
    assert_regex "$(out)" '^ca: [0-9]+ certificates, '
    for file in "$CA"/*; do
        assert_equal "${file##*/}" "$(openssl x509 -in "$file" -noout -subject_hash).${file##*.}"
    done
    [[ $(find "$CA" -type f | wc -l) -gt 100 ]]
}

@test "expired certificates and those of no CA are left out and counted, twice the same is taken once" {
    local file
    printf '[req]\ndistinguished_name=name\n[name]\n[v3]\nbasicConstraints=critical,CA:FALSE\n' >"$WORK/server.cnf"
    file=$({
        cat "$BUNDLES/good.pem"
        expired_root "/CN=Old 1"
        expired_root "/CN=Old 2"
        root "/CN=server" -config "$WORK/server.cnf" -extensions v3
        cat "$OURS"
    } | bundle mixed.pem)
    assert_equal "$(grep -c 'BEGIN CERTIFICATE' "$file")" $((ROOTS + 5))
    refresh 0 --from "$file"
    assert_equal "$(out)" \
        "ca: $((ROOTS + 1)) certificates, $((ROOTS + 1)) new, 0 gone, 2 expired left out, 1 of no CA left out"
    assert_folder $((ROOTS + 1))
}

@test "certificates with one subject become .0, .1 and .2, and each of them is found" {
    local file hash
    # The site's own last: OpenSSL has to go through the others' keys first.
    file=$({
        cat "$BUNDLES/roots.pem"
        root /CN=localhost
        root /CN=localhost
        cat "$OURS"
    } | bundle subjects.pem)
    refresh 0 --from "$file"
    hash=$(openssl x509 -in "$OURS" -noout -subject_hash)
    assert_equal "$(cd "$CA" && echo "$hash".*)" "$hash.0 $hash.1 $hash.2"
    assert_equal "$(openssl x509 -in "$CA/$hash.2")" "$(openssl x509 -in "$OURS")"
    site_config_edit 'del(.providers.instagram.ca_file)'
    sign_in "$JAR"
}

@test "ca_folder in the config is what is refreshed, also behind a symbolic link, and ca/ then is not" {
    site_run mkdir "$SITE_HOME/trusted"
    site_run ln -s trusted "$SITE_HOME/link"
    site_config_edit --arg folder "$SITE_HOME/link/" '.ca_folder = $folder'
    refresh 0 --from "$BUNDLES/good.pem"
    assert_equal "$(find "$SITE_HOME/trusted" -type f | wc -l)" $((ROOTS + 1))
    assert_equal "$(readlink "$SITE_HOME/link")" trusted
    [[ ! -e $CA ]]
    site_config_edit 'del(.providers.instagram.ca_file)'
    sign_in "$JAR"
    assert_equal "$(find "$SITE_HOME" -maxdepth 1 -name '*refresh*')" ""
    rm -r "$SITE_HOME/trusted" "$SITE_HOME/link"
}

@test "check notes a folder that is over a year old, until it is refreshed" {
    fill
    site_admin check >"$OUT"
    refute_contains "$(out)" ca-refresh
    find "$CA" -type f -exec touch -d '400 days ago' {} +
    site_admin check >"$OUT"
    assert_regex "$(out)" "note +the CA certificates in $CA were put there 400 days ago, .*cgi-login ca-refresh"
    # Also when the new one holds the same.
    refresh 0 --from "$BUNDLES/good.pem"
    assert_contains "$(out)" "nothing changed"
    site_admin check >"$OUT"
    refute_contains "$(out)" ca-refresh
}

# --- the command line ---

@test "help, wrong usage, a config that cannot be used, output that cannot be written" {
    local arguments code
    site_admin ca-refresh --help >"$OUT"
    assert_equal "$(head -n 1 "$OUT")" "usage: cgi-login ca-refresh [OPTION]..."
    assert_contains "$(out)" "--from SOURCE"
    assert_contains "$(out)" "https://curl.se/ca/cacert.pem"
    refute_contains "$(out)" "--to"
    for arguments in extra --from "--to x" --online --nonsense "--from x --within 3"; do
        note "$arguments"
        # shellcheck disable=SC2086
        refresh 2 $arguments
        assert_equal "$(out)" ""
        assert_not_equal "$(err)" ""
    done
    refused "cannot be read" --from $'\e[31mred\x07'
    refute_contains "$(err)" $'\e'
    refute_contains "$(err)" $'\x07'
    code=0
    site_admin ca-refresh --from "$BUNDLES/good.pem" >/dev/full 2>"$ERR" || code=$?
    assert_equal "$code" 1
    site_config_edit '.ca_folder = "relative"'
    refused "ca_folder: expected the absolute path" --from "$BUNDLES/good.pem"
}
