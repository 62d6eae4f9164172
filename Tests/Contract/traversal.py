"""Three hundred paths that try to leave the folder that they are read in, as they go over the wire."""

import itertools

DOTS = [
    "..",
    "%2e%2e",
    "%2E.",
    "%252e%252e",
    "%25252e%25252e",
    "%c0%ae%c0%ae",
    "%EF%BC%8E%EF%BC%8E",
    "..%00",
    "..%20",
    "....",
]
SLASHES = ["/", "%2f", "%252f", "\\", "%5c", "%255c", "//", "/./", "%EF%BC%8F", "%c0%af", ";/", "%0a/"]
PREFIXES = ["", "a/", "/", "./", "a%23/", "a%3f/"]
GOALS = ["etc/passwd", "secret.txt"]


def climbing():
    for dots, slash, prefix in itertools.product(DOTS, SLASHES, PREFIXES):
        goal = GOALS[(len(dots) + len(slash)) % len(GOALS)]
        yield prefix + (dots + slash) * 6 + goal


ODD = [
    "/etc/passwd",
    "//etc/passwd",
    "%2fetc%2fpasswd",
    "file:///etc/passwd",
    "file:/etc/passwd",
    "FILE:///etc/passwd",
    "file%3a///etc/passwd",
    "C:/windows/win.ini",
    "C:\\windows\\win.ini",
    "c%3a%5cwindows",
    "\\\\host\\share",
    "%5c%5chost%5cshare",
    "~/secret.txt",
    "~root/secret.txt",
    "$HOME/secret.txt",
    "${HOME}",
    "%00",
    "a%00/../../secret.txt",
    "a%0d%0aX-Injected:%20yes",
    "%",
    "%2",
    "%zz",
    "%ff%fe",
    "..",
    "../",
    "/..",
    ".",
    "./",
    "",
    "/",
    "//",
    "a/..",
    "a/../",
    "a//../../secret.txt",
    "a;../../secret.txt",
    "a?../../secret.txt",
    "a#../../secret.txt",
    "proc/self/environ",
    "/proc/self/environ",
    "/proc/self/root/etc/passwd",
    "/dev/zero",
    "/dev/stdin",
    "a" * 300,
    "a/" * 300,
    "con",
    "nul.txt",
    "aux",
    ".git/config",
    "roost.db",
    "../roost.db",
    "../../roost.db",
    "..%2froost.db",
    "data/../../roost.db",
    "%u002e%u002e/secret.txt",
    "mlflow-artifacts:/../../secret.txt",
    "s3://bucket/../../secret.txt",
    "a\u0301/../../secret.txt",
]

#: Every third of the climbing ones, and the odd ones.
CORPUS = [*itertools.islice(climbing(), 0, None, 3), *ODD]
