"""A linter for the bytes of emitted calendar files.

Law: it judges what this project may write, which is narrower than what RFC 5545 lets anybody write, and it shares no
code with the library and none with a parser, for those forgive. Every finding begins with the number of the physical
line at which it can be seen. Each rule with cases is a table; each has one broken file in ``test_strangers.py``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from dateutil.rrule import rrulestr

MOST_OCTETS = 75
LONG_AGO = datetime(1, 1, 1)  # noqa: DTZ001 - wall time

NAME = re.compile(r"[A-Za-z0-9-]+")
PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
PHYSICAL = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
CONTROL = re.compile(rb"[\x00-\x08\x0A-\x1F\x7F]")
ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
OFFSET = re.compile(r"[+-](?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?")
DURATION = re.compile(r"P(?:[0-9]+W|(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?)(?<!P)")

TEXT = frozenset({
    "COMMENT", "DESCRIPTION", "LOCATION", "NAME", "PRODID", "SUMMARY", "TZID", "TZNAME", "UID", "X-WR-CALDESC",
    "X-WR-CALNAME",
})  # fmt: skip
TEXT_LIST = frozenset({"CATEGORIES", "RESOURCES"})

PARENTS = {  # component: where it may stand; "" is the file itself
    "VCALENDAR": ("",),
    "VEVENT": ("VCALENDAR",),
    "VTIMEZONE": ("VCALENDAR",),
    "STANDARD": ("VTIMEZONE",),
    "DAYLIGHT": ("VTIMEZONE",),
    "VALARM": ("VEVENT",),
}
OBSERVANCE = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO")
REQUIRED = {
    "VCALENDAR": ("PRODID", "VERSION"),
    "VEVENT": ("UID", "DTSTAMP", "DTSTART", "SEQUENCE"),
    "VTIMEZONE": ("TZID",),
    "STANDARD": OBSERVANCE,
    "DAYLIGHT": OBSERVANCE,
    "VALARM": ("ACTION", "TRIGGER"),
}
ONCE = {
    "VCALENDAR": (
        "CALSCALE", "COLOR", "LAST-MODIFIED", "METHOD", "NAME", "PRODID", "REFRESH-INTERVAL", "SOURCE", "UID", "URL",
        "VERSION", "X-PUBLISHED-TTL", "X-WR-CALDESC", "X-WR-CALNAME", "X-WR-TIMEZONE",
    ),
    "VEVENT": (
        "CATEGORIES", "CLASS", "COLOR", "CREATED", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "DURATION", "GEO",
        "LAST-MODIFIED", "LOCATION", "ORGANIZER", "PRIORITY", "RECURRENCE-ID", "RRULE", "SEQUENCE", "STATUS", "SUMMARY",
        "TRANSP", "UID", "URL",
    ),
    "VTIMEZONE": ("LAST-MODIFIED", "TZID", "TZURL"),
    "STANDARD": (*OBSERVANCE, "RRULE"),
    "DAYLIGHT": (*OBSERVANCE, "RRULE"),
    "VALARM": ("ACTION", "DESCRIPTION", "DURATION", "REPEAT", "SUMMARY", "TRIGGER"),
}  # fmt: skip
CANCELLED = {"SUMMARY": "Cancelled: ", "TRANSP": "TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS": "FREE"}
WANTED_VALUE = {"CONFERENCE": "URI", "REFRESH-INTERVAL": "DURATION", "SOURCE": "URI"}  # RFC 7986: VALUE is not implied
GRAMMAR = {
    "DURATION": (DURATION, "a duration such as PT2H"),
    "REFRESH-INTERVAL": (DURATION, "a duration such as PT2H"),
    "X-PUBLISHED-TTL": (DURATION, "a duration such as PT2H"),
    "SEQUENCE": (re.compile(r"[0-9]+"), "an integer of 0 or more"),
    "COLOR": (re.compile(r"[a-z]+"), "a color name such as steelblue"),
    "STATUS": (re.compile(r"TENTATIVE|CONFIRMED|CANCELLED"), "TENTATIVE, CONFIRMED or CANCELLED"),
    "TRANSP": (re.compile(r"OPAQUE|TRANSPARENT"), "OPAQUE or TRANSPARENT"),
    "TZOFFSETFROM": (OFFSET, "an offset such as +0100"),
    "TZOFFSETTO": (OFFSET, "an offset such as +0100"),
    "UID": (re.compile(r"\S+"), "one word"),
    "VERSION": (re.compile(r"2\.0"), "2.0"),
}
MUST_BE_UTC = frozenset({"COMPLETED", "CREATED", "DTSTAMP", "LAST-MODIFIED"})
TIMES = frozenset({"DTEND", "DTSTART", "EXDATE", "RDATE", "RECURRENCE-ID"})
ONLY_IN_MASTER = ("EXDATE", "RDATE", "RRULE")  # several servers refuse an override that recurs
NOT_IN_FEEDS = ("ATTENDEE", "REQUEST-STATUS")  # RFC 5546, 3.2.1; and nothing of a member is public


@dataclass(frozen=True, kw_only=True, slots=True)
class Property:
    """One unfolded content line."""

    line: int
    name: str
    parameters: dict[str, str]
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """What stands between a BEGIN and its END."""

    line: int
    name: str
    properties: list[Property] = field(default_factory=list)
    children: list["Component"] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        """The first property of that name."""
        return next((prop for prop in self.properties if prop.name == name), None)

    def below(self, *names: str) -> list["Component"]:
        """The direct children of these names."""
        return [child for child in self.children if child.name in names]


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A time value: its digits as a naive time, and its form: ``Z``, ``DATE``, ``floating`` or ``TZID=...``."""

    form: str
    wall: datetime


