"""Proposal files read back: what was asked, what is claimed, and what of a changed file is found out.

Law: a file that is read gives the very request and claim that were written; a file in which a single digit or value was
changed is refused, or contradicts what is counted again. What may be changed unseen is listed here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mag_rotation.errors import InvalidProposal, InvalidRequest
from mag_rotation.plan import proposals
from mag_rotation.plan.proposals import read_proposal
from mag_rotation.propose import Claim, Impossible, Proposed, Request, judged, next_slot, propose
from mag_rotation.report.documents import dump
from mag_rotation.report.propose import (
    differences,
    impossible_answer,
    next_answer,
    proposal_document,
    verify_answer,
)
from proposed import REQUESTS, SETTING, claim_of, proposed

MEETING = SETTING.meeting

NAMES = tuple(REQUESTS)


def written(found: Proposed) -> str:
    """The file of a proposal."""
    return dump(proposal_document(MEETING.id, found, ["odd"]))


def mistakes_of(data: bytes | str) -> list[str]:
    """What is said of a file that is refused."""
    with pytest.raises(InvalidProposal) as refused:
        read_proposal(data if isinstance(data, bytes) else data.encode(), name="p.json")
    return [str(mistake) for mistake in refused.value.mistakes]


def is_found_out(text: str, name: str) -> bool:
    """Whether a file that says otherwise than the proposal of that name is refused, or contradicts what is counted."""
    try:
        request, claim, document = read_proposal(text.encode("utf-8", "surrogatepass"), name="p.json")
        if request == REQUESTS[name] and claim == claim_of(proposed(name)):
            return bool(differences(document, counted(name)))
        found, broken = judged(SETTING, request, claim)
    except (InvalidProposal, InvalidRequest):
        return True
    return bool(broken or differences(document, proposal_document(MEETING.id, found, ())))


@cache
def counted(name: str) -> dict[str, object]:
    """The document of a proposal that was counted again."""
    found, broken = judged(SETTING, REQUESTS[name], claim_of(proposed(name)))
    assert broken == ()
    return proposal_document(MEETING.id, found, ())


@pytest.mark.parametrize("name", NAMES)
def test_what_was_written_is_read(name: str) -> None:
    found = proposed(name)
    text = written(found)
    request, claim, document = read_proposal(text.encode(), name="p.json")

    assert request == REQUESTS[name]
    assert claim == claim_of(found)
    assert document == json.loads(text)
    assert not is_found_out(text, name)


@pytest.mark.parametrize("name", ["plain", "stay"])
def test_order_and_layout_of_a_file_have_no_say(name: str) -> None:
    def turned(value: object) -> object:
        match value:
            case dict():
                return {key: turned(value[key]) for key in reversed(value)}
            case list():
                return [turned(item) for item in value]
            case _:
                return value

    text = "\ufeff" + json.dumps({"later": {"more": [1]}, **json.loads(written(proposed(name)))})

    assert not is_found_out(text, name)
    assert not is_found_out(json.dumps(turned(json.loads(text[1:]))), name)


NUMBER = re.compile(r'^(?P<key> *(?:"[^"\n]*": )?)(?P<number>-?\d[\d.eE+-]*)(?=,?$)', re.MULTILINE)
TEXT = re.compile(r'^(?P<key> *(?:"[^"\n]*": )?)(?P<text>".*")(?=,?$)', re.MULTILINE)

UNSEEN_DIGITS = {"tolerance"}
"""Numbers that have no meaning in most requests: the tolerance goes with the objective balanced alone."""

UNSEEN_TEXTS = {"tzdata"}
"""Texts that say what a file was made with; warnings have no digits here."""


def with_other_digits(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """The keys of the values that the pattern finds, each with the file in which one of its digits is another."""
    for match in pattern.finditer(text):
        key = match["key"].strip().rstrip(": ").strip('"')
        digits = [place for place in range(match.start(2), match.end()) if text[place].isdigit()]
        for step, place in enumerate(digits, start=len(key)):
            other = str((int(text[place]) + step % 9 + 1) % 10)
            yield key, text[:place] + other + text[place + 1 :]


def unseen_in(name: str, pattern: re.Pattern[str]) -> set[str]:
    """The keys of the values of which a digit can be another without anybody noticing."""
    text = written(proposed(name))
    document = json.loads(text)
    return {
        key
        for key, other in with_other_digits(text, pattern)
        if not is_found_out(other, name) and json.loads(other) != document  # the last digit of a float may say nothing
    }


@pytest.mark.parametrize("name", ["plain", "constraints", "history", "balanced"])
def test_no_digit_of_a_number_can_be_changed_unseen(name: str) -> None:
    assert unseen_in(name, NUMBER) == (UNSEEN_DIGITS if name != "balanced" else set())


def test_no_digit_of_a_text_can_be_changed_unseen() -> None:
    assert unseen_in("stay", TEXT) == UNSEEN_TEXTS


Path = tuple[str | int, ...]

JUNK: tuple[object, ...] = (
    None,
    True,
    -1,
    0.5,
    10**40,
    float("nan"),
    float("inf"),
    "",
    "x",
    [],
    [0],
    {"id": 1, "worst": 1},
)

UNSEEN_VALUES: tuple[Path, ...] = (("tzdata",), ("warnings",))
"""What may be anything."""


def paths(value: object, path: Path = ()) -> Iterator[Path]:
    """The places of all values below ``value``."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, (*path, key))


