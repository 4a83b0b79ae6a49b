"""Arguments and options that several commands share.

Rule 1: an option that names a value of the library is read into that value here, so that commands get values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from difflib import get_close_matches
from functools import wraps
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from typer.models import OptionInfo

from mag_rotation.cli.usage import DEFAULT_PLAN
from mag_rotation.errors import InvalidValue, MagRotationError
from mag_rotation.planfile import parse_day, parse_minutes
from mag_rotation.report import Form
from mag_rotation.roster import ZoneName
from mag_rotation.zones import parse_instant, zone_name

V = TypeVar("V")


def as_option(read: Callable[[str], V]) -> Callable[[str], V]:
    """A reader of the library as typer wants it: what it refuses is a mistake of usage."""

    @wraps(read)
    def parse(text: str) -> V:
        try:
            return read(text)
        except MagRotationError as error:
            raise typer.BadParameter(str(error)) from None

    return parse


def once(values: Iterable[V] | None) -> tuple[V, ...]:
    """The values of an option that may be repeated, each once and in the order given."""
    return tuple(dict.fromkeys(values or ()))


def user_option(variables: str) -> OptionInfo:
    """The option for who logs in, where ``variables`` is what the names of environment variables begin with."""
    told = f"Who logs in; {variables}_USER if not given. The password: {variables}_PASSWORD, or the keyring."
    option: OptionInfo = typer.Option("--user", metavar="NAME", help=told, show_default=False)
    return option


PlanPath = Annotated[
    Path,
    typer.Argument(
        metavar="PLAN",
        help="The plan file; plan.toml of this folder if not given.",
        default_factory=lambda: DEFAULT_PLAN,
        show_default=False,
    ),
]


def _form(text: str) -> Form:
    """A format by its name."""
    try:
        return Form(text)
    except ValueError:
        names = list(map(str, Form))
        meant = _FORMS_BY_SUFFIX.get(text.lower()) or next(iter(get_close_matches(text.lower(), names, n=1)), None)
        hint = f"did you mean {meant}? " if meant else ""
        raise InvalidValue(f"found {text!r}; {hint}write one of {', '.join(names)}") from None


_FORMS_BY_SUFFIX = {"md": Form.MARKDOWN, "txt": Form.TABLE, "text": Form.TABLE, "excel": Form.CSV, "xls": Form.CSV}
"""What people ask for who mean a format."""

FormatOption = Annotated[
    Form,
    typer.Option(
        "--format",
        "-f",
        metavar="|".join(Form),
        parser=as_option(_form),
        help="How the answer is written; as the name of --output ends, else a table, if not given.",
        show_default=False,
    ),
]
ReportOption = Annotated[
    Form | None,
    typer.Option(
        "--format",
        "-f",
        metavar="|".join(Form),
        parser=as_option(_form),
        help="Report on stdout what was written, in this form; a line on stderr tells of it if not given.",
        show_default=False,
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to this file, whole or not at all; - is stdout.",
        show_default=False,
    ),
]
ZonesOption = Annotated[
    list[ZoneName] | None,
    typer.Option(
        "--zone",
        "-z",
        metavar="ZONE",
        parser=as_option(zone_name),
        help="Show local times of this zone too; may be repeated.",
        show_default=False,
    ),
]
FromOption = Annotated[
    date | None,
    typer.Option(
        "--from", metavar="DATE", parser=as_option(parse_day), help="The first rule date to list.", show_default=False
    ),
]
ToOption = Annotated[
    date | None,
    typer.Option(
        "--to", metavar="DATE", parser=as_option(parse_day), help="The last rule date to list.", show_default=False
    ),
]
SeasonFromOption = Annotated[
    date | None,
    typer.Option(
        "--from",
        metavar="DATE",
        parser=as_option(parse_day),
        help="The first date to look at; that of the first call if not given.",
        show_default=False,
    ),
]
SeasonToOption = Annotated[
    date | None,
    typer.Option(
        "--to",
        metavar="DATE",
        parser=as_option(parse_day),
        help="The last date to look at; that of the last call if not given.",
        show_default=False,
    ),
]
MemberOption = Annotated[
    str | None,
    typer.Option("--member", "-m", metavar="ID", help="One member's view: local times, nights.", show_default=False),
]
CallOption = Annotated[
    str | None,
    typer.Option("--call", metavar="N", help="A call by number, label, rule date or UID.", show_default=False),
]
NextOption = Annotated[bool, typer.Option("--next", help="The next call that is not cancelled.")]
NowOption = Annotated[
    datetime | None,
    typer.Option(
        "--now",
        metavar="INSTANT",
        parser=as_option(parse_instant),
        help="What --next counts from; the clock if not given.",
        show_default=False,
    ),
]
AtOption = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        metavar="INSTANT",
        parser=as_option(parse_instant),
        help="A time that is no call, such as '2026-11-03 20:00 UTC'.",
        show_default=False,
    ),
]
ProposedOption = Annotated[
    datetime,
    typer.Option(
        "--at",
        metavar="INSTANT",
        parser=as_option(parse_instant),
        help="The proposed start, such as '2026-11-03 20:00 UTC' or 2026-11-03T20:00Z.",
        show_default=False,
    ),
]
DurationOption = Annotated[
    int | None,
    typer.Option(
        "--duration",
        metavar="LENGTH",
        parser=as_option(parse_minutes),
        help="How long, with --at; the meeting's if not given.",
        show_default=False,
    ),
]
ProposedLengthOption = Annotated[
    int | None,
    typer.Option(
        "--duration",
        metavar="LENGTH",
        parser=as_option(parse_minutes),
        help="How long; the length of the call that is replaced, else the meeting's, if not given.",
        show_default=False,
    ),
]
StampOption = Annotated[
    datetime | None,
    typer.Option(
        "--stamp",
        metavar="INSTANT",
        parser=as_option(parse_instant),
        help="The DTSTAMP of the calls; the clock if not given.",
        show_default=False,
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")]
FailOnWarningsOption = Annotated[
    bool, typer.Option("--fail-on-warnings", help="Exit 1 when something is odd, for scripts.")
]
