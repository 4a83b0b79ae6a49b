"""The commands that read what others wrote: ``replies`` and ``from-ics``.

A file that is too large for its kind is refused before it is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from stat import S_ISREG
from typing import Annotated

import typer

from mag_rotation.cli.files import (
    OR_STDOUT,
    STDOUT,
    file_bytes,
    read_plan,
    refuse_sources,
    say,
    show_answer,
    stage_answers,
    write_out,
)
from mag_rotation.cli.ics import read_prior_file
from mag_rotation.cli.options import (
    DATE,
    LENGTH,
    ForceOption,
    Kind,
    LocaleOption,
    OutOption,
    PlanPath,
    ReportOption,
    argument,
    flag,
    option,
)
from mag_rotation.cli.progress import show_progress
from mag_rotation.errors import InvalidCalendar, InvalidReplies, Mistake, UnreadableFile
from mag_rotation.files import NewFile, is_folder, lock_folders, read_file, read_file_if_there
from mag_rotation.limits import CALENDAR, MAIL, SHEET, InputLimit
from mag_rotation.plan import Plan
from mag_rotation.planfile import plan_files, plan_from
from mag_rotation.report import ENGLISH, Language, sentence
from mag_rotation.roster import ZoneName
from mag_rotation.values import Fact
from mag_rotation.zones import zone_name

_LIMITS = {".ics": CALENDAR, ".eml": MAIL}
"""The kinds of file that hold replies, by their endings."""

SourceArgument = Annotated[
    Path | None, argument("DIR", "A directory with .ics and .eml files in it or below, or one such file.")
]
ListOption = Annotated[Path | None, option("--list", "FILE", "A CSV of who was there: call, member, attended.")]
PreviousOption = Annotated[
    Path | None,
    option(
        "--previous",
        "FILE",
        "The calendar that was announced last: answers to an earlier edition of a call count as no.",
    ),
]
SkipOption = Annotated[bool, flag("--skip", "Skip what is refused, and write the rest.")]
CalendarPath = Annotated[Path, argument("FILE", "The calendar file.")]
OnlyOption = Annotated[str | None, option("--only", "TEXT", "Take the events with this text in the title.")]
UntilOption = Annotated[
    date | None,
    option(
        "--until", DATE, "The last day of rules without an end; a year after the last date of the file if not given."
    ),
]
LengthOption = Annotated[int | None, option("--duration", LENGTH, "The length of events that have none.")]


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneMapping:
    """The zone that a TZID means; without a TZID, the zone of floating times."""

    tzid: str | None
    zone: ZoneName


def _zone_mapping(text: str) -> ZoneMapping:
    """Read the text of --zone."""
    tzid, equals, zone = text.rpartition("=")
    return ZoneMapping(tzid=tzid if equals else None, zone=zone_name(zone))


ZoneMappingOption = Annotated[
    list[ZoneMapping] | None,
    option(
        "--zone",
        Kind("[TZID=]ZONE", _zone_mapping),
        "The zone that a TZID means, or that of times without any; may be repeated.",
    ),
]


def run_replies(
    path: PlanPath,
    source: SourceArgument = None,
    attended: ListOption = None,
    previous: PreviousOption = None,
    skip: SkipOption = False,
    locale: LocaleOption = None,
    out: OutOption = None,
) -> None:
    """Write the answers of members into an attendance sheet. A list of who was there goes into it too."""
    if source is None and attended is None:
        raise typer.BadParameter("give a DIR of replies, a --list FILE, or both")
    plan = read_plan(path)
    sheet = None if out is None or out == STDOUT else out
    with lock_folders([] if sheet is None else [sheet]):
        _write_replies(plan, source, attended, previous, sheet, skip=skip, language=locale or ENGLISH)


def _write_replies(
    plan: Plan,
    source: Path | None,
    attended: Path | None,
    previous: Path | None,
    out: Path | None,
    *,
    skip: bool,
    language: Language,
) -> None:
    """Write the sheet of a plan to stdout, or to a file whose rows are kept."""
    from mag_rotation.invite.replies import find_unknown_senders, match_replies, read_replies  # noqa: PLC0415 - icalendar is needed here alone
    from mag_rotation.planfile.attendance import merge_attendance, read_attendance, read_attendance_list, write_answers  # noqa: PLC0415
    from mag_rotation.report.reading import (  # noqa: PLC0415
        answers_line,
        earlier_line,
        senders_line,
        skipped_line,
        unread_line,
    )

    announced = () if previous is None else read_prior_file(previous, plan).events
    old: bytes | None = None
    if out is not None:
        refuse_sources(out, plan_files(plan)[:1])
        old = read_file_if_there(out, SHEET)
    mistakes: list[Mistake] = []
    with show_progress("reading replies"):
        read = [
            reply for name, data in _sources(source, mistakes, language) for reply in read_replies(data, name, mistakes)
        ]
        replies = match_replies(read, plan.series, plan.calls, plan.members, mistakes, announced=announced)
    refused = list(mistakes)
    listed = (
        ()
        if attended is None
        else read_attendance_list(read_file(attended, SHEET), attended.name, plan.calls, plan.members, mistakes)
    )
    before = read_attendance(old, out.name, plan.members, mistakes) if old is not None and out is not None else ()
    if len(mistakes) > len(refused) or (mistakes and not skip):
        raise InvalidReplies(mistakes)
    for mistake in refused:
        say(skipped_line(mistake, language))
    skipped = {mistake.place for mistake in refused}
    if strange := [name for name in find_unknown_senders(read, plan.members) if name not in skipped]:
        say(senders_line(strange, language))
    if earlier := [answer for answer in replies if answer.is_earlier]:
        say(earlier_line(earlier, language))
    text = write_answers(merge_attendance(before, replies, listed, plan.members))
    if out is None:
        write_out(text)
        return
    with stage_answers(
        NewFile(path=out, data=file_bytes(out, text), before=old, private=True), language=language
    ) as staged:
        say(f"{out}: {answers_line((*replies, *listed), language)}")
        if out.resolve() not in [one.resolve() for one in plan_files(plan)[1:]]:
            say(unread_line(out.name, language))
        staged.commit()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Source:
    """A file of replies, and its path below the given directory, by which messages name it."""

    path: Path
    name: str


def _sources(source: Path | None, mistakes: list[Mistake], language: Language) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each file of replies in a directory and below, by name.

    A file that is too large or cannot be read is a mistake. Files of other kinds are counted on stderr.
    """
    from mag_rotation.report.reading import passed_over_lines  # noqa: PLC0415 - icalendar is needed here alone

    if source is None:
        return
    if not is_folder(source):
        yield source.name, read_file(source, _limit_of(source))
        return
    files, links = _below(source, mistakes)
    wanted = [one for one in files if one.path.suffix.lower() in _LIMITS]
    for line in passed_over_lines(language, taken=len(wanted), others=len(files) - len(wanted), links=links):
        say(f"{source}: {line}")
    for one in wanted:
        try:
            data = read_file(one.path, _limit_of(one.path))
        except UnreadableFile as error:
            mistakes.append(Mistake(place=one.name, problem=error.reason))
        else:
            yield one.name, data


