#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# `cgi-login ca-refresh`: a bundle that does not prove itself is refused, and so is a folder that is not ours or cannot be
# written; the old folder stays as it was.

load helpers
load ca

# --- the proof ---

@test "a bundle without the provider's CA is refused where the old folder had it" {
    fill
    refused "$CA stays as it was" --from "$BUNDLES/roots.pem"
    assert_regex "$(err)" "providers.instagram: with the new certificates: $STANDIN_URL: .*certificate"
    sign_in "$JAR"
    # A ca_file is trusted beside the folder, as at a sign-in.
    site_config_edit --arg file "$OURS" '.providers.instagram.ca_file = $file'
    refresh 0 --from "$BUNDLES/roots.pem"
    assert_equal "$(out)" "ca: $ROOTS certificates, 0 new, 1 gone"
    sign_in "$JAR"
}

@test "what could not be verified before, or is down, does not keep the folder from being refreshed" {
    site_config_edit 'del(.providers.instagram.ca_file)'
    refresh 0 --from "$BUNDLES/roots.pem"
    assert_regex "$(err)" "providers.instagram: nothing could be proved, .*$STANDIN_URL: .*certificate"
    assert_folder "$ROOTS"
    # And it can mend what was not trusted.
    refresh 0 --from "$BUNDLES/good.pem"
    assert_equal "$(err)" ""
    sign_in "$JAR"
    standin_stop
    refresh 0 --from "$BUNDLES/good.pem"
    assert_contains "$(err)" "nothing could be proved"
}

@test "every provider is tried, and every host of it" {
    local dead
    dead=https://localhost:$(_site_free_port)
    fill
    site_config_edit --arg url "$dead/me" '.providers.instagram.profile_url = $url |
        .providers.other = (.providers.instagram + {preset: "instagram", profile_url: "http://localhost:1/me"})'
    refresh 0 --from "$BUNDLES/good.pem"
    assert_equal "$(grep -c "$dead" "$ERR")" 1
    # http has no certificate.
    refute_contains "$(err)" "http://localhost:1"
    refused "providers.other: with the new certificates: $STANDIN_URL: " --from "$BUNDLES/roots.pem"
    # Nothing was sent to anybody.
    assert_equal "$(standin_log)" ""
    site_config_edit '.providers.other.preset = "nowhere"'
    refused "nowhere.json" --from "$BUNDLES/good.pem"
}

# --- folders that are not ours, or cannot be written ---

@test "a folder with anything else in it is left alone" {
    local thing
    fill
    for thing in README cert.pem 0a1b2c3d.r0 0A1B2C3D.0 0a1b2c3d 0a1b2c3d.0.pem $'\e[31mred'; do
        site_run touch "$CA/$thing"
        refused "is no certificate by its hash" --from "$BUNDLES/good.pem"
        refute_contains "$(err)" $'\e'
        rm "$CA/$thing"
    done
    site_run mkdir "$CA/0a1b2c3d.0"
    refused "0a1b2c3d.0 in it is no certificate by its hash" --from "$BUNDLES/good.pem"
    rmdir "$CA/0a1b2c3d.0"
    site_run ln -s /etc/hostname "$CA/0a1b2c3d.0"
    refused "0a1b2c3d.0 in it is no certificate by its hash" --from "$BUNDLES/good.pem"
    rm "$CA/0a1b2c3d.0"
    refresh 0 --from "$BUNDLES/good.pem"
}

# bats test_tags=host
@test "the system's store is left to the system" {
    site_config_edit '.ca_folder = "/etc/ssl/certs"'
    refused "A system's own folder is kept up to date by the system" --from "$BUNDLES/good.pem"
    assert_contains "$(err)" "/etc/ssl/certs is left alone: "
    assert_equal "$(find /etc/ssl -name '*.refresh-*')" ""
    site_admin check >"$OUT"
    refute_contains "$(out)" ca-refresh
}

@test "a file in the folder's place, and a folder whose parent is not there, are told" {
    site_run touch "$CA"
    refused "$CA cannot be read: Not a directory" --from "$BUNDLES/good.pem"
    rm "$CA"
    site_config_edit '.ca_folder = "/nonexistent/folder/ca"'
    refused "/nonexistent/folder/ca.refresh-lock cannot be written: No such file" --from "$BUNDLES/good.pem"
}

@test "a home that cannot be written is told, and the folder stays" {
    fill
    chmod 555 "$SITE_PRODUCT"
    if site_run test -w "$SITE_PRODUCT"; then
        skip "whoever runs this may write everywhere"
    fi
    refused "$CA.refresh-lock cannot be written: Permission denied" --from "$BUNDLES/good.pem"
    chmod 755 "$SITE_PRODUCT"
    sign_in "$JAR"
}

# A limit on the size of files is what a disk without room looks like.
@test "a disk that takes no more is told, and nothing is left of the new folder" {
    local before code=0
    fill
    before=$(state)
    (
        trap '' XFSZ
        ulimit -f 0
        site_admin ca-refresh --from "$BUNDLES/good.pem" 2>&1 || printf 'exit status %s\n' $?
    ) </dev/null | cat >"$OUT"
    assert_contains "$(out)" "$CA.refresh-new cannot be written: File too large"
    assert_contains "$(out)" "exit status 1"
    assert_equal "$(state)" "$before"
    sign_in "$JAR"
}
