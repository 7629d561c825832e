# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# How each library is built: only what the programs use. A function each, called in a fresh copy of its source with
# `sysroot`, `jobs`, `arch` set and static-gcc on PATH; all output goes to the log.
# To be sourced by build.sh.

# What configure and cmake find on this machine must not matter, nor what its user has in the environment (CFLAGS,
# CONFIG_SITE, CMAKE_PREFIX_PATH ...): they get these variables alone. No library here is C++, but configure asks for a
# C++ compiler that preprocesses, and gcc without g++ does that only for a file that is said to be C. pkg-config tells of
# the machine's own libraries, so there is none.
_libraries_environment() {
    local name
    for name in $(compgen -e); do
        case $name in
        PATH | TMPDIR | LC_ALL | TZ) ;;
        *) export -n "${name?}" ;; # it may be one of our own too, so the value stays
        esac
    done
    export HOME=$work # ~/.cmake names packages
    export CXX=static-gcc CXXCPP='static-gcc -x c -E' PKG_CONFIG=false PKG_CONFIG_LIBDIR="$sysroot/lib/pkgconfig"
    export CONFIG_SITE=/dev/null SOURCE_DATE_EPOCH=$library_time
}

# Every algorithm left out is one less to initialise and to link. What stays: TLS 1.2 and 1.3 with what servers on the
# web offer, and OCSP, which libmongoc and curl refer to.
_openssl_left_out=(legacy engine module dso shared tests autoload-config ui-console filenames async
    afalgeng aria bf blake2 camellia capieng cast cmp cms comp des dgram dtls ec2m fips gost idea md4 mdc2 nextprotoneg
    ocb psk rc2 rc4 rmd160 scrypt seed siphash siv sm2 sm3 sm4 srp srtp ssl3 ssl3-method ssl-trace tls1 tls1-method tls1_1 tls1_1-method
    ts whirlpool)

build_openssl() {
    local target=linux-x86_64
    [[ $arch == x86_64 ]] || target=linux-aarch64
    # The folder named here is where certificates are looked for that nobody named: the one most systems have.
    # The prefix ends up in the library, so it is not ours.
    CC=static-gcc AR="$host_prefix-ar" RANLIB="$host_prefix-ranlib" ./Configure "$target" --prefix=/usr \
        --libdir=lib --openssldir=/etc/ssl "${_openssl_left_out[@]/#/no-}"
    make -j"$jobs" build_libs
    cp libssl.a libcrypto.a "$sysroot/lib/"
    rm -rf "$sysroot/include/openssl"
    cp -r include/openssl "$sysroot/include/"
}

# Debian's series ends in two patches for its GnuTLS and NSS packages; they rename the library.
_curl_reverse_other_tls() {
    local patch
    for patch in debian/patches/99_nss.patch debian/patches/90_gnutls.patch; do
        [[ ! -e $patch ]] || patch -R -p1 --no-backup-if-mismatch <"$patch"
    done
}

build_curl() {
    local -a off=(shared manual ftp file ldap ldaps rtsp proxy dict telnet tftp pop3 imap smb smtp gopher mqtt ares
        libcurl-option crypto-auth ntlm ntlm-wb tls-srp unix-sockets cookies alt-svc hsts mime doh netrc progress-meter
        get-easy-options dateparse sspi openssl-auto-load-config websockets)
    local -a without=(zlib brotli zstd libidn2 libpsl librtmp libssh2 nghttp2 ngtcp2 nghttp3 quiche gssapi libgsasl
        ca-bundle ca-path ca-fallback)
    _curl_reverse_other_tls
    # Debian's patches touch Makefile.am; what is made from it is in the tarball and good.
    find . \( -name aclocal.m4 -o -name configure -o -name Makefile.in -o -name '*.h.in' \) -exec touch {} +
    # The threaded resolver stays: without it a silent name server is not subject to the timeouts.
    CC=static-gcc ./configure --host="$host_prefix" --build="$(gcc -dumpmachine)" \
        --prefix="$sysroot" --disable-dependency-tracking --enable-http --enable-threaded-resolver \
        --enable-symbol-hiding --with-openssl="$sysroot" "${off[@]/#/--disable-}" "${without[@]/#/--without-}" \
        AR="$host_prefix-ar" RANLIB="$host_prefix-ranlib" LIBS=-lpthread
    make -j"$jobs" -C lib
    make -C lib install
    make -C include install
}

build_libsodium() {
    # The source is the repository's, without a configure script.
    autoreconf -fi
    CC=static-gcc ./configure --host="$host_prefix" --build="$(gcc -dumpmachine)" --prefix="$sysroot" \
        --disable-dependency-tracking --disable-shared --enable-static --enable-minimal --disable-pie \
        AR="$host_prefix-ar" RANLIB="$host_prefix-ranlib"
    make -j"$jobs" -C src
    make -C src install
}

