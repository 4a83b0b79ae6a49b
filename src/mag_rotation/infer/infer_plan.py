"""A series for a calendar that another program wrote: the meeting's data and the shortest plan for its calls.

Name, id and domain come from the file, or from one placeholder. The domain only comes from UIDs that this project
formed, because that in other UIDs belongs to the program that formed them. Notes say what the series does not
represent.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from urllib.parse import urlsplit

from mag_rotation.calls import make_extra_uids, unroll
from mag_rotation.calls.numbers import parse_roman
from mag_rotation.ics.uids import parse_own_uid
from mag_rotation.infer.expand_events import ExternalCall
from mag_rotation.infer.external import ExternalCalendar
from mag_rotation.infer.fit_series import fit_series
from mag_rotation.roster import UTC_ZONE
from mag_rotation.series import (
    LONGEST_ID,
    Counting,
    Extra,
    Meeting,
    Numbering,
    NumberStyle,
    Series,
    check_domain,
    check_meeting_id,
)
from mag_rotation.values import Fact, FactCode

__all__ = ["InferredPlan", "SeriesNote", "infer_plan"]

_NO_ID, _NO_DOMAIN, _NO_NAME = "calls", "calls.example.org", "Calls"
_SHORTEST = 3
_FEW = 6
"""The most slots of a usual rotation."""


class SeriesNote(FactCode):
    """What a calendar says and the series for its calls does not represent."""

    TITLES = "titles_left_out"
    PLACES = "places_left_out"
    CLOCK_SHIFT = "clock_shift_likely"
    URL = "url_left_out"
    OTHER_UIDS = "calls_get_other_uids"


@dataclass(frozen=True, kw_only=True, slots=True)
class InferredPlan:
    """A series, and notes about what the calendar says and the series does not represent."""

    series: Series
    notes: tuple[Fact, ...]


def infer_plan(calendar: ExternalCalendar) -> InferredPlan:
    """Return the shortest series with exactly the held calls of a calendar."""
    held = calendar.held
    name = _choose_name(calendar.name, [call.summary for call in held if call.summary])
    own_id, own_domain = _find_own_uids([call.uid for call in held])
    places = Counter(call.location for call in held)
    place = places.most_common(1)[0][0]
    meeting = Meeting(
        id=own_id or _choose_id(calendar.calls, name),
        name=name,
        uid_domain=own_domain or _NO_DOMAIN,
        minutes=Counter(call.minutes for call in held).most_common(1)[0][0],
        location=place if place and place != calendar.url else None,
        url=calendar.url if _is_url(calendar.url) else None,
        description=calendar.description or None,
    )
    series = fit_series(calendar.calls, meeting, calendar.zones)
    titled = _add_numbering(series, held)
    series = titled or series
    notes = [*calendar.notes]
    if titled is None:
        notes.append(Fact.of(SeriesNote.TITLES))
    if others := sum(call.location != place for call in held):
        notes.append(Fact.of(SeriesNote.PLACES, calls=others))
    if not set(calendar.zones) - {UTC_ZONE} and _has_clock_shift(series):
        notes.append(Fact.of(SeriesNote.CLOCK_SHIFT))
    if calendar.url and meeting.url is None:
        notes.append(Fact.of(SeriesNote.URL))
    if others := _count_other_uids(series, held):
        notes.append(Fact.of(SeriesNote.OTHER_UIDS, uids=others))
    return InferredPlan(series=series, notes=tuple(notes))


def _count_other_uids(series: Series, held: Sequence[ExternalCall]) -> int:
    """Return how many UIDs of calls the series does not keep; those of this project's series of events do not count."""
    strangers = {call.uid for call in held} - {call.uid for call in unroll(series)}
    return len(strangers - {uid for uid in strangers if (own := parse_own_uid(uid)) and own.date is None})


def _has_clock_shift(series: Series) -> bool:
    """Return whether two slots are one hour apart, as if a clock change had made two of one."""
    slots = [*series.rotation.slots, *(slot for phase in series.phases for slot in phase.slots or ())]
    minutes = {slot.at.hour * 60 + slot.at.minute for slot in slots}
    return len(slots) > _FEW and any((minute + 60) % 1440 in minutes for minute in minutes)


