"""The tables of a plan file, one class each: the one place that declares the keys.

A key is a field with the name that it has in the value (``Slot.minutes``), an ``alias`` where TOML has another name
than that in kebab-case (``duration``), a kind from :mod:`fields`, a default and a description. Everything else is
derived from it: the reader, the hints of error messages, the JSON Schema, the tables of the reference, the columns of a
roster sheet, the value (:func:`make_value`) and the way back to TOML (:func:`to_toml`).
"""

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import Annotated, ClassVar, TypeVar, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from mag_rotation.errors import InvalidProgramme, InvalidSeries, Mistake
from mag_rotation.planfile import fields as f
from mag_rotation.programme import DEFAULT_LEVELS, Duty, Level, Programme, Rule, Segment, Session
from mag_rotation.roster import Member, Stay
from mag_rotation.series import (
    Advance,
    Counting,
    Extra,
    Meeting,
    Numbering,
    NumberStyle,
    Organizer,
    Override,
    Phase,
    Rotation,
    Schedule,
    Season,
    Slot,
)
from mag_rotation.values import FrozenDict

__all__ = [
    "AttendanceLine",
    "CarriedLine",
    "Key",
    "MemberSketch",
    "MemberTable",
    "PlanTable",
    "Table",
    "Values",
    "find_inner_table",
    "list_keys",
    "make_value",
    "to_toml",
]

K = TypeVar("K")
V = TypeVar("V")


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Table(BaseModel):
    """A table of a plan: kebab-case keys, no unknown ones."""

    model_config = ConfigDict(
        alias_generator=_kebab, extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True
    )

    makes: ClassVar[Callable[..., object]] = dict
    """The class of the value that the table says; a dictionary where there is none."""


class OrganizerTable(Table):
    makes = Organizer

    name: f.Text = Field(description="who sends the invitations")
    email: f.Email = Field(description="the address that invitations come from, such as 'secretariat@example.org'")


class NumberingTable(Table):
    makes = Numbering

    first: Annotated[f.FirstNumber, f.Always()] = Field(default=1, description="the number of the first call")
    style: Annotated[f.Style, f.Always()] = Field(
        default=NumberStyle.ARABIC, description="how numbers are written: roman, arabic or none"
    )
    count: Annotated[f.Count, f.Always()] = Field(
        default=Counting.HELD, description="held: cancelled calls have no number; planned: they keep theirs"
    )


class MeetingTable(Table):
    makes = Meeting

    id: f.MeetingId = Field(description="letters, digits and hyphens such as 'mag2020': the left part of every UID")
    name: f.Text = Field(description="the name of the meeting")
    uid_domain: f.Domain = Field(description="a DNS name such as 'mag.example.org': the right part of every UID")
    minutes: f.Length = Field(alias="duration", description="how long a call lasts, such as '2h', '90min' or 'PT2H'")
    lead: f.Margin = Field(default=0, description="how long before the start members must be awake, such as '15min'")
    overrun: f.Margin = Field(default=0, description="how long a call may run over, such as '10min'")
    location: f.Text | None = Field(default=None, description="where the calls are held")
    url: f.Url | None = Field(default=None, description="the link of the calls, such as 'https://meet.example.org/mag'")
    description: f.Text | None = Field(default=None, description="what members should know about every call")
    organizer: OrganizerTable | None = Field(default=None, description="a name and an email address")
    numbering: NumberingTable | None = Field(
        default=None, description="how calls are numbered; without it they have no numbers"
    )
    alarm: f.Length | None = Field(
        default=None, description="how long before a call its reminder comes, such as '15min'"
    )
    color: f.Color | None = Field(default=None, description="the color of the calendar, a name such as 'steelblue'")
    feed_url: f.Url | None = Field(
        default=None, description="where the calendar file is published, such as 'https://example.org/mag.ics'"
    )
    season_from: Annotated[f.Day | None, f.PartOf(field="season", name="first", make=Season)] = Field(
        default=None, description="the first date of this plan; earlier calls belong to another plan"
    )
    season_to: Annotated[f.Day | None, f.PartOf(field="season", name="last", make=Season)] = Field(
        default=None, description="the last date of this plan; later calls belong to another plan"
    )