Finding = tuple[int, str]


def lint(data: bytes, method: str | None = None) -> list[str]:
    r"""Everything wrong with one calendar file, by line; empty when it is clean.

    ``method`` is the METHOD that the file must carry, ``None`` when it must carry none.

    >>> lint(b"BEGIN:VCALENDAR\r\nPRODID:-//example//EN\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")
    []
    >>> lint(b"BEGIN:VCALENDAR\r\nPRODID:-//example//EN\r\nVERSION:2.0\r\nEND:VCALENDAR\n")
    ['line 4: bare LF', 'line 4: the file does not end with CRLF']
    """
    findings: list[Finding] = []
    logical = _unfold(data, findings)
    root = _tree(logical, findings)
    for component in _walk(root):
        findings.extend(_component_findings(component))
        for prop in component.properties:
            findings.extend(_property_findings(prop, component.name))
    if len(root.children) != 1 or root.children[0].name != "VCALENDAR":
        findings.append((1, "want exactly one VCALENDAR in the file"))
    else:
        findings.extend(_calendar_findings(root.children[0], method))
    return [f"line {line}: {what}" for line, what in sorted(set(findings))]


def _unfold(data: bytes, findings: list[Finding]) -> list[tuple[int, str]]:
    """The logical lines, each with the number of its first physical line."""
    logical: list[tuple[int, bytes]] = []
    number = 0
    for number, ended in enumerate(PHYSICAL.findall(data), start=1):
        physical = ended.rstrip(b"\r\n")
        findings.extend((number, what) for what in _physical_findings(physical, ended[len(physical) :]))
        if physical[:1] in {b" ", b"\t"} and logical:
            start, before = logical[-1]
            if (len(before) - len(before.rstrip(b"\\"))) % 2:
                findings.append((number, "fold between a backslash and its letter"))
            if physical[1:2] and 0x80 <= physical[1] <= 0xBF:
                findings.append((number, "fold inside a UTF-8 character"))
            logical[-1] = (start, before + physical[1:])
        elif physical:
            logical.append((number, physical))
    if not data.endswith(b"\r\n"):
        findings.append((max(1, number), "the file does not end with CRLF"))
    decoded = [(start, line, line.decode("utf-8", "replace")) for start, line in logical]
    findings.extend((start, "not UTF-8") for start, line, text in decoded if text.encode() != line)
    return [(start, text) for start, _, text in decoded]


def _physical_findings(physical: bytes, ending: bytes) -> Iterator[str]:
    if ending in {b"\r", b"\n"}:
        yield "bare CR" if ending == b"\r" else "bare LF"
    if len(physical) > MOST_OCTETS:
        yield f"{len(physical)} octets, want at most {MOST_OCTETS}"
    if control := CONTROL.search(physical):
        yield f"control character 0x{control.group()[0]:02X}"
    if physical in {b"", b" ", b"\t"}:
        yield "empty line"