def changed(text: str, path: Path, value: object) -> str:
    """The file with another value in one place."""
    document = json.loads(text)
    *above, last = path
    inside = document
    for key in above:
        inside = inside[key]
    inside[last] = value
    return json.dumps(document)


def test_no_value_can_be_replaced_by_junk_unseen() -> None:
    text = written(proposed("plain"))
    document = json.loads(text)
    unseen = set()
    for number, path in enumerate(paths(document)):
        for value in (JUNK[number % len(JUNK)], JUNK[(number + 5) % len(JUNK)]):
            other = changed(text, path, value)
            if json.loads(other) != document and not is_found_out(other, "plain"):
                unseen.add(path)

    assert unseen <= {path for path in paths(document) if path[:1] in UNSEEN_VALUES}


CONTRACT = (
    "slots",
    "calls",
    "worst",
    "total",
    "burdens",
    "bound",
    "proven",
    "gap",
    "certificate",
    "frontier",
    "prices",
)


@pytest.mark.parametrize("key", CONTRACT)
def test_no_key_of_the_contract_can_be_left_out(key: str) -> None:
    document = json.loads(written(proposed("plain")))
    del document[key]

    assert is_found_out(json.dumps(document), "plain")


@pytest.mark.parametrize(
    "path", [("burdens", "au-01"), ("certificate", "scale"), ("calls", 0, "uid"), ("frontier", 0, "worst")]
)
def test_nothing_below_a_key_of_the_contract_can_be_left_out(path: Path) -> None:
    document = json.loads(written(proposed("plain")))
    inside = document
    for key in path[:-1]:
        inside = inside[key]
    del inside[path[-1]]

    assert is_found_out(json.dumps(document), "plain")


@pytest.mark.parametrize("key", ["members", "today", "reasons", "warnings", "tzdata"])
def test_what_came_after_the_contract_may_be_left_out(key: str) -> None:
    document = json.loads(written(proposed("plain")))
    del document[key]

    assert not is_found_out(json.dumps(document), "plain")


