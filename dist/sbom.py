#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sbom.py MANIFEST: prints the software bill of materials of an archive as SPDX 2.3 in JSON, from the table in its
MANIFEST. SOURCE_DATE_EPOCH is the time that it was made. The same MANIFEST gives the same bytes."""
import json
import os
import re
import sys
import time
import urllib.parse
import uuid

PRODUCT = "cgi-login"
# Debian's names of the packages that are not called as in the table.
PACKAGES = {"sqlite": "sqlite3"}


def read_manifest(path):
    """The first line, the commit, and the rows of the table: name, version, licence."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    commit = re.fullmatch(r"Built from commit (\w+)\.", lines[1])[1]
    first = next(i for i, line in enumerate(lines) if line.split() == ["name", "version", "licence"]) + 1
    end = lines.index("", first)
    return lines[0], commit, [line.split(None, 2) for line in lines[first:end]]


def package_of(name, version, licence):
    package = {
        "SPDXID": "SPDXRef-" + name,
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": licence,
        "licenseDeclared": licence,
        "copyrightText": "NOASSERTION",
    }
    if name not in (PRODUCT, "libgcc"):
        source = PACKAGES.get(name, name)
        kind = "all" if name == "ca-certificates" else "source"
        package["supplier"] = "Organization: Debian"
        package["externalRefs"] = [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": f"pkg:deb/debian/{source}@{urllib.parse.quote(version, safe='~.')}?arch={kind}",
        }]
    return package


def relationship(element, kind, related):
    return {"spdxElementId": element, "relationshipType": kind, "relatedSpdxElement": related}


def relationship_of(name):
    """The certificates lie beside the programs; all else is linked into them."""
    kind = "CONTAINS" if name == "ca-certificates" else "STATIC_LINK"
    return relationship("SPDXRef-" + PRODUCT, kind, "SPDXRef-" + name)


def document(title, commit, rows):
    made = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))
    # The archive's own rows make it one of its kind.
    identity = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join([title, commit] + [" ".join(row) for row in rows]))
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": title,
        "documentNamespace": f"urn:uuid:{identity}",
        "creationInfo": {"created": time.strftime("%Y-%m-%dT%H:%M:%SZ", made), "creators": [f"Tool: {PRODUCT}-sbom.py"]},
        "comment": f"Built from commit {commit}.",
        "documentDescribes": ["SPDXRef-" + PRODUCT],
        "packages": [package_of(*row) for row in rows],
        "relationships": [relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-" + PRODUCT)]
        + [relationship_of(row[0]) for row in rows if row[0] != PRODUCT],
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: sbom.py MANIFEST")
    print(json.dumps(document(*read_manifest(sys.argv[1])), indent=2))
