#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# Every file of providers/, through a whole login on a stand-in that asks and answers what that provider documents, with
# its deviations: tests/standin/presets.py, and a case for each in tests/standin/presets/.

load helpers

export E2E_CLOCK=1

# The login page, of a moment in which no file has just been changed.
settled() {
    http "${AS_JSON[@]}" -H 'X-Test-Clock: 100' /login
    assert_status 200
}

@test "every preset signs in as its provider documents it, and fails where that answers an error" {
    chmod 666 "$SITE_PRODUCT"/providers/*.json
    run "$(_site_python)" "$E2E_ROOT/tests/standin/presets.py" "$SITE_URL" "$SITE_CONFIG" "$E2E_ROOT/providers" \
        "$E2E_ROOT/tests/standin/presets"
    assert_success
    assert_output ""
    # With all of them configured, each has its button, and nothing is left out.
    http "${AS_JSON[@]}" /login
    assert_equal "$(json '.providers | length')" "$(find "$E2E_ROOT/tests/standin/presets" -name '*.json' | wc -l)"
    jq -r '.providers[].client_secret | strings' "$SITE_CONFIG" >"$WORK/secrets"
    grep -oh 'token-of-[a-z0-9]*\|code-of-[a-z0-9]*' -r "$E2E_ROOT/tests/standin/presets" | sort -u >>"$WORK/secrets"
    refute_contains "$(own_log)" leaves\ out
    run grep -Ff "$WORK/secrets" "$SITE_DIR/logs/error.log" "$SITE_PRODUCT/error.log"
    assert_output ""
}

@test "with many providers the login page keeps what it shows of each, as long as file, config and program are the same" {
    local kept=$SITE_PRODUCT/login-buttons.json name=discord file
    file=$SITE_PRODUCT/providers/$name.json
    rm -f "$kept"
    site_config_edit 'del(.default_provider) | .providers = ([("amazon", "discord", "github", "google", "line", "naver", "reddit", "zoom") |
        {(.): {client_id: "id", client_secret: "never-in-the-file"}}] | add)'
    http "${AS_JSON[@]}" /login
    # What has been written this very second may be written once more, and leave no trace.
    [[ ! -e $kept ]]
    settled
    assert_equal "$(json '.providers | length')" 8
    assert_equal "$(stat -c %a "$kept")" 600
    refute_contains "$(cat "$kept")" never-in-the-file
    # It is what counts now, in the config's order.
    sed 's/"Discord"/"Out of the file"/' "$kept" >"$WORK/changed"
    cat "$WORK/changed" >"$kept"
    settled
    assert_equal "$(json '.providers | map(.title) | tojson')" \
        '["Amazon","Out of the file","GitHub","Google","LINE","Naver","Reddit","Zoom"]'
    # Where others could have written it, it does not.
    chmod 620 "$kept"
    settled
    assert_equal "$(json '.providers[1].title')" Discord
    # A fault in a provider's file is told at each visit, and costs that button alone.
    cp -p "$file" "$WORK/file"
    printf '{"title": "x"}' >"$file"
    for _ in 1 2; do
        site_clear_logs
        settled
        assert_equal "$(json '.providers | length')" 7
        assert_contains "$(log_lines login)" "the login page leaves out $name until that is mended"
    done
    cat "$WORK/file" >"$file"
    settled
    assert_equal "$(json '.providers[1].title')" Discord
    # A change of the config counts at once.
    settled
    site_config_edit ".providers.$name.title = \"Renamed\""
    settled
    assert_equal "$(json '.providers[1].title')" Renamed
    # What stands there may be anything.
    for text in '' '[]' '{"providers": {"discord": 5}}' "$(head -c 70000 /dev/zero | tr '\0' ' ')"; do
        printf '%s' "$text" >"$kept"
        settled
        assert_equal "$(json '.providers | length')" 8
    done
    rm -f "$kept"
    mkdir "$kept"
    settled
    assert_equal "$(json '.providers | length')" 8
    rmdir "$kept"
}