def test_a_change_of_what_cannot_be_counted_passes_only_where_nothing_contradicts_it() -> None:
    """A claim that is less, told so in every place, is a weaker proposal and not a wrong one."""
    found = proposed("plain")
    document = json.loads(written(found)) | {"proven": False, "frontier_complete": False}
    request, claim, _ = read_proposal(json.dumps(document).encode(), name="p.json")
    weaker, broken = judged(SETTING, request, claim)
    weakest = proposal_document(MEETING.id, weaker, ())

    assert broken == ()
    assert differences(document, weakest)
    assert all(line.startswith("reasons[") for line in differences(document, weakest))
    assert differences(document | {"reasons": weakest["reasons"]}, weakest) == ()


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("slots", 1, "at"), "25:00", "slots[1].at: found '25:00'; write a time of day such as '14:00'"),
        (("slots", 1, "at"), 840, "slots[1].at: found 840; write a time of day such as '14:00'"),
        (("slots", 0, "zone"), "Geneva", "slots[0].zone: 'Geneva' is no IANA zone name; did you mean Europe/Zurich?"),
        (("slots", 0, "weekday"), "Tu", "slots[0].weekday: found 'Tu'; did you mean 'TU'? a weekday is one of MO, TU"),
        (("slots", 0, "duration"), 0, "slots[0].duration: found 0; write a whole number from 1 to 10080"),
        (("slots", 0, "label"), 7, "slots[0].label: found 7; write a text"),
        (("slots",), {}, "slots: found a table; write a list: the slots of the rotation"),
        (("slots", 0), 3, "slots[0]: found 3; write a table with the keys at, zone, weekday, label, duration"),
        (("bound",), True, "bound: found true; write a whole number from 0 to "),
        (("bound",), 1.0, "bound: found 1.0; write a whole number from 0 to "),
        (("bound",), -1, "bound: found -1; write a whole number from 0 to "),
        (("bound",), 10**18, "bound: found '1000000000000000000'; a proposal has numbers of at most 18 digits"),
        (("bound",), float("nan"), "bound: found NaN; JSON has no such number"),
        (("worst",), float("-inf"), "worst: found -Infinity; JSON has no such number"),
        (("proven",), 1, "proven: found 1; write true or false"),
        (("certificate",), None, "certificate: found None; write a table with the keys weights"),
        (("certificate", "weights"), [1], "certificate.weights: found a list; write a table of weights by the ids"),
        (("certificate", "weights", "au-01"), "9", "certificate.weights.au-01: found '9'; write a whole number from 0"),
        (("certificate", "weights", "a b"), 10**9 + 1, "certificate.weights.'a b': found 1000000001; write a whole"),
        (("frontier", 0, "slots", 1, "at"), "7", "frontier[0].slots[1].at: found '7'; write a time of day"),
        (
            ("prices",),
            [{"constraint": 1, "worst_without": 1, "worst_with": 1, "proven": True}],
            "prices[0].constraint: ",
        ),
        (("request", "grid"), 7, "request.grid: found 7 minutes; give a part of a day, such as 30min"),
        (("request", "most_nights"), -1, "request.most_nights: found -1; write a whole number from 0 to"),
        (("request", "gap"), 721, "request.gap: found 721 minutes; give more than 0, up to 12h"),
        (("request", "slots"), 0, "request.slots: found 0; a rotation has 1 to 400"),
        (("request", "from"), "2020-02-30", "request.from: found '2020-02-30'; write a date such as 2020-09-08"),
        (("request", "objective"), "totl", "request.objective: found 'totl'; did you mean 'total'? write one of"),
        (("request", "windows"), ["6-20"], "request.windows[0]: found '6-20'; write local hours such as '06:00-20:00'"),
        (("request", "windows"), "x", "request.windows: found 'x'; write a list of local hours such as"),
        (("request", "stay"), [True], "request.stay[0]: found true; write the label of a slot, or its number counted"),
        (("request", "group"), "a\x1bb", "request.group: found control character U+001B; delete it"),
        (("request", "curve"), "\ud800", "request.curve: found '\\ud800', which has half a letter; write whole ones"),
    ],
)
def test_a_value_that_is_none_is_refused_with_its_place(path: Path, value: object, told: str) -> None:
    found = mistakes_of(changed(written(proposed("plain")), path, value))

    assert len(found) == 1
    assert found[0].startswith(told)


def test_a_number_of_thousands_of_digits_is_a_mistake_like_any_other() -> None:
    text = written(proposed("plain")).replace('"bound": 2310', f'"bound": -{"9" * 5000}')
    (told,) = mistakes_of(text)

    assert told.startswith("bound: found '-9999")
    assert len(told) < 200


