"""The English sentence of every fact, in a catalogue by code.

A template names figures of its fact in braces. Lists of names become "a, b and c", instants their UTC date and hour,
and facts their own sentence. A catalogue of another language translates the templates and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import TypeAlias

from mag_rotation.errors import list_lines, quote_value
from mag_rotation.report.words import difference, join_names, utc_moment
from mag_rotation.values import Fact, Figure

__all__ = ["SENTENCES", "Cases", "Plural", "fact_record", "sentence"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plural:
    """Two templates, of which the number or the length of the figure ``by`` chooses one."""

    by: str
    one: str
    many: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cases:
    """Templates by the value of the figure ``by``, and the one for all other values."""

    by: str
    when: Mapping[Figure, str]
    otherwise: str


Template: TypeAlias = str | Plural | Cases | Callable[[Fact], str]


class _Words(Formatter):
    """Formats figures as sentences have them."""

    def format_field(self, value: object, format_spec: str) -> str:
        match value:
            case Fact():
                return sentence(value)
            case tuple():
                return list_lines(value) if format_spec == "lines" else _NAMES[format_spec](value)
            case int() if format_spec:
                return _NUMBERS[format_spec](value)
            case str() if format_spec == "quoted":
                return quote_value(value)
            case datetime() if not format_spec:
                return utc_moment(value)
            case _:
                return format(value, format_spec)


def _quote_first(names: tuple[str, ...], most: int = 10) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(map(repr, names[:most]))}{more}"


def _first_three(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


_NAMES: Mapping[str, Callable[[tuple[str, ...]], str]] = {
    "": join_names,
    "all": lambda names: join_names(names, None),
    "quoted": _quote_first,
    "three": _first_three,
}
"""How a template lists names, by what it writes behind the colon."""

_NUMBERS: Mapping[str, Callable[[int], str]] = {
    "away": difference,
    "times": lambda count: {1: "once", 2: "twice running"}.get(count, f"{count} times running"),
    "clock": lambda hours: f"{abs(hours)} hours {'ahead of' if hours > 0 else 'behind'} UTC",
}
"""How a template writes a number, by what it writes behind the colon."""

_WORDS = _Words()


def _choose(template: Plural | Cases, figures: Mapping[str, Figure]) -> str:
    """Return the template that the figures call for."""
    value = figures[template.by]
    if isinstance(template, Cases):
        return template.when.get(value, template.otherwise)
    return template.one if (len(value) if isinstance(value, tuple) else value) == 1 else template.many


def sentence(fact: Fact) -> str:
    """Return a fact in words.

    >>> from datetime import date
    >>> from mag_rotation.plan.season import SeasonWarning
    >>> sentence(Fact.of(SeasonWarning.LATE_CALL, date=date(2026, 9, 1)))[:39]
    'the call of 2026-09-01 is of the last s'
    """
    template = SENTENCES[fact.code]
    if isinstance(template, Plural | Cases):
        template = _choose(template, fact.figures)
    return _WORDS.vformat(template, (), fact.figures) if isinstance(template, str) else template(fact)


def fact_record(fact: Fact) -> dict[str, object]:
    """Return a fact as JSON has it: its code and its figures, instants in UTC."""
    return {"code": str(fact.code), **{name: _plain(value) for name, value in fact.figures.items()}}


def _plain(value: Figure) -> object:
    match value:
        case Fact():
            return {name: _plain(inner) for name, inner in value.figures.items()}
        case tuple():
            return [one if isinstance(one, int) else str(one) for one in value]
        case datetime():
            return value.isoformat(timespec="seconds").replace("+00:00", "Z")
        case None | bool() | int():
            return value
        case _:
            return str(value)


def _name_roles(fact: Fact) -> str:
    pairs = zip(_names(fact, "members"), _names(fact, "roles"), strict=True)
    who = join_names([f"{member} ({role})" for member, role in pairs])
    return f"{who} must be awake and would be in the night"


def _names(fact: Fact, name: str) -> tuple[str, ...]:
    value = fact.figures[name]
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


_NOTES: Mapping[str, str | Cases] = {
    # lines of a calendar file
    "line_without_property": "lines that are no property (a name, a colon and a value) were left out",
    "line_outside_calendar": "lines outside BEGIN:VCALENDAR and END:VCALENDAR were left out",
    "event_outside_calendar": "events that stand in no calendar (BEGIN:VCALENDAR) were read as if they stood in one",
    "end_without_begin": "END lines that end nothing were left out",
    "component_without_end": "components without an END line were ended where the one around them ends",
    "line_not_utf8": "lines that are not UTF-8 were read as Windows-1252",
    "property_unreadable": "{property} that cannot be read was left out",
    "clock_rule_incomplete": "{component} without {property} stands in a VTIMEZONE",
    # times and zones
    "tzid_beside_utc": (
        "a TZID beside a time in UTC (Z) was not read: the Z counts, as RFC 5545 has it, though some programs mind it"
    ),
    "property_without_zone": "{property} without a zone was read in the zone of DTSTART",
    "times_without_zone": "times without a zone were read on the clock of {zone}",
    "tzid_and_vtimezone_disagree": (
        "the TZID {tzid:quoted} and its VTIMEZONE disagree, and the name was taken: {wall:%Y-%m-%d %H:%M} is "
        "{by_zone:%Y-%m-%dT%H:%MZ} by {zone} and {by_vtimezone:%Y-%m-%dT%H:%MZ} by the VTIMEZONE; --zone says otherwise"
    ),
    "tzid_read": Cases(
        by="basis",
        when={
            "rules": "the TZID {tzid:quoted} was read by its VTIMEZONE, which agrees with no zone of tzdata",
            "guess": "the TZID {tzid:quoted} was read by its VTIMEZONE, as {zone}",
        },
        otherwise="the TZID {tzid:quoted} was read as {zone}",
    ),
    # events
    "all_day_events": "all-day events were left out, since a call starts at an hour",
    "events_without_whole_minutes": (
        "events that do not start or end on a whole minute, or last none or more than a week, were left out"
    ),
    "events_outside_years": "events outside the years 1900 to 2999 were left out",
    "range_this_and_future": (
        "RANGE=THISANDFUTURE was read as a change of that call and all later ones, as RFC 5545 has it; not all "
        "programs do"
    ),
    "range_read_as_one_call": "a RANGE other than THISANDFUTURE was read as a change of that one call",
    "change_of_no_call": (
        "changes to a call that its series does not have (RECURRENCE-ID) were taken as calls, as some programs take "
        "them"
    ),
    "start_off_its_rule": (
        "series that start on a date their own rule does not give were taken to start there, as RFC 5545 has it"
    ),
    "exdate_without_zone": (
        "EXDATE without a zone (as in EXDATE;TZIP=) was read in the zone of DTSTART; strict programs show those calls"
    ),
    "exdate_of_whole_day": "EXDATE of a whole day was read as the call of that day; strict programs show it",
    "recurrence_id_of_whole_day": (
        "RECURRENCE-ID of a whole day was read as the call of that day; strict programs change none"
    ),
    "exrule_read": "EXRULE was read as RFC 2445 has it; most programs do not know it any more",
    "until_without_hour": (
        "UNTIL without an hour was read as the midnight that begins its day, as most programs read it: a call on that "
        "day is not there"
    ),
    "duration_beside_end": "DURATION beside DTEND was not read: DTEND counts",
    "rule_inside_change": "rules and dates inside the change of one call were not read",
    "older_versions": "older versions of an event (SEQUENCE, DTSTAMP) were left out",
    "events_share_uid": (
        "events with one UID and no SEQUENCE or DTSTAMP that says which of them counts were all taken"
    ),
    "status_unknown": "the STATUS {status:quoted} is none, and was not read",
    "cancelled_in_title": "events with 'cancelled' in their title were read as held",
    "property_misspelt": "{property} is no property of iCalendar and was not read; {intended}, perhaps",
    "property_without_value": "{property} without a value was left out",
    "status_misspelt": "a misspelt STATUS was read as CANCELLED",
    "cancelled_by_method": "events of a calendar with METHOD:CANCEL were read as cancelled, without STATUS:CANCELLED",
    "cancelled_by_title": (
        "events whose title begins with 'Canceled:' were read as cancelled, whatever their STATUS is"
    ),
    # what a plan does not adopt
    "attendees_left_out": ("attendees were left out; who takes part is written in [[members]] tables or in a roster"),
    "organizers_left_out": "organizers were left out; meeting.organizer names who invites",
    "attachments_left_out": "attachments were left out",
    "conferences_left_out": "CONFERENCE links were left out; meeting.url is the link of all calls",
    "alarms_left_out": "alarms were left out",
    "descriptions_left_out": "descriptions that differ from call to call were left out",
    "tasks_left_out": "tasks were left out",
    "journal_entries_left_out": "journal entries were left out",
    "busy_times_left_out": "busy times were left out",
    "repeated_calls": "calls that stand in the file more than once were taken once",
    "rules_ended": "rules without an end were ended on {last}; --until says another day",
}
"""The templates of notes about a calendar file, which say how often each was found, and in which lines."""

_FOUND = " (found {count}){lines:lines}"
"""What stands behind each of the notes."""


def _add_found(template: str | Cases) -> Template:
    """Return the template of a note with how often it was found."""
    if isinstance(template, str):
        return f"{template}{_FOUND}"
    when = {value: f"{text}{_FOUND}" for value, text in template.when.items()}
    return Cases(by=template.by, when=when, otherwise=f"{template.otherwise}{_FOUND}")


SENTENCES: Mapping[str, Template] = {
    "call": Cases(by="label", when={None: "the call of {date}"}, otherwise="call {label} of {date}"),
    # verdicts
    "hours_ruled_out": "{members} cannot attend: the time touches hours they have ruled out",
    "required_role_in_night": _name_roles,
    "many_in_night": "{in_night} of {members} would be in the night, more than {percent} percent",
    "nights_running": Cases(
        by="in_all",
        when={None: "{members} would be in the night {calls:times}"},
        otherwise="{members} would be in the night {calls:times}; {in_all} in all at least twice running",
    ),
    "worst_off_again": Plural(
        by="members",
        one="{members} has borne the most so far and would be in the night",
        many="{members} have borne the most so far and would be in the night",
    ),
    "nothing_against": "{in_night} of {members} would be in the night, and no rule speaks against it",
    "no_rule_without_roster": "nobody is in the roster, so no rule can speak against it",
    "nobody_takes_part": "nobody of the roster takes part at that time, so no rule can speak against it",
    "call_beside": Cases(
        by="label",
        when={
            None: "the plan has a call on {start} UTC, {minutes:away}, which counts beside it; --instead-of {date} "
            "judges the time in its place"
        },
        otherwise="the plan has call {label} on {start} UTC, {minutes:away}, which counts beside it; --instead-of "
        "{label} judges the time in its place",
    ),
    # times of calls
    "hour_skipped": "{call}: its wall time is skipped by a clock change in {zone} and was moved past the gap",
    "hour_repeated": "{call}: its wall time happens twice in {zone}; the first was taken",
    "calls_overlap": "{call} starts at {start:%Y-%m-%d %H:%M}, before {other} ends at {end:%H:%M} UTC",
    "more_overlaps": "more than {named} overlaps of calls, the first of them above: look at their lengths",
    "tzdata_older_than_season": (
        "tzdata {tzdata} is older than the season, which ends in {year}: clock rules may change until then, so upgrade "
        "tzdata and run again before the season"
    ),
    # plans
    "empty_roster": (
        "nobody is in the roster, so nobody is in the night: name a [roster] file or write [[members]] tables"
    ),
    "required_role_of_nobody": "verdict.required-roles names {role!r}, which no member has",
    "column_not_read": Cases(
        by="meant",
        when={"groups": "the column {column!r} is not read; each group has a column of its own"},
        otherwise="the column {column!r} is not read; rename it if you meant {meant!r}",
    ),
    "column_read_as_group": Cases(
        by="meant",
        when={"groups": "the column {column!r} is read as a group of members; each group has a column of its own"},
        otherwise="the column {column!r} is read as a group of members; rename it if you meant {meant!r}",
    ),
    "exception_without_effect": "exceptions[{index}] changes nothing about the call of {date}",
    "phase_settings_without_effect": (
        "phases[{index}] has {settings:all} beside calls = false, which have no effect on rule dates"
    ),
    "no_call": "the plan has no call: every rule date lies in a phase with calls = false, and there are no extras",
    "start_ignored": "{place} is {value}, and advance = 'iso-week' ignores it: week 1 takes the first slot",
    "takes_turn_by_calendar": (
        "extras[{index}].takes-turn has no effect: advance = '{advance}' gives turns by the calendar"
    ),
    "takes_turn_of_no_call": "extras[{index}].takes-turn has no effect: no rule call comes after {date}",
    "phase_without_effect": (
        "phases[{index}], {phase!r}, has no effect: neither a rule date nor an extra lies from {first} to {last}"
    ),
    "members_without_address": (
        "{without} of {members} members have no email address, so no invitation can reach them"
    ),
    "group_holds_addresses": "the group {group!r} holds an address, and groups are printed; take it out of the groups",
    "group_holds_telephone_numbers": (
        "the group {group!r} holds a telephone number, and groups are printed; take it out of the groups"
    ),
    "zone_without_summer_time": Cases(
        by="hours",
        when={0: "the zone {zone} of {members:quoted} has no summer time: London is Europe/London"},
        otherwise="the zone {zone} of {members:quoted} has no summer time: {hours:clock} all year; name the place",
    ),
    "address_shared": "the members {members:quoted} have one email address, and invitations need one for each",
    "more_addresses_shared": Plural(
        by="addresses",
        one="{addresses} more email address belongs to several members",
        many="{addresses} more email addresses belong to several members",
    ),
    "attendance_of_no_call": "dates in the attendance on which this plan has no call: {dates:three}",
    # days off
    "country_unknown": (
        "no day off is known of the country {country!r}; countries are ISO 3166 codes of two letters, as CH"
    ),
    "country_without_holidays": "no public holiday is known of the country {country!r}; only its weekends are named",
    "members_without_country": (
        "{without} of {members} members have no group 'country', so no day off of theirs is known"
    ),
    # edits and seasons
    "uid_set_free": (
        "if the call of {date} has been announced, cancel it instead: then it has a note, and its UID can never be "
        "that of another call"
    ),
    "call_after_next_season_began": (
        "the call of {date} is of the last season and is held when the next one has begun, so the numbers do not "
        "follow the starts there"
    ),
    # editions of a calendar
    "uid_taken_over": (
        "the extra call of {date} at {start:%H:%M} UTC was announced as {announced} and takes over {uid}, which was "
        "another call; write nth = {nth} into its table in the plan"
    ),
    "uid_of_cancelled_call": (
        "the extra call of {date} at {start:%H:%M} UTC has the UID of one that was cancelled, {uid}; write nth = {nth} "
        "into its table in the plan if it is another call"
    ),
    # clock changes
    "stay_is_no_clock_change": (
        "{member} is in {zone} from {first} to {last}: a stay is no clock change, and what is told of {member} is read "
        "by the clock of {home} throughout"
    ),
    # proposals
    "made_by_version_0_1": (
        "the proposal was made by version 0.1, which names constraints and reasons in sentences only: its prices are "
        "taken for those of the constraints in their order, and its sentences are not checked; propose again for one "
        "that can be checked whole"
    ),
    # calendars of other programs
    **{code: _add_found(template) for code, template in _NOTES.items()},
    "other_meeting_left_out": Plural(
        by="events",
        one="another meeting was left out: {title:quoted} ({events} event); take it with --only",
        many="another meeting was left out: {title:quoted} ({events} events); take it with --only",
    ),
    "titles_left_out": "titles that differ from call to call were left out: all calls have the name of the meeting",
    "places_left_out": "places that differ from call to call were left out (found {calls})",
    "clock_shift_likely": (
        "the hours follow a clock that changes, it seems; --zone ZONE says which, and makes this shorter"
    ),
    "url_left_out": "a URL was left out, since it is no address that a plan takes",
    "calls_get_other_uids": Plural(
        by="uids",
        one="the calls get UIDs of their own: who has the old calendar sees each call twice until the old one is "
        "removed (found {uids} other UID)",
        many="the calls get UIDs of their own: who has the old calendar sees each call twice until the old one is "
        "removed (found {uids} other UIDs)",
    ),
    "other_zone_rules": "the proposal was made with the zone rules {given}, and is counted with {tzdata}",
}
"""The template of every code."""
