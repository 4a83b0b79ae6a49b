"""Tables to values: the series, the members and the hours that a plan describes.

What needs two tables to be checked is checked here, each mistake in its place. A value with mistakes is left out, so
that the others are still checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from mag_rotation.calls import assign_extra_places, check_series
from mag_rotation.errors import InvalidSeries, Mistake
from mag_rotation.hours import Curve, Hours, Window
from mag_rotation.limits import SUGGESTED
from mag_rotation.plan import calls_of, find_season_mistakes
from mag_rotation.planfile.fields import MOST_SLOTS, list_names, near, show
from mag_rotation.planfile.reader import Place, Sections
from mag_rotation.planfile.sheets import AttendanceTable, CarriedLine
from mag_rotation.planfile.tables import (
    DaysOffTable,
    MemberSketch,
    MemberTable,
    StaySketch,
    StayTable,
    Table,
    make_value,
)
from mag_rotation.roster import Attendance, Carried, Member, MemberId
from mag_rotation.series import Extra, Meeting, Override, Phase, Rotation, Schedule, Series, check_phases

__all__ = [
    "build_attendance",
    "build_carried",
    "build_hours",
    "build_members",
    "build_series",
    "build_thresholds",
]

if TYPE_CHECKING:
    from mag_rotation.fairness import Thresholds

_OF_SERIES = {"meeting", "schedule", "rotation", "exceptions", "extras", "phases"}

V = TypeVar("V")


def build_series(sections: Sections, mistakes: list[Mistake]) -> Series | None:
    """The series; None where a mistake keeps them from being built.

    Dates of exceptions are judged as soon as the rule and the phases stand, whatever else is wrong.
    """
    before = len(mistakes)
    meeting = make_value(Meeting, sections.meeting, "meeting", mistakes) if sections.meeting else None
    schedule = make_value(Schedule, sections.schedule, "schedule", mistakes) if sections.schedule else None
    rotation = make_value(Rotation, sections.rotation, "rotation", mistakes) if sections.rotation else None
    overrides = _make_values(Override, sections.exceptions, mistakes)
    extras = _make_values(Extra, sections.extras, mistakes)
    phases = _make_values(Phase, sections.phases, mistakes)
    if "extras" not in sections.damaged and len(extras) == len(sections.extras):
        try:
            assign_extra_places(extras.values())
        except InvalidSeries as error:
            mistakes.extend(error.mistakes)
    whole = len(mistakes) == before and not sections.damaged & _OF_SERIES
    try:
        if whole and meeting and schedule and rotation:
            series = Series(
                meeting=meeting,
                schedule=schedule,
                rotation=rotation,
                overrides=tuple(overrides.values()),
                extras=tuple(extras.values()),
                phases=tuple(phases.values()),
            )
            mistakes.extend(find_season_mistakes(series, calls_of(series)))
            return None if len(mistakes) > before else series
        if "phases" not in sections.damaged and len(phases) == len(sections.phases):
            check_phases(tuple(phases.values()), len(rotation.slots) if rotation else MOST_SLOTS)
            if schedule:
                check_series(schedule, rotation, tuple(phases.values()), overrides.items())
    except InvalidSeries as error:
        mistakes.extend(error.mistakes)
    return None


def _make_values(make: Callable[..., V], tables: Mapping[str, Table], mistakes: list[Mistake]) -> dict[str, V]:
    """The values of a list of tables by place; those that contradict themselves are left out."""
    made = {place: make_value(make, table, place, mistakes) for place, table in tables.items()}
    return {place: value for place, value in made.items() if value is not None}


def build_hours(sections: Sections, mistakes: list[Mistake]) -> Hours:
    """The night and the curves of a plan."""
    night = Window(sections.night.start, sections.night.end)
    if sections.night.start == sections.night.end:
        mistakes.append(
            Mistake(place="night.to", problem=f"found {night}; a night is shorter than a day, so write another time")
        )
    curves = {name: Curve(table.hours) for name, table in sections.curves.items() if name != "default"}
    names = sections.curve_names
    if "default" in (names or ()):
        problem = "the name is reserved for the published curve; give yours another name"
        mistakes.append(Mistake(place="curves.default", problem=problem))
    curve = sections.burden.curve
    if unknown := _judge_curves(names)(curve):
        mistakes.append(Mistake(place="burden.curve", problem=unknown))
    off = sections.days_off or DaysOffTable()
    return Hours(
        night=night,
        curve=curve if curve in curves else "default",
        curves=curves,
        weekend_points=off.weekend_points,
        holiday_points=off.holiday_points,
    )


def build_thresholds(sections: Sections, mistakes: list[Mistake]) -> Thresholds | None:
    """When a proposed time is good, acceptable or poor; None where the plan does not say, or contradicts itself."""
    table = sections.verdict
    if table is None:
        return None
    from mag_rotation.fairness import Thresholds  # noqa: PLC0415 - brings numpy, which few plans need

    falling = [
        Mistake(place=f"verdict.{key}", problem=f"found {poor}, less than {low}; write {low} or more")
        for key, low, poor in (
            ("poor-share", table.acceptable_share, table.poor_share),
            ("poor-streak", table.acceptable_streak, table.poor_streak),
        )
        if poor < low
    ]
    mistakes.extend(falling)
    return None if falling else Thresholds(**table.model_dump())


def _judge_names(names: Iterable[str] | None, right: str) -> Callable[[str], str | None]:
    """What is wrong with a name that is not among ``names``; None where it is, or nobody can tell.

    The nearest name is looked for a few times only, since that takes time.
    """
    known = None if names is None else dict.fromkeys(names)
    hints = dict[str, str]()

    def problem(found: str) -> str | None:
        if known is None or found in known:
            return None
        if found not in hints and len(hints) < SUGGESTED:
            hints[found] = near(found, known)
        return f"found {show(found)}; {hints.get(found, '')}{right}"

    return problem


def _judge_curves(curves: Iterable[str] | None) -> Callable[[str], str | None]:
    """What is wrong with the name of a curve; None where it is known, or nobody can tell."""
    known = None if curves is None else list(dict.fromkeys(["default", *curves]))
    if known == ["default"]:
        return _judge_names(known, "this plan has no curve but 'default', add yours as a table under [curves]")
    return _judge_names(known, f"the curves of this plan are {list_names(known or ())}")


def build_members(
    tables: Iterable[tuple[Place, MemberTable | MemberSketch]], curves: Iterable[str] | None, mistakes: list[Mistake]
) -> tuple[Member, ...]:
    """The members in the order of the plan, ids given once, curves known; those with mistakes are left out.

    ``curves`` are the names that the plan gives, None where nobody can tell them: then curves are not judged.
    """
    members: list[Member] = []
    seen: dict[str, Place] = {}
    unknown_curve = _judge_curves(curves)
    for place, table in tables:
        if table.id is not None and seen.setdefault(table.id, place) != place:
            problem = f"found {table.id!r} again, as in {seen[table.id]}; give each member an id of its own"
            mistakes.append(Mistake(place=place.of("id"), problem=problem))
        if table.curve is not None and (unknown := unknown_curve(table.curve)):
            mistakes.append(Mistake(place=place.of("curve"), problem=unknown))
        contradictions = [Mistake(place=place.of(*where), problem=problem) for where, problem in _at_odds(table)]
        mistakes.extend(contradictions)
        if isinstance(table, MemberTable) and not contradictions:
            member = make_value(Member, table, place.path, mistakes)
            members += [member] if member else []
    return tuple(members)


def _at_odds(table: MemberTable | MemberSketch) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The dates of a member that contradict each other: their place below the member, and the problem."""
    if table.joined and table.left and table.left < table.joined:
        yield ("left",), f"found {table.left}, before joined; write {table.joined} or a later day"
    begun: dict[date, int] = {}
    stays: Sequence[StayTable | StaySketch] = table.stays
    for index, stay in enumerate(stays):
        if stay.first is None:
            continue
        if stay.last is not None and stay.last < stay.first:
            yield ("stays", index, "to"), f"found {stay.last}, before from; write {stay.first} or a later day"
        earlier = begun.setdefault(stay.first, index)
        if earlier != index:
            problem = f"found {stay.first} again, as in stays[{earlier}]; give each stay a first day of its own"
            yield ("stays", index, "from"), problem


