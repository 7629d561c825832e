# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A folder of certificate authorities for hosts that have none by hash: OpenSSL then reads the one certificate it needs,
# not the whole bundle of some 145, which costs a sign-in 20 ms. To be sourced by build.sh.

# The names c_rehash gives: the subject's hash and a number, since two can have the same.
ca_folder_make() { # FOLDER WITH *.crt, NEW FOLDER
    local certificate hash number
    mkdir -p "$2"
    for certificate in "$1"/*.crt; do
        hash=$(openssl x509 -in "$certificate" -noout -subject_hash) || fail "$certificate cannot be read"
        number=0
        while [[ -e $2/$hash.$number ]]; do
            number=$((number + 1))
        done
        # A file a certificate, no links: FTP does not know them.
        cp "$certificate" "$2/$hash.$number"
    done
}