class ScheduleTable(Table):
    makes = Schedule

    first: f.Day = Field(description="the first day of the season, such as 2020-09-08")
    repeat: f.Repeat = Field(
        description="daily, weekly, fortnightly, monthly, or an RFC 5545 rule such as 'FREQ=MONTHLY;BYDAY=2TU'"
    )
    until: f.Day | None = Field(default=None, description="the last day of the season, included; or give count")
    count: f.DateCount | None = Field(default=None, description="the number of rule dates; or give until")


class SlotTable(Table):
    """A slot; a time of day alone is a slot with that start."""

    makes = Slot

    at: f.Clock = Field(description="the wall-clock start in the slot's zone, such as '14:00'")
    zone: Annotated[f.Zone, f.Always()] = Field(
        default="UTC", validate_default=True, description="the anchor zone: UTC or any IANA zone"
    )
    label: f.Text | None = Field(default=None, description="the name of the slot")
    weekday: f.WeekdayCode | None = Field(
        default=None, description="the day of the rule date's ISO week on which it is held"
    )
    minutes: f.Length | None = Field(
        alias="duration", default=None, description="the length of calls in this slot, such as '90min'"
    )

    @model_validator(mode="before")
    @classmethod
    def _of_start(cls, value: object) -> object:
        if isinstance(value, str):
            f.refuse_start_with_zone(value)
        return {"at": value} if isinstance(value, str | time) else value


