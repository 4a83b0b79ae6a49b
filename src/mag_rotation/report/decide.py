"""The paper for a meeting: the question, what each option does to whom, the recommendation, and texts to copy.

The paper is public if it is to go to all: it names no member, no group of fewer than three members, and no zone of
fewer. The committee's paper has a row for each member. Documents hold English sentences in every language.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import TypeAlias

from mag_rotation.calls import Call
from mag_rotation.choice import Criterion, compare_figures
from mag_rotation.fairness import Verdict, VerdictCode
from mag_rotation.plan import Plan
from mag_rotation.plan.decision import (
    Advice,
    ClockStart,
    DecisionOption,
    GroupEffect,
    MemberEffect,
    RotationDecision,
    RotationOption,
    TimeDecision,
    TimeOption,
)
from mag_rotation.propose import ClockReading
from mag_rotation.report.calls import call_record
from mag_rotation.report.compare import (
    ClockRow,
    describe_slots,
    in_lines,
    list_clock_rows,
    make_slots_column,
    show_clock,
    show_start,
    slot_record,
)
from mag_rotation.report.context import Context
from mag_rotation.report.description import (
    Cell,
    Column,
    Head,
    ListItem,
    Records,
    Report,
    Section,
    ValueKind,
    make_record,
    make_section,
    utc_text,
)
from mag_rotation.report.language import ENGLISH, Language, mark, mark_count
from mag_rotation.report.season import LEAST_PUBLIC, find_private_words, find_rare_zones, publish_call, split_small
from mag_rotation.report.sentences import fact_record, sentence
from mag_rotation.report.words import BurdenChange, NightHour, find_by_name, name_option
from mag_rotation.roster import UTC_ZONE, MemberId, ZoneName
from mag_rotation.values import Fact, FactCode
from mag_rotation.zones import to_local

__all__ = ["describe_decision", "find_decided", "tell_equal_options"]

_BLANK = "………"
"""The place for a date or a name that the minute taker writes."""
_HOURS_WIDE = 52
"""How many letters the local starts of all options have beside each other, in a table that fits into 80 columns."""

_TIMES = {
    "planned": mark("planned time"),
    "proposed": mark("proposed time"),
}
"""The names of times in tables, by their ids; the others have numbers."""
_TIMES_TOLD = {
    "planned": mark("the planned time ({hour} UTC)"),
    "proposed": mark("the proposed time ({hour} UTC)"),
}
"""The names of times in sentences."""

_COUNTED: Mapping[FactCode, tuple[str, str]] = {
    VerdictCode.RULED_OUT: mark_count(
        "{count} member cannot attend at this hour.", "{count} members cannot attend at this hour."
    ),
    VerdictCode.ROLE_IN_NIGHT: mark_count(
        "{count} member whose role is required would be in the night.",
        "{count} members whose role is required would be in the night.",
    ),
    VerdictCode.NIGHTS_RUNNING: mark_count(
        "For {count} member it would be call number {calls} in a row in the night.",
        "For {count} members it would be call number {calls} in a row in the night.",
    ),
    VerdictCode.WORST_OFF_AGAIN: mark_count(
        "{count} member who is hit hardest so far would be in the night again.",
        "{count} members who are hit hardest so far would be in the night again.",
    ),
}
_TOLD: Mapping[FactCode, str] = {
    VerdictCode.MANY_IN_NIGHT: mark("In the night would be {in_night} of {members}, more than {percent} percent."),
    VerdictCode.NOTHING_AGAINST: mark("Nothing speaks against it: in the night would be {in_night} of {members}."),
    VerdictCode.EMPTY_ROSTER: mark("The plan has no members."),
    VerdictCode.NOBODY_TAKES_PART: mark("Nobody takes part at that time."),
}
"""The reasons of a verdict as a public paper tells them: those that concern some members count these."""

Decided: TypeAlias = TimeDecision | RotationDecision
Choice: TypeAlias = TimeOption | RotationOption

OPTION_COLUMNS: tuple[Column[DecisionOption], ...] = (
    Column(key="id"),
    Column(key="also", read=lambda option: list(option.also)),
    Column(key="worst", read=lambda option: option.figures.worst),
    Column(key="total", read=lambda option: option.figures.total),
    Column(key="nights", read=lambda option: option.figures.nights),
    Column(key="better"),
    Column(key="worse"),
    Column(key="same"),
    Column(key="kind", read=lambda option: str(option.comparison.standing)),
    Column(key="gains", read=lambda option: list(map(str, option.comparison.gains))),
    Column(key="pays", read=lambda option: list(map(str, option.comparison.pays))),
    Column(key="dominated"),
    Column(key="hardest", read=lambda option: len(option.hardest)),
    Column(key="blocked", read=lambda option: len(option.blocked)),
    Column(key="freed", read=lambda option: len(option.freed)),
    Column(key="newly_blocked", read=lambda option: len(option.newly_blocked)),
)
"""What every option has in JSON and CSV; the last four count members."""

TIME_COLUMNS: tuple[Column[TimeOption], ...] = (
    Column(key="start", kind=ValueKind.INSTANT),
    Column(key="minutes"),
    Column(key="verdict"),
)
"""What the option of a time has beside these."""

ROTATION_COLUMNS: tuple[Column[RotationOption], ...] = (
    Column(key="most_nights"),
    Column(key="moved"),
    Column(
        key="first_moved",
        read=lambda option: None if option.first_moved is None else utc_text(option.first_moved.start),
    ),
)
"""What a rotation has beside these; its slots are a list of their own in JSON, and one text in CSV."""

MEMBER_COLUMNS: tuple[Column[MemberEffect], ...] = (
    Column(key="id"),
    Column(key="name"),
    Column(key="burden"),
    Column(key="change"),
    Column(key="nights"),
)
"""A member of an option, in the JSON of the committee."""

GROUP_COLUMNS: tuple[Column[GroupEffect], ...] = (
    Column(key="size"),
    Column(key="nights"),
    Column(key="better"),
    Column(key="worse"),
)
"""A group of an option, in JSON."""


def describe_decision(
    context: Context,
    found: Decided,
    plan: Plan,
    *,
    is_public: bool = True,
    is_wide: bool = False,
) -> Report:
    """Describe what a meeting is to decide, for all or for the committee.

    ``is_wide`` says that tables have room for lines of local hours.
    """
    paper = _make_paper(context, found, plan, is_public=is_public, is_wide=is_wide)
    return Report(
        title=context.name_with(context.language.phrase("a paper for a decision")),
        sections=tuple(paper.sections()),
        document=context.document(replace(paper, context=replace(context, language=ENGLISH)).body()),
        records=paper.records(),
        language=context.language,
    )


def _make_paper(context: Context, found: Decided, plan: Plan, *, is_public: bool, is_wide: bool = False) -> _Paper:
    unnamed = find_rare_zones(plan.members, plan.members) if is_public else frozenset[ZoneName]()
    words = find_private_words(plan.members if is_public else (), unnamed, (context.language,))
    return _Paper(
        context=context,
        found=_hide_names(found, words) if isinstance(found, RotationDecision) else found,
        call=publish_call(found.call, words, unnamed) if isinstance(found, TimeDecision) and found.call else None,
        plan=plan,
        least=LEAST_PUBLIC if is_public else 1,
        unnamed=unnamed,
        is_wide=is_wide,
    )


def find_decided(context: Context, found: Decided, plan: Plan, wanted: str, *, is_public: bool = True) -> str:
    """Return the id of an option by its id, or by the name that the tables of a paper show.

    Raises :class:`UnknownOption` if there is none.
    """
    paper = _make_paper(context, found, plan, is_public=is_public)
    names = [
        (id_, (paper.name_id(shown_id), paper.name(shown), shown_id))
        for option, shown in zip(found.options, paper.found.options, strict=True)
        for id_, shown_id in zip(option.names, shown.names, strict=True)
    ]
    return find_by_name(wanted, names)


def tell_equal_options(context: Context, found: Decided) -> Iterator[str]:
    """Return a warning of each rotation that was given and is the one that the plan has already."""
    if isinstance(found, RotationDecision):
        for name in found.current.also:
            yield context.language.phrase(
                "the option {option} is the rotation that the plan has already; write the paper and its minutes before "
                "the plan is changed",
                option=name,
            )


def _hide_names(found: RotationDecision, words: re.Pattern[str]) -> RotationDecision:
    """Return a decision in which no rotation has a name with private words, but its number among the options."""
    taken = {name for option in found.options for name in option.names}
    free = (name for number in count(1) if (name := f"option-{number}") not in taken)
    names = {name: next(free) if words.search(name) else name for option in found.options for name in option.names}
    options = tuple(
        replace(option, id=names[option.id], also=tuple(names[name] for name in option.also))
        for option in found.options
    )
    by_id = {option.id: option for option in options}
    return replace(
        found,
        options=options,
        recommended=None if found.recommended is None else by_id[names[found.recommended.id]],
        chosen=None if found.chosen is None else by_id[names[found.chosen.id]],
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Paper:
    """A paper in one language. It shows nothing of fewer than ``least`` members.

    ``call`` is the one that would be replaced, as the paper shows it. ``unnamed`` are zones that it does not name.
    """

    context: Context
    found: Decided
    call: Call | None
    plan: Plan
    least: int
    unnamed: frozenset[ZoneName]
    is_wide: bool

    @property
    def language(self) -> Language:
        return self.context.language

    @property
    def unit(self) -> NightHour:
        return self.context.night_hour()

    @property
    def is_public(self) -> bool:
        return self.least > 1

    # ---------------------------------------------------------------------------------------------- the whole paper

    def sections(self) -> Iterator[Section]:
        """Return the paper for people, from the question to the note of the invitation."""
        language = self.language
        yield Section(title=language.phrase("The question"), lead=(self.question(),))
        yield Section(title=language.phrase("The recommendation"), lead=tuple(self.reasons()))
        yield self._options_section()
        yield from self._group_section()
        yield from self._clock_section()
        if not self.is_public:
            yield self._members_section()
        is_draft = self.found.chosen is None and self.found.noted is not None
        draft = (language.phrase("If the recommendation is followed:"),) if is_draft else ()
        yield Section(title=language.phrase("For the minutes"), lead=(*draft, *self.minute()))
        yield Section(title=language.phrase("For the calendar entry"), lead=tuple(self.note()))
        yield Section(notes=self.context.notes(*self._tell_what_is_left_out()))

    def body(self) -> dict[str, object]:
        """Return the document: codes and figures, and the sentences beside them."""
        found = self.found
        subject: dict[str, object]
        if isinstance(found, TimeDecision):
            subject = {"kind": "time", "call": None if self.call is None else call_record(self.call)}
            facts = [self._fact_record(fact) for fact in found.why]
        else:
            first = None if found.first is None else found.first.isoformat()
            subject = {"kind": "rotation", "from": first, "calls": found.calls}
            facts = []
        return {
            **subject,
            "public": self.is_public,
            "question": self.question(),
            "current": found.current.id,
            "options": [self._option_record(option) for option in found.options],
            "local": [self._clock_record(row) for row in self._list_clocks()[0]],
            "advice": str(found.advice),
            "recommended": None if found.recommended is None else found.recommended.id,
            "why_facts": facts,
            "reasons": list(self.reasons()),
            "decided": None if found.chosen is None else found.chosen.id,
            "minute": " ".join(self.minute()),
            "note": " ".join(self.note()),
        }

    def records(self) -> Records:
        """Return a row for each option."""
        found, versions = self.found, self.context.versions
        if isinstance(found, TimeDecision):
            columns = (*(column.through(_read_time) for column in OPTION_COLUMNS), *TIME_COLUMNS)
            return Records.of(columns, found.options, versions)
        starts: Column[RotationOption] = Column(key="starts", read=lambda option: option.source.starts)
        rotation = (*(column.through(_read_rotation) for column in OPTION_COLUMNS), starts, *ROTATION_COLUMNS)
        return Records.of(rotation, found.options, versions)

    def _option_record(self, option: Choice) -> dict[str, object]:
        own: dict[str, object]
        if isinstance(option, TimeOption):
            own = make_record(TIME_COLUMNS, option)
        else:
            own = {"slots": [slot_record(slot) for slot in option.slots], **make_record(ROTATION_COLUMNS, option)}
        groups = {
            name: {
                value: make_record(GROUP_COLUMNS, option.by_group[name][value])
                for value in self._split_values(name)[0]
                if value in option.by_group[name]
            }
            for name in option.by_group
        }
        members = [
            {**make_record(MEMBER_COLUMNS, member), "blocked": member.id in option.blocked} for member in option.members
        ]
        return {
            **make_record(OPTION_COLUMNS, option),
            **own,
            "by_group": groups,
            **({} if self.is_public else {"members": members}),
        }

    def _fact_record(self, fact: Fact) -> dict[str, object]:
        """Return a reason of the verdict: members are counted if the paper is public."""
        record = fact_record(fact)
        if self.is_public:
            record |= {name: len(value) for name, value in fact.figures.items() if isinstance(value, tuple)}
        return record

    # ------------------------------------------------------------------------------------------ the texts of a paper

    def question(self) -> str:
        """Return what is asked, in a sentence."""
        found, language = self.found, self.language
        if isinstance(found, TimeDecision):
            figures = {"title": self._title(), "new": self._moment(found.proposed)}
            if not found.is_move:
                return language.phrase("Shall {title} be held on {new}?", **figures)
            old = self._moment(found.current)
            return language.phrase("Shall {title} move from {old} to {new}?", old=old, **figures)
        return " ".join((*self._ask_for_rotation(found), *self._tell_equal(found)))

    def _ask_for_rotation(self, found: RotationDecision) -> Iterator[str]:
        language, others = self.language, found.options[1:]
        old = describe_slots(found.current.slots, language)
        if not others:
            yield language.phrase("Shall the calls stay at {old}?", old=old)
        elif len(others) == 1:
            new = describe_slots(others[0].slots, language)
            if found.first is None:
                yield language.phrase("Shall the calls move from {old} to {new}?", old=old, new=new)
            else:
                yield language.phrase(
                    "Shall the calls move from {old} to {new}, from {date} on?",
                    old=old,
                    new=new,
                    date=language.write_date(found.first),
                )
        else:
            names = language.write_list([self.tell(option) for option in found.options])
            if found.first is None:
                yield language.phrase("Which rotation shall the calls have? The options: {options}.", options=names)
            else:
                yield language.phrase(
                    "Which rotation shall the calls have from {date} on? The options: {options}.",
                    options=names,
                    date=language.write_date(found.first),
                )

    def _tell_equal(self, found: RotationDecision) -> Iterator[str]:
        """Return which of the rotations that were given is none but today's."""
        for name in found.current.also:
            yield self.language.phrase("The option {option} is the rotation that the plan has already.", option=name)

    def name(self, option: DecisionOption) -> str:
        """Return the name of an option, with those of equal ones."""
        return " = ".join(map(self.name_id, option.names))

    def name_id(self, id_: str) -> str:
        """Return the name that belongs to an id."""
        language = self.language
        if isinstance(self.found, RotationDecision):
            return name_option(id_, language) if id_ == "today" else id_
        if id_ in _TIMES:
            return language.translate(_TIMES[id_])
        return language.phrase("other time {number}", number=self._number(id_))

    def _number(self, id_: str) -> int:
        """Return which of the times beside the planned and the proposed one has an id."""
        others = [option.id for option in self.found.options if option.id not in _TIMES]
        return others.index(id_) + 1

    def tell(self, option: DecisionOption) -> str:
        """Return the name of an option in a sentence: that of a time with its hour."""
        if not isinstance(option, TimeOption):
            return self.name(option)
        language, hour = self.language, self.language.write_hour(option.start)
        if option.id in _TIMES_TOLD:
            return language.phrase(_TIMES_TOLD[option.id], hour=hour)
        return language.phrase("other time {number} ({hour} UTC)", number=self._number(option.id), hour=hour)

    def _title(self) -> str:
        return self.context.name if self.call is None else self.call.title

    def _moment(self, option: TimeOption) -> str:
        """Return the start of an option on the clock of the call's zone."""
        return self._write_moment(option.start, UTC_ZONE if self.call is None else self.call.zone)

    def _write_moment(self, start: datetime, zone: ZoneName) -> str:
        """Return a date and an hour on the clock of a zone, and in UTC."""
        language, wall = self.language, to_local(start, zone).wall
        date, time = language.write_date(wall.date()), f"{wall:%H:%M}"
        if zone == UTC_ZONE:
            return language.phrase("{date}, {time} UTC", date=date, time=time)
        utc = f"{start:%H:%M}"
        if wall.date() != start.date():
            utc = f"{language.write_weekday(start.date())} {utc}"
        return language.phrase(
            "{date}, {time} in {city} ({utc} UTC)", date=date, time=time, city=language.name_city(zone), utc=utc
        )

    def reasons(self) -> Iterator[str]:
        """Return the recommendation and its reason, and what the other options trade against it."""
        found, language = self.found, self.language
        current = self.tell(found.current)
        base: Choice = found.recommended or found.current
        match found.advice:
            case Advice.CHANGE:
                gains, _ = self._weigh(base, found.current)
                figures = {"option": self.tell(base), "current": current, "gains": gains}
                if _is_poor(base):
                    yield language.phrase(
                        "Recommended: {option}, though the thresholds of the plan call it poor. Against {current} it "
                        "is worse in nothing that is compared, and better in this: {gains}.",
                        **figures,
                    )
                else:
                    yield language.phrase(
                        "Recommended: {option}. Against {current} it is worse in nothing that is compared, and better "
                        "in this: {gains}.",
                        **figures,
                    )
            case Advice.KEEP if _is_poor(base):
                yield language.phrase(
                    "Recommended: {current}, though the thresholds of the plan call it poor. No other option spares "
                    "the hardest hit more, has fewer nights or a smaller total.",
                    current=current,
                )
            case Advice.KEEP:
                yield language.phrase(
                    "Recommended: {current}. No other option spares the hardest hit more, has fewer nights or a "
                    "smaller total.",
                    current=current,
                )
            case _:
                yield language.phrase(
                    "None is recommended: no option is better than {current} in something and worse in nothing, so "
                    "that the group has to weigh what is gained and what is paid.",
                    current=current,
                )
        others: Sequence[Choice] = [one for one in found.options if one is not base and one is not found.current]
        yield from (ListItem.of(self._tell_trade(option, base)) for option in others)
        if isinstance(found, TimeDecision):
            yield from self._tell_verdicts(found)

    def _tell_trade(self, option: Choice, base: Choice) -> str:
        """Return what another option gains and pays against the recommended one, or the one in hand."""
        gains, pays = self._weigh(option, base)
        names = {"option": self.tell(option), "base": self.tell(base)}
        if gains and pays:
            return self.language.phrase(
                "{option} is a trade against {base}. Gained: {gains}. Paid: {pays}.", gains=gains, pays=pays, **names
            )
        if pays:
            return self.language.phrase("{option} is worse than {base}: {pays}.", pays=pays, **names)
        return self.language.phrase("{option} has the same figures as {base}.", **names)

    def _weigh(self, option: Choice, base: Choice) -> tuple[str, str]:
        """Return in what an option is better than another one, and in what it is worse; empty for nothing."""
        language, unit = self.language, self.unit
        compared = compare_figures(option.figures, base.figures)
        worst = unit.show_apart(option.figures.worst, base.figures.worst)
        total = unit.show_apart(option.figures.total, base.figures.total)
        nights = {
            "now": language.write_number(option.figures.nights),
            "before": language.write_number(base.figures.nights),
        }
        texts = {
            Criterion.WORST: language.phrase("hardest hit {now} instead of {before}", now=worst[0], before=worst[1]),
            Criterion.NIGHTS: language.phrase_count(
                "{now} instead of {before} person in the night",
                "{now} instead of {before} people in the night",
                base.figures.nights,
                **nights,
            )
            if isinstance(option, TimeOption)
            else language.phrase_count(
                "{now} instead of {before} call in the night",
                "{now} instead of {before} calls in the night",
                base.figures.nights,
                **nights,
            ),
            Criterion.TOTAL: language.phrase("in total {now} instead of {before}", now=total[0], before=total[1]),
        }
        gains, pays = ([texts[one] for one in some] for some in (compared.gains, compared.pays))
        if freed := len(set(base.blocked) - set(option.blocked)):
            gains.append(
                language.phrase_count("{count} more member can attend", "{count} more members can attend", freed)
            )
        if shut_out := len(set(option.blocked) - set(base.blocked)):
            pays.append(
                language.phrase_count(
                    "{count} member can no longer attend", "{count} members can no longer attend", shut_out
                )
            )
        return language.write_parts(gains), language.write_parts(pays)

    def _tell_verdicts(self, found: TimeDecision) -> Iterator[str]:
        """Return the verdict on each time, and the reasons of that on the proposed one."""
        language = self.language
        by_verdict: dict[Verdict, list[str]] = defaultdict(list)
        for option in found.options:
            by_verdict[option.verdict].append(self.tell(option))
        for verdict, names in by_verdict.items():
            yield language.phrase(
                "By the thresholds of the plan, {verdict}: {options}.",
                verdict=language.translate(str(verdict)),
                options=language.write_list(names),
            )
        yield language.phrase("On the proposed time:")
        yield from (ListItem.of(self._tell_reason(fact)) for fact in found.why)

    def _tell_reason(self, fact: Fact) -> str:
        """Return a reason of the verdict: members are counted, and named to the committee."""
        if not self.is_public:
            return f"{sentence(fact, language=self.language)}."
        if fact.code in _COUNTED:
            members = fact.figures["members"]
            figures = {name: value for name, value in fact.figures.items() if name != "members"}
            count = len(members) if isinstance(members, tuple) else 0
            return self.language.phrase_count(*_COUNTED[fact.code], count, **figures)
        return self.language.phrase(_TOLD[fact.code], **fact.figures)

    def minute(self) -> Iterator[str]:
        """Return what records the decision: with a place for the date, and for the option if none is chosen."""
        found, language = self.found, self.language
        if found.noted is None:
            yield language.phrase(
                "On {date} the group had these options before it: {options}. It decided on: {choice}.",
                date=_BLANK,
                options=language.write_list([self.tell(one) for one in found.options]),
                choice=_BLANK,
            )
            return
        if isinstance(found, TimeDecision):
            yield self._record_time(found)
        else:
            yield from self._record_rotation(found)

    def _record_time(self, found: TimeDecision) -> str:
        option = found.noted or found.current
        figures = {
            "date": _BLANK,
            "title": self._title(),
            "new": self._moment(option),
            "old": self._moment(found.current),
        }
        if not found.is_move:
            return self.language.phrase("On {date} the group decided that {title} is held on {new}.", **figures)
        if option is found.current:
            return self.language.phrase("On {date} the group decided that {title} stays on {old}.", **figures)
        return self.language.phrase("On {date} the group decided that {title} moves from {old} to {new}.", **figures)

    def _record_rotation(self, found: RotationDecision) -> Iterator[str]:
        language, option = self.language, found.noted or found.current
        old, new = describe_slots(found.current.slots, language), describe_slots(option.slots, language)
        if option is found.current and option.also:
            yield language.phrase(
                "On {date} the group decided on {slots} ({options}), the rotation that the plan has already.",
                date=_BLANK,
                options=language.write_list(option.also),
                slots=old,
            )
            return
        if option is found.current:
            yield language.phrase("On {date} the group decided that the calls stay at {old}.", date=_BLANK, old=old)
            return
        yield language.phrase(
            "On {date} the group decided that the calls move from {old} to {new}.", date=_BLANK, old=old, new=new
        )
        yield from self._tell_first(option)

    def _tell_first(self, option: RotationOption) -> Iterator[str]:
        """Return the first call at another time, if there is one."""
        if (call := option.first_moved) is not None:
            yield self.language.phrase(
                "The first call at its new time is {title}: {new}.",
                title=call.title,
                new=self._write_moment(call.start, UTC_ZONE if call.zone in self.unnamed else call.zone),
            )

    def note(self) -> Iterator[str]:
        """Return the text for the calendar entry."""
        found, language = self.found, self.language
        if found.noted is None:
            yield language.phrase("It depends on the option that is chosen; --decided writes it.")
        elif isinstance(found, TimeDecision):
            yield self._note_time(found)
        elif found.noted is found.current and found.current.also:
            slots = describe_slots(found.current.slots, language)
            yield language.phrase("The calls are at {slots}, by a decision of {date}.", slots=slots, date=_BLANK)
        elif found.noted is found.current:
            yield language.phrase("The time stays as it is, by a decision of {date}.", date=_BLANK)
        else:
            slots = describe_slots(found.noted.slots, language)
            yield language.phrase("The calls are now at {slots}, by a decision of {date}.", slots=slots, date=_BLANK)
            yield from self._tell_first(found.noted)

    def _note_time(self, found: TimeDecision) -> str:
        language, option = self.language, found.noted or found.current
        new = self._moment(option)
        if not found.is_move:
            return language.phrase("Held on {new}, by a decision of {date}.", new=new, date=_BLANK)
        if option is found.current:
            return language.phrase("The time stays as it is, by a decision of {date}.", date=_BLANK)
        old = self._moment(found.current)
        return language.phrase("Moved from {old} to {new}, by a decision of {date}.", old=old, new=new, date=_BLANK)

    # ---------------------------------------------------------------------------------------------------- the tables

    def _options_section(self) -> Section:
        """Return a row for each option, with what its figures mean."""
        found, unit = self.found, self.unit
        if isinstance(found, TimeDecision):
            return make_section(
                self._list_time_columns(),
                found.options,
                self.language,
                title=self.language.phrase("The options"),
                notes=(*self._explain(), *self._tell_people()),
                unit=unit,
            )
        return make_section(
            self._list_rotation_columns(found.options),
            found.options,
            self.language,
            title=self.language.phrase("The options"),
            notes=(*self._explain(), *self._tell_people()),
            unit=unit,
        )

    def _list_time_columns(self) -> Sequence[Column[TimeOption]]:
        return (
            Column(head="option", read=self.name),
            Column(
                head="start (UTC)",
                tell=lambda option, language: (
                    f"{language.write_weekday(option.start)} {language.write_short_day(option.start)} "
                    f"{option.start:%H:%M}"
                ),
            ),
            *(column.through(_read_time) for column in self._list_figure_columns()),
            Column(head="verdict", kind=ValueKind.WORD, read=lambda option: str(option.verdict), rank=1),
        )

    def _list_rotation_columns(self, options: Sequence[RotationOption]) -> Sequence[Column[RotationOption]]:
        return (
            Column(head="option", read=self.name),
            make_slots_column([option.source for option in options], self.language, is_wide=self.is_wide).through(
                lambda option: option.source
            ),
            *(column.through(_read_rotation) for column in self._list_figure_columns()),
            Column(
                head="moved",
                context="a count",
                kind=ValueKind.NUMBER,
                read=lambda option: self._or_none(option, option.moved),
                missing="-",
            ),
        )

    def _list_figure_columns(self) -> Sequence[Column[DecisionOption]]:
        return (
            Column(head="nights", kind=ValueKind.NUMBER, read=lambda option: option.figures.nights),
            Column(head="hardest", kind=ValueKind.NIGHT_HOURS, read=lambda option: option.figures.worst),
            Column(head="total", kind=ValueKind.NIGHT_HOURS, read=lambda option: option.figures.total),
            Column(
                head="better",
                context="a count",
                kind=ValueKind.NUMBER,
                read=lambda option: self._or_none(option, option.better),
                missing="-",
            ),
            Column(
                head="worse",
                context="a count",
                kind=ValueKind.NUMBER,
                read=lambda option: self._or_none(option, option.worse),
                missing="-",
            ),
        )

    def _or_none(self, option: DecisionOption, value: int) -> int | None:
        """Return a figure against the option in hand; None for that itself."""
        return None if option is self.found.current else value

    def _explain(self) -> Iterator[str]:
        """Return what the heads of the table mean."""
        names = {
            **{head: self.language.translate(head) for head in ("nights", "hardest", "total")},
            **{head: self.language.translate(head, context="a count") for head in ("better", "worse", "moved")},
        }
        if isinstance(self.found, TimeDecision):
            yield self.language.phrase(
                "{nights}: people in the night; {hardest}: what the member bears who bears most, after this call; "
                "{total}: what all members bear; {better}, {worse}: members for whom the call costs less or more than "
                "in the first row.",
                **names,
            )
        else:
            yield self.language.phrase(
                "{nights}: calls in the night of all members; {hardest}: what the member bears who bears most; "
                "{total}: what all members bear; {better}, {worse}: members who bear less or more than today; {moved}: "
                "calls that start at another time.",
                **names,
            )
        yield self.unit.explain()

    def _tell_people(self) -> Iterator[str]:
        """Return who is hit hardest under each option, and who cannot attend: counted, and named to the committee."""
        language = self.language
        for members, names in _group_options(self.found.options, lambda option: option.hardest, self.name):
            figures = {"options": language.write_list(names)}
            if not self.is_public:
                yield language.phrase(
                    "Hit hardest: {members} ({options}).", members=language.write_list(members), **figures
                )
            elif group := self._find_group_of(members):
                yield language.phrase_count(
                    "Hit hardest: {count} member of the group {group} ({options}).",
                    "Hit hardest: {count} members of the group {group} ({options}).",
                    len(members),
                    group=group,
                    **figures,
                )
            else:
                yield language.phrase_count(
                    "Hit hardest: {count} member ({options}).",
                    "Hit hardest: {count} members ({options}).",
                    len(members),
                    **figures,
                )
        for members, names in _group_options(self.found.options, lambda option: option.blocked, self.name):
            figures = {"options": language.write_list(names)}
            if not self.is_public:
                yield language.phrase(
                    "Cannot attend: {members} ({options}).", members=language.write_list(members), **figures
                )
            else:
                yield language.phrase_count(
                    "Cannot attend: {count} member ({options}).",
                    "Cannot attend: {count} members ({options}).",
                    len(members),
                    **figures,
                )

    def _find_group_of(self, members: Sequence[MemberId]) -> str | None:
        """Return the value of the group that all these members share, if it is shown."""
        name = self._choose_group()
        if name is None:
            return None
        values = {member.groups.get(name) for member in self.plan.members if member.id in members}
        value = values.pop() if len(values) == 1 else None
        return value if value in self._split_values(name)[0] else None

    def _choose_group(self) -> str | None:
        """Return the group by which the paper counts: the regions, else the first with few values."""
        groups, current = self.found.current.by_group, self.found.current
        few = [name for name, values in groups.items() if 2 * len(values) < len(current.members)]
        return "region" if "region" in groups else few[0] if few else None

    def _split_values(self, name: str) -> tuple[list[str], list[str]]:
        """Return the values of a group that are shown, and those that are counted together."""
        groups = [option.by_group.get(name, {}) for option in self.found.options]
        # members who take part under one option alone make a group smaller under another one
        sizes = [(min(values[value].size if value in values else 0 for values in groups), value) for value in groups[0]]
        apart = len(self.found.current.members) - sum(size for size, _ in sizes)
        shown, others = split_small(sizes, self.least, apart=apart)
        return sorted(shown), others

    def _group_section(self) -> Iterator[Section]:
        """Return the nights of each group under each option, and how many of it are better and worse off."""
        language, options, name = self.language, self.found.options, self._choose_group()
        shown, others = ([], []) if name is None else self._split_values(name)
        if name is None or not shown:
            return
        rows = [(value, [value]) for value in shown] + ([(language.phrase("others"), others)] if others else [])
        sums = [
            (label, [_add_groups(option.by_group.get(name, {}), values) for option in options])
            for label, values in rows
        ]
        yield Section(
            title=language.phrase("In the night, by {group}", group=name),
            heads=self._make_heads(name, options, size=True),
            rows=tuple(
                (
                    Cell(label),
                    Cell(str(effects[0].size), value=effects[0].size),
                    *(Cell(str(effect.nights), value=effect.nights) for effect in effects),
                )
                for label, effects in sums
            ),
        )
        if options[1:]:
            yield Section(
                title=language.phrase("Better / worse off, by {group}", group=name),
                heads=self._make_heads(name, options[1:]),
                rows=tuple(
                    (Cell(label), *(Cell(f"{effect.better} / {effect.worse}") for effect in effects[1:]))
                    for label, effects in sums
                ),
            )

    def _make_heads(self, first: str, options: Iterable[DecisionOption], *, size: bool = False) -> tuple[Head, ...]:
        sizes = (Head(self.language.phrase("members"), kind=ValueKind.NUMBER),) if size else ()
        return (Head(first), *sizes, *(Head(self.name(option), kind=ValueKind.NUMBER) for option in options))

    def _list_clocks(self) -> tuple[list[ClockRow], int]:
        """Return the local starts by clock, those of enough members, and how many members are on the others."""
        found = self.found
        if isinstance(found, TimeDecision):
            rows = [_make_clock_row(clock) for clock in found.clocks]
        else:
            rows = list(list_clock_rows([option.source for option in found.options]))
        sizes = {row.zones: row.members for row in rows}
        shown, _ = split_small([(size, zones) for zones, size in sizes.items()], self.least)
        return [self._hide_zones(row) for row in rows if row.zones in shown], sum(sizes.values()) - sum(
            sizes[zones] for zones in shown
        )

    def _hide_zones(self, row: ClockRow) -> ClockRow:
        """Return a row with the zones that may be named; one without any has its offsets from UTC for a name."""
        named = tuple(zone for zone in row.zones if zone not in self.unnamed)
        if named:
            return replace(row, zones=named)
        found = self.found
        starts = (
            [option.start for option in found.options]
            if isinstance(found, TimeDecision)
            else [call.start for option in found.options for call in option.source.calls if call.is_held]
        )
        offsets = dict.fromkeys(to_local(start, row.zones[0]).offset // 60 for start in sorted(starts))
        return replace(row, zones=(), offsets=tuple(offsets))

    def _clock_section(self) -> Iterator[Section]:
        (rows, left), language, options = self._list_clocks(), self.language, self.found.options
        if not rows:
            return
        width = None if self.is_wide else max(_HOURS_WIDE // len(options) - 2, 8)
        has_nights = any(start.in_night for row in rows for starts in row.starts for start in starts)
        yield Section(
            title=language.phrase("Local starts by clock"),
            notes=(
                language.phrase("With the number of members; +1 is a day after the date in UTC, -1 a day before."),
                *([language.phrase("* is in the night of more than half of them.")] if has_nights else []),
                *(
                    [
                        language.phrase_count(
                            "{count} member is on a clock that is not shown.",
                            "{count} members are on clocks that are not shown.",
                            left,
                        )
                    ]
                    if left
                    else []
                ),
            ),
            heads=(Head(language.phrase("local start")), *(Head(self.name(option)) for option in options)),
            rows=tuple(
                (
                    Cell(show_clock(row, language, is_wide=self.is_wide)),
                    *(
                        Cell(in_lines([show_start(start) for start in starts], width, language))
                        for starts in row.starts
                    ),
                )
                for row in rows
            ),
        )

    def _clock_record(self, row: ClockRow) -> dict[str, object]:
        return {
            "zones": list(row.zones),
            "members": row.members,
            "periods": [
                {"from": None if first is None else first.isoformat(), "to": None if last is None else last.isoformat()}
                for first, last in row.periods
            ],
            "starts": {
                option.id: [
                    {"at": f"{start.at:%H:%M}", "day_shift": start.day_shift, "in_night": start.in_night}
                    for start in starts
                ]
                for option, starts in zip(self.found.options, row.starts, strict=True)
            },
        }

    def _members_section(self) -> Section:
        """Return a row for each member: burden, change against the option in hand and nights under each option."""
        unit, options = self.unit, self.found.options
        by_id = [{member.id: member for member in option.members} for option in options]
        rows = [
            (
                Cell(id_),
                *(
                    Cell(_show_member(members.get(id_), unit, is_current=not place))
                    for place, members in enumerate(by_id)
                ),
            )
            for id_ in dict.fromkeys(member.id for option in options for member in option.members)
        ]
        return Section(
            title=self.language.phrase("By member"),
            notes=(
                self.language.phrase(
                    "Night-hours, the change against {current}, and calls in the night.", current=self.name(options[0])
                ),
            ),
            heads=self._make_heads(self.language.phrase("member"), options),
            rows=tuple(rows),
        )

    def _tell_what_is_left_out(self) -> Iterator[str]:
        """Return what a public paper does not show."""
        if self.is_public:
            yield self.language.phrase(
                "This paper names no member, and shows no group, clock or zone of fewer than {least} members.",
                least=self.least,
            )


def _is_poor(option: Choice) -> bool:
    return isinstance(option, TimeOption) and option.verdict is Verdict.POOR


def _read_time(option: TimeOption) -> DecisionOption:
    return option


def _read_rotation(option: RotationOption) -> DecisionOption:
    return option


def _group_options(
    options: Iterable[DecisionOption],
    read: Callable[[DecisionOption], tuple[MemberId, ...]],
    name: Callable[[DecisionOption], str],
) -> Iterator[tuple[tuple[MemberId, ...], list[str]]]:
    """Return the names of the options for which the same members are read; those without any are left out."""
    found: dict[tuple[MemberId, ...], list[str]] = defaultdict(list)
    for option in options:
        if members := read(option):
            found[members].append(name(option))
    yield from found.items()


def _add_groups(groups: Mapping[str, GroupEffect], values: Iterable[str]) -> GroupEffect:
    """Return what an option does to the members of several values of a group."""
    effects = [groups[value] for value in values if value in groups]
    return GroupEffect(
        size=sum(effect.size for effect in effects),
        nights=sum(effect.nights for effect in effects),
        better=sum(effect.better for effect in effects),
        worse=sum(effect.worse for effect in effects),
    )


def _make_clock_row(clock: ClockStart) -> ClockRow:
    """Return the local starts of times as those of rotations with one slot."""
    return ClockRow(
        zones=clock.zones,
        members=clock.members,
        is_first=True,
        periods=((None, None),),
        starts=tuple(
            (ClockReading(at=wall.time(), day_shift=shift, in_night=in_night),)
            for wall, shift, in_night in zip(clock.walls, clock.day_shifts, clock.in_night, strict=True)
        ),
    )


def _show_member(member: MemberEffect | None, unit: NightHour, *, is_current: bool) -> str:
    if member is None:
        return "-"
    change = unit.change_figure(BurdenChange(burden=member.burden, before=member.burden - member.change))
    return f"{unit.figure(member.burden)}{'' if is_current else f' {change}'}, {member.nights}"
