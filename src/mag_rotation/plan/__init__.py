"""Plan files: TOML and CSV to values, all mistakes at once.

Rule 1: this room opens the files that it is told to read, and no others.
Rule 2: whoever gets a :class:`Plan` gets a right one; what is wrong raises with every mistake in its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mag_rotation.calls import Call
from mag_rotation.errors import InvalidPlan, Mistake, UnreadableFile
from mag_rotation.files import read_file
from mag_rotation.hours import Hours
from mag_rotation.limits import PLAN, SHEET
from mag_rotation.night import MemberNight, NightReport, night_of, night_report
from mag_rotation.plan.build import (
    build_attendance,
    build_carried,
    build_hours,
    build_members,
    build_series,
    build_thresholds,
)
from mag_rotation.plan.oddities import call_oddities, column_oddities, empty_roster, plan_oddities, verdict_oddities
from mag_rotation.plan.reader import Place, Sections, parse_toml, read_sections
from mag_rotation.plan.rest import Rest, rest_oddities, rest_of, years_about
from mag_rotation.plan.sheets import RosterSheet, carried_rows, history_rows, read_roster
from mag_rotation.plan.single import (
    parse_clock,
    parse_day,
    parse_meeting_id,
    parse_minutes,
    parse_text,
    parse_weekday,
    parse_window,
)
from mag_rotation.plan.tables import CarriedTable, HistoryTable, PlanTable
from mag_rotation.roster import NO_DAYS_OFF, Attendance, Carried, DaysOff, Member, check_roster
from mag_rotation.series import Meeting, Series

__all__ = [
    "MOST_MEMBERS",
    "Plan",
    "load_plan",
    "parse_clock",
    "parse_day",
    "parse_meeting_id",
    "parse_minutes",
    "parse_text",
    "parse_weekday",
    "parse_window",
    "plan_schema",
    "plan_template",
]

if TYPE_CHECKING:
    from mag_rotation.fairness import Check, Fairness, Proposal, Survival, Thresholds, Verdict
    from mag_rotation.propose import Budget, Impossible, Proposed, Request, Setting

T = TypeVar("T")

MOST_MEMBERS = 100_000
"""The most members that a plan may have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """One meeting series with its members, read and found right.

    ``calls`` are all calls of the series by start. ``time_warnings`` are sentences about the times of calls and the
    days off of members, ``warnings`` those and every other thing that is odd. ``rest`` is None where days off do not
    count. ``carried`` is what earlier seasons have put on members; who has no line carries nothing. ``files`` are those
    that were read: the plan and the sheets it names.
    """

    series: Series
    calls: tuple[Call, ...]
    roster: tuple[Member, ...]
    hours: Hours
    history: tuple[Attendance, ...]
    carried: tuple[Carried, ...]
    thresholds: Thresholds | None
    rest: Rest | None
    files: tuple[Path, ...]
    time_warnings: tuple[str, ...]
    warnings: tuple[str, ...]

    def __post_init__(self) -> None:
        check_roster(self.roster)

    @property
    def meeting(self) -> Meeting:
        """What all calls share."""
        return self.series.meeting

    @property
    def days_off(self) -> Mapping[str, DaysOff]:
        """The days off of the members' countries in the years of the calls and beside them."""
        return self.rest.days_off if self.rest else NO_DAYS_OFF

    @property
    def sources(self) -> Mapping[str, str]:
        """The packages, tzdata apart, on whose data the answers rest, and their versions."""
        return self.rest.sources if self.rest else {}

    def days_off_about(self, instant: datetime) -> Mapping[str, DaysOff]:
        """The days off as :attr:`days_off` has them, and those of the years about an instant."""
        if self.rest is None or (years := years_about([instant.year])) <= self.rest.years:
            return self.days_off
        return rest_of(self.roster, self.rest.years | years).days_off

    @property
    def roster_warnings(self) -> tuple[str, ...]:
        """The sentence of ``warnings`` that nobody is in the roster; empty where somebody is."""
        return empty_roster(self.roster)

    def between(self, first: date | None = None, last: date | None = None) -> tuple[Call, ...]:
        """The calls whose rule date is from ``first`` to ``last``, both included; None is no limit."""
        return tuple(
            call for call in self.calls if (first is None or call.date >= first) and (last is None or call.date <= last)
        )

    def oddities_of(self, calls: Sequence[Call]) -> tuple[str, ...]:
        """The sentences of ``time_warnings`` that have to do with these calls, which stand by start."""
        return (*call_oddities(calls), *(self.rest.warnings if self.rest else ()))

    def nights_of(self, member: Member, calls: Iterable[Call]) -> tuple[tuple[Call, MemberNight], ...]:
        """Those of ``calls`` that a member takes part in, each with what it does to them, cancelled or not."""
        nights = (
            (
                call,
                night_of(
                    member,
                    start=call.start,
                    minutes=call.minutes,
                    meeting=self.meeting,
                    hours=self.hours,
                    days_off=self.days_off,
                ),
            )
            for call in calls
        )
        return tuple((call, night) for call, night in nights if night is not None)

    def night_at(self, start: datetime, minutes: int | None = None) -> NightReport:
        """Who is in the night at any instant, for as long as the meeting's calls or ``minutes``.

        A naive ``start`` raises :class:`InvalidInstant`.
        """
        return night_report(
            start=start,
            minutes=self.meeting.minutes if minutes is None else minutes,
            meeting=self.meeting,
            roster=self.roster,
            hours=self.hours,
            days_off=self.days_off_about(start),
        )

    def night(self, call: Call) -> NightReport:
        """Who is in the night at a call of this plan."""
        return night_report(
            start=call.start,
            minutes=call.minutes,
            meeting=self.meeting,
            roster=self.roster,
            hours=self.hours,
            call=call,
            days_off=self.days_off,
        )

    def fairness(self, calls: Sequence[Call] | None = None, *, curve: str | None = None) -> Fairness:
        """What calls have put on the members: all calls of this plan, or those given.

        ``curve`` is read instead of the plan's for members who have none of their own; raises :class:`InvalidHours`
        when the plan has none of that name.
        """
        from mag_rotation.fairness import fairness  # noqa: PLC0415 - brings numpy

        return fairness(
            self.calls if calls is None else calls,
            roster=self.roster,
            meeting=self.meeting,
            hours=self.hours if curve is None else replace(self.hours, curve=curve),
            history=self.history,
            days_off=self.days_off,
        )

    def survivals(self, answer: Fairness, calls: Sequence[Call] | None = None) -> tuple[Survival, ...]:
        """Whether an answer of :meth:`fairness`, of the same calls, survives each other curve of this plan."""
        from mag_rotation.fairness import survivals  # noqa: PLC0415 - brings numpy

        return survivals(answer, lambda other: self.fairness(calls, curve=other), self.hours)

    def check(
        self,
        start: datetime,
        minutes: int | None = None,
        *,
        curve: str | None = None,
        instead_of: Call | None = None,
    ) -> Check:
        """The judgement of a call at the instant ``start``, as long as the meeting's calls or ``minutes``.

        With ``instead_of`` it is judged as the replacement of that call of the plan, as long as that, which is then in
        no ledger. A naive ``start`` raises :class:`InvalidInstant`; ``curve`` is read as by :meth:`fairness`.
        """
        from mag_rotation.fairness import check_time  # noqa: PLC0415 - brings numpy

        return check_time(self._proposal(start, minutes, curve, instead_of))

    def verdicts(
        self, start: datetime, minutes: int | None = None, *, instead_of: Call | None = None
    ) -> dict[str, Verdict]:
        """The verdict of :meth:`check` under each curve of this plan."""
        from mag_rotation.fairness import verdict_at  # noqa: PLC0415 - brings numpy

        return {curve: verdict_at(self._proposal(start, minutes, curve, instead_of)) for curve in self.hours.curves}

    @property
    def setting(self) -> Setting:
        """Everything that a rotation for this plan depends on."""
        from mag_rotation.propose import Setting  # noqa: PLC0415 - brings numpy

        return Setting(
            series=self.series,
            calls=self.calls,
            roster=self.roster,
            hours=self.hours,
            days_off=self.days_off,
            carried={line.member: line.burden for line in self.carried},
        )

    def propose(self, request: Request, budget: Budget | None = None) -> Proposed | Impossible:
        """The rotation that answers a request best; raises as :func:`mag_rotation.propose.propose` does."""
        from mag_rotation.propose import propose  # noqa: PLC0415 - brings numpy

        return propose(self.setting, request, budget)

    def _proposal(self, start: datetime, minutes: int | None, curve: str | None, instead_of: Call | None) -> Proposal:
        """A time with everything in this plan that it is judged by."""
        from mag_rotation.fairness import Proposal, Thresholds  # noqa: PLC0415 - brings numpy

        usual = self.meeting.minutes if instead_of is None else instead_of.minutes
        return Proposal(
            start=start,
            minutes=usual if minutes is None else minutes,
            instead_of=instead_of,
            calls=self.calls,
            roster=self.roster,
            meeting=self.meeting,
            hours=self.hours if curve is None else replace(self.hours, curve=curve),
            history=self.history,
            days_off=self.days_off_about(start),
            thresholds=self.thresholds or Thresholds(),
        )


