#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# dist/release.sh, in a repository of its own in which building takes no time: what it refuses, what it makes, that the
# sums and the signature are right, and that all that has a version takes it from the file VERSION.

setup_file() {
    export ROOT=$BATS_TEST_DIRNAME/../..
    export KEY=$BATS_FILE_TMPDIR/key PUBLIC=$BATS_FILE_TMPDIR/key.pub
    minisign -G -W -s "$KEY" -p "$PUBLIC" >/dev/null
}

setup() {
    bats_load_library bats-support
    bats_load_library bats-assert
    unset RELEASE_KEY RELEASE_DRY RELEASE_ARCHES PACKAGE_MAINTAINER
    export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.com
    export GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.com
    cd "$BATS_TEST_TMPDIR" || return
    mkdir -p dist packaging/debian
    cp "$ROOT"/dist/{release.sh,changelog.sh,zip.py} dist/
    cp "$PUBLIC" dist/release.pub
    printf 'build/\n' >.gitignore
    printf '1.2.0\n' >VERSION
    printf 'Maintainer: A <a@cgi-login.example>\n' >packaging/debian/control
    printf '# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-12-01\n\n- A thing.\n\n## 1.1.0 - 2026-11-01\n\n- Older.\n' >CHANGELOG.md
    fake_builds
    git init -q && git add -A && git commit -qm A && git tag v1.2.0 && git tag start
    OUT=build/release/1.2.0
}

# An archive with a program, a file that cannot be run, and what release.sh takes out of it.
fake_builds() {
    cat >dist/build.sh <<'SH'
#!/usr/bin/env bash
set -e
version=$(<VERSION) top=$DIST_OUTPUT/top/cgi-login-$(<VERSION)
mkdir -p "$top/cgi-bin"
printf '%s\n' "$ARCH" >"$top/cgi-bin/login.cgi"
chmod 755 "$top/cgi-bin/login.cgi"
printf 'openssl 3\n%s\n' "${FAKE_MISSED-}" >"$top/MANIFEST"
printf '{}\n' >"$top/SBOM.spdx.json"
chmod 644 "$top/MANIFEST"
tar -C "$DIST_OUTPUT/top" --sort=name --mtime=@1700000000 -czf "$DIST_OUTPUT/cgi-login-$version-linux-$ARCH.tar.gz" "cgi-login-$version"
rm -r "$DIST_OUTPUT/top"
SH
    printf '#!/bin/sh\necho deb >"$PACKAGE_OUTPUT/cgi-login_$(cat VERSION)+deb12_amd64.deb"\n' >packaging/build.sh
    chmod +x dist/build.sh packaging/build.sh
}

release() { run env "$@" dist/release.sh; }

@test "what is no tagged commit with its notes, its key and somebody to write to is refused, and nothing is left" {
    local change complaint
    while IFS='|' read -r change complaint; do
        git reset -q --hard start && git clean -qfd
        git tag -f v1.2.0 >/dev/null
        bash -c "$change" >/dev/null
        release RELEASE_KEY="$KEY"
        assert_failure
        assert_output --partial "$complaint"
        assert [ ! -e build ]
    done <<'TABLE'
echo more >>CHANGELOG.md|the tree is not as it was committed
touch left-over|left-over
git tag -d v1.2.0|this commit has no tag v1.2.0
echo 1.3.0 >VERSION; git commit -qam B|this commit has no tag v1.3.0
echo 1.3.0 >VERSION; git commit -qam B; git tag v1.3.0|CHANGELOG.md has no section "## 1.3.0
sed -i 's/ - 2026-12-01//' CHANGELOG.md; git commit -qam B; git tag -f v1.2.0|does not say when 1.2.0 was released
echo 1.2 >VERSION; git commit -qam B; git tag v1.2|expected three numbers
echo 'Maintainer: A <a@example.org>' >packaging/debian/control; git commit -qam B; git tag -f v1.2.0|names nobody to write to
git rm -q dist/release.pub; git commit -qm B; git tag -f v1.2.0|the public half of RELEASE_KEY, is not there
TABLE
}

