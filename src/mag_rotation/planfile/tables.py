"""The tables of a plan file, one class each: the one place that says which keys there are.

Rule 1: reading, the JSON Schema and the hints in error messages all come from these classes.
Rule 2: nothing is checked here that needs a second table.
"""

from datetime import time
from typing import Annotated

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
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from mag_rotation.planfile import fields as f
from mag_rotation.series import Advance, Counting, NumberStyle

__all__ = ["MemberSketch", "MemberTable", "PlanTable", "Table"]


def _kebab(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


class Table(BaseModel):
    """A table of a plan: kebab-case keys, no unknown ones."""

    model_config = ConfigDict(
        alias_generator=_kebab, extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True
    )


class OrganizerTable(Table):
    name: f.Text = Field(description="who sends the invitations")
    email: f.Email = Field(description="the address that invitations come from, such as 'secretariat@example.org'")


class NumberingTable(Table):
    first: f.FirstNumber = Field(default=1, description="the number of the first call")
    style: f.Style = Field(default=NumberStyle.ARABIC, description="how numbers are written: roman, arabic or none")
    count: f.Count = Field(
        default=Counting.HELD, description="held: cancelled calls have no number; planned: they keep theirs"
    )


class MeetingTable(Table):
    id: f.MeetingId = Field(description="letters, digits and hyphens such as 'mag2020': the left part of every UID")
    name: f.Text = Field(description="the name of the meeting")
    uid_domain: f.Domain = Field(description="a DNS name such as 'mag.example.org': the right part of every UID")
    duration: f.Length = Field(description="how long a call lasts, such as '2h', '90min' or 'PT2H'")
    lead: f.Margin = Field(default=0, description="how long before the start members have to be up, such as '15min'")
    overrun: f.Margin = Field(default=0, description="what the chair budgets past the hour, such as '10min'")
    location: f.Text | None = Field(default=None, description="where the calls are held")
    url: f.Url | None = Field(
        default=None, description="the address of the calls, such as 'https://meet.example.org/mag'"
    )
    description: f.Text | None = Field(default=None, description="what members should know about every call")
    organizer: OrganizerTable | None = Field(default=None, description="a name and an email address")
    numbering: NumberingTable | None = Field(
        default=None, description="how calls are numbered; without it they are not"
    )
    alarm: f.Length | None = Field(
        default=None, description="how long before a call its invitations remind of it, such as '15min'"
    )
    color: f.Color | None = Field(default=None, description="the color of the calendar, a name such as 'steelblue'")
    feed_url: f.Url | None = Field(
        default=None, description="where the calendar file is published, such as 'https://example.org/mag.ics'"
    )
    season_from: f.Day | None = Field(
        default=None, description="the first date that is this plan's: calls before it are another plan's"
    )
    season_to: f.Day | None = Field(
        default=None, description="the last date that is this plan's: calls after it are another plan's"
    )


class ScheduleTable(Table):
    first: f.Day = Field(description="the first day of the season, such as 2020-09-08")
    repeat: f.Repeat = Field(
        description="daily, weekly, fortnightly, monthly, or an RFC 5545 rule such as 'FREQ=MONTHLY;BYDAY=2TU'"
    )
    until: f.Day | None = Field(default=None, description="the last day of the season, included; or give count")
    count: f.DateCount | None = Field(default=None, description="the number of rule dates; or give until")


class SlotTable(Table):
    """A slot; a time of day alone is a slot with that start."""

    at: f.Clock = Field(description="the wall-clock start in the slot's zone, such as '14:00'")
    zone: f.Zone = Field(default="UTC", validate_default=True, description="the anchor zone: UTC or any IANA zone")
    label: f.Text | None = Field(default=None, description="the name of the slot")
    weekday: f.WeekdayCode | None = Field(
        default=None, description="the day of the rule date's ISO week on which it is held"
    )
    duration: f.Length | None = Field(default=None, description="the length of calls in this slot, such as '90min'")

    @model_validator(mode="before")
    @classmethod
    def _of_start(cls, value: object) -> object:
        return {"at": value} if isinstance(value, str | time) else value


class _OrStart:
    """What the JSON Schema says of a slot: a table, or a time of day alone."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), f.CLOCK_SCHEMA]}


SlotOrStart = Annotated[SlotTable, _OrStart]


class RotationTable(Table):
    slots: list[SlotOrStart] = Field(
        min_length=1, description="the cycle of slots, such as ['14:00', '20:00'] or [{ at = '14:00' }]"
    )
    advance: f.AdvanceRule = Field(
        default=Advance.CALL, description="when the turn advances: call, held, week or iso-week"
    )
    start: f.Turn = Field(default=1, description="the slot of the first call, counted from 1")


class ExceptionTable(Table):
    date: f.Day = Field(description="the rule date of the call to change")
    cancel: f.YesNo = Field(
        default=False, description="true: the call is called off; the other keys stay, for when it is held after all"
    )
    at: f.Clock | None = Field(default=None, description="another wall-clock start, such as '13:00'")
    zone: f.Zone | None = Field(default=None, description="another zone for the same wall-clock start")
    to: f.Day | None = Field(default=None, description="the civil date on which the call is held")
    slot: f.SlotReference | None = Field(default=None, description="the label or number of the slot to take")
    duration: f.Length | None = Field(default=None, description="another length, such as '1h'")
    location: f.Text | None = Field(default=None, description="another place")
    note: f.Text | None = Field(default=None, description="a word for the members")
    cancel_note: f.Text | None = Field(
        default=None, description="a word about the cancellation, told instead of note while the call is off"
    )


class ExtraTable(Table):
    date: f.Day = Field(description="the date of the extra call")
    at: f.Clock = Field(description="the wall-clock start, such as '13:00'")
    zone: f.Zone = Field(default="UTC", validate_default=True, description="the zone of the wall-clock start")
    duration: f.Length | None = Field(
        default=None, description="its length, such as '1h'; else the phase's or the meeting's"
    )
    to: f.Day | None = Field(default=None, description="the civil date on which it is held after all")
    cancel: f.YesNo = Field(default=False, description="true: it is called off")
    note: f.Text | None = Field(default=None, description="a word for the members")
    location: f.Text | None = Field(default=None, description="another place")
    numbered: f.YesNo = Field(default=True, description="whether it takes a number")
    takes_turn: f.YesNo = Field(default=False, description="whether it uses up the turn of the next rule call")
    nth: f.Turn | None = Field(
        default=None, description="which extra call of its date it is, where an earlier one was taken out of the plan"
    )
    cancel_note: f.Text | None = Field(
        default=None, description="a word about the cancellation, told instead of note while the call is off"
    )


class PhaseTable(Table):
    name: f.Text = Field(description="the name of the phase")
    from_: f.Day = Field(description="its first day, included")
    to: f.Day = Field(description="its last day, included")
    calls: f.YesNo = Field(default=True, description="false: there are no calls in it")
    duration: f.Length | None = Field(default=None, description="the length of calls in it, such as '90min'")
    slots: list[SlotOrStart] | None = Field(default=None, min_length=1, description="a cycle of slots of its own")
    start: f.Turn | None = Field(default=None, description="the slot of its first call, counted from 1")
    repeat: f.PhaseRepeat | None = Field(default=None, description="a rule of its own, counted from its first day")


class NightTable(Table):
    from_: f.Clock = Field(default="23:00", validate_default=True, description="when the night begins, such as '23:00'")
    to: f.Clock = Field(default="06:00", validate_default=True, description="when it ends, such as '06:00'")


class BurdenTable(Table):
    curve: f.Text = Field(default="default", description="the curve that counts for members who name none")


class DaysOffTable(Table):
    weekend_points: f.DayPoints = Field(default=0, description="points per hour that a minute on a weekend adds")
    holiday_points: f.DayPoints = Field(default=0, description="points per hour that a minute on a public holiday adds")


class VerdictTable(Table):
    acceptable_share: f.Percent = Field(default=20, description="more percent than this in the night: not good")
    poor_share: f.Percent = Field(default=50, description="more percent than this in the night: poor")
    acceptable_streak: f.Turn = Field(
        default=2, description="somebody in the night for so many calls running: not good"
    )
    poor_streak: f.Turn = Field(default=4, description="somebody in the night for so many calls running: poor")
    required_roles: f.Texts = Field(default=(), description="roles that must be awake, such as ['chair']")


class CurveTable(Table):
    hours: f.Points = Field(description="24 whole numbers: points per hour for the local hours 0 to 23")


class RosterTable(Table):
    file: f.Text = Field(description="the CSV file of the members, relative to the plan")
    groups: f.Texts | None = Field(
        default=None, description="the columns that are groups; every column that is not known if not given"
    )


class HistoryTable(Table):
    file: f.Text = Field(description="the CSV file of the attendance, relative to the plan")


class CarriedTable(Table):
    file: f.Text = Field(description="the CSV file of what earlier seasons have put on members, relative to the plan")


class StayTable(Table):
    from_: f.Day = Field(description="the first day away, a civil day of the zone of the stay")
    to: f.Day = Field(description="the last day away, included")
    zone: f.Zone = Field(description="the IANA zone of the stay")


class MemberTable(Table):
    id: f.Text = Field(description="an id that no other member has")
    zone: f.Zone = Field(description="the IANA zone where the member lives, such as 'Europe/Zurich'")
    name: f.Text | None = Field(default=None, description="the name to show; the id if not given")
    email: f.Email | None = Field(default=None, description="the address for invitations, such as 'seat12@example.org'")
    groups: f.Groups = Field(default={}, description="any labels, such as { region = 'WEOG', country = 'AU' }")
    roles: f.Texts = Field(default=(), description="what the member does in calls, such as ['chair']")
    weight: f.Weight = Field(default=1, description="how many people the seat stands for in counts")
    curve: f.Text | None = Field(default=None, description="the curve that counts for this member")
    lead: f.Margin | None = Field(default=None, description="how long before the start the member has to be up")
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
    """The items of a list, each where it stood; what is no table is an empty one."""
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []


class StaySketch(Table, extra="ignore"):
    from_: Annotated[f.Day | None, WrapValidator(_readable)] = None
    to: Annotated[f.Day | None, WrapValidator(_readable)] = None


class MemberSketch(Table, extra="ignore"):
    """What can still be judged of a member who has mistakes: keys that are missing or wrong are None."""

    id: Annotated[f.Text | None, WrapValidator(_readable)] = None
    curve: Annotated[f.Text | None, WrapValidator(_readable)] = None
    joined: Annotated[f.Day | None, WrapValidator(_readable)] = None
    left: Annotated[f.Day | None, WrapValidator(_readable)] = None
    stays: Annotated[list[StaySketch], BeforeValidator(_tables)] = []


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
    days_off: DaysOffTable | None = Field(default=None, description="that days off are named, and what they cost")
    curves: dict[str, CurveTable] = Field(default={}, description="named curves of points per hour")
    roster: RosterTable | None = Field(default=None, description="the CSV file of the members")
    members: list[MemberTable] = Field(default=[], description="the members")
    history: HistoryTable | None = Field(default=None, description="the CSV file of the attendance")
    carried: CarriedTable | None = Field(
        default=None, description="the CSV file of what earlier seasons have put on members"
    )