class _OrStart:
    """What the JSON Schema says of a slot: a table, or a time of day alone."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), f.CLOCK_SCHEMA]}


SlotOrStart = Annotated[SlotTable, _OrStart]


class RotationTable(Table):
    makes = Rotation

    slots: list[SlotOrStart] = Field(
        min_length=1, description="the cycle of slots, such as ['14:00', '20:00'] or [{ at = '14:00' }]"
    )
    advance: f.AdvanceRule = Field(
        default=Advance.CALL, description="when the turn advances: call, held, week or iso-week"
    )
    start: f.Turn = Field(default=1, description="the slot of the first call, counted from 1")
    hold: f.Turn = Field(default=1, description="how many turns in a row a slot has before the next one")
    taken: f.TurnsTaken = Field(default=0, description="how many of these are over for the slot that begins")


class ExceptionTable(Table):
    makes = Override

    date: f.Day = Field(description="the rule date of the call to change")
    cancel: f.YesNo = Field(
        default=False, description="true: the call is cancelled; the other keys apply if it is held again"
    )
    at: f.Clock | None = Field(default=None, description="another wall-clock start, such as '13:00'")
    zone: f.Zone | None = Field(default=None, description="another zone for the same wall-clock start")
    to: f.Day | None = Field(default=None, description="the date to which the call is moved")
    slot: f.SlotReference | None = Field(default=None, description="the label or number of the slot to take")
    minutes: f.Length | None = Field(alias="duration", default=None, description="another length, such as '1h'")
    location: f.Text | None = Field(default=None, description="another place")
    note: f.Text | None = Field(default=None, description="a note for the members")
    cancel_note: f.Text | None = Field(
        default=None, description="a note on the cancellation, shown instead of note while the call is cancelled"
    )


class ExtraTable(Table):
    makes = Extra

    date: f.Day = Field(description="the date of the extra call")
    at: f.Clock = Field(description="the wall-clock start, such as '13:00'")
    zone: Annotated[f.Zone, f.Always()] = Field(
        default="UTC", validate_default=True, description="the zone of the wall-clock start"
    )
    minutes: f.Length | None = Field(
        alias="duration", default=None, description="its length, such as '1h'; else the phase's or the meeting's"
    )
    to: f.Day | None = Field(default=None, description="the date to which it is moved")
    cancel: f.YesNo = Field(default=False, description="true: the call is cancelled")
    note: f.Text | None = Field(default=None, description="a note for the members")
    location: f.Text | None = Field(default=None, description="another place")
    numbered: f.YesNo = Field(default=True, description="whether it takes a number")
    takes_turn: f.YesNo = Field(default=False, description="whether it uses up the turn of the next rule call")
    nth: f.Turn | None = Field(
        default=None, description="its place among the extra calls of its date, if an earlier one was deleted"
    )
    cancel_note: f.Text | None = Field(
        default=None, description="a note on the cancellation, shown instead of note while the call is cancelled"
    )


class PhaseTable(Table):
    makes = Phase

    name: f.Text = Field(description="the name of the phase")
    first: f.Day = Field(alias="from", description="its first day, included")
    last: f.Day = Field(alias="to", description="its last day, included")
    calls: f.YesNo = Field(default=True, description="false: the phase has no calls")
    minutes: f.Length | None = Field(
        alias="duration", default=None, description="the length of calls in it, such as '90min'"
    )
    slots: list[SlotOrStart] | None = Field(default=None, min_length=1, description="a cycle of slots of its own")
    start: f.Turn | None = Field(default=None, description="the slot of its first call, counted from 1")
    repeat: f.PhaseRepeat | None = Field(default=None, description="a rule of its own, counted from its first day")
    hold: f.Turn | None = Field(default=None, description="how many turns in a row a slot has in its own count")
    taken: f.TurnsTaken = Field(default=0, description="how many of these are over for the slot that begins")


class NightTable(Table):
    start: f.Clock = Field(
        alias="from", default="23:00", validate_default=True, description="when the night begins, such as '23:00'"
    )
    end: f.Clock = Field(
        alias="to", default="06:00", validate_default=True, description="when it ends, such as '06:00'"
    )


class BurdenTable(Table):
    curve: f.Text = Field(default="default", description="the curve of members who have none of their own")


class DaysOffTable(Table):
    weekend_points: f.DayPoints = Field(default=0, description="points per hour that a minute on a weekend adds")
    holiday_points: f.DayPoints = Field(default=0, description="points per hour that a minute on a public holiday adds")


class VerdictTable(Table):
    acceptable_share: f.Percent = Field(
        default=20, description="the percentage in the night above which a time is not good"
    )
    poor_share: f.Percent = Field(default=50, description="the percentage in the night above which a time is poor")
    acceptable_streak: f.Turn = Field(
        default=2, description="the nights in a row for one member from which a time is not good"
    )
    poor_streak: f.Turn = Field(default=4, description="the nights in a row for one member from which a time is poor")
    required_roles: f.Texts = Field(default=(), description="roles that must be awake, such as ['chair']")


class CurveTable(Table):
    hours: f.Points = Field(description="24 whole numbers: points per hour for the local hours 0 to 23")


class RosterTable(Table):
    file: f.Text = Field(description="the sheet of the members (CSV, XLSX or ODS), relative to the plan")
    groups: f.Texts | None = Field(
        default=None, description="the columns that are groups; all unknown columns if not given"
    )


class HistoryTable(Table):
    file: f.Text = Field(description="the sheet of the attendance (CSV, XLSX or ODS), relative to the plan")


class CarriedTable(Table):
    file: f.Text = Field(
        description="the sheet of the burdens from earlier seasons (CSV, XLSX or ODS), relative to the plan"
    )


class AttendanceLine(Table):
    """One line of an attendance sheet."""

    date: f.Day = Field(description="the rule date of a past call")
    member: f.Text = Field(description="the id of a member")
    attended: f.Answer = Field(description="yes or no")
    reply: f.Text | None = Field(default=None, description="the answer of the member, for information only")


class CarriedLine(Table):
    """One line of a carried ledger."""

    member: f.Text = Field(description="the id of a member")
    burden: f.Tally = Field(description="the point-minutes of the member from earlier seasons")
    night_calls: f.Tally = Field(alias="night_calls", description="how many of their calls were in the night")
    calls: f.Tally = Field(description="how many calls the member took part in")


class StayTable(Table):
    makes = Stay

    first: f.Day = Field(alias="from", description="the first day away, a civil day of the zone of the stay")
    last: f.Day = Field(alias="to", description="the last day away, included")
    zone: f.Zone = Field(description="the IANA zone of the stay")


class MemberTable(Table):
    makes = Member

    id: f.Text = Field(description="an id that no other member has")
    zone: f.Zone = Field(description="the IANA zone where the member lives, such as 'Europe/Zurich'")
    name: f.Text | None = Field(default=None, description="the name to show; the id if not given")
    email: f.Email | None = Field(default=None, description="the address for invitations, such as 'seat12@example.org'")
    groups: f.Groups = Field(default={}, description="any labels, such as { region = 'WEOG', country = 'AU' }")
    roles: f.Texts = Field(default=(), description="what the member does in calls, such as ['chair']")
    weight: f.Weight = Field(default=1, description="how many people the seat stands for in counts")
    curve: f.Text | None = Field(default=None, description="the curve of this member")
    lead: f.Margin | None = Field(default=None, description="how long before the start the member must be awake")
    night: f.NightRange | None = Field(default=None, description="the member's own night, such as '22:00-06:00'")
    never: f.Ranges = Field(default=(), description="hours the member cannot attend at all, such as ['00:00-05:00']")
    joined: f.Day | None = Field(default=None, description="the first day on which the member counts")
    left: f.Day | None = Field(default=None, description="the last day on which the member counts")
    stays: list[StayTable] = Field(default=[], description="dated stretches in another zone")
    locale: f.Locale | None = Field(default=None, description="the language of mails, such as 'fr' or 'pt-BR'")


def _readable(value: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(value)
    except ValidationError:
        return None


def _tables(value: object) -> list[object]:
    """Return the items of a list in their places; an item that is not a table becomes an empty one."""
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []


class StaySketch(Table, extra="ignore"):
    first: Annotated[f.Day | None, WrapValidator(_readable)] = Field(default=None, alias="from")
    last: Annotated[f.Day | None, WrapValidator(_readable)] = Field(default=None, alias="to")


class MemberSketch(Table, extra="ignore"):
    """What can still be judged of a member who has mistakes: keys that are missing or wrong are None."""

    id: Annotated[f.Text | None, WrapValidator(_readable)] = None
    curve: Annotated[f.Text | None, WrapValidator(_readable)] = None
    joined: Annotated[f.Day | None, WrapValidator(_readable)] = None
    left: Annotated[f.Day | None, WrapValidator(_readable)] = None
    stays: Annotated[list[StaySketch], BeforeValidator(_tables)] = []


def _make_levels(**levels: Level | None) -> FrozenDict[Rule, Level]:
    """Return the levels of the rules that are written, by the names of their keys."""
    return FrozenDict({Rule(_kebab(name)): level for name, level in levels.items() if level is not None})


_BREACHES = {
    Rule.PERSON_TWICE: "a person has duties in two sessions at the same time, the leads included",
    Rule.ROOM_TWICE: "two sessions are in one room at the same time",
    Rule.TRACK_TWICE: "two sessions of one track are at the same time",
    Rule.GROUPS_APART: "two sessions with one value of a group in apart are at the same time",
    Rule.NORTH_SOUTH: "two regional sessions are at the same time, unless one is of the North and one of the South",
    Rule.OUTSIDE_PHASE: "a session is on a date of no phase, or of another phase than its own",
    Rule.OUTSIDE_WINDOW: "a session has minutes outside the window",
    Rule.PAST_MIDNIGHT: "a session lasts past midnight in the zone of the programme",
    Rule.SEGMENTS_OVERRUN: "the segments of a session are longer than the session",
    Rule.CALL_DURING_SESSION: "a call is held during a duty of a member who takes part in it",
    Rule.SHORT_REST: "a person has less than rest between the duties of two days",
}
"""What breaks each rule."""


def _describe_rule(rule: Rule) -> str:
    return f"{_BREACHES[rule]}; {DEFAULT_LEVELS[rule]} if not given"


class RulesTable(Table):
    """The levels of rules; a rule that is not written has its usual level."""

    makes = _make_levels

    person_twice: f.RuleLevel | None = Field(default=None, description=_describe_rule(Rule.PERSON_TWICE))
    room_twice: f.RuleLevel | None = Field(default=None, description=_describe_rule(Rule.ROOM_TWICE))
    track_twice: f.RuleLevel | None = Field(default=None, description=_describe_rule(Rule.TRACK_TWICE))
    groups_apart: f.RuleLevel | None = Field(default=None, description=_describe_rule(Rule.GROUPS_APART))
    north_south: f.RuleLevel | None = Field(default=None, description=_describe_rule(Rule.NORTH_SOUTH))
    outside_phase: f.RuleLevel | None = Field(default=None, description=_describe_rule(Rule.OUTSIDE_PHASE))
    outside_window: f.RuleLevel | None = Field(default=None, description=_describe_rule(Rule.OUTSIDE_WINDOW))
    past_midnight: f.RuleLevel | None = Field(default=None, description=_describe_rule(Rule.PAST_MIDNIGHT))
    segments_overrun: f.RuleLevel | None = Field(default=None, description=_describe_rule(Rule.SEGMENTS_OVERRUN))
    call_during_session: f.RuleLevel | None = Field(default=None, description=_describe_rule(Rule.CALL_DURING_SESSION))
    short_rest: f.RuleLevel | None = Field(default=None, description=_describe_rule(Rule.SHORT_REST))


class ProgrammeTable(Table):
    makes = Programme

    zone: Annotated[f.Zone, f.Always()] = Field(
        default="UTC", validate_default=True, description="the zone of the window, of midnight and of sessions"
    )
    window: f.DayWindow | None = Field(
        default=None, description="the hours of the day in which sessions are held, such as '06:00-22:00'"
    )
    rest: Annotated[f.Margin, f.Always()] = Field(
        default="11h", validate_default=True, description="the rest of a person between the duties of two days"
    )
    join_ahead: f.Leads = Field(
        default={}, description="how long before the start each role is there, such as { speaker = '20min' }"
    )
    rules: RulesTable = Field(default=RulesTable(), description="the levels of rules: error, warning or off")
    file: Annotated[f.Text | None, f.NoField()] = Field(
        default=None, description="the sheet of the sessions (CSV, XLSX or ODS), relative to the plan"
    )
    apart: f.Texts = Field(
        default=(), description="groups whose sessions of one value may not be at the same time, such as ['language']"
    )
    north: f.Texts = Field(default=(), description="the groups of the North, such as ['WEOG']")
    south: f.Texts = Field(default=(), description="the groups of the South, such as ['African']")
    by: Annotated[f.Text, f.Always()] = Field(
        default="region",
        description="the group of a session that holds its region, in which north and south are looked up",
    )


class SegmentTable(Table):
    makes = Segment

    title: f.Text = Field(description="what this part of the session is called")
    minutes: f.Length = Field(alias="duration", description="how long it lasts, such as '10min'")


class DutyTable(Table):
    makes = Duty

    member: f.Text = Field(alias="id", description="the id of a member of the roster")
    role: f.Text = Field(description="what the person does, such as 'speaker'")
    lead: f.Margin | None = Field(
        default=None, description="how long before the start; else that of the role, else the member's, else none"
    )


class SessionTable(Table):
    makes = Session

    id: f.MeetingId = Field(description="letters, digits and hyphens such as 'opening', that no other session has")
    title: f.Text = Field(description="what the session is called")
    date: f.Day = Field(description="its civil date in its zone")
    at: f.Clock = Field(description="the wall-clock start, such as '18:30'")
    zone: f.Zone | None = Field(default=None, description="the zone of the start; that of the programme if not given")
    minutes: f.Length = Field(alias="duration", description="how long it lasts, such as '90min'")
    track: f.Text = Field(default="", description="the track it belongs to")
    room: f.Text = Field(default="", description="the room it is held in")
    groups: f.Groups = Field(default={}, description="labels such as { language = 'en', region = 'WEOG' }")
    segments: list[SegmentTable] = Field(default=[], description="the parts of its agenda, one after the other")
    people: list[DutyTable] = Field(default=[], description="who has a duty in it, and in which role")
    note: f.Text = Field(default="", description="a note for everybody")
    url: f.Url = Field(default="", description="a link, such as 'https://example.org/opening'")
    phase: f.Text | None = Field(default=None, description="the name of its phase; the one that holds the date")
    repeat: f.SessionRepeat | None = Field(
        default=None, description="daily: one session a day, with the ids opening-1, opening-2 and so on"
    )
    until: f.Day | None = Field(default=None, description="the last day of a repeated session; else that of its phase")


class DutySketch(Table, extra="ignore"):
    member: Annotated[f.Text | None, WrapValidator(_readable)] = Field(default=None, alias="id")
    role: Annotated[f.Text | None, WrapValidator(_readable)] = None


class SessionSketch(Table, extra="ignore"):
    """What can still be judged of a session that has mistakes: keys that are missing or wrong are None."""

    id: Annotated[f.Text | None, WrapValidator(_readable)] = None
    people: Annotated[list[DutySketch], BeforeValidator(_tables)] = []


class PlanTable(Table):
    """A plan of mag_rotation: one meeting series in one TOML file."""

    format: f.Format = Field(description="1, the version of the plan format")
    meeting: MeetingTable = Field(description="what all calls share")
    schedule: ScheduleTable = Field(description="the rule dates")
    rotation: RotationTable = Field(description="the slots and how the turn advances")
    exceptions: list[ExceptionTable] = Field(default=[], description="changes to single calls")
    extras: list[ExtraTable] = Field(default=[], description="calls outside the rule")
    phases: list[PhaseTable] = Field(default=[], description="named stretches of the season")
    night: NightTable = Field(default=NightTable(), description="when night is")
    burden: BurdenTable = Field(default=BurdenTable(), description="how hours are priced")
    verdict: VerdictTable | None = Field(default=None, description="when a proposed time is good, acceptable or poor")
    days_off: DaysOffTable | None = Field(default=None, description="days off: whether they are shown, and their price")
    curves: dict[str, CurveTable] = Field(default={}, description="named curves of points per hour")
    roster: RosterTable | None = Field(default=None, description="the sheet of the members")
    members: list[MemberTable] = Field(default=[], description="the members")
    history: HistoryTable | None = Field(default=None, description="the sheet of the attendance")
    carried: CarriedTable | None = Field(default=None, description="the sheet of the burdens from earlier seasons")
    programme: ProgrammeTable | None = Field(default=None, description="what all sessions of the event share")
    sessions: list[SessionTable] = Field(default=[], description="the sessions of the event")


# What is derived from the declarations.

Values = Mapping[str, object]
"""What the keys of a table say, as TOML holds it; None for a key that is not written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A key as it is declared: its ``name`` in TOML and the ``field`` of the value that it says.

    ``is_field`` is false where the value has no such field. ``part`` says that the field is inside another value,
    ``inner`` is the table that it holds or lists. ``write`` is None where TOML holds the value as it is, ``read_cell``
    where a cell holds it as a text.
    """

    name: str
    field: str
    default: object
    part: f.PartOf | None
    is_field: bool
    inner: type[Table] | None
    write: Callable[..., object] | None
    read_cell: Callable[[str], object] | None


@cache
def list_keys(table: type[Table]) -> tuple[Key, ...]:
    """Return the keys of a table in their order."""
    return tuple(_declare_key(field, info) for field, info in table.model_fields.items())


def _declare_key(field: str, info: FieldInfo) -> Key:
    markers = [*info.metadata, *_list_markers(info.annotation)]
    toml, cell = _find_marker(f.Toml, markers), _find_marker(f.CellKind, markers)
    return Key(
        name=info.alias or field,
        field=field,
        default=None if info.is_required() or f.Always() in markers else info.get_default(),
        part=_find_marker(f.PartOf, markers),
        is_field=f.NoField() not in markers,
        inner=find_inner_table(info.annotation),
        write=toml.write if toml else None,
        read_cell=cell.read if cell else None,
    )


def _find_marker(kind: type[K], markers: list[object]) -> K | None:
    return next((marker for marker in markers if isinstance(marker, kind)), None)


def _list_markers(annotation: object) -> Iterator[object]:
    """Yield the markers inside an annotation such as ``Length | None``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from get_args(annotation)[1:]
    elif origin in {Union, types.UnionType}:
        for choice in get_args(annotation):
            yield from _list_markers(choice)


