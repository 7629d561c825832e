#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# What the tests themselves stand on: a site that fails to be laid out leaves nothing behind, and one that is there is
# not taken for ours; what the stand-in holds it lets go; SITE_KEEP; the list of what run.sh runs.

load helpers

folders() { find "$WORK/tmp" -mindepth 1 -maxdepth 1 | wc -l; }

# create [NAME=VALUE...]: makes another site, beside the file's own, and clears up, with a folder for what mktemp makes.
create() {
    mkdir -p "$WORK/tmp"
    (
        export TMPDIR=$WORK/tmp "$@"
        unset SITE_DIR
        code=0
        # shellcheck disable=SC2119
        site_create || code=$?
        site_cleanup
        exit "$code"
    )
}

# bats test_tags=host
@test "a site that cannot be laid out leaves no folder" {
    printf 'not gzip' >"$WORK/broken.tar.gz"
    refute create SITE_ARCHIVE=/nonexistent.tar.gz
    refute create SITE_ARCHIVE="$WORK/broken.tar.gz"
    refute create SITE_ARCHIVE= SITE_USER=nobody_of_that_name
    assert_equal "$(folders)" 0
}

@test "a folder with anything in it is nobody's to make a site of, nor to remove" {
    local other=$WORK/other
    mkdir "$other"
    cp "$SITE_DIR/site.env" "$other"
    (
        unset SITE_DIR
        refute site_create "$other"
        site_cleanup
    )
    [[ -e $other/site.env ]]
}

@test "with SITE_KEEP a site stays to be looked at, and goes without" {
    local kept
    # shellcheck disable=SC2119
    kept=$(unset SITE_DIR && site_create && printf '%s' "$SITE_DIR" && SITE_KEEP=1 site_cleanup)
    [[ -e $kept/home/cgi-login/config.json ]]
    (site_use "$kept" && site_cleanup)
    [[ ! -e $kept ]]
}

@test "what the stand-in holds goes when it is told to, and not before" {
    begin "$JAR"
    decide
    standin_control '{"token_fault": {"fault": "hold", "times": 1}}'
    curl -sS -b "$JAR" -o /dev/null -w '%{redirect_url}' "$CALLBACK" >"$WORK/location" 3>&- &
    standin_holds 1
    assert_equal "$(cat "$WORK/location")" ""
    standin_release
    wait "$!"
    assert_equal "$(cat "$WORK/location")" "$SITE_URL/profile"
    assert_equal "$(standin_held)" 0
}

@test "a fault that holds has an end of its own, and a reset is one, too" {
    standin_control '{"profile_fault": {"fault": "hold", "seconds": 0.1, "times": 1}}'
    sign_in "$JAR"
    begin "$JAR"
    decide
    standin_control '{"token_fault": "hold"}'
    curl -sS -b "$JAR" -o /dev/null "$CALLBACK" 3>&- &
    standin_holds 1
    standin_reset
    wait "$!"
    assert_equal "$(standin_held)" 0
}

@test "run.sh refuses a file that does not say where it runs" {
    local copy=$WORK/tests/e2e
    mkdir -p "$copy"
    cp "$E2E_ROOT/tests/e2e/run.sh" "$E2E_ROOT/tests/e2e/flow.bats" "$copy"
    printf '#!/usr/bin/env bats\n@test "forgotten" { true; }\n' >"$copy/forgotten.bats"
    refute "$copy/run.sh" >"$OUT" 2>"$WORK/said"
    assert_contains "$(cat "$WORK/said")" "do not say where they run: ./forgotten.bats"
}