build_cjson() {
    static-gcc -std=c89 -DNDEBUG -DENABLE_LOCALES=0 -UENABLE_LOCALES -c -o cJSON.o cJSON.c
    _archive libcjson.a cJSON.o
    mkdir -p "$sysroot/include/cjson"
    cp cJSON.h "$sysroot/include/cjson/"
}

# Threads: the others are curl's resolver and those that run curl; none touches a database.
_sqlite_flags=(-DSQLITE_THREADSAFE=0 -DSQLITE_SECURE_DELETE -DSQLITE_DQS=0 -DSQLITE_DEFAULT_MEMSTATUS=0
    -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_DEPRECATED -DSQLITE_OMIT_SHARED_CACHE -DSQLITE_OMIT_PROGRESS_CALLBACK
    -DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_MAX_EXPR_DEPTH=0 -DHAVE_FDATASYNC=1
    -DHAVE_USLEEP=1 -DHAVE_GMTIME_R=1 -DHAVE_LOCALTIME_R=1)

build_sqlite() {
    # configure only to make the amalgamation: with the machine's own compiler.
    ./configure --disable-tcl --disable-readline --disable-shared
    make sqlite3.c
    static-gcc "${_sqlite_flags[@]}" -c -o sqlite3.o sqlite3.c
    _archive libsqlite3.a sqlite3.o
    cp sqlite3.h "$sysroot/include/"
}

# Automatic initialisation is a constructor: every process would pay TLS's set-up, though only the store needs it.
# The C++ compiler is asked for and not used; there may be none.
build_mongo-c-driver() {
    local upstream
    upstream=$(sources_version mongo-c-driver)
    cmake -S . -B static -DCMAKE_BUILD_TYPE=None -DBUILD_VERSION="${upstream%%-*}" \
        -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$arch" \
        -DCMAKE_C_COMPILER=static-gcc -DCMAKE_CXX_COMPILER=static-gcc \
        -DCMAKE_CXX_COMPILER_WORKS=TRUE \
        -DCMAKE_AR="$(command -v "$host_prefix-ar")" -DCMAKE_RANLIB="$(command -v "$host_prefix-ranlib")" \
        -DCMAKE_FIND_ROOT_PATH="$sysroot" -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY \
        -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY -DCMAKE_INSTALL_PREFIX="$sysroot" -DCMAKE_INSTALL_LIBDIR=lib \
        -DENABLE_STATIC=ON -DENABLE_SSL=OPENSSL -DOPENSSL_ROOT_DIR="$sysroot" -DOPENSSL_USE_STATIC_LIBS=ON \
        -DENABLE_SRV=ON -DENABLE_AUTOMATIC_INIT_AND_CLEANUP=OFF -DENABLE_SASL=OFF -DENABLE_ICU=OFF \
        -DENABLE_SNAPPY=OFF -DENABLE_ZLIB=OFF -DENABLE_ZSTD=OFF -DENABLE_MONGODB_AWS_AUTH=OFF \
        -DENABLE_CLIENT_SIDE_ENCRYPTION=OFF -DENABLE_SHM_COUNTERS=OFF -DENABLE_TESTS=OFF -DENABLE_EXAMPLES=OFF \
        -DENABLE_UNINSTALL=OFF -DENABLE_CRYPTO_SYSTEM_PROFILE=OFF
    cmake --build static -j"$jobs" --target bson_static mongoc_static
    cp static/src/libmongoc/libmongoc-static-1.0.a "$sysroot/lib/libmongoc-1.0.a"
    cp static/src/libbson/libbson-static-1.0.a "$sysroot/lib/libbson-1.0.a"
    _mongoc_headers
}

# The C library alone.
build_libfcgi() {
    autoreconf -fi
    CC=static-gcc ./configure --host="$host_prefix" --build="$(gcc -dumpmachine)" --prefix="$sysroot" \
        --disable-dependency-tracking --disable-shared --enable-static AR="$host_prefix-ar" \
        RANLIB="$host_prefix-ranlib"
    static-gcc -O2 -DHAVE_CONFIG_H -I. -Iinclude -c -o fcgiapp.o libfcgi/fcgiapp.c
    static-gcc -O2 -DHAVE_CONFIG_H -I. -Iinclude -c -o os_unix.o libfcgi/os_unix.c
    _archive libfcgi.a fcgiapp.o os_unix.o
    cp include/fcgiapp.h "$sysroot/include/"
}

_mongoc_headers() {
    local part
    for part in bson mongoc; do
        mkdir -p "$sysroot/include/lib$part-1.0/$part"
        cp "src/lib$part/src/$part"/*.h "static/src/lib$part/src/$part"/*.h "$sysroot/include/lib$part-1.0/$part/"
        printf '#include "%s/%s.h"\n' "$part" "$part" >"$sysroot/include/lib$part-1.0/$part.h"
    done
}

_archive() { # ARCHIVE OBJECT...
    rm -f "$sysroot/lib/$1"
    "$host_prefix-ar" rcsD "$sysroot/lib/$1" "${@:2}"
}