def test_all_mistakes_are_told_at_once() -> None:
    text = written(proposed("plain"))
    for path, value in (
        (("request", "grid"), 7),
        (("slots", 0, "at"), "x"),
        (("bound",), None),
        (("worst",), float("nan")),
        (("certificate", "weights", "au-01"), False),
    ):
        text = changed(text, path, value)

    places = {mistake.partition(":")[0] for mistake in mistakes_of(text)}

    assert places == {"request.grid", "slots[0].at", "bound", "worst", "certificate.weights.au-01"}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "p.json: line 1, column 1: not JSON: expecting value"),
        (b'{"a": 1\n"b": 2}', "p.json: line 2, column 1: not JSON: "),
        (b'{"a": "\n"}', "p.json: line 1, column 8: not JSON: invalid control character at"),
        (b"\n\xff", "p.json: found a byte that is not UTF-8 in line 2; give the file unchanged"),
        ('{"a": 1}'.encode("utf-16"), "p.json: found a byte that is not UTF-8 in line 1; give the file unchanged"),
        (b"[1]", "p.json: found a list; a proposal is a table, as --format json writes it"),
        (b"1e5", "p.json: found 100000.0; a proposal is a table, as --format json writes it"),
        (b"[" * 100_000, "p.json: found lists or tables nested more than 16 deep"),
        (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "p.json: found lists or tables nested more than 16 deep"),
        (b'{"planned": {}}', "p.json: found the answer for the next call alone"),
    ],
)
def test_a_file_that_is_no_proposal_is_refused_as_a_whole(data: bytes, told: str) -> None:
    found = mistakes_of(data)

    assert len(found) == 1
    assert found[0].startswith(told)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("bound", "bound: found twice; write it once"),
        ("au-01", "certificate.weights.au-01: found twice; write it once"),
    ],
)
def test_a_key_that_is_there_twice_is_a_mistake(key: str, told: str) -> None:
    text = written(proposed("plain"))
    place = text.rindex(f'"{key}": ', 0, text.index('"frontier": '))

    assert mistakes_of(f'{text[:place]}"{key}": 1, {text[place:]}') == [told]


def test_a_number_that_is_too_large_for_a_float_is_a_mistake() -> None:
    text = written(proposed("plain")).replace('"gap": 0.0', '"gap": 1e999')

    assert mistakes_of(text) == ["gap: found '1e999'; no number of a proposal is so large"]


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "MOST_BYTES", 10)

    assert mistakes_of(b"{" + b" " * 10) == ["p.json: found 11 bytes; a proposal has at most 10"]


def test_thousands_of_odd_values_are_not_told_one_by_one() -> None:
    assert len([line for line in mistakes_of('{"a": [' + "NaN," * 5000 + "1]}") if line.startswith("a[")]) == 1000


def other_documents() -> dict[str, Mapping[str, object]]:
    request = Request(slots=2, cap=0)
    impossible = propose(SETTING, request)
    coming = next_slot(SETTING, request, datetime(2020, 1, 1, tzinfo=UTC))
    assert isinstance(impossible, Impossible)
    assert coming is not None
    return {
        "a request that no rotation answers": impossible_answer(MEETING, impossible, ()).document,
        "the next call alone": next_answer(MEETING, coming, (), request=request).document,
        "a check that was already made": verify_answer(MEETING, proposed("plain"), (), ()).document,
    }


@pytest.mark.parametrize(
    "what", ["a request that no rotation answers", "the next call alone", "a check that was already made"]
)
def test_the_answer_to_another_question_is_refused_with_a_sentence(what: str) -> None:
    (told,) = mistakes_of(dump(other_documents()[what]))

    assert told.startswith(f"p.json: found the answer for {what}")
    assert told.endswith("; give a proposal that holds a rotation")


def test_a_document_of_another_command_lacks_everything() -> None:
    found = mistakes_of('{"meeting": "demo", "calls": []}')

    assert "request: missing; write a table of what was asked" in found
    assert "bound: missing; write the most that is proven of the worst burden" in found


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


@given(st.data())
def test_whatever_is_read_is_a_proposal_or_refused(data: st.DataObject) -> None:
    text = written(proposed("stay"))
    places = sorted(paths(json.loads(text)), key=repr)
    for path in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=2, unique=True)):
        try:
            text = changed(text, path, data.draw(VALUES))
        except (KeyError, IndexError, TypeError):  # the first change took the place of the second away
            continue
    try:
        request, claim, _ = read_proposal(text.encode("utf-8", "surrogatepass"), name="p.json")
    except InvalidProposal:
        return

    assert isinstance(request, Request)
    assert isinstance(claim, Claim)


@given(st.binary(max_size=12), st.integers(0, 9000), st.integers(0, 12))
def test_damaged_bytes_are_refused_or_read(junk: bytes, place: int, gone: int) -> None:
    data = written(proposed("stay")).encode()
    damaged = data[:place] + junk + data[place + gone :]
    with suppress(InvalidProposal):
        read_proposal(damaged, name="p.json")