@test "without a key nothing is made, unless it is told to sign nothing" {
    release
    assert_failure
    assert_output --partial 'RELEASE_KEY=none'
    release RELEASE_KEY=/nowhere
    assert_failure
    assert_output --partial 'RELEASE_KEY=/nowhere cannot be read'
    release RELEASE_KEY=none
    assert_success
    assert [ -e "$OUT/SHA256SUMS" -a ! -e "$OUT/SHA256SUMS.minisig" ]
    refute grep -q minisign "$OUT/NOTES.md"
}

@test "a key whose public half is another one is told, and nothing is left" {
    minisign -G -f -W -s "$BATS_TEST_TMPDIR/../other-key" -p "$BATS_TEST_TMPDIR/../other.pub" >/dev/null
    release RELEASE_KEY="$BATS_TEST_TMPDIR/../other-key"
    assert_failure
    assert_output --partial 'is not the public half'
    assert [ ! -e build/release ]
}

@test "a library that Debian has mended and that was not served is refused" {
    release RELEASE_KEY="$KEY" FAKE_MISSED='Newer in the lists of Debian, but the source was not served'
    assert_failure
    assert_output --partial 'a newer library is listed than was served'
}

@test "a release has archives in both forms, bills of materials, package, notes, sums and a signature that hold" {
    local arch
    release RELEASE_KEY="$KEY"
    assert_success
    assert_equal "$(cd "$OUT" && printf '%s\n' *)" "NOTES.md
SHA256SUMS
SHA256SUMS.minisig
$(for arch in aarch64 x86_64; do printf 'cgi-login-1.2.0-linux-%s\n' "$arch".{MANIFEST,spdx.json,tar.gz,zip}; done)
cgi-login_1.2.0+deb12_amd64.deb"
    (cd "$OUT" && sha256sum --quiet --strict -c SHA256SUMS)
    assert_equal "$(wc -l <"$OUT/SHA256SUMS")" 10
    # The line of the notes is what whoever takes the files types.
    (cd "$OUT" && bash -e <(sed -n 's/^    \(minisign.*\)/\1/p' NOTES.md))
    assert_equal "$(grep -c 'A thing' "$OUT/NOTES.md") $(grep -c 'Older' "$OUT/NOTES.md")" '1 0'
    echo >>"$OUT/SHA256SUMS"
    refute minisign -Vqm "$OUT/SHA256SUMS" -p "$PUBLIC"
}

@test "the ZIP file has the files of the archive with their modes, and the same bytes each time" {
    mkdir also && echo deb >also/cgi-login_1.2.0+deb13_amd64.deb
    git add also && git commit -qm B && git tag -f v1.2.0 >/dev/null
    release RELEASE_KEY=none RELEASE_ARCHES=x86_64 RELEASE_ALSO=also
    assert_success
    grep -qF cgi-login_1.2.0+deb13_amd64.deb "$OUT/SHA256SUMS"
    mkdir tar zip
    tar -xzf "$OUT"/*.tar.gz -C tar
    unzip -q "$OUT"/*.zip -d zip
    diff -r tar zip
    assert_equal "$(stat -c '%a %Y' zip/*/cgi-bin/login.cgi zip/*/MANIFEST)" "$(stat -c '%a %Y' tar/*/cgi-bin/login.cgi tar/*/MANIFEST)"
    cp "$OUT"/*.zip first.zip
    dist/zip.py "$OUT"/*.tar.gz
    cmp first.zip "$OUT"/*.zip
}

@test "a dry run makes them of any commit" {
    printf '# Changelog\n\n## Unreleased\n\n- Not yet.\n' >CHANGELOG.md
    release RELEASE_DRY=1 FAKE_MISSED='Newer in the lists of Debian'
    assert_success
    assert_output --partial 'nothing is signed'
    grep -q 'Not yet' "$OUT/NOTES.md"
}

@test "nothing but VERSION says the version" {
    local version
    version=$(<"$ROOT/VERSION")
    cd "$ROOT" || return
    assert_equal "$(make -s -pn help 2>/dev/null | sed -n 's/^VERSION := //p')" "$version"
    # What is written by tools/manual.sh follows; a release's own section of the changelog, and its tag, are checked above.
    run grep -rnwF --include='*' -I -e "$version" -- Makefile dist packaging tools tests/run.sh .github README.md docs/install.md
    refute_output
}
