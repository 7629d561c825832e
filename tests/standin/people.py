# SPDX-License-Identifier: MIT
"""The demo people who can sign in at the stand-in, and their pictures."""

import html
import struct
import zlib

# Field names are those of Instagram's /me. Ids are Python integers: exact to the last digit, also past 2**63.
# A field without a value is left out, as Instagram does.
PEOPLE = {
    "harbour.bakery": {
        "id": 17841405793187218123,
        "user_id": 17841405793187218123,
        "username": "harbour.bakery",
        "name": "Harbour Bakery",
        "account_type": "BUSINESS",
        "followers_count": 3410,
        "follows_count": 420,
        "media_count": 1320,
        "biography": "Sourdough since 1987 🥖🌊\nOpen every day but Monday 👩🏽‍🍳",
        "website": "https://bakery.example/menu?lang=en&season=winter",
    },
    "layla.studio": {
        "id": 25014620183746519,
        "user_id": 17841401234567890,
        "username": "layla.studio",
        "name": "ليلى حدّاد",
        "account_type": "MEDIA_CREATOR",
        "followers_count": 98210,
        "follows_count": 133,
        "media_count": 742,
        "biography": "خزف وألوان ✨",
        "website": "https://layla.example/",
    },
    "sakura_zine": {
        "id": 9007199254740993,
        "user_id": 17841400000000001,
        "username": "sakura_zine",
        "name": "山田さくら",
        "account_type": "MEDIA_CREATOR",
        "followers_count": 0,
        "follows_count": 7,
        "media_count": 0,
    },
    "bobby_tables": {
        "id": 31337,
        "user_id": 17841499999999999,
        "username": "bobby_tables",
        "name": "Robert \"Bobby\" O'Tables & <b>Sons</b>",
        "account_type": "BUSINESS",
        "followers_count": 1,
        "follows_count": 1,
        "media_count": 1,
        "biography": "<script>alert(1)</script>",
        "website": "javascript:alert(1)",
    },
}

WITHOUT_PICTURE = {"sakura_zine"}

FIELDS = ("id", "user_id", "username", "name", "account_type", "profile_picture_url",
          "followers_count", "follows_count", "media_count", "biography", "website")


def profile(username, base_url):
    """All fields of one person; the picture is served by this stand-in."""
    person = dict(PEOPLE[username])
    if username not in WITHOUT_PICTURE:
        person["profile_picture_url"] = "%s/picture/%s.svg" % (base_url, username)
    return person


def _hue(username):
    return zlib.crc32(username.encode()) % 360


def picture_svg(username):
    """A coloured disc with the person's first letter."""
    letter = html.escape(PEOPLE.get(username, {}).get("name", username)[:1].upper())
    hue = _hue(username)
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 160" width="160" height="160">'
            '<linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl(%d 70%% 42%%)"/>'
            '<stop offset="1" stop-color="hsl(%d 70%% 30%%)"/></linearGradient>'
            '<rect width="160" height="160" fill="url(#g)"/>'
            '<text x="80" y="80" dy=".35em" text-anchor="middle" font-family="sans-serif" font-size="76" '
            'fill="#fff">%s</text></svg>' % (hue, (hue + 50) % 360, letter)).encode()


def picture_png(username, size=160):
    """A plain gradient: enough of a picture for an <img> to load."""
    red, green, blue = ((_hue(username) * factor) % 160 for factor in (3, 5, 7))
    rows = b"".join(b"\0" + bytes((red, green, (blue + y // 2) % 256)) * size for y in range(size))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))
