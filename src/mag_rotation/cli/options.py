"""How options are declared, and those that several commands share.

A text is read into a value of the library when the command line is read, so that a command gets values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar, get_type_hints

import typer
from typer.models import ArgumentInfo, OptionInfo

from mag_rotation.cli.usage import DEFAULT_PLAN
from mag_rotation.errors import InvalidValue, MagRotationError
from mag_rotation.planfile import parse_clock, parse_day, parse_minutes, parse_text, parse_weekday, parse_window
from mag_rotation.report import Form, Language, find_language
from mag_rotation.roster import ZoneName
from mag_rotation.zones import parse_instant, zone_name

V = TypeVar("V")


class Kind(NamedTuple):
    """A kind of value: what the help calls it, and what reads it."""

    metavar: str
    read: Callable[[str], object]


def _parse_address(text: str) -> str:
    """Read the address of a calendar that browsers and calendar programs open."""
    scheme, _, rest = text.partition("://")
    if scheme.lower() not in {"http", "https", "webcal"} or not rest or " " in text or not text.isprintable():
        raise InvalidValue(f"found {text!r}; write an address such as https://example.org/calls.ics")
    return text


def _parse_folder_address(text: str) -> str:
    """Read the address of a folder on the web, and return it with a slash at its end."""
    scheme, _, rest = text.partition("://")
    if (
        scheme.lower() not in {"http", "https"}
        or not rest.strip("/")
        or set(" ?#") & set(text)
        or not text.isprintable()
    ):
        raise InvalidValue(f"found {text!r}; write the address of a folder, such as https://example.org/calls/")
    return f"{text.rstrip('/')}/"


ADDRESS = Kind("URL", _parse_address)
CLOCK = Kind("HH:MM", parse_clock)
DATE = Kind("DATE", parse_day)
FOLDER_ADDRESS = Kind("URL", _parse_folder_address)
HOURS = Kind("HOURS", parse_window)
INSTANT = Kind("INSTANT", parse_instant)
LENGTH = Kind("LENGTH", parse_minutes)
LOCALE = Kind("LOCALE", find_language)
TEXT = Kind("TEXT", parse_text)
WEEKDAY = Kind("DAY", parse_weekday)
ZONE = Kind("ZONE", zone_name)


def option(
    names: str,
    kind: Kind | str | None,
    text: str,
    *,
    low: int | None = None,
    high: int | None = None,
    hides_default: bool = False,
) -> OptionInfo:
    """Declare an option with a value; ``names`` are separated by blanks.

    ``kind`` may be the metavar alone, or None for what typer shows of the type: a range or the choices.
    """
    info: OptionInfo = typer.Option(
        *names.split(),
        metavar=kind.metavar if isinstance(kind, Kind) else kind,
        parser=as_option(kind.read) if isinstance(kind, Kind) else None,
        help=text,
        min=low,
        max=high,
        show_default=not hides_default,
    )
    return info


def flag(name: str, text: str) -> OptionInfo:
    """Declare an option without a value."""
    info: OptionInfo = typer.Option(name, help=text)
    return info


def argument(metavar: str, text: str) -> ArgumentInfo:
    """Declare an argument."""
    info: ArgumentInfo = typer.Argument(metavar=metavar, help=text)
    return info


def as_option(read: Callable[[str], V]) -> Callable[[str], V]:
    """Return a reader for typer: what ``read`` refuses is a mistake of usage."""

    @wraps(read)
    def parse(text: str) -> V:
        try:
            return read(text)
        except MagRotationError as error:
            raise typer.BadParameter(str(error)) from None

    return parse


def once(values: Iterable[V] | None) -> tuple[V, ...]:
    """Return the values of an option that may be repeated, each once and in the order given."""
    return tuple(dict.fromkeys(values or ()))


def spread_options(run: Callable[..., None]) -> Callable[..., None]:
    """Let the fields of parameters that are dataclasses be options of a command, in the place of the parameter.

    Commands with the same options declare them once, as a dataclass, and get its value.
    """
    hints = get_type_hints(run, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if isinstance(kind, type) and is_dataclass(kind)}
    parameters: list[Parameter] = []
    for parameter in signature(run).parameters.values():
        if group := groups.get(parameter.name):
            kinds = get_type_hints(group, include_extras=True)
            parameters += (
                Parameter(part.name, Parameter.KEYWORD_ONLY, default=part.default, annotation=kinds[part.name])
                for part in fields(group)
            )
        else:
            parameters.append(parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=hints[parameter.name]))

    @wraps(run)
    def run_with_groups(**values: object) -> None:
        for name, group in groups.items():
            values[name] = group(**{part.name: values.pop(part.name) for part in fields(group)})
        run(**values)

    run_with_groups.__annotations__ = {one.name: one.annotation for one in parameters}
    run_with_groups.__signature__ = signature(run).replace(parameters=parameters)  # type: ignore[attr-defined]
    return run_with_groups


def user_option(variables: str) -> OptionInfo:
    """Declare the option for who logs in; the names of environment variables begin with ``variables``."""
    password = f"The password: {variables}_PASSWORD, or the keyring."
    return option("--user", "NAME", f"Who logs in; {variables}_USER if not given. {password}")


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
    """Read the name of a format."""
    try:
        return Form(text)
    except ValueError:
        names = list(map(str, Form))
        by_other_name = {name: form for form in Form for name in form.other_names}
        meant = by_other_name.get(text.lower()) or next(iter(get_close_matches(text.lower(), names, n=1)), None)
        hint = f"did you mean {meant}? " if meant else ""
        raise InvalidValue(f"found {text!r}; {hint}write one of {', '.join(names)}") from None


FormatOption = Annotated[
    Form,
    option(
        "--format -f",
        Kind("|".join(Form), _form),
        "The format of the answer; if not given, that of the name of --output, else a table.",
        hides_default=True,
    ),
]
ReportOption = Annotated[
    Form | None,
    option(
        "--format -f",
        Kind("|".join(Form), _form),
        "Report on stdout what was written, in this format; if not given, as one line on stderr.",
    ),
]
TableReportOption = Annotated[
    Form | None,
    option(
        "--format -f", Kind("|".join(Form), _form), "Write the report on stdout in this form; a table if not given."
    ),
]
OutOption = Annotated[
    Path | None, option("--output -o", "FILE", "Write to this file, whole or not at all; - is stdout.")
]
LocaleOption = Annotated[
    Language | None, option("--locale", LOCALE, "The language for people, such as fr or es-MX; English if not given.")
]
LocalesOption = Annotated[
    list[Language] | None,
    option(
        "--locale",
        LOCALE,
        "The language for people, English if not given; of a site all, or those named, the first for its first page.",
    ),
]
SubscribeOption = Annotated[str | None, option("--calendar", ADDRESS, "The address that members subscribe to.")]
ZonesOption = Annotated[
    list[ZoneName] | None, option("--zone -z", ZONE, "Show local times of this zone too; may be repeated.")
]
FromOption = Annotated[date | None, option("--from", DATE, "The first rule date to list.")]
ToOption = Annotated[date | None, option("--to", DATE, "The last rule date to list.")]
SeasonFromOption = Annotated[
    date | None, option("--from", DATE, "The first date to look at; that of the first call if not given.")
]
SeasonToOption = Annotated[
    date | None, option("--to", DATE, "The last date to look at; that of the last call if not given.")
]
AllZonesOption = Annotated[
    bool, flag("--all-zones", "Add the local start of each call by the clocks of all members, one column a clock.")
]
MemberOption = Annotated[str | None, option("--member -m", "ID", "One member's view: local times, nights.")]
RosterOption = Annotated[
    Path | None,
    option("--roster", "FILE", "A roster sheet instead of a plan: CSV or a spreadsheet with the columns id and zone."),
]
SeatsOption = Annotated[
    list[str] | None,
    option("--member -m", "ID=ZONE", "A member instead of a plan, such as ann=Europe/Zurich; may be repeated."),
]
CallOption = Annotated[str | None, option("--call", "N", "A call by number, label, rule date or UID.")]
NextOption = Annotated[bool, flag("--next", "The next call that is not cancelled.")]
NowOption = Annotated[datetime | None, option("--now", INSTANT, "What --next counts from; the clock if not given.")]
AtOption = Annotated[
    datetime | None, option("--at", INSTANT, "A time that is not a call, such as '2026-11-03 20:00 UTC'.")
]
ProposedOption = Annotated[
    datetime, option("--at", INSTANT, "The proposed start, such as '2026-11-03 20:00 UTC' or 2026-11-03T20:00Z.")
]
DurationOption = Annotated[
    int | None, option("--duration", LENGTH, "The length, with --at; the meeting's if not given.")
]
ProposedLengthOption = Annotated[
    int | None,
    option("--duration", LENGTH, "The length; if not given, that of the replaced call, else the meeting's."),
]
StampOption = Annotated[
    datetime | None, option("--stamp", INSTANT, "The DTSTAMP of the calls; the clock if not given.")
]
GroupsOption = Annotated[
    bool, flag("--groups", "Show every group in tables, also those of one member; JSON has all anyway.")
]
ForceOption = Annotated[bool, flag("--force", "Replace a file that is there already.")]
FailOnWarningsOption = Annotated[bool, flag("--fail-on-warnings", "Exit 1 if there are warnings, for scripts.")]
