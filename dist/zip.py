#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zip.py FILE.tar.gz: makes FILE.zip beside it, for those whose computer opens no tar file: the same files with the same
modes and times. The same tar file gives the same bytes."""
import os
import sys
import tarfile
import time
import zipfile

FIRST_YEAR = 1980  # that a ZIP file can tell
UNIX = 3  # of the system whose modes external_attr holds


def entry(member):
    when = time.gmtime(member.mtime)[:6]
    info = zipfile.ZipInfo(member.name + ("/" if member.isdir() else ""), max(when, (FIRST_YEAR, 1, 1, 0, 0, 0)))
    info.create_system = UNIX
    kind, folder = (0o040000, 0x10) if member.isdir() else (0o100000, 0)
    info.external_attr = (kind | member.mode) << 16 | folder
    info.compress_type = zipfile.ZIP_STORED if member.isdir() else zipfile.ZIP_DEFLATED
    return info


def main():
    source = sys.argv[1]
    target = source.removesuffix(".tar.gz") + ".zip"
    with tarfile.open(source) as archive, zipfile.ZipFile(target + ".new", "w") as packed:
        for member in archive:
            if not (member.isdir() or member.isfile()):
                sys.exit(f"zip: {member.name} is neither file nor folder, which a ZIP file cannot hold")
            packed.writestr(entry(member), b"" if member.isdir() else archive.extractfile(member).read())
    os.replace(target + ".new", target)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].endswith(".tar.gz"):
        sys.exit("usage: zip.py FILE.tar.gz")
    main()
