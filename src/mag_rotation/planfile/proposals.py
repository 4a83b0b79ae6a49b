"""Read proposal files: the request and the claims of a rotation from its JSON, with every mistake in its place.

A claim cannot be counted; all other facts of the document are compared with what is counted again. A file that
lacks any part of a proposal is refused as a whole. Nothing is opened here; bytes come in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import islice
from math import isfinite
from typing import Annotated

from pydantic import BeforeValidator, Field

from mag_rotation.errors import InvalidProposal, InvalidRequest, Mistake, quote_value
from mag_rotation.hours import Window
from mag_rotation.limits import find_proposal_problem
from mag_rotation.planfile import fields as f
from mag_rotation.planfile.reader import MOST_LEVELS, Place, find_control_characters, is_too_deep, read_table
from mag_rotation.planfile.tables import Table
from mag_rotation.propose import Cut, Objective, PriceClaim, ProposalClaim, Request
from mag_rotation.roster import MemberId
from mag_rotation.series import Slot

__all__ = ["read_proposal"]

MOST_BYTES = 64 * 1024 * 1024
"""The largest proposal file."""
_MOST_ODD = 1000
"""The most values foreign to a proposal that are reported one by one."""
_DIGITS = 30
"""The longest number: the sum of the largest weights and burdens of the largest roster has as many digits."""
_MOST = 10**_DIGITS - 1
_MOST_WEIGHT = 10**9
"""The largest weight."""
_FORMAT = 2
"""How proposals are written: those of version 0.1 have no number and no codes beside their sentences."""

_OTHERS = {
    "planned": "an answer of next-slot, which claims nothing that could be checked",
    "conflict": "an answer of propose without a rotation",
    "findings": "an answer of verify",
}
"""The keys by which other documents are recognised, and what these documents are."""


def read_proposal(data: bytes, *, name: str) -> tuple[Request, ProposalClaim, Mapping[str, object]]:
    """Return the request, the claims, and the document, which has the facts that can be counted again.

    Raises :class:`InvalidProposal` with every mistake; ``name`` is that of the file.
    """
    document = _document(data, name)
    _refuse_others(document, name)
    odd = list(islice(_odd(document, ""), _MOST_ODD))
    odd += islice(find_control_characters(document, ""), _MOST_ODD)
    mistakes: list[Mistake] = []
    model: type[_Proposal | _FirstProposal] = _Proposal if "format" in document else _FirstProposal
    table: _Proposal | _FirstProposal | None = read_table(model, document, Place(path=""), mistakes)
    places = {mistake.place for mistake in odd}
    mistakes = odd + [mistake for mistake in mistakes if mistake.place not in places]
    asked = read_table(_Asked, document.get("request"), Place(path="request"), [])
    request = None if asked is None else _request(asked, mistakes)
    if mistakes or table is None or request is None:
        raise InvalidProposal(mistakes)
    return request, _claim(table), document


def _document(data: bytes, name: str) -> Mapping[str, object]:
    """Return the JSON document; raises :class:`InvalidProposal` if the data are not a table."""
    if len(data) > MOST_BYTES:
        raise InvalidProposal(_one(name, f"found {len(data)} bytes; a proposal has at most {MOST_BYTES}"))
    problem = find_proposal_problem(data)
    if problem:
        raise InvalidProposal(_one(name, problem))
    try:
        found = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_table,
            parse_int=_whole,
            parse_float=_real,
            parse_constant=lambda text: _Odd(problem=f"found {text}; JSON has no such number"),
        )
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidProposal(
            _one(name, f"found a byte that is not UTF-8 in line {line}; give the file unchanged")
        ) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidProposal(_one(name, f"{where}: not JSON: {error.msg[:1].lower()}{error.msg[1:]}")) from None
    except RecursionError:
        raise InvalidProposal(_one(name, _TOO_DEEP)) from None
    if not isinstance(found, dict):
        raise InvalidProposal(_one(name, f"found {f.show(found)}; a proposal is a table, as --format json writes it"))
    if is_too_deep(found):
        raise InvalidProposal(_one(name, _TOO_DEEP))
    return found


_TOO_DEEP = f"found lists or tables nested more than {MOST_LEVELS} deep; a proposal has five levels"


def _one(place: str, problem: str) -> list[Mistake]:
    return [Mistake(place=place, problem=problem)]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Odd:
    """What JSON lets through and a proposal does not hold."""

    problem: str


def _table(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                found[key] = _Odd(problem="found twice; write it once")
            seen.add(key)
    return found


def _whole(text: str) -> object:
    if len(text.lstrip("-")) <= _DIGITS:
        return int(text)
    return _Odd(problem=f"found {quote_value(text)}; a proposal has numbers of at most {_DIGITS} digits")


def _real(text: str) -> object:
    number = float(text)
    return (
        number if isfinite(number) else _Odd(problem=f"found {quote_value(text)}; no number of a proposal is so large")
    )


def _odd(value: object, place: str) -> Iterator[Mistake]:
    """Yield a mistake for everything below ``value`` that a proposal cannot hold."""
    match value:
        case _Odd():
            yield Mistake(place=place, problem=value.problem)
        case str() if any("\ud800" <= letter <= "\udfff" for letter in value):
            yield Mistake(place=place, problem=f"found {quote_value(value)}, which has half a letter; write whole ones")
        case dict():
            for key, inner in value.items():
                yield from _odd(key, Place(path=place).of(key))
                yield from _odd(inner, Place(path=place).of(key))
        case list():
            for index, inner in enumerate(value):
                yield from _odd(inner, Place(path=place).of(index))


def _refuse_others(document: Mapping[str, object], name: str) -> None:
    """Raise :class:`InvalidProposal` if a document is the answer of another command."""
    for key, what in _OTHERS.items():
        if key in document:
            raise InvalidProposal(_one(name, f"found {what}; give a proposal that holds a rotation"))


def _exact(value: object) -> str:
    """Return a text unchanged, because labels and names must match in every letter."""
    if isinstance(value, str):
        return value
    raise f.refuse(value, "write a text")


def _window(value: object) -> Window:
    ends = value.split("-") if isinstance(value, str) else []
    try:
        start, end = (f.read_clock("00:00" if end == "24:00" else end) for end in ends)
    except ValueError:
        raise f.refuse(value, "write local hours such as '06:00-20:00'") from None
    return Window(start, end)


def _at(value: object) -> time:
    if isinstance(value, str):
        return f.read_clock(value)
    raise f.refuse(value, "write a time of day such as '14:00'")


def _by_member(value: object) -> dict[str, object]:
    if isinstance(value, dict):
        return value
    raise f.refuse(value, "write a table of weights by the ids of members")


def _format(value: object) -> int:
    if value == _FORMAT and type(value) is int:
        return _FORMAT
    raise f.refuse(value, f"this version verifies proposals of the format {_FORMAT} and those of version 0.1")


def _plain(name: str) -> str:
    return name.rstrip("_")


class _Part(Table, extra="ignore", alias_generator=_plain):
    """A table of a proposal: snake_case keys; keys of a later version are left alone."""


_Exact = Annotated[str, BeforeValidator(_exact)]
_Exacts = Annotated[tuple[_Exact, ...], BeforeValidator(f.make_list_reader("write a list of texts"))]
_Count = Annotated[int, BeforeValidator(f.make_number_reader(0, _MOST))]
_Weight = Annotated[int, BeforeValidator(f.make_number_reader(0, _MOST_WEIGHT))]
_Minutes = Annotated[int, BeforeValidator(f.make_number_reader(1, f.MOST_MINUTES))]
_Clock = Annotated[time, BeforeValidator(_at)]
_Windows = Annotated[
    tuple[Annotated[Window, BeforeValidator(_window)], ...],
    BeforeValidator(f.make_list_reader("write a list of local hours such as ['06:00-20:00']")),
]
_Weekdays = Annotated[
    tuple[f.WeekdayCode, ...], BeforeValidator(f.make_list_reader("write a list of weekdays such as ['TU']"))
]
_Stays = Annotated[
    tuple[f.SlotReference, ...], BeforeValidator(f.make_list_reader("write a list of labels and numbers"))
]
_Cut = Annotated[Cut, BeforeValidator(f.make_word_reader(Cut))]
_Objective = Annotated[Objective, BeforeValidator(f.make_word_reader(Objective))]


class _SlotPart(_Part):
    at: _Clock = Field(description="the wall-clock start, such as '14:00'")
    zone: f.Zone = Field(description="the zone of the wall-clock start")
    weekday: f.WeekdayCode | None = Field(default=None, description="the weekday on which it is held")
    label: _Exact | None = Field(default=None, description="the name of the slot")
    duration: _Minutes | None = Field(default=None, description="its length in minutes")


class _Asked(_Part):
    slots: _Count | None = Field(description="how many slots were asked for, null for a free schedule")
    grid: _Count = Field(description="the minutes between two starts, such as 30")
    zone: f.Zone = Field(description="the zone of the grid")
    weekdays: _Weekdays = Field(description="the weekdays of the grid, or []")
    from_: f.Day | None = Field(description="the first day that is no history, or null")
    keep: _Count = Field(description="how many announced calls stay")
    objective: _Objective = Field(description="one of leximin, balanced, total")
    tolerance: _Count = Field(description="the percent that go with the objective balanced")
    group: _Exact | None = Field(description="the group that is the second criterion, or null")
    left_out: _Exacts = Field(description="the roles that do not count, or []")
    windows: _Windows = Field(description="the local hours of calls, or []")
    utc_windows: _Windows = Field(description="the UTC hours of calls, or []")
    quorum: _Count | None = Field(description="how many have to be out of the night, or null")
    awake: _Exacts = Field(description="who has to be out of the night, or []")
    most_nights: _Count | None = Field(description="the most calls in the night for anybody, or null")
    no_night_twice: f.YesNo = Field(description="true or false")
    gap: _Count | None = Field(description="the minutes between slots that follow each other, or null")
    distinct: f.YesNo = Field(description="true or false")
    cap: _Count | None = Field(description="the most point-minutes for anybody, or null")
    stay: _Stays = Field(description="the slots that stay, or []")
    curve: _Exact | None = Field(description="the curve that was read instead of the plan's, or null")


class _CallPart(_Part):
    """A call; nothing of it is read here, for all of it is counted."""

    number: object = Field(description="the number of the call, or null")
    label: object = Field(description="the number as it is written, or null")
    title: object = Field(description="the title of the call")
    uid: object = Field(description="the identity of the call in calendars")
    date: object = Field(description="the rule date")
    start: object = Field(description="the start in UTC")
    end: object = Field(description="the end in UTC")
    zone: object = Field(description="the anchor zone")
    slot: object = Field(description="the label of the slot, or null")
    slot_number: object = Field(description="the place of the slot in the rotation, or null")
    phase: object = Field(description="the name of the phase, or null")
    status: object = Field(description="planned, moved, extra or cancelled")
    adjusted: object = Field(description="gap, fold or null")
    location: object = Field(description="the place of the call, or null")
    note: object = Field(description="the note of the call, or null")


class _CertificatePart(_Part):
    weights: Annotated[dict[str, _Weight], BeforeValidator(_by_member)] = Field(
        description="a table of weights by the ids of members"
    )
    value: _Count = Field(description="the least weighted sum of any rotation")
    scale: _Count = Field(description="the sum of the weights")


class _OfferPart(_Part):
    worst: _Count = Field(description="the burden of the worst-off")
    total: _Count = Field(description="the burden of all members together")
    slots: list[_SlotPart] = Field(description="the slots of the rotation")
    knee: f.YesNo = Field(description="true or false")


class _RecommendedPart(_OfferPart):
    nights: _Count = Field(description="the calls in the night of all members, by weight")


class _PricePart(_Part):
    constraint: _Exact = Field(description="the constraint in words")
    worst_without: _Count = Field(description="the worst burden without it")
    worst_with: _Count = Field(description="the worst burden with it")
    proven: f.YesNo = Field(description="true or false")


class _CodedPricePart(_PricePart):
    code: _Exact = Field(description="the code of the constraint")


class _MemberPart(_Part):
    """A member; nothing of it is read here, for all of it is counted."""

    id: object = Field(description="the id of the member")
    name: object = Field(description="the name of the member")
    burden: object = Field(description="what the member bears")
    night_calls: object = Field(description="the calls in the night")
    night_calls_a_year: object = Field(description="the calls in the night in a year of such calls, or null")
    burden_today: object = Field(description="what the member bears in the plan as it stands")
    night_calls_today: object = Field(description="the calls in the night in the plan as it stands")
    night_calls_a_year_today: object = Field(description="the same in a year, or null")


class _TodayPart(_Part):
    worst: _Count = Field(description="the burden of the worst-off in the plan as it stands")
    total: _Count = Field(description="the burden of all members together in the plan as it stands")


class _ReasonPart(_Part):
    code: _Exact = Field(description="the code of the reason")


class _Parts(_Part):
    """The parts that every proposal has; none of them may be missing."""

    meeting: _Exact = Field(description="the id of the meeting")
    tzdata: _Exact = Field(description="the version of the zone rules")
    request: _Asked = Field(description="a table of what was asked")
    slots: list[_SlotPart] = Field(description="the slots of the rotation")
    calls: list[_CallPart] = Field(description="the calls with the rotation")
    worst: _Count = Field(description="the burden of the worst-off")
    total: _Count = Field(description="the burden of all members together")
    burdens: Annotated[dict[str, _Count], BeforeValidator(_by_member)] = Field(
        description="a table of burdens by the ids of members"
    )
    bound: _Count = Field(description="the most that is proven of the worst burden")
    proven: f.YesNo = Field(description="true or false")
    gap: float | None = Field(description="how far the worst is above the bound")
    certificate: _CertificatePart = Field(description="a table with the weights of members")
    frontier: list[_OfferPart] = Field(description="the rotations of the frontier")
    frontier_complete: f.YesNo = Field(description="true or false")
    members: list[_MemberPart] = Field(description="the members, worst first")
    today: _TodayPart = Field(description="a table of the plan as it stands")
    reasons: _Exacts = Field(description="the reasons in sentences")
    warnings: _Exacts = Field(description="the warnings in sentences, or []")


class _FirstProposal(_Parts):
    """A proposal of version 0.1, which had no codes."""

    prices: list[_PricePart] = Field(description="the prices of the constraints, or []")


class _Proposal(_Parts):
    """A proposal as it is written now, with a code beside every sentence."""

    format_: Annotated[int, BeforeValidator(_format)] = Field(description=f"the number {_FORMAT}")
    cut_by: tuple[_Cut, ...] = Field(description="what ended the search before it had looked at everything, or []")
    wanted_grid: _Count | None = Field(description="the grid that was asked for and did not fit into memory, or null")
    nights: _Count = Field(description="the calls in the night of all members, by weight")
    recommended: _RecommendedPart | None = Field(description="the rotation that is recommended instead, or null")
    prices: list[_CodedPricePart] = Field(description="the prices of the constraints, or []")
    reason_facts: list[_ReasonPart] = Field(description="the reasons as codes with figures")


def _request(asked: _Asked, mistakes: list[Mistake]) -> Request | None:
    """Return the request; None if it contradicts itself, which is added to ``mistakes``."""
    values = {name: getattr(asked, name) for name in _Asked.model_fields}
    first = values.pop("from_")
    try:
        return Request(first=first, **values)
    except InvalidRequest as error:
        for mistake in error.mistakes:
            place = Place(path="request").of(mistake.place.replace("-", "_"))
            mistakes.append(Mistake(place=place, problem=mistake.problem))
        return None


def _slot(part: _SlotPart) -> Slot:
    return Slot(at=part.at, zone=part.zone, label=part.label, weekday=part.weekday, minutes=part.duration)


def _claim(table: _Proposal | _FirstProposal) -> ProposalClaim:
    return ProposalClaim(
        slots=tuple(map(_slot, table.slots)),
        bound=table.bound,
        proven=table.proven,
        weights={MemberId(member): weight for member, weight in table.certificate.weights.items()},
        frontier=tuple(tuple(map(_slot, offer.slots)) for offer in table.frontier),
        swept=table.frontier_complete,
        prices=tuple(
            PriceClaim(worst_without=price.worst_without, worst_with=price.worst_with, proven=price.proven)
            for price in table.prices
        ),
        cuts=table.cut_by if isinstance(table, _Proposal) else (),
        wanted_grid=table.wanted_grid if isinstance(table, _Proposal) else None,
    )
