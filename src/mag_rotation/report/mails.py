"""The words of the messages that bring invitations, each in the language of its member.

The calendar inside a message is the same in every language: programs compare it with the next edition, and its title is
that of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mag_rotation.errors import InvalidValue, MissingExtra
from mag_rotation.ics.event import Event
from mag_rotation.ics.single_events import format_moments
from mag_rotation.invite.attendees import to_one_line
from mag_rotation.invite.imip import MailText, isolate
from mag_rotation.invite.invitations import Invitation, News
from mag_rotation.report.language import ENGLISH, Language, find_language, mark
from mag_rotation.roster import UTC_ZONE, Member, MemberId, ZoneName
from mag_rotation.zones import to_local

__all__ = ["MailLanguages", "choose_mail_languages", "write_mail_text"]

_SUBJECTS: Mapping[News, str] = {
    News.INVITED: mark("Invitation: {title}, {start} UTC"),
    News.CHANGED: mark("Changed: {title}, {start} UTC"),
    News.CANCELLED: mark("Cancelled: {title}, {start} UTC"),
    News.WITHDRAWN: mark("Withdrawn: {title}, {start} UTC"),
}
_OPENINGS: Mapping[News, str] = {
    News.INVITED: mark("You are invited to {title}"),
    News.CHANGED: mark("A call has changed: {title}"),
    News.CANCELLED: mark("A call is cancelled: {title}"),
    News.WITHDRAWN: mark("The invitation to this address is withdrawn: {title}"),
}


def write_mail_text(invitation: Invitation, language: Language) -> MailText:
    """Return what the message of an invitation says.

    It gives time, length and place, and their former values if they change; then the note, the description and the
    link.
    """
    event, known = invitation.event, invitation.before
    title = to_one_line(event.title)
    before, _, after = language.translate(_OPENINGS[invitation.news]).partition("{title}")
    was = [] if known is None else [f"{language.phrase('It was:')}\n{_list_facts(known, invitation.clocks, language)}"]
    return MailText(
        subject=language.phrase(
            _SUBJECTS[invitation.news], title=isolate(title), start=f"{event.start:%Y-%m-%d %H:%M}"
        ),
        opening=(before, after),
        title=title,
        blocks=(_list_facts(event, invitation.clocks, language), *was, *_list_texts(invitation, language)),
        tag=language.html_tag,
        is_right_to_left=language.is_right_to_left,
    )


def _list_facts(event: Event, clocks: Sequence[ZoneName], language: Language) -> str:
    """Return when a call is, how long and where; a place that is the link is listed below instead."""
    minutes = (event.end - event.start) // timedelta(minutes=1)
    place = [to_one_line(event.location)] if event.location and event.location != event.url else []
    length = language.phrase_count("{count} minute", "{count} minutes", minutes)
    return "\n".join([_list_moments(event.start, clocks, language), length, *place])


def _list_moments(start: datetime, clocks: Sequence[ZoneName], language: Language) -> str:
    """Return a start in UTC and in these zones, one line each; in English as the calendar has them."""
    if language is ENGLISH:
        return format_moments(start, clocks)
    return "\n".join(
        language.phrase(
            "{moment} ({place})",
            moment=language.write_full_moment(to_local(start, zone).wall),
            place="UTC" if zone == UTC_ZONE else language.name_city(zone),
        )
        for zone in dict.fromkeys((UTC_ZONE, *clocks))
    )


def _list_texts(invitation: Invitation, language: Language) -> list[str]:
    """Return the paragraphs of the calendar's text below the times, its note in the language."""
    _, *texts = invitation.text.split("\n\n")
    if not invitation.note:
        return texts
    note = language.phrase("Note: {note}", note=invitation.note)
    return [*note.split("\n\n"), *texts[len(invitation.note.split("\n\n")) :]]


@dataclass(frozen=True, kw_only=True, slots=True)
class MailLanguages:
    """The language of each member's mails, and what is said of those who do not get theirs."""

    by_member: Mapping[MemberId, Language]
    warnings: tuple[str, ...]


def choose_mail_languages(members: Iterable[Member], language: Language) -> MailLanguages:
    """Return the languages of some members' mails: that of their locale, else ``language``.

    A locale without a catalogue has ``language`` too, as has every other one without the package for languages; the
    warnings, which are in ``language``, name those members.
    """
    chosen: dict[MemberId, Language] = {}
    unknown: dict[str, list[str]] = {}
    missing: list[str] = []
    extra = ""
    for member in members:
        chosen[member.id] = language
        if member.locale is None:
            continue
        try:
            chosen[member.id] = find_language(member.locale)
        except InvalidValue:
            unknown.setdefault(member.locale, []).append(member.id)
        except MissingExtra as error:
            missing.append(member.id)
            extra = str(error)
    warnings = [
        language.phrase(
            "there are no texts in {locale}, so these members get mails in {language}: {members}",
            locale=locale,
            language=language.tag,
            members=language.list_first(names),
        )
        for locale, names in unknown.items()
    ]
    if missing:
        warnings.append(
            language.phrase(
                "these members get mails in {language}: {members}; {why}",
                language=language.tag,
                members=language.list_first(missing),
                why=extra,
            )
        )
    return MailLanguages(by_member=chosen, warnings=tuple(warnings))
