#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=mongodb-store
# The way to MongoDB: passwords (SCRAM), TLS with a private CA, certificates that are not right, options that would turn
# the verification off, URIs that are not whole. No password is ever shown. The servers are FerretDB's.

load helpers
load mongodb

setup_file() {
    # The static programs have no ICU (docs/mongodb.md).
    [[ -z ${SITE_ARCHIVE-} ]] || PASSWORD=p@ss/Word:%41 ENCODED_PASSWORD=p%40ss%2FWord%3A%2541
    export PASSWORD ENCODED_PASSWORD
    mongodb_setup_file own
    make_certificates "$MONGODB_HOME/tls"
    mongodb_start_own "$MONGODB_HOME/scram" --test-enable-new-auth --setup-database=users --setup-username=site \
        --setup-password="$PASSWORD"
    # Where the programs can reach it.
    cp "$MONGODB_HOME/tls/ca.pem" "$SITE_DIR/ca.pem"
    SCRAM=${MONGODB_URI#mongodb://}
    mongodb_start_tls right
    TLS=${MONGODB_URI##*:}
    mongodb_start_own "$MONGODB_HOME/replica" --repl-set-name=rs0
    REPLICA=${MONGODB_URI#mongodb://}
    export SCRAM TLS REPLICA
}
teardown_file() {
    local name
    for name in scram replica right wrong expired; do
        mongodb_stop "$MONGODB_HOME/$name"
    done
    mongodb_teardown_file
}
setup() {
    e2e_setup
    CA=$SITE_DIR/ca.pem
}

PASSWORD=${PASSWORD-'p@ss/Wörd:%41'}
ENCODED_PASSWORD=${ENCODED_PASSWORD-p%40ss%2FW%C3%B6rd%3A%2541}

# A CA of our own with a certificate for localhost, one for another host, and one that has expired.
make_certificates() { # DIR
    local name
    mkdir -p "$1"
    cd "$1"
    : >index.txt
    printf '[ca]\ndefault_ca=ours\n[ours]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256
policy=any\ncopy_extensions=copy\nunique_subject=no\nrand_serial=yes\n[any]\ncommonName=supplied\n' >ca.cnf
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=private -keyout ca.key \
        -out ca.pem 2>/dev/null
    for name in right wrong expired; do
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$name" -keyout "$name.key" \
            -addext "subjectAltName=DNS:$([[ $name == wrong ]] && echo other.example || echo localhost)" \
            -out "$name.csr" 2>/dev/null
        openssl ca -config ca.cnf -batch -notext -in "$name.csr" -out "$name.pem" -cert ca.pem -keyfile ca.key \
            -startdate 20200101000000Z -enddate "$([[ $name == expired ]] && echo 2021 || echo 2049)0101000000Z" 2>/dev/null
    done
    chmod 755 "$MONGODB_HOME" "$1"
    chmod 644 ca.pem
}

mongodb_start_tls() { # CERTIFICATE
    mongodb_start_own "$MONGODB_HOME/$1" --listen-tls=127.0.0.1:@PORT@ --listen-tls-cert-file="$MONGODB_HOME/tls/$1.pem" \
        --listen-tls-key-file="$MONGODB_HOME/tls/$1.key"
}

use_store() { site_config_edit --arg uri "$1" '.store = $uri'; }

works() { # URI
    note "$*"
    use_store "$1"
    rm -f "$JAR"
    site_clear_logs
    sign_in "$JAR"
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$JAR"
    assert_equal "$(user_count)" 1
    assert_equal "$(log_lines)" ""
    site_admin users delete --yes instagram:17841405793187218123 >/dev/null
    cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
}

unavailable() { # URI WORDS
    note "$*"
    use_store "$1"
    rm -f "$JAR"
    begin "$JAR"
    decide
    site_clear_logs
    assert_login_fails "$JAR" store_unavailable
    assert_one_line callback "$2"
    refute site_admin check >"$KEPT/check"
    assert_contains "$(cat "$KEPT/check")" "$2"
    assert_no_secrets "$PASSWORD" "$ENCODED_PASSWORD" "${PASSWORD#*@}"
}

# --- passwords ---

@test "a user with a password signs people in, by SCRAM-SHA-256 and SCRAM-SHA-1" {
    works "mongodb://site:$ENCODED_PASSWORD@$SCRAM/users"
    works "mongodb://site:$ENCODED_PASSWORD@$SCRAM/users?authSource=users&authMechanism=SCRAM-SHA-256"
    works "mongodb://site:$ENCODED_PASSWORD@$SCRAM/users?authMechanism=SCRAM-SHA-1"
}

@test "a wrong password, an unknown user and none at all are store_unavailable, with the remedy and no password" {
    unavailable "mongodb://site:${ENCODED_PASSWORD}x@$SCRAM/users" "check the user, the password and authSource in \`store\`"
    unavailable "mongodb://nobody:$ENCODED_PASSWORD@$SCRAM/users" "check the user, the password and authSource in \`store\`"
    unavailable "mongodb://$SCRAM/users" uthenticat
}

# --- TLS ---

@test "a private CA is trusted where tlsCAFile names it" {
    works "mongodb://localhost:$TLS/users?tls=true&tlsCAFile=$CA"
}

@test "a private CA is trusted where ca_folder holds it, and nothing besides the folder is" {
    local folder=$SITE_DIR/cas
    mkdir -p "$folder/full" "$folder/empty"
    cp "$CA" "$folder/full/"
    openssl rehash "$folder/full"
    chmod -R a+rX "$folder"
    site_config_edit --arg folder "$folder/full" '.ca_folder = $folder'
    works "mongodb://localhost:$TLS/users?tls=true"
    site_config_edit --arg folder "$folder/empty" '.ca_folder = $folder'
    unavailable "mongodb://localhost:$TLS/users?tls=true" "TLS"
    # What the system has in one file, such as /etc/ssl/cert.pem, which this variable stands for.
    run site_exec env SSL_CERT_FILE="$CA" CGI_LOGIN_CONFIG="$SITE_CONFIG" -- "$SITE_PRODUCT/bin/cgi-login" check
    assert_failure
    assert_output --partial "check the certificate's name and its CA"
    # tlsCAFile is there to name another one.
    works "mongodb://localhost:$TLS/users?tls=true&tlsCAFile=$CA"
}

@test "a certificate that is not right is store_unavailable, and its log line says TLS" {
    unavailable "mongodb://localhost:$TLS/users?tls=true" "TLS"
    unavailable "mongodb://127.0.0.1:$TLS/users?tls=true&tlsCAFile=$CA" "TLS"
    mongodb_start_tls wrong
    unavailable "mongodb://localhost:${MONGODB_URI##*:}/users?tls=true&tlsCAFile=$CA" "TLS"
    mongodb_stop "$MONGODB_HOME/wrong"
    mongodb_start_tls expired
    unavailable "mongodb://localhost:${MONGODB_URI##*:}/users?tls=true&tlsCAFile=$CA" "TLS"
    mongodb_stop "$MONGODB_HOME/expired"
}

@test "a tlsCAFile that is not there, or no certificate, is store_unavailable and named" {
    unavailable "mongodb://localhost:$TLS/users?tls=true&tlsCAFile=$SITE_DIR/nonexistent.pem" "tlsCAFile"
    unavailable "mongodb://localhost:$TLS/users?tls=true&tlsCAFile=$SITE_HTML/index.html" "tlsCAFile"
}

@test "plain MongoDB to a server that wants TLS is store_unavailable" {
    unavailable "mongodb://localhost:$TLS/users" "does the server want TLS"
}

refused() { # URI WORDS: a fault of the configuration
    note "$*"
    cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    rm -f "$JAR"
    begin "$JAR"
    decide
    site_clear_logs
    use_store "$1"
    finish "$JAR"
    assert_status 500
    assert_one_line callback "$2"
    assert_contains "$(log_lines)" "store: "
    refute site_admin check >"$KEPT/check"
    assert_contains "$(cat "$KEPT/check")" "$2"
    assert_no_secrets "$PASSWORD" "$ENCODED_PASSWORD" "${PASSWORD#*@}"
}

@test "an option that turns the verification off is refused, however it is written" {
    local option
    for option in tlsInsecure=true tlsInsecure=1 TLSINSECURE=True tlsInsecure=yes tlsInsecure=t tlsInsecure=%74rue \
        tlsAllowInvalidCertificates=true tlsAllowInvalidCertificates=1 tlsAllowInvalidHostnames=true \
        sslAllowInvalidCertificates=1 sslAllowInvalidHostnames=true "tlsInsecure=false&tlsInsecure=true"; do
        note "$option"
        use_store "mongodb://localhost:$TLS/users?tls=true&$option"
        refute site_admin users list >"$WORK/out" 2>&1
        assert_contains "$(cat "$WORK/out")" "TLS is always verified"
    done
    refused "mongodb://localhost:$TLS/users?tls=true&tlsInsecure=1" "TLS is always verified"
    # Said to be on, it is let through: and is on.
    unavailable "mongodb://localhost:$TLS/users?tls=true&tlsInsecure=false" "TLS"
    works "mongodb://localhost:$TLS/users?tls=true&tlsCAFile=$CA&tlsInsecure=false"
}

# --- URIs ---

@test "a URI that is not whole is a fault of the configuration, and no part of it is shown" {
    local uri words
    while IFS='|' read -r uri words; do
        refused "${uri/PASSWORD/$ENCODED_PASSWORD}" "$words"
    done <<'TABLE'
mongodb://site:PASSWORD@127.0.0.1:1|must name the database
mongodb://site:PASSWORD@127.0.0.1:1/|must name the database
mongodb://site:PASSWORD@127.0.0.1:1/?tls=true|must name the database
mongodb+srv://site:PASSWORD@cluster.example.test|must name the database
mongodb://site:p@ss/Wörd:%41@127.0.0.1:1/users|two "@"
mongodb://site:PASSWORD@ss@127.0.0.1:1/users|two "@"
mongodb://site:PASSWORD@127.0.0.1:99999/users|does not understand
mongodb://site:PASSWORD@127.0.0.1:1/users?tls=perhaps|does not understand
mongodb://site:PASSWORD%@127.0.0.1:1/users|does not understand
mongodb+srv://site:PASSWORD@localhost/users|does not understand
TABLE
}

# --- a replica set ---

@test "a URI of a replica set finds its member and signs people in" {
    works "mongodb://$REPLICA/users?replicaSet=rs0"
    works "mongodb://127.0.0.1:1,$REPLICA/users?replicaSet=rs0"
    works "mongodb://$REPLICA/users?replicaSet=rs0&w=majority&retryWrites=false&readPreference=primaryPreferred"
}
