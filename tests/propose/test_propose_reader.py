"""Proposal files read back: what was asked, what is claimed, and what of a changed file is found out.

Law: a file that is read gives the very request and claim that were written; a file in which a single digit or value was
changed is refused, or contradicts what is counted again. What may be changed unseen is listed here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts import ODD, context
from mag_rotation.errors import InvalidHours, InvalidProposal, InvalidRequest, InvalidSeries
from mag_rotation.planfile import proposals
from mag_rotation.planfile.proposals import read_proposal
from mag_rotation.propose import (
    Impossible,
    ProposalClaim,
    Proposed,
    Request,
    Setting,
    next_slot,
    propose,
    verify_proposal,
)
from mag_rotation.report.formats.json import dump
from mag_rotation.report.propose import (
    describe_impossible,
    describe_next,
    proposal_document,
)
from mag_rotation.report.verify import describe_verify, differences
from mag_rotation.series import Weekday
from mag_rotation.values import Fact
from proposed import REQUESTS, SETTING, proposed
from twin_rotation import requests_of, settings_of

MEETING, HOURS = SETTING.meeting, SETTING.audience.hours

NAMES = tuple(REQUESTS)


def written(found: Proposed) -> str:
    """The file of a proposal."""
    return dump(proposal_document(context(MEETING, ODD, hours=HOURS), found))


def mistakes_of(data: bytes | str) -> list[str]:
    """What is said of a file that is refused."""
    with pytest.raises(InvalidProposal) as refused:
        read_proposal(data if isinstance(data, bytes) else data.encode(), name="p.json")
    return [str(mistake) for mistake in refused.value.mistakes]


def is_found_out(text: str, name: str) -> bool:
    """Whether a file that says otherwise than the proposal of that name is refused, or contradicts what is counted."""
    try:
        request, claim, document = read_proposal(text.encode("utf-8", "surrogatepass"), name="p.json")
        if request == REQUESTS[name] and claim == ProposalClaim.of(proposed(name)):
            return bool(differences(document, counted(name)))
        found, broken = verify_proposal(SETTING, request, claim)
    except (InvalidProposal, InvalidRequest, InvalidHours, InvalidSeries):
        return True
    return bool(broken or differences(document, proposal_document(context(MEETING, hours=HOURS), found)))


@cache
def counted(name: str) -> dict[str, object]:
    """The document of a proposal that was counted again."""
    found, broken = verify_proposal(SETTING, REQUESTS[name], ProposalClaim.of(proposed(name)))
    assert broken == ()
    return proposal_document(context(MEETING, hours=HOURS), found)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_written_is_read(name: str) -> None:
    found = proposed(name)
    text = written(found)
    request, claim, document = read_proposal(text.encode(), name="p.json")

    assert request == REQUESTS[name]
    assert claim == ProposalClaim.of(found)
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


Path = tuple[str | int, ...]


def places(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """All values below ``value``, each with its place."""
    if path:
        yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def paths(value: object) -> Iterator[Path]:
    """The places of all values below ``value``."""
    return (path for path, _ in places(value))


def is_no_fact(path: Path) -> bool:
    """Whether a place holds a sentence, or says what a document was made with."""
    return path[0] in {"reasons", "warnings", "warning_facts", "tzdata"} or (
        path[0] == "prices" and path[-1] == "constraint"
    )


def others(value: object) -> Iterator[object]:
    """Other facts than a value: numbers and texts with another digit or letter, the other truth, something for null."""
    match value:
        case bool():
            yield not value
        case int():
            yield from (value + 1, value - 1, value * 10 + 1, -value - 1)
        case float():
            yield from (value + 0.25, value * 1.5 + 1)
        case str():
            yield from (
                f"{value}x",
                value[1:],
                *(value.replace(digit, "7" if digit != "7" else "3", 1) for digit in set(value) if digit.isdigit()),
            )
        case None:
            yield from (0, "x")


def unseen_in(name: str, *, every: bool) -> set[Path]:
    """The places of facts that can be others without anybody noticing: all others, or one at each place."""
    text = written(proposed(name))
    document = json.loads(text)
    return {
        path
        for number, (path, value) in enumerate(places(document))
        if not is_no_fact(path)
        for other in list(others(value))[slice(None) if every else slice(number % 3, None, 3)]
        if other != value and not is_found_out(changed(text, path, other), name)
    }


@pytest.mark.parametrize("name", NAMES)
def test_no_fact_can_be_changed_unseen(name: str) -> None:
    assert unseen_in(name, every=name in {"constraints", "history"}) == set()


@given(st.data())
def test_a_proposal_for_any_plan_verifies_and_no_fact_of_it_can_be_changed(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = data.draw(requests_of(setting))
    try:
        found = propose(setting, request)
    except (InvalidRequest, InvalidSeries):  # a phase may start at a slot that so few slots do not have
        return
    if isinstance(found, Impossible):
        return
    text = dump(proposal_document(context(MEETING, hours=setting.audience.hours), found))
    assert findings_of(text, setting) == ()
    facts = [(path, value) for path, value in places(json.loads(text)) if not is_no_fact(path)]
    for path, value in data.draw(st.lists(st.sampled_from(facts), max_size=3)):
        for other in others(value):
            if other != value:
                assert findings_of(changed(text, path, other), setting) != (), (path, other)


def findings_of(text: str, setting: Setting) -> tuple[Fact, ...] | None:
    """What does not hold of a file; None where it is refused."""
    try:
        request, claim, document = read_proposal(text.encode(), name="p.json")
        found, broken = verify_proposal(setting, request, claim)
    except (InvalidProposal, InvalidRequest, InvalidHours, InvalidSeries):
        return None
    return (*broken, *differences(document, proposal_document(context(MEETING, hours=setting.audience.hours), found)))


@pytest.mark.parametrize("name", ["plain", "constraints"])
def test_sentences_may_be_in_any_words(name: str) -> None:
    text = written(proposed(name))
    document = json.loads(text)
    for path, value in places(document):
        if is_no_fact(path) and isinstance(value, str):
            text = changed(text, path, "auf gut Deutsch")

    assert "auf gut Deutsch" in text
    assert not is_found_out(text, name)


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

    assert {path for path in unseen if not is_no_fact(path)} == set()


def without(document: object, left_out: Collection[Path], path: Path = ()) -> object:
    """The document without what stands in some places."""
    match document:
        case dict():
            kept = {key: value for key, value in document.items() if (*path, key) not in left_out}
            return {key: without(value, left_out, (*path, key)) for key, value in kept.items()}
        case list():
            return [without(value, left_out, (*path, index)) for index, value in enumerate(document)]
        case _:
            return document


def is_figure(path: Path) -> bool:
    """Whether a key depends on what it belongs to: ids, what only some slots have, and the figures of codes."""
    return (
        path[:-1] in {("burdens",), ("certificate", "weights")}
        or path[-1] in {"weekday", "label", "duration"}
        or (path[0] == "reason_facts" and len(path) > 2 and (len(path) > 3 or path[-1] != "code"))
        or (
            path[0] == "prices"
            and len(path) > 1
            and path[-1] not in {"constraint", "code", "worst_without", "worst_with", "proven"}
        )
    )


def test_every_part_that_is_missing_is_named_at_once() -> None:
    document = json.loads(written(proposed("constraints")))
    parts = [path for path in paths(document) if isinstance(path[-1], str) and not is_figure(path)]
    parts = [path for path in parts if path[0] not in {"format", "warning_facts"}]  # either may be missing
    top: list[Path] = [path for path in parts if len(path) == 1]
    below: list[Path] = [path for path in parts if len(path) > 1 and path[-1] not in {"slots", "weights"}]

    assert len(top) == len(document) - 2
    cases: list[list[Path]] = [top, below, top[::2], below[1::2], *([path] for path in parts[::7])]
    for some in cases:
        told = [line.partition(": ") for line in mistakes_of(json.dumps(without(document, some)))]
        missing = {place for place, _, problem in told if problem.startswith("missing; write ")}
        assert missing == set(map(place_of, some))


def place_of(path: Path) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")


def test_a_figure_that_is_missing_does_not_hold() -> None:
    document = json.loads(written(proposed("stay")))
    for path in paths(document):
        if isinstance(path[-1], str) and is_figure(path):
            assert is_found_out(json.dumps(without(document, [path])), "stay"), path


def test_a_change_of_what_cannot_be_counted_passes_only_where_nothing_contradicts_it() -> None:
    """A claim that is less, told so in every place, is a weaker proposal and not a wrong one."""
    found = proposed("plain")
    document = json.loads(written(found)) | {"proven": False, "frontier_complete": False}
    request, claim, _ = read_proposal(json.dumps(document).encode(), name="p.json")
    weaker, broken = verify_proposal(SETTING, request, claim)
    weakest = proposal_document(context(MEETING, hours=HOURS), weaker)

    assert broken == ()
    assert differences(document, weakest)
    # on a frontier that is not whole five rotations are too few for a knee
    places = [str(one.figures["place"]) for one in differences(document, weakest)]
    assert all(place.startswith("reason_facts") or place.endswith(".knee") for place in places)
    frontier = [offer | {"knee": False} for offer in document["frontier"]]
    told = document | {"reason_facts": weakest["reason_facts"], "frontier": frontier}
    assert differences(told, weakest) == ()


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("slots", 1, "at"), "25:00", "slots[1].at: found '25:00'; write a time of day such as '14:00'"),
        (("slots", 1, "at"), 840, "slots[1].at: found 840; write a time of day such as '14:00'"),
        (
            ("slots", 0, "zone"),
            "Geneva",
            "slots[0].zone: 'Geneva' is not the name of a time zone; did you mean Europe/Zurich?",
        ),
        (("slots", 0, "weekday"), "Tu", "slots[0].weekday: found 'Tu'; did you mean 'TU'? a weekday is one of MO, TU"),
        (("slots", 0, "duration"), 0, "slots[0].duration: found 0; write a whole number from 1 to 10080"),
        (("slots", 0, "label"), 7, "slots[0].label: found 7; write a text"),
        (("slots",), {}, "slots: found a table; write a list: the slots of the rotation"),
        (("slots", 0), 3, "slots[0]: found 3; write a table with the keys at, zone, weekday, label, duration"),
        (("bound",), True, "bound: found true; write a whole number from 0 to "),
        (("bound",), 1.0, "bound: found 1.0; write a whole number from 0 to "),
        (("bound",), -1, "bound: found -1; write a whole number from 0 to "),
        (("bound",), 10**30, f"bound: found '1{'0' * 30}'; a proposal has numbers of at most 30 digits"),
        (("bound",), float("nan"), "bound: found NaN; JSON has no such number"),
        (("worst",), float("-inf"), "worst: found -Infinity; JSON has no such number"),
        (("proven",), 1, "proven: found 1; write true or false"),
        (("certificate",), None, "certificate: found None; write a table with the keys weights"),
        (("certificate", "weights"), [1], "certificate.weights: found a list; write a table of weights by the ids"),
        (("certificate", "weights", "au-01"), "9", "certificate.weights.au-01: found '9'; write a whole number from 0"),
        (("certificate", "weights", "a b"), 10**9 + 1, "certificate.weights.'a b': found 1000000001; write a whole"),
        (
            ("frontier", 0, "slots", 1, "at"),
            "7",
            "frontier[0].slots[1].at: found '7'; did you mean 07:00? write a time of day",
        ),
        (
            ("prices",),
            [{"constraint": 1, "code": "gap", "worst_without": 1, "worst_with": 1, "proven": True}],
            "prices[0].constraint: ",
        ),
        (("request", "grid"), 7, "request.grid: found 7 minutes; give a part of a day, such as 30min"),
        (("request", "most_nights"), -1, "request.most_nights: found -1; write a whole number from 0 to"),
        (("request", "gap"), 721, "request.gap: found 721 minutes; give more than 0, up to 12h"),
        (("request", "slots"), 0, "request.slots: found 0; a rotation has 1 to 400"),
        (("request", "from"), "2020-02-30", "request.from: found '2020-02-30'; February 2020 has 29 days"),
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
    text = written(proposed("plain")).replace('"bound": 2310', f'"bound": -{"9" * 5000}', 1)
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
        (b'{"planned": {}}', "p.json: found an answer of next-slot"),
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
        "an answer of propose without a rotation": describe_impossible(
            context(MEETING, hours=HOURS), impossible
        ).document,
        "an answer of next-slot": describe_next(context(MEETING, hours=HOURS), coming, request=request).document,
        "an answer of verify": describe_verify(context(MEETING, hours=HOURS), proposed("plain"), ()).document,
    }


@pytest.mark.parametrize(
    "what", ["an answer of propose without a rotation", "an answer of next-slot", "an answer of verify"]
)
def test_the_answer_to_another_question_is_refused_with_a_sentence(what: str) -> None:
    (told,) = mistakes_of(dump(other_documents()[what]))

    assert told.startswith(f"p.json: found {what}")
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
    assert isinstance(claim, ProposalClaim)


@given(st.binary(max_size=12), st.integers(0, 9000), st.integers(0, 12))
def test_damaged_bytes_are_refused_or_read(junk: bytes, place: int, gone: int) -> None:
    data = written(proposed("stay")).encode()
    damaged = data[:place] + junk + data[place + gone :]
    with suppress(InvalidProposal):
        read_proposal(damaged, name="p.json")


def test_a_slot_on_a_weekday_has_the_letters_of_the_day() -> None:
    found = propose(SETTING, Request(slots=1, grid=360, weekdays=(Weekday.TH,)))
    assert isinstance(found, Proposed)
    text = dump(proposal_document(context(MEETING, hours=SETTING.audience.hours), found))

    assert [slot["weekday"] for slot in json.loads(text)["slots"]] == ["TH"]
    assert findings_of(text, SETTING) == ()
