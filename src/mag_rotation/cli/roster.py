"""The command ``roster``: a group's own spreadsheet becomes a roster sheet.

What is not clear is asked on a terminal. Elsewhere it stays open, and the exit code is 1.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.cli.files import STDOUT, file_bytes, refuse_sources, say, show_answer, stage_answers, write_out
from mag_rotation.cli.options import Kind, LocaleOption, TableReportOption, argument, option
from mag_rotation.cli.progress import show_progress
from mag_rotation.cli.usage import DEFAULT_PLAN
from mag_rotation.errors import RefusedOutput
from mag_rotation.files import NewFile, lock_folders, read_file, read_file_if_there
from mag_rotation.limits import SHEET
from mag_rotation.planfile import parse_day
from mag_rotation.report import ENGLISH, Form, Language, warning_line
from mag_rotation.zones import parse_instant

if TYPE_CHECKING:
    from mag_rotation.plan.people import People, Person
    from mag_rotation.roster import ZoneName

_CSV = ".csv"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _parse_moment(text: str) -> datetime:
    """Read an instant, or a date, which begins at midnight UTC."""
    if _DATE.fullmatch(text.strip()):
        return datetime.combine(parse_day(text.strip()), time(), UTC)
    return parse_instant(text)


_MOMENT = Kind("DATE", _parse_moment)


def run_roster(
    path: Annotated[Path, argument("FILE", "The spreadsheet: CSV, XLSX or ODS.")],
    out: Annotated[
        Path | None,
        option("--output -o", "FILE", "The roster to write, members.csv; one that is there is brought up to date."),
    ] = None,
    sheet: Annotated[
        str | None, option("--sheet", "NAME", "The sheet of the workbook; the first with headings if not given.")
    ] = None,
    groups: Annotated[
        list[str] | None, option("--group", "COLUMN", "Keep this column as a group; may be repeated.")
    ] = None,
    now: Annotated[
        datetime | None,
        option("--now", _MOMENT, "From when who is gone or moved counts; the clock if not given."),
    ] = None,
    locale: LocaleOption = None,
    report: TableReportOption = None,
) -> None:
    """Make a roster from a spreadsheet of names and cities. It says what it made of each column and row."""
    from mag_rotation.planfile.people import draft_roster, read_people  # noqa: PLC0415 - long tables of names
    from mag_rotation.report.roster import describe_roster, roster_line  # noqa: PLC0415

    target = None if out == STDOUT else out
    if report is not None and out == STDOUT:
        raise typer.BadParameter("--format is that of a report on stdout, and the roster goes there; name a file")
    if target is not None and target.suffix.lower() != _CSV:
        raise RefusedOutput(str(target), "is no CSV file; a roster is written as CSV, so name one such as members.csv")
    data = read_file(path, SHEET)
    moment, language = now or datetime.now(UTC), locale or ENGLISH
    with lock_folders([] if target is None else [target]):
        if target is not None:
            refuse_sources(target, [path], of="this roster")
        existing = None if target is None else read_file_if_there(target, SHEET)
        with show_progress(f"reading {path.name}"):
            people = read_people(
                data,
                path.name,
                sheet=sheet,
                groups=groups or (),
                existing=existing,
                existing_name="" if target is None else target.name,
            )
        people = _ask(people, moment, language)
        draft = draft_roster(people, today=moment.date())
        if out == STDOUT:
            for note in draft.notes:
                say(warning_line(note, language))
            say(roster_line(draft, path.name, language))
            write_out(draft.text)
        else:
            file = None if target is None else str(target)
            answer = describe_roster(
                draft,
                language,
                source=path.name,
                file=file,
                today=moment.date(),
                has_plan=any(
                    (folder / DEFAULT_PLAN).exists()
                    for folder in (Path(), *(() if target is None else (target.parent,)))
                ),
            )
            with stage_answers(language=language) as staged:
                if target is not None and draft.is_changed:
                    data = file_bytes(target, draft.text)
                    staged.add(NewFile(path=target, data=data, before=existing, private=True))
                show_answer(answer, report or Form.TABLE, None, staged)
                staged.commit()
    if draft.open:
        raise typer.Exit(1)


def _ask(people: People, now: datetime, language: Language) -> People:
    """Ask for the zones that are open if somebody is there to answer; what is not answered stays open."""
    from mag_rotation.report.roster import question_lines  # noqa: PLC0415

    if not _is_terminal():
        return people
    for persons in people.open_questions:
        *lines, question = question_lines(persons, people, now, language)
        for line in lines:
            say(line)
        zone = _read_zone(question, persons[0], language)
        if zone is not None:
            people = people.answer(persons, zone)
    return people


def _is_terminal() -> bool:
    """Return whether a person can see a question and type an answer."""
    streams = (sys.stdin, sys.stderr)
    return all(stream is not None and stream.isatty() for stream in streams)


def _read_zone(question: str, person: Person, language: Language) -> ZoneName | None:
    """Return the zone that is answered to a question; None for an empty line or the end of the input.

    An answer that contradicts what is written about the member is asked for once more.
    """
    from mag_rotation.places.locate import Candidate, Whereabouts, contradicts, locate  # noqa: PLC0415
    from mag_rotation.report.roster import doubted_answer_line, taken_answer_line, unread_answer_line  # noqa: PLC0415

    candidates, doubted = person.location.candidates, ""
    while True:
        sys.stderr.write(question)
        sys.stderr.flush()
        answer = sys.stdin.readline().strip()
        if not answer:
            return None
        if answer.isdecimal() and 1 <= int(answer) <= len(candidates):
            return candidates[int(answer) - 1].zone
        where = Whereabouts(zone=answer)
        found = locate([where])[where]
        if not found.zone or found.is_assumed:
            say(unread_answer_line(answer, found.candidates, language))
            continue
        meant = Candidate(zone=found.zone, place=found.place)
        if answer == doubted or not contradicts(meant.zone, person.where):
            say(taken_answer_line(meant, language))
            return meant.zone
        say(doubted_answer_line(answer, meant, person, language))
        doubted = answer
