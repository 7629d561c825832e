#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What `make package` does: builds the Debian package from a copy of the tree, with packaging/debian as its debian/.
#   [PACKAGE_OUTPUT=FOLDER] [PACKAGE_BUILD=FOLDER] [PACKAGE_VERSION=VERSION] [PACKAGE_MAINTAINER='NAME <ADDRESS>'] ...
# The result is OUTPUT/cgi-login_VERSION_ARCH.deb (default OUTPUT: build/package). PACKAGE_BUILD is a build folder that is
# packed as it is; without one all is compiled, with Debian's flags. The version is the product's and the system's that it
# is built on, since it is linked with that system's libraries: 1.2.0+deb12 gives way to 1.2.0+deb13.
set -euo pipefail
umask 022
unset MAKEFLAGS MFLAGS MAKELEVEL CDPATH
export LC_ALL=C TZ=UTC

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
output=${PACKAGE_OUTPUT:-$root/build/package}
work=$(mktemp -d "${TMPDIR:-/tmp}/cgi-login-package.XXXXXX")
trap 'rm -rf "$work"' EXIT

fail() {
    tail -n 30 "$work/log" >&2
    printf 'package: %s\n' "$*" >&2
    exit 1
}

version() {
    local ID='' VERSION_ID=''
    # shellcheck source=/dev/null
    source /etc/os-release
    [[ $ID != debian ]] || ID=deb
    printf '%s+%s%s' "$(<"$root/VERSION")" "$ID" "$VERSION_ID"
}

copy_tree() { # FOLDER
    mkdir "$1"
    tar -C "$root" --exclude=./build --exclude=./.git --exclude=node_modules --exclude=__pycache__ -cf - . | tar -C "$1" -xf -
    cp -r "$1/packaging/debian" "$1/debian"
}

# The routes are those of .htaccess, as a server's configuration has them.
fill_apache_conf() { # FOLDER
    sed -n 's|^RewriteRule ^\(.*\) /cgi-bin/\([^ ]*\) \[END\]$|  RewriteRule "^/\1" "/cgi-bin/cgi-login/\2" [PT]|p' \
        "$1/htaccess.example" >"$work/routes"
    [[ $(wc -l <"$work/routes") -eq $(grep -c '^RewriteRule' "$1/htaccess.example") ]] ||
        fail 'htaccess.example has a route that is not understood here'
    sed -i -e "/^@ROUTES@\$/{r $work/routes" -e 'd}' "$1/debian/apache.conf"
}

write_changelog() { # FOLDER VERSION
    local maintainer
    [[ -z ${PACKAGE_MAINTAINER-} ]] || sed -i "s|^Maintainer: .*|Maintainer: $PACKAGE_MAINTAINER|" "$1/debian/control"
    maintainer=$(sed -n 's/^Maintainer: //p' "$1/debian/control")
    cat >"$1/debian/changelog" <<TEXT
cgi-login ($2) unstable; urgency=medium

  * Release $(<"$root/VERSION"): what is new is in NEWS.md.gz beside this file.

 -- $maintainer  $(date -R -d "@$SOURCE_DATE_EPOCH")
TEXT
}

if [[ -z ${SOURCE_DATE_EPOCH-} ]]; then
    SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null) || SOURCE_DATE_EPOCH=315532800
fi
export SOURCE_DATE_EPOCH
mkdir -p "$output"
output=$(cd "$output" && pwd -P)
: >"$work/log"
tree=$work/cgi-login version=${PACKAGE_VERSION:-$(version)}
copy_tree "$tree"
fill_apache_conf "$tree"
write_changelog "$tree" "$version"
[[ -z ${PACKAGE_BUILD-} ]] || export CGI_LOGIN_BUILD=$PACKAGE_BUILD
export DEB_BUILD_OPTIONS="parallel=${JOBS:-$(nproc)} nocheck"
(cd "$tree" && dpkg-buildpackage -b -us -uc >"$work/log" 2>&1) || fail 'the package could not be built'
mv "$work"/cgi-login_*.deb "$output/"
for package in "$output/cgi-login_${version}_"*.deb; do
    printf '  %-4s %s, %s KB\n' DEB "$package" "$(($(stat -c %s "$package") / 1024))"
done