def load_plan(path: Path | str) -> Plan:
    """Read a plan file and the CSV files it names.

    Raises :class:`UnreadableFile` when the plan cannot be opened, :class:`InvalidPlan` with all mistakes at once, and
    :class:`MissingExtra` when the plan asks for days off and the packages that know them are not installed.
    """
    plan_path = Path(path)
    return plan_from(plan_path, read_file(plan_path, PLAN))


def plan_from(plan_path: Path, data: bytes, sheets: Mapping[str, bytes] | None = None) -> Plan:
    """The plan that a file at ``plan_path`` with these bytes describes, whatever stands there.

    ``sheets`` are the bytes of files that are not there yet, by the names that the plan gives them. Raises what
    :func:`load_plan` raises of a file that can be opened.
    """
    given = sheets or {}

    def sheet(name: str) -> bytes:
        return given[name] if name in given else read_file(plan_path.parent / name, SHEET)

    parsed = parse_toml(data, plan_path.name)
    if not parsed.data and parsed.mistakes:
        raise InvalidPlan(parsed.mistakes)
    mistakes = list(parsed.mistakes)
    sections = read_sections(parsed.data, mistakes)
    built = build_series(sections, mistakes) if parsed.is_sure else None
    hours = build_hours(sections, mistakes)
    thresholds = build_thresholds(sections, mistakes)
    seats = _roster_sheet(sheet, sections, mistakes)
    tables = [*(seats.rows if seats else ()), *((Place(path=path), table) for path, table in sections.members.items())]
    if len(tables) > MOST_MEMBERS:
        problem = f"found {len(tables)} members; a plan has at most {MOST_MEMBERS}"
        mistakes.append(Mistake(place="roster", problem=problem))
    roster = build_members(tables, sections.curve_names, mistakes)
    stands = not sections.damaged & {"roster", "members"} and seats is not None
    ids = [table.id for _, table in tables if table.id is not None]
    known_ids = ids if stands and len(ids) == len(tables) else None
    history = build_attendance(_lines(sheet, sections.history, "history", history_rows, mistakes), known_ids, mistakes)
    carried = build_carried(_lines(sheet, sections.carried, "carried", carried_rows, mistakes), known_ids, mistakes)
    if mistakes or built is None:
        raise InvalidPlan(parsed.told_of(mistakes))
    series, calls = built
    rest = rest_of(roster, years_about(call.start.year for call in calls)) if sections.days_off else None
    unknown = rest.warnings if rest else ()
    return Plan(
        series=series,
        calls=calls,
        roster=roster,
        hours=hours,
        history=history,
        carried=carried,
        thresholds=thresholds,
        rest=rest,
        files=(plan_path, *_sheets(plan_path, sections)),
        time_warnings=(*call_oddities(calls), *unknown),
        warnings=(
            *plan_oddities(series, calls, roster, history),
            *column_oddities(seats.unread if seats else ()),
            *verdict_oddities(thresholds, roster),
            *unknown,
            *rest_oddities(roster, rest),
        ),
    )


