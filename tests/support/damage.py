"""Plans damaged step by step."""

from __future__ import annotations

from hypothesis import strategies as st

from mag_rotation.planfile import plan_template
from paths import EXAMPLES

PLANS = [plan_template().encode(), *(path.read_bytes() for path in sorted(EXAMPLES.glob("*/*.toml")))]


_SIGNS = [b"\n", b"\r", b"\t", b" ", b",", b";", b'"', b"'", b'"""', b"#", b"=", b".", b"-", b"[", b"]", b"{", b"}"]


_BYTES = [
    b"\x00",
    b"\x1b",
    b"\x7f",
    b"\xff",
    b"\xfe",
    b"\xef\xbb\xbf",
    b"\xc3\xa9",
    b"\xe2\x80\xae",
    b"\\u0000",
    b"\\ud800",
]


_WORDS = b"0 1 -1 24:00 1e999 nan true 1979-05-27T07:32:00Z FREQ=DAILY P9D a.b.c=1".split()


_TABLES = [b"\n[x]\n", b"\n[[members]]\n", b"\n[[exceptions]]\n", b"\n[[phases]]\n", b"\n[[extras]]\n"]


_MUCH = [b"9" * 30, b"0x" + b"f" * 4000, b"[" * 50, b"a." * 400]


TOKENS = [*_SIGNS, *_BYTES, *_WORDS, *_TABLES, *_MUCH]


Change = tuple[str, float, float, int]


def change(data: bytes, step: Change) -> bytes:
    """One step of damage: what is done, at which part of the data, with which other part or token."""
    kind, where, whither, number = step
    lines = data.splitlines(keepends=True) or [b""]
    line, other = int(where * len(lines)), int(whither * len(lines))
    at = int(where * len(data))
    match kind:
        case "delete line":
            del lines[line]
        case "repeat line":
            lines.insert(other, lines[line])
        case "swap lines":
            lines[line], lines[other] = lines[other], lines[line]
        case "cut":
            return data[:at]
        case "flip":
            return data[:at] + bytes([data[at] ^ (1 << number % 8)]) + data[at + 1 :] if data else b"\xff"
        case _:
            return data[:at] + TOKENS[number % len(TOKENS)] + data[at:]
    return b"".join(lines)


KINDS = ["delete line", "repeat line", "swap lines", "cut", "flip", "flip", "insert", "insert", "insert"]


PARTS = st.floats(0, 1, exclude_max=True)


DAMAGE = st.lists(st.tuples(st.sampled_from(KINDS), PARTS, PARTS, st.integers(0, 10**6)), min_size=1, max_size=4)


def damaged(data: bytes, steps: list[Change]) -> bytes:
    for step in steps:
        data = change(data, step)
    return data
