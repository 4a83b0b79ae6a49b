"""``schedule.xml``: the XML format of pentabarf, frab and pretalx.

A file with a document type is refused, and with it every entity. Our own part of an event is the processing
instruction ``mag-rotation``, which the schema allows everywhere and other programs pass over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from mag_rotation.errors import InvalidScheduleFile, Mistake
from mag_rotation.exchange.conference import Conference, ConferenceEvent, EventPerson
from mag_rotation.exchange.session_reader import IDENTIFIERS, KEPT, OWN_GENERATOR, EventSource, ScheduleSource
from mag_rotation.limits import SCHEDULE, SCHEDULE_LEVELS, SCHEDULE_VALUES
from mag_rotation.values import FrozenDict

__all__ = ["parse_schedule_xml", "write_schedule_xml"]

_INSTRUCTION = "mag-rotation"

_DERIVED = frozenset({"title", "acronym", "start", "end", "days", "timeslot_duration", "time_zone_name", "day_change"})
"""What a conference says and sessions imply, or what is read elsewhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Element:
    """An element, its line and the processing instruction of ours in it."""

    name: str
    attributes: Mapping[str, str]
    line: int
    children: tuple[_Element, ...]
    text: str
    instruction: str | None

    def find_all(self, name: str) -> Iterator[_Element]:
        return (one for one in self.children if one.name == name)

    def find_text(self, name: str) -> str:
        return next((one.text for one in self.find_all(name)), "")

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing at all."""
        attributes = any(text.strip() for text in self.attributes.values())
        return not self.text.strip() and not attributes and all(one.is_empty for one in self.children)


class _Opened:
    """An element whose end has not been read."""

    __slots__ = ("attributes", "children", "instruction", "line", "name", "texts")

    def __init__(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        self.name, self.attributes, self.line = name, attributes, line
        self.children: list[_Element] = []
        self.texts: list[str] = []
        self.instruction: str | None = None

    def close(self) -> _Element:
        return _Element(
            name=self.name,
            attributes=FrozenDict(self.attributes),
            line=self.line,
            children=tuple(self.children),
            text="".join(self.texts),
            instruction=self.instruction,
        )


def parse_schedule_xml(data: bytes) -> ScheduleSource:
    """Return what a schedule.xml says; raises :class:`InvalidScheduleFile` for anything else."""
    root = _parse(data)
    if root.name != "schedule":
        raise _refuse(root.line, f"found <{root.name}>; a schedule.xml begins with <schedule>")
    conference = next(root.find_all("conference"), None)
    generator = next((one.attributes.get("name", "") for one in root.find_all("generator")), "")
    left_out: Counter[str] = Counter()
    events = [
        _read_event(event, day, room, left_out)
        for day in root.find_all("day")
        for room in day.find_all("room")
        for event in room.find_all("event")
    ]
    if generator != OWN_GENERATOR:
        _count_around(root, left_out)
    return ScheduleSource(
        title=conference.find_text("title").strip() if conference else "",
        generator=generator,
        zone=conference.find_text("time_zone_name") if conference else "",
        day_change=conference.find_text("day_change") if conference else "",
        events=tuple(events),
        left_out=FrozenDict(left_out),
    )


def _count_around(root: _Element, left_out: Counter[str]) -> None:
    """Count what sessions do not have of what is around events."""
    days = list(root.find_all("day"))
    rooms = [room for day in days for room in day.find_all("room")]
    left_out["room.guid"] += len({room.attributes["guid"] for room in rooms if "guid" in room.attributes})
    for parents, name, known in (
        ([root], "schedule", {"generator", "version", "conference", "day"}),
        (root.find_all("conference"), "conference", _DERIVED),
        (days, "day", {"room"}),
        (rooms, "room", {"event"}),
    ):
        for one in (child for parent in parents for child in parent.children):
            is_name_alone = one.name == "track" and one.attributes.keys() <= {"name"} and not one.children
            left_out[f"{name}.{one.name}"] += one.name not in known and not one.is_empty and not is_name_alone


def _read_event(event: _Element, day: _Element, room: _Element, left_out: Counter[str]) -> EventSource:
    """Return an event, and count what a session does not have of it."""
    texts = {one.name: one.text for one in event.children if one.name in {*KEPT, *IDENTIFIERS}}
    texts |= {key: text for key, text in event.attributes.items() if key in {"id", *IDENTIFIERS}}
    texts["room"] = texts.get("room") or room.attributes.get("name", "")
    is_own = event.instruction is not None
    people = [one for group in event.find_all("persons") for one in group.find_all("person")]
    for name, text in event.attributes.items():
        is_known = name == "id" or (is_own and name in IDENTIFIERS)
        left_out[f"event.{name}"] += not is_known and bool(text.strip())
    for one in event.children:
        is_known = one.name in KEPT or one.name == "persons" or (is_own and one.name in IDENTIFIERS)
        if not is_known and not one.is_empty:
            left_out[f"event.{one.name}"] += sum(not part.is_empty for part in one.children) or 1
    return EventSource(
        place=f"line {event.line}",
        day=day.attributes.get("date", ""),
        texts=FrozenDict(texts),
        people=tuple(
            EventPerson(
                name=one.text.strip(),
                guid=one.attributes.get("guid", ""),
                code=one.attributes.get("code", one.attributes.get("id", "")),
            )
            for one in people
        ),
        extras=event.instruction,
    )


def _refuse(line: int, problem: str) -> InvalidScheduleFile:
    return InvalidScheduleFile([Mistake(place=f"line {line}", problem=problem)])


class _Tree:
    """Builds the elements of a document while it is parsed, up to the limits."""

    def __init__(self) -> None:
        self.roots: list[_Element] = []
        self._opened: list[_Opened] = []
        self._count = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_type
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._add_text
        self._parser.ProcessingInstructionHandler = self._add_instruction

    def feed(self, data: bytes) -> None:
        """Parse a whole document."""
        self._parser.Parse(data, True)  # noqa: FBT003 - positional in pyexpat

    def _refuse_type(self, *_: object) -> None:
        problem = "found a document type; a schedule.xml has none (is this a web page, such as one to log in?)"
        raise _refuse(self._parser.CurrentLineNumber, problem)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        self._count += 1 + len(attributes)
        if self._count > SCHEDULE_VALUES:
            raise _refuse(line, f"found more than {SCHEDULE_VALUES:,} elements and attributes; {SCHEDULE.cure}")
        if len(self._opened) >= SCHEDULE_LEVELS:
            raise _refuse(line, f"found more than {SCHEDULE_LEVELS} elements in each other; a schedule.xml has seven")
        self._opened.append(_Opened(name, attributes, line))

    def _end(self, _: str) -> None:
        element = self._opened.pop().close()
        (self._opened[-1].children if self._opened else self.roots).append(element)

    def _add_text(self, text: str) -> None:
        self._opened[-1].texts.append(text)

    def _add_instruction(self, target: str, text: str) -> None:
        if target == _INSTRUCTION and self._opened and self._opened[-1].name == "event":
            self._opened[-1].instruction = text


def _parse(data: bytes) -> _Element:
    """Return the root of an XML document of an acceptable size and depth."""
    tree = _Tree()
    try:
        tree.feed(data)
    except expat.ExpatError as error:
        place = f"line {error.lineno}, column {error.offset + 1}"
        why = expat.ErrorString(error.code)
        problem = f"found no XML that can be read ({why}); export the schedule again, or give a schedule.json"
        raise InvalidScheduleFile([Mistake(place=place, problem=problem)]) from None
    except InvalidScheduleFile:
        raise
    except (LookupError, ValueError):  # the name of an encoding that is none, or has several bytes a letter
        raise _refuse(1, "found an encoding that is not read; save the file in UTF-8") from None
    return tree.roots[0]


# Writing.


def write_schedule_xml(conference: Conference) -> bytes:
    """Return a conference as the bytes of a schedule.xml, in UTF-8."""
    days = conference.days
    lines = [
        "<?xml version='1.0' encoding='utf-8'?>",
        "<schedule>",
        f"  <generator{_attributes(name=OWN_GENERATOR)}/>",
        f"  {_tag('version', conference.version)}",
        "  <conference>",
        f"    {_tag('title', conference.title)}",
        f"    {_tag('acronym', conference.acronym)}",
        f"    {_tag('start', days[0].date.isoformat())}",
        f"    {_tag('end', days[-1].date.isoformat())}",
        f"    {_tag('days', str(len(days)))}",
        f"    {_tag('timeslot_duration', '00:05')}",
        *([f"    {_tag('url', conference.url)}"] if conference.url else []),
        f"    {_tag('time_zone_name', conference.zone)}",
        *(f"    <track{_attributes(name=track)}/>" for track in conference.tracks),
        "  </conference>",
    ]
    for index, day in enumerate(days, start=1):
        bounds = {"start": day.start.isoformat(), "end": day.end.isoformat()}
        lines.append(f"  <day{_attributes(index=str(index), date=day.date.isoformat(), **bounds)}>")
        for room, events in day.rooms.items():
            lines.append(f"    <room{_attributes(name=room, guid=conference.rooms[room])}>")
            for event in events:
                lines += (f"      {line}" for line in _write_event(event))
            lines.append("    </room>")
        lines.append("  </day>")
    return "\n".join([*lines, "</schedule>", ""]).encode()


def _write_event(event: ConferenceEvent) -> Sequence[str]:
    """Return the lines of an event; those within a text are not indented, because its blanks are its own."""
    texts = {
        "date": event.start.isoformat(),
        "start": f"{event.start.wall:%H:%M}",
        "duration": event.long_duration,
        "room": event.room,
        "slug": event.slug,
        "title": event.title,
        "subtitle": "",
        "track": event.track,
        "type": event.type,
        "language": event.language,
        "abstract": event.abstract,
        "description": event.description,
    }
    people = [
        f"    <person{_attributes(id=one.code, guid=one.guid)}>{_escape(one.name)}</person>" for one in event.people
    ]
    return [
        f"<event{_attributes(id=str(event.id), guid=event.guid)}>",
        f"  <?{_INSTRUCTION} {event.extras.replace('>', chr(92) + 'u003e')}?>",
        *(f"  {_tag(name, text)}" for name, text in texts.items()),
        *([f"  {_tag('url', event.url)}"] if event.url else []),
        *(["  <persons>", *people, "  </persons>"] if people else ["  <persons/>"]),
        "  <links/>",
        "</event>",
    ]


def _tag(name: str, text: str) -> str:
    return f"<{name}>{_escape(text)}</{name}>" if text else f"<{name}/>"


def _attributes(**texts: str) -> str:
    return "".join(f' {name}="{text.translate(_ATTRIBUTE_ESCAPES)}"' for name, text in texts.items())


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})
_ATTRIBUTE_ESCAPES = _ESCAPES | str.maketrans({"\n": "&#10;", "\t": "&#9;"})


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)