def _limit_of(path: Path) -> InputLimit:
    """Return the size limit of a file of replies."""
    return _LIMITS.get(path.suffix.lower(), MAIL)


def _below(top: Path, mistakes: list[Mistake]) -> tuple[list[_Source], int]:
    """Return the files in a directory and below, and the number of links to directories, which are not followed.

    Names that begin with a dot are skipped; a directory that cannot be read is a mistake.
    """

    def name_below(path: Path) -> str:
        return path.relative_to(top).as_posix()

    def refuse(error: OSError) -> None:
        place = name_below(Path(error.filename))
        problem = f"cannot be looked into: {(error.strerror or str(error)).lower()}"
        mistakes.append(Mistake(place=str(top) if place == "." else place, problem=problem))

    found: list[_Source] = []
    links = 0
    for folder, folders, names in os.walk(top, onerror=refuse):
        here = Path(folder)
        folders[:] = [name for name in folders if not name.startswith(".")]
        links += sum((here / name).is_symlink() for name in folders)
        paths = (here / name for name in names if not name.startswith("."))
        found += [_Source(path=path, name=name_below(path)) for path in paths if _may_be_file(path)]
    return sorted(found, key=lambda one: one.path), links


def _may_be_file(path: Path) -> bool:
    """Whether this is a file; if that cannot be told, the reader of the file reports why."""
    try:
        return S_ISREG(path.stat().st_mode)
    except OSError:
        return True


def run_from_ics(
    path: CalendarPath,
    only: OnlyOption = None,
    mappings: ZoneMappingOption = None,
    until: UntilOption = None,
    minutes: LengthOption = None,
    out: OutOption = None,
    force: ForceOption = False,
    locale: LocaleOption = None,
    report: ReportOption = None,
) -> None:
    """Make the draft of a plan from an existing calendar. It has the same calls at the same instants."""
    from mag_rotation.infer.external import ReadingOptions, read_external  # noqa: PLC0415
    from mag_rotation.infer.infer_plan import infer_plan  # noqa: PLC0415 - icalendar is needed here alone
    from mag_rotation.planfile.writer import write_draft  # noqa: PLC0415 - brings tomlkit
    from mag_rotation.report.reading import describe_draft, draft_head, draft_line, unsaid_line  # noqa: PLC0415

    language = locale or ENGLISH
    target = None if out == STDOUT else out
    if report is not None and target is None:
        raise typer.BadParameter("--format is that of a report on stdout, and the draft goes there; name a file")
    zones = {one.tzid: one.zone for one in mappings or () if one.tzid is not None}
    floating = next((one.zone for one in mappings or () if one.tzid is None), None)
    with show_progress(f"reading {path.name}"):
        reading = ReadingOptions(zones=zones, floating=floating, only=only, until=until, minutes=minutes)
        try:
            calendar = read_external(read_file(path, CALENDAR), path.name, reading)
        except InvalidCalendar as error:
            for fact in error.notes:
                if isinstance(fact, Fact):
                    say(unsaid_line(fact, language))
            raise
    with show_progress("looking for the rule"):
        draft = infer_plan(calendar)
        notes = tuple(sentence(note, language=language) for note in draft.notes)
        text = write_draft(draft.series, head=draft_head(path.name, len(calendar.held), language), unsaid=notes)
        plan = plan_from(target or path.parent / "draft.toml", text.encode())
    if not calendar.agrees_with(plan.calls):
        raise InvalidCalendar(
            [Mistake(place=path.name, problem="the draft does not give its instants; nothing written")]
        )
    if report is None:
        for note in draft.notes:
            say(unsaid_line(note, language))
    if target is None:
        write_out(text)
        return
    refuse_sources(target, [path])
    with stage_answers(
        NewFile(path=target, data=text.encode(), replace=force, cure=OR_STDOUT), language=language
    ) as staged:
        line = draft_line(plan.series, plan.calls, language, file=str(target), source=path.name)
        if report is None:
            say(line)
        else:
            answer = describe_draft(
                plan.series,
                plan.calls,
                draft.notes,
                language,
                file=str(target),
                source=path.name,
                lead=language.phrase("{sentence}.", sentence=line),
            )
            show_answer(answer, report, None, staged)
        staged.commit()