def _tree(logical: list[tuple[int, str]], findings: list[Finding]) -> Component:
    """The components, below a root without a name that stands for the file."""
    open_ones = [Component(line=1, name="")]
    for number, line in logical:
        prop = _parse(number, line, findings)
        if prop is None:
            continue
        here, name = open_ones[-1], prop.value.upper()
        if prop.name == "BEGIN":
            if here.name not in PARENTS.get(name, ()):
                findings.append((number, f"{name} may not stand in {here.name or 'the file'}"))
            child = Component(line=number, name=name)
            here.children.append(child)
            open_ones.append(child)
        elif prop.name == "END":
            if len(open_ones) == 1 or here.name != name:
                findings.append((number, f"END:{name} where {f'END:{here.name}' if here.name else 'nothing'} is open"))
            else:
                open_ones.pop()
        elif not here.name:
            findings.append((number, f"{prop.name} outside of a component"))
        else:
            if here.children and here.name in {"VCALENDAR", "VEVENT"}:
                findings.append((number, f"{prop.name} after a component, want it before"))
            here.properties.append(prop)
    findings.extend((component.line, f"{component.name} is never ended") for component in open_ones[1:])
    return open_ones[0]


def _parse(number: int, line: str, findings: list[Finding]) -> Property | None:
    name = NAME.match(line)
    if name is None:
        findings.append((number, f"no property name in {line[:20]!r}"))
        return None
    at, parameters = name.end(), {}
    while parameter := PARAMETER.match(line, at):
        key = parameter.group(1).upper()
        if key in parameters:
            findings.append((number, f"parameter {key} twice"))
        parameters[key] = parameter.group(2).strip('"')
        at = parameter.end()
    if line[at : at + 1] != ":":
        findings.append((number, f"bad parameters of {name.group().upper()} at {line[at : at + 20]!r}"))
        return None
    return Property(line=number, name=name.group().upper(), parameters=parameters, value=line[at + 1 :])


def _walk(component: Component) -> Iterator[Component]:
    for child in component.children:
        yield child
        yield from _walk(child)


def _component_findings(component: Component) -> Iterator[Finding]:
    for name in REQUIRED.get(component.name, ()):
        if component.first(name) is None:
            yield component.line, f"{component.name} without {name}"
    for name in ONCE.get(component.name, ()):
        again = [prop.line for prop in component.properties if prop.name == name][1:]
        yield from ((line, f"{name} twice in {component.name}") for line in again)


def _property_findings(prop: Property, where: str) -> Iterator[Finding]:
    name, value = prop.name, prop.value
    if name in WANTED_VALUE and prop.parameters.get("VALUE") != WANTED_VALUE[name]:
        yield prop.line, f"{name} without VALUE={WANTED_VALUE[name]}"
    if name in GRAMMAR and not GRAMMAR[name][0].fullmatch(value):
        yield prop.line, f"{name} is {value!r}, want {GRAMMAR[name][1]}"
    if name in TEXT | TEXT_LIST:
        for escape in ESCAPE.finditer(value):
            if escape.group(1) not in {"\\", ";", ",", "n", "N"}:
                yield prop.line, f"bad escape {escape.group()!r} in {name}"
        bare = ESCAPE.sub("", value)
        for mark in ";" if name in TEXT_LIST else ";,":
            if mark in bare:
                yield prop.line, f"bare {mark!r} in {name}"
    if name in MUST_BE_UTC | TIMES:
        yield from _time_findings(prop, where)


def _time_findings(prop: Property, where: str) -> Iterator[Finding]:
    for digits in _values(prop):
        moment = _moment(prop.parameters, digits)
        if moment is None:
            yield prop.line, f"{prop.name} is {digits!r}, want a date-time such as 20260901T140000Z"
        elif prop.name in MUST_BE_UTC and moment.form != "Z":
            yield prop.line, f"{prop.name} is {digits!r}, want it in UTC with a Z"
        elif where in {"STANDARD", "DAYLIGHT"} and moment.form != "floating":
            yield prop.line, f"{prop.name} of an observance is {digits!r}, want bare local time"
        elif where == "VEVENT" and moment.form == "floating":
            yield prop.line, f"{prop.name} is floating, want a Z or a TZID"


def _values(prop: Property) -> list[str]:
    return prop.value.split(",") if prop.name in {"EXDATE", "RDATE"} else [prop.value]


