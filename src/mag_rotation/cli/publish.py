"""The command that puts the calls where members find them: ``publish``, on a calendar server or as a site.

On a server it exits with 1 if only a part of what was due is written; the next run continues from there. The files of a
site are written together or not at all. A file that is not of the site is neither replaced nor removed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.cli.edits import DryRunOption
from mag_rotation.cli.files import deliver, read_plan, say, show_answer, stage_answers
from mag_rotation.cli.ics import LayoutName, UtcOption, read_replaced
from mag_rotation.cli.options import (
    FOLDER_ADDRESS,
    LOCALE,
    ZONE,
    FormatOption,
    Kind,
    LocalesOption,
    PlanPath,
    StampOption,
    ZonesOption,
    flag,
    once,
    option,
    user_option,
)
from mag_rotation.cli.progress import show_progress
from mag_rotation.errors import InvalidValue, MagRotationError, MissingExtra, RefusedOutput
from mag_rotation.files import NewFile, check_folder, lock_folders, make_folder, read_file_if_there
from mag_rotation.limits import CALENDAR, SITE_FILE
from mag_rotation.plan import Plan
from mag_rotation.planfile import plan_files
from mag_rotation.report import (
    ENGLISH,
    Context,
    Form,
    Language,
    context_of,
    describe_calls,
    find_language,
    render,
    sentence,
)
from mag_rotation.report.calls import call_record
from mag_rotation.report.description import utc_text
from mag_rotation.report.language import LANGUAGES
from mag_rotation.roster import ZoneName
from mag_rotation.values import FrozenDict
from mag_rotation.zones import parse_instant

if TYPE_CHECKING:
    from mag_rotation.ics import Edition, PriorCalendar
    from mag_rotation.report.site import Site

_VARIABLES = "MAG_ROTATION_CALDAV"


def run_publish(
    path: PlanPath,
    url: Annotated[str | None, option("--caldav", "URL", "The calendar on a CalDAV server.")] = None,
    folder: Annotated[
        Path | None, option("--site", "DIR", "The folder that a web server shows: pages, the calendar, and JSON.")
    ] = None,
    base: Annotated[
        str | None,
        option(
            "--base-url", FOLDER_ADDRESS, "With --site: its address on the web, for links that programs subscribe to."
        ),
    ] = None,
    user: Annotated[str | None, user_option(_VARIABLES)] = None,
    zones: ZonesOption = None,
    utc: UtcOption = False,
    stamp: StampOption = None,
    dry_run: DryRunOption = False,
    insecure_http: Annotated[
        bool, flag("--insecure-http", "Allow a URL without https, and the password in the clear.")
    ] = False,
    locales: LocalesOption = None,
    form: FormatOption = Form.TABLE,
) -> None:
    """Put the calls on a CalDAV server, or write them as a site. Only what changed is written, nothing deleted."""
    now, languages = stamp or datetime.now(UTC), once(locales)
    if folder is not None and url is None:
        if user is not None or insecure_http:
            raise typer.BadParameter("--user and --insecure-http go with --caldav")
        _write_site(
            path,
            folder,
            now,
            _SiteOptions(base=base, locales=tuple(one.tag for one in languages), zones=once(zones), utc=utc),
            dry_run=dry_run,
            form=form,
        )
    elif url is not None and folder is None:
        if base is not None:
            raise typer.BadParameter("--base-url goes with --site")
        if len(languages) > 1:
            raise typer.BadParameter("give one --locale with --caldav; several are those of a site")
        _write_to_server(
            path,
            url,
            now,
            languages[0] if languages else ENGLISH,
            user=user,
            zones=zones or (),
            utc=utc,
            dry_run=dry_run,
            insecure_http=insecure_http,
            form=form,
        )
    else:
        raise typer.BadParameter("give one of --caldav URL and --site DIR")


def _write_to_server(
    path: Path,
    url: str,
    now: datetime,
    language: Language,
    *,
    user: str | None,
    zones: Sequence[ZoneName],
    utc: bool,
    dry_run: bool,
    insecure_http: bool,
    form: Form,
) -> None:
    from mag_rotation.publish.caldav import publish_calls  # noqa: PLC0415 - brings icalendar
    from mag_rotation.publish.dav import Collection, parse_calendar_url, server_of  # noqa: PLC0415
    from mag_rotation.publish.login import find_login  # noqa: PLC0415
    from mag_rotation.report.changes import (  # noqa: PLC0415 - brings icalendar
        contested_line,
        describe_changes,
        publish_line,
        unfinished_line,
    )

    try:
        place = parse_calendar_url(url, insecure_http=insecure_http)
    except InvalidValue as error:
        raise typer.BadParameter(str(error), param_hint="--caldav") from None
    plan = read_plan(path)
    login = find_login(server_of(place), variables=_VARIABLES, user=user)
    with show_progress("talking to the server"), Collection(place, login=login) as calendar:
        done = publish_calls(
            calendar, plan.meeting, lambda found: _edition(plan, found, now, zones, utc=utc), dry_run=dry_run
        )
    warnings = (*plan.time_warnings, *done.edition.warnings)
    context = Context(meeting=plan.meeting, warnings=warnings, language=language)
    deliver(describe_changes(context, done.edition.changes), form, None)
    line = publish_line(
        language, calls=len(done.edition.events), due=len(done.due), written=len(done.written), dry_run=dry_run
    )
    say(f"{place}: {line}")
    for uid in done.contested:
        say(contested_line(uid, language))
    if done.stopped is not None:
        say(unfinished_line(done.stopped, language))
    if done.stopped is not None or done.contested:
        raise typer.Exit(1)


def _edition(plan: Plan, found: PriorCalendar, now: datetime, zones: Sequence[ZoneName], *, utc: bool) -> Edition:
    """Make the edition that follows what is on the server."""
    from mag_rotation.ics import make_edition  # noqa: PLC0415

    return make_edition(plan.series, plan.calls, stamp=now, previous=found, zones=tuple(zones), utc=utc)


def _list_languages() -> tuple[Language, ...]:
    """Return all languages that there are sentences for; English alone without Babel."""
    try:
        return tuple(map(find_language, LANGUAGES))
    except MissingExtra:
        return (ENGLISH,)


def _write_site(
    path: Path,
    folder: Path,
    now: datetime,
    given: _SiteOptions,
    *,
    dry_run: bool,
    form: Form,
) -> None:
    """Write a site; what of the options is not given is that of the last time."""
    from mag_rotation.ics import edit_calls  # noqa: PLC0415 - brings icalendar
    from mag_rotation.report.changes import describe_changes, remembered_line, site_line  # noqa: PLC0415 - the same
    from mag_rotation.report.season import make_season  # noqa: PLC0415 - few commands need it
    from mag_rotation.report.site import FEED, RECORDS, Site  # noqa: PLC0415 - the same

    plan = read_plan(path)
    check_folder(folder)
    _refuse_plan_folder(plan, folder)
    with lock_folders([folder / FEED]), show_progress("writing the site"):
        last = _read_records(read_file_if_there(folder / RECORDS, SITE_FILE) or b"", plan.meeting.id) or {}
        known = _read_options(last)
        options = given.follow(known)
        languages = tuple(map(find_language, options.locales)) or _list_languages()
        options = replace(options, locales=tuple(language.tag for language in languages))
        base = options.base
        found = make_season(plan, now=now, is_public=True)
        seasons = tuple(found.translate(language, beside=languages) for language in languages)
        season = seasons[0]
        feed = f"{base}{FEED}" if base else plan.meeting.feed_url
        meeting = replace(plan.meeting, description=season.show(plan.meeting.description) or None, feed_url=feed)
        warnings = tuple(fact for fact in plan.time_warnings if season.show(sentence(fact)))
        context = context_of(plan, warnings, language=languages[0])
        site = Site(seasons=seasons, context=context, stamp=now, base=base or "", feed=feed)
        before = read_file_if_there(folder / FEED, CALENDAR)
        prior = None if before is None else read_replaced(before, folder / FEED, meeting, LayoutName.CALLS)
        edition = edit_calls(
            site.publish_calls(), meeting, stamp=now, previous=prior, zones=options.zones, utc=options.utc
        )
        earlier = _find_earlier_starts(edition, last, now)
        site = replace(site, seasons=tuple(replace(season, earlier=earlier) for season in seasons))
        files = _list_files(site, edition, folder, options)
        changed = _find_changed(files, folder, plan.meeting.id)
        answer = describe_changes(replace(context, warnings=(*warnings, *edition.warnings)), edition.changes)
        line = site_line(
            languages[0],
            files=len(files),
            written=len(changed),
            ahead=sum(call.is_held for call in site.list_ahead()),
            dry_run=dry_run,
        )
        if changed and not dry_run:
            for place in dict.fromkeys((folder / name).parent for name in changed):
                make_folder(place)
        due = () if dry_run else changed
        with stage_answers(
            *(NewFile(path=folder / name, data=files[name], public=True, sync=False) for name in due),
            language=languages[0],
        ) as staged:
            show_answer(answer, form, None, staged)
            staged.commit()
    if unasked := given.list_unasked(known):
        say(f"{folder}: {remembered_line(unasked, languages[0])}")
    for changed_line in _tell_changed(given, known, languages[0]):
        say(f"{folder}: {changed_line}")
    say(f"{folder}: {line}")


@dataclass(frozen=True, kw_only=True, slots=True)
class _SiteOptions:
    """The options that a site remembers. ``locales`` are tags, the first that of the first page; empty if not given."""

    base: str | None = None
    locales: tuple[str, ...] = ()
    zones: tuple[ZoneName, ...] = ()
    utc: bool = False

    def follow(self, last: _SiteOptions) -> _SiteOptions:
        """Return these options, with those of the last time in the place of what is not given."""
        return _SiteOptions(
            base=self.base or last.base,
            locales=self.locales or last.locales,
            zones=self.zones or last.zones,
            utc=self.utc or last.utc,
        )

    def list_values(self) -> dict[str, tuple[str, ...]]:
        """Return the values of the options that have some."""
        return {"--base-url": (self.base,) if self.base else (), "--locale": self.locales, "--zone": self.zones}

    def list_unasked(self, last: _SiteOptions) -> list[str]:
        """Return the options of the last time that are not given now, as one writes them."""
        own = self.list_values()
        found = [
            f"{name} {value}"
            for name, values in last.list_values().items()
            if not own[name] and not (name == "--locale" and values == LANGUAGES)
            for value in values
        ]
        return [*found, *(["--utc"] if last.utc and not self.utc else [])]

    def document(self) -> dict[str, object]:
        """Return the options as ``calls.json`` keeps them."""
        return {"base_url": self.base, "locales": list(self.locales), "zones": list(self.zones), "utc": self.utc}


def _tell_changed(given: _SiteOptions, last: _SiteOptions, language: Language) -> Iterator[str]:
    """Return a line about each option that has other values than the last time."""
    from mag_rotation.report.changes import changed_option_line  # noqa: PLC0415 - brings icalendar

    own = given.list_values()
    for name, values in last.list_values().items():
        if values and own[name] and own[name] != values:
            yield changed_option_line(name, values, own[name], language)


def _read_options(records: Mapping[str, object]) -> _SiteOptions:
    """Return the options that a site keeps; what is not as it was written is left out."""
    kept = records.get("site")
    if not isinstance(kept, dict):
        return _SiteOptions()
    return _SiteOptions(
        base=next(iter(_read_texts([kept.get("base_url")], FOLDER_ADDRESS)), None),
        locales=_read_texts(kept.get("locales"), LOCALE),
        zones=tuple(map(ZoneName, _read_texts(kept.get("zones"), ZONE))),
        utc=kept.get("utc") is True,
    )


def _read_texts(found: object, kind: Kind) -> tuple[str, ...]:
    """Return the texts of a list that an option of this kind takes; a language stays also if it needs an extra."""
    texts = []
    for text in found if isinstance(found, list) else ():
        if not isinstance(text, str):
            continue
        try:
            value = kind.read(text)
        except MissingExtra:
            value = text
        except MagRotationError:
            continue
        texts.append(value if isinstance(value, str) else text)
    return tuple(texts)


def _find_earlier_starts(edition: Edition, records: Mapping[str, object], now: datetime) -> FrozenDict[str, datetime]:
    """Return when the calls to come were to start before they moved, by UID: in this edition or in one before."""
    earlier = {}
    calls = records.get("calls")
    for call in calls if isinstance(calls, list) else ():
        uid, before = (call.get("uid"), call.get("before")) if isinstance(call, dict) else (None, None)
        if isinstance(uid, str) and isinstance(before, str):
            with suppress(MagRotationError):
                earlier[uid] = parse_instant(before)
    for change in edition.changes:
        if change.before is not None and change.after is not None and change.before.start != change.after.start:
            earlier[change.uid] = change.before.start
    starts = {event.uid: event.start for event in edition.events if event.end > now and not event.cancelled}
    return FrozenDict({uid: at for uid, at in earlier.items() if starts.get(uid, at) != at})


def _refuse_plan_folder(plan: Plan, folder: Path) -> None:
    """Refuse a folder in which a web server would show the plan or its roster."""
    place = folder.resolve()
    for file in plan_files(plan):
        if file.resolve().is_relative_to(place):
            raise RefusedOutput(
                str(folder), f"holds {file}, which the web server would show; name a folder for the site alone"
            )


def _list_files(site: Site, edition: Edition, folder: Path, options: _SiteOptions) -> dict[str, bytes]:
    """Return the files of a site by their names, in the order of writing: those that others link to first."""
    from mag_rotation.ics.write import write_object  # noqa: PLC0415 - brings icalendar
    from mag_rotation.report.site import FEED, RECORDS, SITE_MARK, name_event_file, write_moved_page  # noqa: PLC0415

    calls = site.publish_calls()
    later = {call.uid for call in calls} - {call.uid for call in site.list_ahead()}
    shown = (event for event in edition.events if event.end > site.stamp and event.uid not in later)
    files = {name_event_file(event.uid): write_object(event) for event in shown}
    files[FEED] = edition.data()
    records = describe_calls(site.context, calls)
    earlier = {uid: utc_text(before) for uid, before in site.seasons[0].earlier.items()}
    document = {
        **records.document,
        "calls": [{**call_record(call), "before": earlier.get(call.uid)} for call in calls],
        "site": options.document(),
    }
    if sessions := site.publish_sessions():
        document["sessions"] = sessions
    records = replace(records, document=document)
    files[RECORDS] = render(records, Form.JSON).encode()
    pages = {name: text.encode() for name, text in site.write_pages().items()}
    for kind in ("index", "next"):
        for page in sorted(folder.glob(f"{kind}.*.html")):
            data = read_file_if_there(page, SITE_FILE) or b""
            if page.name not in pages and SITE_MARK.encode() in data:
                pages[page.name] = write_moved_page(f"{kind}.html", site.context).encode()
    return files | pages


def _find_changed(files: Mapping[str, bytes], folder: Path, meeting: str) -> tuple[str, ...]:
    """Return the files that are new or differ; raises :class:`RefusedOutput` if one is not of this site."""
    changed = []
    for name, data in files.items():
        before = read_file_if_there(folder / name, SITE_FILE)
        if before is not None and not _is_of_site(name, before, meeting):
            raise RefusedOutput(
                str(folder / name), "is no file of this site, and was left as it was; name another folder or move it"
            )
        if before != data:
            changed.append(name)
    return tuple(changed)


def _is_of_site(name: str, data: bytes, meeting: str) -> bool:
    """Return whether a file was written for a site of this meeting."""
    from mag_rotation.report.site import SITE_MARK  # noqa: PLC0415

    if name.endswith(".html"):
        return SITE_MARK.encode() in data
    if name.endswith(".ics"):
        return data.startswith(b"BEGIN:VCALENDAR")
    return _read_records(data, meeting) is not None


def _read_records(data: bytes, meeting: str) -> dict[str, object] | None:
    """Return what the JSON of a site of this meeting says; None if it is another file."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) and document.get("meeting") == meeting else None