def build_attendance(
    tables: Iterable[tuple[Place, AttendanceTable]], ids: Iterable[str] | None, mistakes: list[Mistake]
) -> tuple[Attendance, ...]:
    """The attendance in the order of the sheet, each member and date once, members known.

    ``ids`` is None where the roster has mistakes that may hide members: then members are not judged.
    """
    stranger = _stranger(ids)
    lines: list[Attendance] = []
    seen: dict[tuple[date, str], Place] = {}
    for place, table in tables:
        if problem := stranger(table.member):
            mistakes.append(Mistake(place=place.of("member"), problem=problem))
        key = (table.date, table.member)
        if key in seen:
            problem = f"found {table.member!r} on {table.date} again, as in {seen[key]}; write each answer once"
            mistakes.append(Mistake(place=str(place), problem=problem))
        seen.setdefault(key, place)
        lines.append(Attendance(date=table.date, member=MemberId(table.member), attended=table.attended))
    return tuple(lines)


def build_carried(
    tables: Iterable[tuple[Place, CarriedLine]], ids: Iterable[str] | None, mistakes: list[Mistake]
) -> tuple[Carried, ...]:
    """What earlier seasons have put on members in the order of the sheet, each member once and known.

    ``ids`` is read as by :func:`build_attendance`.
    """
    stranger = _stranger(ids)
    lines: list[Carried] = []
    seen: dict[str, Place] = {}
    for place, table in tables:
        if problem := stranger(table.member):
            mistakes.append(Mistake(place=place.of("member"), problem=problem))
        if seen.setdefault(table.member, place) != place:
            problem = f"found {table.member!r} again, as in {seen[table.member]}; give each member one line"
            mistakes.append(Mistake(place=place.of("member"), problem=problem))
        if table.night_calls > table.calls:
            problem = f"found {table.night_calls}, of {table.calls} calls; write {table.calls} or less"
            mistakes.append(Mistake(place=place.of("night_calls"), problem=problem))
        line = Carried(
            member=MemberId(table.member), burden=table.burden, night_calls=table.night_calls, calls=table.calls
        )
        lines.append(line)
    return tuple(lines)


def _stranger(ids: Iterable[str] | None) -> Callable[[str], str | None]:
    """What is wrong with an id that is no member's; None where it is one, or nobody can tell."""
    return _judge_names(ids, "write the id of a member of the roster")