def _moment(parameters: dict[str, str], digits: str) -> Moment | None:
    is_date, zone, in_utc = parameters.get("VALUE") == "DATE", parameters.get("TZID"), digits.endswith("Z")
    shape = r"[0-9]{8}" if is_date else r"[0-9]{8}T[0-9]{6}Z?" if zone is None else r"[0-9]{8}T[0-9]{6}"
    if (is_date and zone is not None) or not re.fullmatch(shape, digits):
        return None
    try:
        wall = datetime.strptime(digits.rstrip("Z"), "%Y%m%d" if is_date else "%Y%m%dT%H%M%S")  # noqa: DTZ007 - wall time
    except ValueError:
        return None
    form = "DATE" if is_date else "Z" if in_utc else "floating" if zone is None else f"TZID={zone}"
    return Moment(form=form, wall=wall)


def _only_moment(prop: Property | None) -> Moment | None:
    return None if prop is None else _moment(prop.parameters, _values(prop)[0])


def _calendar_findings(calendar: Component, method: str | None) -> Iterator[Finding]:
    names = [prop.name for prop in calendar.properties]
    heads = [name for name in names if name in {"PRODID", "VERSION"}]
    if names[: len(heads)] != heads:
        yield calendar.line, "PRODID and VERSION are not the first properties of VCALENDAR"
    found = calendar.first("METHOD")
    if found is not None and found.value != method:
        yield found.line, f"METHOD is {found.value!r}, want {method or 'none'}"
    if found is None and method is not None:
        yield calendar.line, f"no METHOD, want {method}"
    events = calendar.below("VEVENT")
    for event in events:
        yield from _event_findings(event)
        if method is None:
            yield from ((prop.line, f"{prop.name} in a feed") for prop in event.properties if prop.name in NOT_IN_FEEDS)
    yield from _identity_findings(events)
    yield from _zone_findings(calendar, events)


def _event_findings(event: Component) -> Iterator[Finding]:
    end, rule = event.first("DTEND"), event.first("RRULE")
    begins, ends = _only_moment(event.first("DTSTART")), _only_moment(end)
    yield from _cancelled_findings(event)
    if end is not None and event.first("DURATION") is not None:
        yield end.line, "DTEND and DURATION in one VEVENT"
    if begins is None:
        return
    if end is not None and ends is not None and ends.form == begins.form and ends.wall <= begins.wall:
        yield end.line, "DTEND is not after DTSTART"
    for prop in event.properties:
        if prop.name in {"DTEND", "EXDATE", "RDATE"}:
            moments = (_moment(prop.parameters, digits) for digits in _values(prop))
            forms = {moment.form for moment in moments if moment is not None} - {begins.form}
            yield from ((prop.line, f"{prop.name} is {form}, DTSTART is {begins.form}") for form in forms)
        if prop.name == "RDATE":
            yield prop.line, "RDATE in a VEVENT, which every engine reads in its own way"
        if prop.parameters.get("TZID") == "UTC":
            yield prop.line, f"{prop.name} with TZID=UTC, want a Z"
    if rule is not None:
        yield from _rule_findings(rule, begins)
        yield from _series_findings(rule, event, begins)


def _cancelled_findings(event: Component) -> Iterator[Finding]:
    """What a cancelled event does not say to programs that never read STATUS."""
    status = event.first("STATUS")
    if status is None or status.value != "CANCELLED":
        return
    for name, wanted in CANCELLED.items():
        found = event.first(name)
        if found is None or not found.value.startswith(wanted):
            yield (found or status).line, f"{name} of a cancelled VEVENT does not begin with {wanted!r}"


def _series_findings(rule: Property, event: Component, begins: Moment) -> Iterator[Finding]:
    """What some engine gets wrong in the rule of a series, and exclusions of what it does not give."""
    parts = dict(part.partition("=")[::2] for part in rule.value.split(";"))
    days = parts.get("BYDAY", "").split(",")
    misread = {
        "BYWEEKNO": "BYWEEKNO" in parts,
        "BYSETPOS under WEEKLY": parts.get("FREQ") == "WEEKLY" and "BYSETPOS" in parts,
        "BYMONTHDAY under YEARLY without BYMONTH": (
            parts.get("FREQ") == "YEARLY" and "BYMONTHDAY" in parts and "BYMONTH" not in parts
        ),
        "a weekday twice in BYDAY": len(days) > len(set(days)),
    }
    yield from ((rule.line, f"{what}, which engines read differently") for what, found in misread.items() if found)
    if "COUNT" not in parts and "UNTIL" not in parts:
        yield rule.line, "RRULE of a series has neither COUNT nor UNTIL"
        return
    bounded = ";".join(f"{key}={value}" for key, value in parts.items() if key != "UNTIL")
    try:
        given = rrulestr(bounded, dtstart=begins.wall)
    except ValueError:  # said already
        return
    for prop in event.properties:
        if prop.name == "EXDATE":
            moments = [_moment(prop.parameters, digits) for digits in _values(prop)]
            walls = [moment.wall for moment in moments if moment is not None and moment.form == begins.form]
            for wall in walls:
                if next(iter(given.between(wall, wall, inc=True)), None) != wall:
                    yield prop.line, f"EXDATE {wall:%Y%m%dT%H%M%S} is no instance of the RRULE"