def _choose_name(named: str, titles: Sequence[str]) -> str:
    """Return the name of the meeting: that of the calendar, or the common words of all titles."""
    if not titles:
        return named or _NO_NAME
    if len(set(titles)) == 1:
        return titles[0]
    if named and all(title == named or title.startswith(f"{named} ") for title in titles):
        return named
    words = takewhile(lambda same: len(set(same)) == 1, zip(*(title.split() for title in titles), strict=False))
    shared = re.sub(r"[\W_]+$", "", " ".join(word[0] for word in words))
    return shared if len(shared) >= _SHORTEST else Counter(titles).most_common(1)[0][0]


def _find_own_uids(uids: Iterable[str]) -> tuple[str | None, str | None]:
    """Return the id and the domain of most UIDs of this project, each None if a plan does not accept it.

    >>> _find_own_uids(["board-20260901@board.example.org", "board-slot2@board.example.org", "q17f@google.com"])
    ('board', 'board.example.org')
    """
    forms = [own for uid in uids if (own := parse_own_uid(uid))]
    for (meeting_id, domain), _ in Counter((own.meeting, own.domain) for own in forms).most_common(1):
        return (
            meeting_id if check_meeting_id(meeting_id) is None else None,
            domain if check_domain(domain) is None else None,
        )
    return None, None


def _choose_id(calls: Sequence[ExternalCall], name: str) -> str:
    """Return the id: the common start of the UIDs if that is a word, else the name in plain letters."""
    left = sorted({call.uid.partition("@")[0] for call in calls})
    if len(left) > 1:
        pairs = takewhile(lambda pair: pair[0] == pair[1], zip(left[0], left[-1], strict=False))
        shared, mark, _ = re.sub(r"[._]", "-", "".join(pair[0] for pair in pairs)).rpartition("-")
        shared = shared.strip("-")
        if mark and len(shared) >= _SHORTEST and not shared.isdigit() and check_meeting_id(shared) is None:
            return shared
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_ID].strip("-")
    return slug or _NO_ID


def _is_url(text: str) -> bool:
    """Return whether a plan accepts a text as a URL."""
    if not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path))


def _add_numbering(series: Series, held: Sequence[ExternalCall]) -> Series | None:
    """Return the series with the numbering that gives every call its title; None if there is none."""
    titles = {(call.start, call.minutes): call.summary for call in held}
    if not any(titles.values()):
        return series
    for numbering in (None, *_list_numberings(series.meeting.name, held)):
        extras = _mark_numbered_extras(series, titles) if numbering else series.extras
        other = replace(series, meeting=replace(series.meeting, numbering=numbering), extras=extras)
        if all(titles[call.start, call.minutes] == call.title for call in unroll(other) if call.is_held):
            return other
    return None


def _mark_numbered_extras(series: Series, titles: Mapping[tuple[datetime, int], str]) -> tuple[Extra, ...]:
    """Return the extra calls of a series; those with more than the name in their titles are numbered."""
    calls = {call.uid: call for call in unroll(series) if call.slot_number is None}
    own = [calls[uid] for uid in make_extra_uids(series)]
    return tuple(
        replace(extra, numbered=titles.get((call.start, call.minutes)) != series.meeting.name)
        for extra, call in zip(series.extras, own, strict=True)
    )


def _list_numberings(name: str, held: Sequence[ExternalCall]) -> Iterator[Numbering]:
    """Return the numberings that may give the first numbered title."""
    labels = [call.summary.removeprefix(name).strip() for call in held]
    label = next((text for text in labels if text), "")
    if re.fullmatch(r"[0-9]{1,4}", label):
        yield from (Numbering(first=int(label), style=NumberStyle.ARABIC, count=count) for count in Counting)
    if (number := parse_roman(label)) is not None:
        yield from (Numbering(first=number, style=NumberStyle.ROMAN, count=count) for count in Counting)
