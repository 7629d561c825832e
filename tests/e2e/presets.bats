#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# Every file of providers/, through a whole login on a stand-in that asks and answers what that provider documents, with
# its deviations: tests/standin/presets.py, and a case for each in tests/standin/presets/.

load helpers

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
