# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# musl, and the compiler that builds against it: gcc with specs of our own. musl-tools' musl-gcc will not do:
# with -static-pie it silently makes a dynamic program, and it is there for this machine's processor alone.
# To be sourced by build.sh, which sets `arch`, `sysroot`, `work` and has the rest.

# What every object is built with. No path of this machine is in an object, so that two build folders give the same
# bytes; of the maps the last that fits counts, and the cache may lie in the source folder.
_toolchain_flags() {
    printf '%s ' -O2 -fPIE -fstack-protector-strong -fstack-clash-protection -ffunction-sections -fdata-sections \
        "-ffile-prefix-map=$root=/cgi-login" "-ffile-prefix-map=$work=/build" "-ffile-prefix-map=$sysroot=/sysroot"
    case $arch in
    x86_64) printf '%s' -fcf-protection ;;
    # Outlined atomics ask the C library for __getauxval, which this musl does not have.
    aarch64) printf '%s' '-mbranch-protection=standard -mno-outline-atomics' ;;
    esac
}

# A static PIE: musl's rcrt1.o relocates the program itself, so there is no interpreter. cmake links with -rdynamic,
# which means nothing here, but gcc 14 takes only options that its specs name.
_toolchain_write_specs() {
    cat >"$sysroot/static.specs" <<SPECS
%rename cpp_options old_cpp_options

*cpp_options:
-nostdinc -isystem $sysroot/include -isystem include%s %(old_cpp_options)

*cc1:
%(cc1_cpu) -nostdinc -isystem $sysroot/include -isystem include%s

*link_libgcc:
-L$sysroot/lib -L .%s

*libgcc:
libgcc.a%s %:if-exists(libgcc_eh.a%s)

*startfile:
$sysroot/lib/rcrt1.o $sysroot/lib/crti.o crtbeginS.o%s

*endfile:
crtendS.o%s $sysroot/lib/crtn.o

*link:
-static -pie --no-dynamic-linker -z text -z relro -z now -z noexecstack --build-id=none -nostdlib %{rdynamic:}

*esp_link:


*esp_options:


*esp_cpp_options:


SPECS
}

# In a file of its own on PATH, so that neither its path nor the flags get into what OpenSSL says of its build.
_toolchain_write_compiler() {
    mkdir -p "$sysroot/bin"
    cat >"$sysroot/bin/static-gcc" <<SCRIPT
#!/bin/sh
# Made by dist/toolchain.sh.
exec $host_prefix-gcc $(_toolchain_flags) "\$@" -specs $sysroot/static.specs
SCRIPT
    chmod 755 "$sysroot/bin/static-gcc"
}

# OpenSSL and mongoc ask for linux/*.h, which musl does not bring.
_toolchain_link_kernel_headers() {
    local name folder
    for name in linux asm asm-generic; do
        for folder in "$kernel_headers_arch/$name" "$kernel_headers/$name"; do
            if [[ -d $folder ]]; then
                ln -sfn "$folder" "$sysroot/include/$name"
                break
            fi
        done
        [[ -e $sysroot/include/$name ]] || fail "the kernel headers ($name) are not in $kernel_headers"
    done
}

# Debian's own flags of gcc, the wrapper's specs would look for a musl that is not there yet.
build_musl() { # in a copy of the source
    CC="$host_prefix-gcc" CFLAGS="$(_toolchain_flags)" AR="$host_prefix-ar" RANLIB="$host_prefix-ranlib" \
        ./configure --target="$arch" --prefix="$sysroot" --disable-shared --disable-wrapper \
        --with-malloc=oldmalloc # made for small programs: TLS set-up asks for memory ten thousand times
    make -j"$jobs"
    make install
    _toolchain_link_kernel_headers
    _toolchain_write_specs
    _toolchain_write_compiler
}
