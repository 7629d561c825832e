#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes open_redirect.txt, kind by kind: what return_to must refuse, what it must take, and what it must encode.

    tests/payloads/open_redirect.py >tests/payloads/open_redirect.txt

Each kind names what a browser or a server is known to do with such an address. Written from the URL standard
(url.spec.whatwg.org), RFC 3986 and the ways in which such checks have failed before.
"""

EVIL = "evil.example"
HERE = "localhost"


def kinds():
    """Yields (verdict, kind, payloads). The verdict is "-" for refused, "+" for taken, "~" for taken encoded."""
    controls = [chr(code) for code in list(range(0x01, 0x20)) + [0x7F]]
    yield "-", "another site's whole address", [
        scheme + colon + EVIL + end
        for scheme in ("https", "http", "HTTPS", "hTtP", "ftp", "ws", "wss")
        for colon in ("://",) for end in ("", "/", "/profile", "?a=/b", "#c")] + [
        "http://www.example.com/", "https://" + EVIL + ":443@" + HERE, "//" + EVIL + "@" + HERE]
    yield "-", "this site's own address, and such that begin like it", [
        "https://" + HERE, "http://" + HERE + "/", "http://" + HERE + ":80/members/", "http://" + HERE + "." + EVIL,
        "http://" + HERE + "@" + EVIL, "http://" + HERE + ":80@" + EVIL, "http://" + HERE + "%2e" + EVIL,
        "http://" + EVIL + "/" + HERE, "http://" + EVIL + "?" + HERE, "http://" + EVIL + "#" + HERE,
        "http://" + EVIL + "\\@" + HERE, "http://" + HERE + "-" + EVIL, "http://" + HERE + EVIL]
    # URL standard, "special authority slashes state": a browser needs none of the slashes, and takes any number.
    yield "-", "a scheme with too few slashes, too many, or the wrong ones", [
        scheme + slashes + EVIL
        for scheme in ("https:", "http:", "HTTPS:")
        for slashes in ("", "/", "///", "////", "\\", "\\\\", "\\/", "/\\", "///\\;@", "\t//", "/\t/")]
    yield "-", "no scheme but an authority", [
        slashes + rest
        for slashes in ("//", "///", "////", "//////////")
        for rest in (EVIL, EVIL + "/", EVIL + "/..", EVIL + "/%2e%2e", EVIL + "/%2f..", EVIL + "?a", EVIL + "#a",
                     EVIL + ":443/", EVIL + "./", EVIL + "/..;/", EVIL + ":80?@" + HERE, EVIL + "#" + HERE,
                     EVIL + "\\@" + HERE, "")]
    yield "-", "addresses of hosts that need no name", [
        "//" + host for host in ("192.0.2.1", "3221225985", "0xC0000201", "0300.0.2.1", "0xC0.0.2.1", "192.513",
                                 "[::ffff:192.0.2.1]", "[2001:db8::1]", "[::]", "0", "127.1")]
    yield "-", "user information before the host", [
        start + user + "@" + EVIL
        for start in ("//", "https://", "/\\", "https:")
        for user in (HERE, "user", "user:pass", HERE + ":80", "a%40b", "", ":", "[::1]", HERE + "%2f",
        HERE + "%3a80")]
    yield "-", "a backslash, which browsers take for a slash", [
        start + rest
        for start in ("/\\", "\\/", "\\\\", "\\", "/\\/", "\\/\\/", "/\\\\", "/\\\\\\", "\\//", "//\\", "/a\\",
        "/a/\\/")
        for rest in (EVIL, EVIL + "/profile")]
    yield "-", "a backslash elsewhere", [
        "/a?b\\c", "/a?b=\\\\" + EVIL, "/profile\\", "/profile\\..\\..", "/a\\..\\b", "/a\\b"]
    yield "-", "an encoded backslash, which some servers decode first", [
        "/" + code + rest for code in ("%5c", "%5C", "%5c%5c", "%5C/", "a/%5c/", "a%5c..%5c")
        for rest in (EVIL, EVIL + "/")] + ["/%5c", "/%5C", "/a?b=%5c", "/a?b=%5C%5C" + EVIL]
    # URL standard, basic URL parser, step 3: tab, line feed and carriage return are dropped wherever they stand.
    yield "-", "tabs and line breaks, which browsers drop", [
        start + control + rest
        for control in ("\t", "\n", "\r", "\r\n", "\t\t")
        for start, rest in (("/", "/" + EVIL), ("", "//" + EVIL), ("/a", "b"), ("/a?", "b"), ("/", ""), ("", "/a"),
                            ("/.", "./" + EVIL), ("/", "\\" + EVIL), ("ht", "tps://" + EVIL), ("//ev", "il.example"))]
    yield "-", "every other control character, at each end and in the middle", [
        text for control in controls if control not in "\t\r\n"
        for text in ("/" + control + "/" + EVIL, control + "//" + EVIL, "/a" + control)]
    yield "-", "a NUL, where text ends for some", [
        "/\0", "/\0//" + EVIL, "/a\0.html", "\0//" + EVIL, "/a?b\0=//" + EVIL]
    yield "-", "encoded control characters: a header of its own, a text cut short", [
        start + code + rest
        for code in ("%00", "%01", "%08", "%09", "%0a", "%0A", "%0d", "%0D", "%0d%0a", "%0D%0A%20", "%1f", "%1B",
        "%7f",
                     "%7F")
        for start, rest in (("/", ""), ("/", "/" + EVIL), ("/a", ""), ("/a?b=", "Location:%20https://" + EVIL))]
    yield "-", "a header of its own, raw", [
        "/a\r\nLocation: https://" + EVIL, "/\r\nLocation: x",
        "/%0D%0ALocation:%20https://" + EVIL, "/a\nSet-Cookie: a=b", "/a\r\n\r\n<script>alert(1)</script>",
        "/%0d%0aSet-Cookie:a=b", "/%0aLocation:%20//" + EVIL]
    # URL standard, "path state": these go up or nowhere, so what follows them moves to the front.
    yield "-", "dot segments", [
        "/" + path for path in (".", "..", "./", "../", "./a", "../a", ".//" + EVIL, "..//" + EVIL, "a/.", "a/..",
        "a/./b",
                                "a/../b", "a/..//" + EVIL, "a/../../" + EVIL, "a/b/../../..//" + EVIL, "..?a", ".?a",
                                "a/..?b", "a/.?b", "./" + EVIL, "../" + EVIL, "a/./b?c", "..?x=//" + EVIL, ".//a",
                                "a//..", "../../../../etc/passwd")]
    yield "-", "encoded dot segments, in every spelling", [
        "/" + start + dots + rest
        for dots in ("%2e", "%2E", "%2e%2e", "%2E%2e", ".%2e", "%2e.", "%2E.", ".%2E")
        for start, rest in (("", ""), ("", "/a"), ("", "//" + EVIL), ("a/", ""), ("a/", "//" + EVIL), ("a/", "/b"),
                            ("a/", "?c"))]
    yield "-", "schemes that run or show something", [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
        "\x01javascript:alert(1)", " javascript:alert(1)", "javascript://%0aalert(1)", "javascript:%61lert(1)",
        "data:text/html,x", "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:msgbox(1)",
        "mailto:a@" + EVIL, "tel:112", "file:///etc/passwd", "blob:https://" + EVIL + "/a", "about:blank",
        "view-source:https://" + EVIL, "intent://" + EVIL + "#Intent;end", "x-custom://" + EVIL, "chrome://settings"]
    yield "-", "relative addresses", [
        "", "profile", EVIL, EVIL + "/", EVIL + "/profile", "?a=b", "www." + EVIL, "." + EVIL, "@" + EVIL, ":80",
        ":" + EVIL, ";" + EVIL,
        "?next=//" + EVIL, "?", "#a", "#//" + EVIL, ".", "..", "./a", "../a", "a/b", "~",
        "%2f" + EVIL, "%2F%2F" + EVIL,
        "%5c" + EVIL, "&return_to=/a", "=/a"]
    yield "-", "fragments with what is refused elsewhere", [
        "/a#\\b", "/a#%5c", "/a#%0d%0aSet-Cookie:a=b", "/a#%00", "/a#\tb", "//" + EVIL + "#/a", "/../#a", "/%2e#a"]
    yield "-", "spaces in front of the path", [
        " /a", " //" + EVIL, "\u00a0/a", "\u3000//" + EVIL, "\ufeff//" + EVIL]
    # IDNA (UTS 46) maps these to the plain ones, in a host; some servers do so anywhere.
    looks = ("\u2044", "\u2215", "\uff0f", "\u29f8", "\u2571", "\uff3c", "\u29f5")
    yield "-", "slashes, dots and others that only look like it", [
        text for slash in looks for text in (slash + slash + EVIL, slash + "/" + EVIL)] + [
        "//evil" + dot + "example" for dot in ("\u3002", "\uff0e", "\uff61", "\u2024", "%E3%80%82")] + [
        "https\uff1a//" + EVIL, "\uff48ttps://" + EVIL]
    # Here and below in escaped(): surrogates stand for bytes, as Python has them.
    yield "-", "bytes that are no UTF-8, some of them a long way to write a slash or a dot", [
        "/\udcff", "/\udcc0\udcaf" + EVIL, "/\udcc0\udcae\udcc0\udcae/", "/\udce0\udc80\udcaf" + EVIL, "/\udc80",
        "/\udcc3",
        "//\udcff" + EVIL, "/\udced\udca0\udc80", "/\udcc1\udc9c" + EVIL]

    yield "~", "spaces in the path", [
        "/a ", "/ a", "/a b", "/ /" + EVIL, "/ //" + EVIL, "/a\u00a0", "/\u2028/" + EVIL, "/\u200b/" + EVIL,
        "/\u00ad/" + EVIL, "/\u0085/" + EVIL]
    yield "~", "slashes, dots and others that only look like it, in the path", [
        "/" + slash + EVIL for slash in looks] + [
        "/" + dot + dot + "/" + EVIL for dot in ("\uff0e", "\u3002", "\u2024")] + [
        "/\u202e" + EVIL, "/\u202eevil", "/\u3002" + EVIL, "/\u202d" + EVIL, "/\u2066" + EVIL, "/\uff03" + EVIL,
        "/\uff20" + EVIL]
    yield "~", "markup and quotes, which would leave an attribute", [
        "/<script>alert(1)</script>", "/\"onmouseover=\"alert(1)", "/'><img src=x>", "/a\"b", "/a<b", "/a>b",
        "/a<b>", "/a`b", "/`a`", "/{a}",
        "/a{b}", "/a|b", "/a^b", "/[a]", "/a[b]=c", "/a[b]",  "/\"><svg onload=alert(1)>"]
    yield "~", "broken percent-encoding", [
        "/%", "/%2", "/%2g", "/%g2", "/%g0", "/%%", "/%%35", "/a%zz", "/a?%", "/a?%2", "/a?b=%",
        "/%u002f" + EVIL, "/%-1", "/% 1",
        "/%5"]
    # URL standard, "query percent-encode set": a browser leaves some of these bare.
    yield "~", "what a page's own address may hold", [
        "/list/?f[c]=red", "/?ids[]=1&ids[]=2", "/search?q=x|y", '/?q={"a":1}', "/\u00fcber-uns/", "/\u65e5\u672c/",
        "/a b/", "/?x=100%", "/?x=100%&y", "/a?b=^`", "/\u00e9", "/caf\u00e9", "/a#b c", "/a#b#c", "/a#\u00e9",
        "/a?b#c|d"]

    yield "+", "paths of this site", [
        "/", "/profile", "/members/", "/a/", "/a/b.html", "/a//b", "/a/b/c", "/a/b/c/", "/...", "/.well-known/x",
        "/a/.b/..c/d.", "/a.",
        "/tilde~user/(x)", "/a:b@c", "/a;b,c!$&'()*+=~-._", "/a:80", "/@" + EVIL, "/;@" + EVIL, "/-", "/" + EVIL,
        "/http:" + EVIL, "/http://" + EVIL]
    yield "+", "queries, in which anything may be named", [
        "/?", "/?a=b&c=d/e?f", "/search?q=1&page=2", "/a?next=//" + EVIL, "/?next=https://" + EVIL + "/",
        "/a?x=../..",
        "/.a?..", "/a?b=%2e%2e", "/a?b=/./../c", "/a?b=@" + EVIL, "/a??", "/a?b=c;d", "/profile?next=/a/b&x=%2F"]
    yield "+", "fragments", [
        "/a#b", "/#", "/a?b#c", "/a#//" + EVIL, "/path#@" + EVIL, "/path#//" + EVIL, "/path#fragment", "/#/a/b?c=d",
        "/#!/a", "/a#?b", "/a#../..", "/a?#"]
    yield "+", "encodings that name no other place", [
        "/%C3%A9", "/caf%C3%A9", "/a%20b", "/a%2Fb", "/%2F" + EVIL, "/%2f%2f" + EVIL, "/a%3Fb", "/a%23b",
        "/%40" + EVIL,
        "/?x=%25", "/%252e%252e/" + EVIL, "/%255c" + EVIL, "/%3A%2F%2F" + EVIL]


def escaped(text):
    """One line of printable ASCII, as the head of the file says."""
    result = ""
    for byte in text.encode("utf-8", "surrogateescape"):
        result += "\\\\" if byte == 0x5C else chr(byte) if 0x20 <= byte < 0x7F else "\\x%02X" % byte
    if result.startswith(" "):
        result = "\\x20" + result[1:]
    if result.endswith(" "):
        result = result[:-1] + "\\x20"
    return result


def main():
    print("""# SPDX-License-Identifier: MIT
# Made by open_redirect.py: change it there. What return_to must refuse (-), take as it is (+) or take encoded (~), a
# payload a line.
# \\\\ is a backslash, \\xHH a byte; a space at either end is \\x20. Lines with # are comments and name the kind.""")
    seen = set()
    for verdict, kind, payloads in kinds():
        print("\n# " + kind)
        for payload in payloads:
            if payload not in seen:
                seen.add(payload)
                print(verdict + " " + escaped(payload))


if __name__ == "__main__":
    main()
