"""Reads one .ics file with libical and prints its occurrences as JSON, sorted by start and uid.

Law: whatever libical makes of the file is what is printed. The glue below only lays overrides over the series that
libical itself expands; it repairs nothing. What has no instant (a floating time, an unknown TZID, a whole day) or no
end (a rule without COUNT and UNTIL), and every X-LIC-ERROR that the parser leaves, is refused with exit 1.

Run as a program of its own, never imported by a test: a crash of the C library then ends this process only.
Layouts are those of libical 3.0 on a 64-bit machine (``libical.so.3``; 4.0 is another library by name).
"""

import ctypes
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

# 10,000 rule dates are the most that a plan may have, and a file can hold a few extras as well.
MOST_OCCURRENCES = 12_000
FIRST_YEAR, LAST_YEAR = 1970, 2200

# Every kind of property; unlike the component's, this one has no name that libical would translate.
ANY_PROPERTY = 0

Handle = ctypes.c_void_p
Row = dict[str, str | int | list[str] | None]


class Time(ctypes.Structure):
    """libical's broken-down time, passed by value; ``zone`` is null when floating."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        ("is_date", ctypes.c_int),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    ]


class Span(ctypes.Structure):
    """The seconds since 1970 between which one occurrence lies."""

    _fields_ = [("start", ctypes.c_long), ("end", ctypes.c_long), ("is_busy", ctypes.c_int)]


OnOccurrence = ctypes.CFUNCTYPE(None, Handle, ctypes.POINTER(Span), Handle)

SIGNATURES: dict[str, tuple[type | None, list[type]]] = {
    "icalerror_set_errors_are_fatal": (None, [ctypes.c_int]),
    "icalparser_parse_string": (Handle, [ctypes.c_char_p]),
    "icalcomponent_string_to_kind": (ctypes.c_int, [ctypes.c_char_p]),
    "icalcomponent_isa": (ctypes.c_int, [Handle]),
    "icalcomponent_get_first_component": (Handle, [Handle, ctypes.c_int]),
    "icalcomponent_get_next_component": (Handle, [Handle, ctypes.c_int]),
    "icalcomponent_get_first_property": (Handle, [Handle, ctypes.c_int]),
    "icalcomponent_get_next_property": (Handle, [Handle, ctypes.c_int]),
    "icalcomponent_get_timezone": (Handle, [Handle, ctypes.c_char_p]),
    "icalcomponent_get_dtstart": (Time, [Handle]),
    "icalcomponent_get_dtend": (Time, [Handle]),
    "icalcomponent_foreach_recurrence": (None, [Handle, Time, Time, OnOccurrence, Handle]),
    "icalproperty_string_to_kind": (ctypes.c_int, [ctypes.c_char_p]),
    "icalproperty_get_datetime_with_component": (Time, [Handle, Handle]),
    "icalproperty_get_property_name": (ctypes.c_char_p, [Handle]),
    "icalproperty_get_parameter_as_string": (ctypes.c_char_p, [Handle, ctypes.c_char_p]),
    "icalproperty_get_value": (Handle, [Handle]),
    "icalproperty_get_value_as_string": (ctypes.c_char_p, [Handle]),
    "icalvalue_get_text": (ctypes.c_char_p, [Handle]),
    "icaltime_as_timet_with_zone": (ctypes.c_long, [Time, Handle]),
    "icaltimezone_get_utc_timezone": (Handle, []),
}


class Unreadable(Exception):
    """What libical, or the glue round it, will not read."""


class Libical:
    """The shared library with its signatures declared, and the few questions asked of it."""

    def __init__(self) -> None:
        self.so = ctypes.CDLL("libical.so.3")
        for name, (result, arguments) in SIGNATURES.items():
            function = getattr(self.so, name)
            function.restype, function.argtypes = result, arguments
        self.so.icalerror_set_errors_are_fatal(0)

    def components(self, parent: int, kind: str) -> Iterator[int]:
        """The children of one kind; libical keeps one cursor a parent, hence the list before the first yield."""
        number = self.so.icalcomponent_string_to_kind(kind.encode())
        found, child = [], self.so.icalcomponent_get_first_component(parent, number)
        while child:
            found.append(child)
            child = self.so.icalcomponent_get_next_component(parent, number)
        yield from found

    def properties(self, component: int, kind: str | None = None) -> Iterator[int]:
        """The properties of one kind, or of all, in the order of the file."""
        number = ANY_PROPERTY if kind is None else self.so.icalproperty_string_to_kind(kind.encode())
        found, prop = [], self.so.icalcomponent_get_first_property(component, number)
        while prop:
            found.append(prop)
            prop = self.so.icalcomponent_get_next_property(component, number)
        yield from found

    def errors(self, component: int) -> Iterator[str]:
        """What the parser complained of, in this component and below."""
        for prop in self.properties(component):
            if self.so.icalproperty_get_property_name(prop) == b"X-LIC-ERROR":
                yield self.so.icalproperty_get_value_as_string(prop).decode()
        for child in self.components(component, "ANY"):
            yield from self.errors(child)

    def unknown_zones(self, calendar: int, component: int) -> set[str]:
        """The TZIDs that no VTIMEZONE of the file explains; for those libical would ask the machine it runs on."""
        used = {self.so.icalproperty_get_parameter_as_string(prop, b"TZID") for prop in self.properties(component)}
        return {tzid.decode() for tzid in used if tzid and not self.so.icalcomponent_get_timezone(calendar, tzid)}

    def value(self, component: int, kind: str) -> str | None:
        """The first property's value as libical writes it, escapes and all."""
        for prop in self.properties(component, kind):
            return bytes(self.so.icalproperty_get_value_as_string(prop)).decode()
        return None

    def texts(self, component: int, kind: str) -> list[str]:
        """The values of a TEXT property with the escapes undone."""
        values = [self.so.icalproperty_get_value(prop) for prop in self.properties(component, kind)]
        return [bytes(self.so.icalvalue_get_text(value) or b"").decode() for value in values]

    def text(self, component: int, kind: str) -> str | None:
        """The first value of a TEXT property with the escapes undone."""
        return next(iter(self.texts(component, kind)), None)

    def seconds(self, time: Time, what: str) -> int:
        """Seconds since 1970 of a time that names one instant."""
        if time.year == 0:
            raise Unreadable(f"{what} is missing or cannot be read")
        if time.is_date:
            raise Unreadable(f"{what} is a whole day, want a date-time")
        if not time.zone:
            raise Unreadable(f"{what} is floating: no Z and no known TZID")
        return int(self.so.icaltime_as_timet_with_zone(time, time.zone))

    def expand(self, component: int) -> list[tuple[int, int]]:
        """Start and end of every occurrence that the rules of ``component`` give."""
        rules = [
            self.so.icalproperty_get_value_as_string(prop).decode() for prop in self.properties(component, "RRULE")
        ]
        if any("COUNT=" not in rule and "UNTIL=" not in rule for rule in rules):
            raise Unreadable("RRULE has neither COUNT nor UNTIL")
        spans: list[tuple[int, int]] = []
        on_occurrence = OnOccurrence(lambda _, span, __: spans.append((span.contents.start, span.contents.end)))
        utc = self.so.icaltimezone_get_utc_timezone()
        first, last = (Time(year=year, month=1, day=1, zone=utc) for year in (FIRST_YEAR, LAST_YEAR))
        self.so.icalcomponent_foreach_recurrence(component, first, last, on_occurrence, None)
        if len(spans) > MOST_OCCURRENCES:
            raise Unreadable(f"more than {MOST_OCCURRENCES} occurrences")
        return spans


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _row(library: Libical, component: int, span: tuple[int, int], recurrence_id: int | None) -> Row:
    sequence = library.value(component, "SEQUENCE")
    return {
        "uid": library.text(component, "UID"),
        "recurrence_id": None if recurrence_id is None else _instant(recurrence_id),
        "start": _instant(span[0]),
        "end": _instant(span[1]),
        "summary": library.text(component, "SUMMARY"),
        "description": library.text(component, "DESCRIPTION"),
        "location": library.text(component, "LOCATION"),
        "url": library.value(component, "URL"),
        "categories": list(library.texts(component, "CATEGORIES")),
        "status": library.value(component, "STATUS"),
        "sequence": None if sequence is None else int(sequence),
    }