def find_inner_table(annotation: object) -> type[Table] | None:
    """Return the table class inside an annotation such as ``list[SlotTable] | None``; None if there is none."""
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return annotation
    if get_origin(annotation) in {list, dict, Annotated, Union, types.UnionType}:
        return next((found for arg in get_args(annotation) if (found := find_inner_table(arg))), None)
    return None


def to_toml(table: type[Table], value: object) -> Values:
    """Return the keys of a table with those of ``value``, which is a value of the table or a table that was read.

    >>> from datetime import date
    >>> written = to_toml(ExceptionTable, Override(date=date(2020, 9, 8), minutes=90))
    >>> {key: value for key, value in written.items() if value is not None}
    {'date': datetime.date(2020, 9, 8), 'duration': '1h30min'}
    """
    return {key.name: _to_toml_value(key, value) for key in list_keys(table)}


def _to_toml_value(key: Key, value: object) -> object:
    if key.part and not isinstance(value, Table):
        found = getattr(getattr(value, key.part.field), key.part.name)
    elif not isinstance(value, Table) and not key.is_field:
        found = None
    elif isinstance(value, Mapping):
        found = value.get(key.name)
    else:
        found = getattr(value, key.field)
    if found is None or found == key.default or (key.inner is not None and not found):
        return None
    if key.inner is not None:
        inner = key.inner
        return [to_toml(inner, one) for one in found] if isinstance(found, list | tuple) else to_toml(inner, found)
    return key.write(found) if key.write else found