def _sheets(plan: Path, sections: Sections) -> Iterable[Path]:
    """The CSV files that a plan names."""
    named = (sections.roster, sections.history, sections.carried)
    return (plan.parent / table.file for table in named if table is not None)


def _lines(
    look: Callable[[str], bytes],
    table: HistoryTable | CarriedTable | None,
    key: str,
    read: Callable[[bytes, str, list[Mistake]], Iterator[T]],
    mistakes: list[Mistake],
) -> list[T]:
    """The lines of the sheet that a table names; none where it is not there."""
    sheet = None if table is None else _beside(look, table.file, f"{key}.file", mistakes)
    return [] if table is None or sheet is None else list(read(sheet, Path(table.file).name, mistakes))


def _roster_sheet(look: Callable[[str], bytes], sections: Sections, mistakes: list[Mistake]) -> RosterSheet | None:
    """The members of the sheet that a plan names, none where it names none; None where it could not be read."""
    if sections.roster is None:
        return RosterSheet(rows=())
    before = len(mistakes)
    name = sections.roster.file
    data = _beside(look, name, "roster.file", mistakes)
    if data is None:
        return None
    sheet = read_roster(data, Path(name).name, mistakes, sections.roster.groups)
    return sheet if sheet.rows or before == len(mistakes) else None  # mistakes and no row: it was not read


def _beside(look: Callable[[str], bytes], name: str, place: str, mistakes: list[Mistake]) -> bytes | None:
    """The bytes of a file that a plan names, relative to the plan."""
    try:
        return look(name)
    except UnreadableFile as error:
        mistakes.append(
            Mistake(place=place, problem=f"found {name!r}: {error.reason}; it is looked for beside the plan")
        )
        return None


def plan_schema() -> str:
    """The JSON Schema (draft 2020-12) of plan files, for editors."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **PlanTable.model_json_schema(by_alias=True)}
    return json.dumps(_without_null(schema), indent=2, ensure_ascii=False) + "\n"


def _without_null(schema: object) -> object:
    """The schema without what speaks of null, which TOML does not have: a key that has no value is left out."""
    match schema:
        case {"anyOf": [{**inner}, {"type": "null"}], **rest}:
            return _without_null(inner | rest)
        case {**keys}:
            return {key: _without_null(value) for key, value in keys.items() if value is not None}
        case _:
            return schema


def plan_template() -> str:
    """A commented plan that runs at once, to start from."""
    return (files("mag_rotation.plan") / "template.toml").read_text("utf-8")