def _rule_findings(rule: Property, begins: Moment) -> Iterator[Finding]:
    parts = dict(part.partition("=")[::2] for part in rule.value.split(";"))
    until = parts.get("UNTIL")
    if until is not None:
        # RFC 5545: a date where DTSTART is one, otherwise UTC, in an observance as well.
        moment = _moment({"VALUE": "DATE"} if begins.form == "DATE" else {}, until)
        if moment is None or moment.form not in {"DATE", "Z"}:
            yield rule.line, f"UNTIL is {until!r}, want {'a date' if begins.form == 'DATE' else 'UTC with a Z'}"
        if "COUNT" in parts:
            yield rule.line, "COUNT and UNTIL in one RRULE"
    bounded = (f"{key}={value}" for key, value in parts.items() if key not in {"UNTIL", "COUNT"})
    try:
        first = next(iter(rrulestr(";".join(bounded), dtstart=begins.wall)), None)
    except ValueError as error:
        yield rule.line, f"RRULE cannot be read: {error}"
        return
    if first != begins.wall:
        yield rule.line, "DTSTART is not the first instance of its RRULE"


def _identity_findings(events: list[Component]) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    masters = {uid.value: event for event in events if (uid := event.first("UID")) and not event.first("RECURRENCE-ID")}
    for event in events:
        uid, recurrence = event.first("UID"), event.first("RECURRENCE-ID")
        if uid is None:
            continue
        key = (uid.value, recurrence.value if recurrence else "")
        if key in seen:
            yield uid.line, f"UID {uid.value!r} twice" + (" with one RECURRENCE-ID" if recurrence else "")
        seen.add(key)
        if recurrence is None:
            continue
        rules = [prop for prop in event.properties if prop.name in ONLY_IN_MASTER]
        yield from ((prop.line, f"{prop.name} in an override") for prop in rules)
        original = _only_moment(recurrence)
        master = _only_moment(masters[uid.value].first("DTSTART")) if uid.value in masters else None
        if original is not None and master is not None and original.form != master.form:
            yield recurrence.line, f"RECURRENCE-ID is {original.form}, the series' DTSTART is {master.form}"


def _zone_findings(calendar: Component, events: list[Component]) -> Iterator[Finding]:
    first_event = min((event.line for event in events), default=None)
    onsets: dict[str, datetime] = {}
    for zone in calendar.below("VTIMEZONE"):
        tzid = zone.first("TZID")
        if first_event is not None and zone.line > first_event:
            yield zone.line, "VTIMEZONE after a VEVENT"
        if tzid is not None and tzid.value in onsets:
            yield tzid.line, f"VTIMEZONE {tzid.value} twice"
        observances = zone.below("STANDARD", "DAYLIGHT")
        if not observances:
            yield zone.line, "VTIMEZONE without STANDARD or DAYLIGHT"
        for observance in observances:
            yield from _observance_findings(observance)
        if tzid is not None:
            begins = (_only_moment(observance.first("DTSTART")) for observance in observances)
            onsets[tzid.value] = min((moment.wall for moment in begins if moment is not None), default=LONG_AGO)
    for prop in (prop for event in events for prop in event.properties if "TZID" in prop.parameters):
        tzid_used, moment = prop.parameters["TZID"], _only_moment(prop)
        if tzid_used not in onsets:
            yield prop.line, f"TZID {tzid_used} has no VTIMEZONE"
        elif moment is not None and moment.wall < onsets[tzid_used]:
            yield prop.line, f"{prop.name} lies before the first onset of VTIMEZONE {tzid_used}"


def _observance_findings(observance: Component) -> Iterator[Finding]:
    rule, onset = observance.first("RRULE"), _only_moment(observance.first("DTSTART"))
    if rule is not None and onset is not None:
        yield from _rule_findings(rule, onset)
    for prop in observance.properties:
        if prop.name == "RDATE" and "," in prop.value:  # ical.js reads the first and Outlook none
            yield prop.line, "several RDATE values on one line of an observance, want one a line"