def make_value(make: Callable[..., V], table: Table, place: str, mistakes: list[Mistake]) -> V | None:
    """Make the value of a table; None if it contradicts itself, which is added to ``mistakes`` below ``place``.

    ``make`` is the class that the table ``makes``.
    """
    values: dict[str, object] = {}
    parts: dict[str, tuple[Callable[..., object], dict[str, object]]] = {}
    for key in list_keys(type(table)):
        found = getattr(table, key.field)
        if not key.is_field:
            continue
        if key.part:
            parts.setdefault(key.part.field, (key.part.make, {}))[1][key.part.name] = found
        elif key.inner and isinstance(found, Table):
            values[key.field] = make_value(key.inner.makes, found, f"{place}.{key.name}", mistakes)
        elif key.inner and found is not None:
            values[key.field] = tuple(
                make_value(key.inner.makes, one, f"{place}.{key.name}[{index}]", mistakes)
                for index, one in enumerate(found)
            )
        else:
            values[key.field] = found
    for field, (make_part, part) in parts.items():
        if (inside := _make(make_part, part, place, mistakes)) is not None:
            values[field] = inside
    return _make(make, values, place, mistakes)


def _make(make: Callable[..., V], values: dict[str, object], place: str, mistakes: list[Mistake]) -> V | None:
    try:
        return make(**values)
    except (InvalidProgramme, InvalidSeries) as error:
        mistakes.extend(Mistake(place=f"{place}.{inner.place}", problem=inner.problem) for inner in error.mistakes)
    return None


SECTIONS = frozenset(info.alias or "" for info in PlanTable.model_fields.values()) - {"format"}
"""The names of the tables of a plan."""
LIST_SECTIONS = frozenset(
    info.alias or "" for info in PlanTable.model_fields.values() if str(info.annotation).startswith("list")
)
"""The tables of which there may be several, each under two brackets."""