def _calendars(library: Libical, root: int) -> list[int]:
    if library.so.icalcomponent_isa(root) == library.so.icalcomponent_string_to_kind(b"VCALENDAR"):
        return [root]
    # Several calendars in one stream hang below a root of libical's own.
    return list(library.components(root, "VCALENDAR"))


def _rows(library: Libical, calendar: int) -> Iterator[Row]:
    masters: list[tuple[str, int]] = []
    overrides: dict[tuple[str, int], int] = {}
    for component in library.components(calendar, "VEVENT"):
        uid = library.text(component, "UID")
        if not uid:
            raise Unreadable("VEVENT without UID")
        if unknown := library.unknown_zones(calendar, component):
            raise Unreadable(f"{uid}: no known TZID: {', '.join(sorted(unknown))}")
        if any(library.properties(component, "RDATE")):
            raise Unreadable(f"{uid}: RDATE is read differently by every engine")
        recurrence_id = next(library.properties(component, "RECURRENCE-ID"), None)
        if recurrence_id is None:
            masters.append((uid, component))
        else:
            # icalcomponent_get_recurrenceid() would leave a TZID unresolved.
            original = library.so.icalproperty_get_datetime_with_component(recurrence_id, component)
            overrides[uid, library.seconds(original, f"{uid}: RECURRENCE-ID")] = component
    for uid, component in masters:
        _own_span(library, uid, component)
        recurring = any(library.properties(component, "RRULE"))
        for span in library.expand(component):
            override = overrides.pop((uid, span[0]), None) if recurring else None
            if override is None:
                yield _row(library, component, span, span[0] if recurring else None)
            else:
                yield _row(library, override, _own_span(library, uid, override), span[0])
    # Overrides of no occurrence, or that came without their series: each stands for itself.
    for (uid, original), override in overrides.items():
        yield _row(library, override, _own_span(library, uid, override), original)


def _own_span(library: Libical, uid: str, component: int) -> tuple[int, int]:
    start, end = library.so.icalcomponent_get_dtstart(component), library.so.icalcomponent_get_dtend(component)
    return library.seconds(start, f"{uid}: DTSTART"), library.seconds(end, f"{uid}: DTEND")


def read(path: Path) -> list[Row]:
    """The occurrences of the file at ``path``, sorted by start and uid; raises ``Unreadable``."""
    library = Libical()
    root = library.so.icalparser_parse_string(path.read_bytes())
    if not root:
        raise Unreadable("no component in the file")
    if errors := list(library.errors(root)):
        raise Unreadable("; ".join(errors))
    calendars = _calendars(library, root)
    if not calendars:
        raise Unreadable("no VCALENDAR in the file")
    rows = [row for calendar in calendars for row in _rows(library, calendar)]
    return sorted(rows, key=lambda row: (str(row["start"]), str(row["uid"])))


def main(arguments: list[str]) -> int:
    """Print the occurrences of the one file named; exit 1 with a sentence on stderr when libical refuses it."""
    try:
        sys.stdout.write(json.dumps(read(Path(arguments[0]))) + "\n")
    except Unreadable as error:
        sys.stderr.write(f"libical: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
