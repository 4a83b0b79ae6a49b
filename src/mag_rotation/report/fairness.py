"""Ledgers and verdicts: who has borne what, and what a proposed time would add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mag_rotation.choice import Criterion, Figures, Standing, compare_figures
from mag_rotation.fairness import (
    AlternativeTime,
    Check,
    Fairness,
    GroupShare,
    MemberShare,
    Sensitivity,
    Verdict,
)
from mag_rotation.report.calls import call_record
from mag_rotation.report.context import Context
from mag_rotation.report.description import (
    Column,
    Records,
    Report,
    Section,
    Tone,
    ValueKind,
    make_record,
    make_section,
    utc_text,
)
from mag_rotation.report.language import Language, mark
from mag_rotation.report.night import NIGHT_KEY, make_night_document, make_night_sections, tell_night
from mag_rotation.report.sentences import fact_record, sentence
from mag_rotation.report.words import BurdenChange, NightHour

__all__ = ["describe_check", "describe_fairness"]

SHARE_COLUMNS: tuple[Column[MemberShare], ...] = (
    Column(key="id", head="member"),
    Column(key="name", head="name", is_shown=lambda shares: any(share.name != share.id for share in shares), rank=3),
    Column(key="burden", head="burden", kind=ValueKind.NIGHT_HOURS),
    Column(
        key="attended_burden",
        head="attended",
        kind=ValueKind.NIGHT_HOURS,
        missing="-",
        is_shown=lambda shares: any(share.attended_burden is not None for share in shares),
        rank=1,
    ),
    Column(key="calls", head="calls", kind=ValueKind.NUMBER, rank=1),
    Column(key="burden_per_call", head="per call", kind=ValueKind.NIGHT_HOURS, rank=4),
    Column(key="night_calls", head="nights", kind=ValueKind.NUMBER),
    Column(key="longest_night_streak", head="in a row", kind=ValueKind.NUMBER, rank=1),
    Column(key="best_possible", head="best", kind=ValueKind.NIGHT_HOURS, rank=2),
    Column(key="regret", head="regret", kind=ValueKind.NIGHT_HOURS, rank=2),
    Column(
        key="blocked_calls",
        head="cannot attend",
        kind=ValueKind.NUMBER,
        tone=lambda share: Tone.BLOCKED if share.blocked_calls else Tone.PLAIN,
        is_shown=lambda shares: any(share.blocked_calls for share in shares),
    ),
)
"""A member of FAIRNESS, in the order of JSON and CSV."""

_DUTIES: Column[MemberShare] = Column(key="duties", head="duties", kind=ValueKind.NUMBER, rank=1)
"""How many duties in sessions count beside the calls of a member, where they do."""

BETTER_COLUMNS: tuple[Column[AlternativeTime], ...] = (
    Column(key="start", kind=ValueKind.INSTANT),
    Column(key="in_night", kind=ValueKind.NUMBER),
    Column(key="worst", kind=ValueKind.NUMBER),
    Column(key="total", kind=ValueKind.NUMBER),
    Column(key="kind"),
    Column(key="gains", read=lambda time: list(map(str, time.comparison.gains))),
    Column(key="pays", read=lambda time: list(map(str, time.comparison.pays))),
)
"""A time of CHECK beside the proposed one, in the order of JSON and CSV."""

_GROUP_COLUMNS: tuple[Column[tuple[str, str, GroupShare]], ...] = (
    Column(head="group", read=lambda row: row[0]),
    Column(head="value", read=lambda row: row[1]),
    Column(head="members", kind=ValueKind.NUMBER, read=lambda row: row[2].members),
    Column(head="worst", kind=ValueKind.NIGHT_HOURS, read=lambda row: row[2].worst),
    Column(head="mean", kind=ValueKind.NIGHT_HOURS, read=lambda row: row[2].mean),
    Column(head="total", kind=ValueKind.NIGHT_HOURS, read=lambda row: row[2].total),
)


def fairness_record(
    answer: Fairness, survived: Sequence[Sensitivity] | None = None, *, sessions: int = 0
) -> dict[str, object]:
    """Return FAIRNESS: a ledger and its measures under one curve; ``sensitivity`` only if it was asked for.

    ``sessions`` is how many sessions count beside the calls.
    """
    groups = {
        name: {
            value: {"members": group.members, "worst": group.worst, "mean": group.mean, "total": group.total}
            for value, group in values.items()
        }
        for name, values in answer.by_group.items()
    }
    return {
        "calls": answer.calls,
        **({"sessions": sessions} if sessions else {}),
        "curve": answer.curve,
        "worst": answer.worst,
        "total": answer.total,
        "mean": answer.mean,
        "spread": answer.spread,
        "gini": answer.gini,
        "jain": answer.jain,
        "members": [make_record(_list_columns(sessions), share) for share in answer.members],
        "by_group": groups,
        **({} if survived is None else {"sensitivity": [_sensitivity_record(other) for other in survived]}),
    }


def _sensitivity_record(other: Sensitivity) -> dict[str, object]:
    return {
        "curve": other.curve,
        "worst_off": list(other.worst_off),
        "same_worst_off": other.same_worst_off,
        "same_ranking": other.same_ranking,
    }


def _list_columns(sessions: int) -> tuple[Column[MemberShare], ...]:
    if not sessions:
        return SHARE_COLUMNS
    behind = 1 + [column.key for column in SHARE_COLUMNS].index("calls")
    return (*SHARE_COLUMNS[:behind], _DUTIES, *SHARE_COLUMNS[behind:])


def describe_fairness(
    context: Context, answers: Sequence[tuple[Fairness, Sequence[Sensitivity]]], *, sessions: int = 0
) -> Report:
    """Describe the ledger of some calls, under one curve or under several.

    ``sessions`` is how many sessions count beside the calls.
    """
    records = [fairness_record(answer, survived, sessions=sessions) for answer, survived in answers]
    body = records[0] if len(records) == 1 else {"curves": records}
    language = context.language
    leads = [
        Section(lead=_tell_ledger(answer, survived, context.night_hour(answer.curve), sessions))
        for answer, survived in answers
    ]
    parts = [
        _make_ledger_sections(context, answer, _list_columns(sessions), is_alone=len(answers) == 1)
        for answer, _ in answers
    ]
    tables = [section for sections, _ in parts for section in sections]
    left_out = tuple(dict.fromkeys(text for _, texts in parts for text in texts))
    shares = [(answer.curve, share) for answer, _ in answers for share in answer.members]
    columns = (_CURVE, *(column.through(lambda row: row[1]) for column in _list_columns(sessions)))
    return Report(
        title=context.title("who has borne what"),
        sections=(*leads, *tables, Section(notes=(*left_out, *context.notes(language.translate(_KEY))))),
        document=context.document(body),
        records=Records.of(columns, shares, context.versions),
        language=language,
    )


_CURVE: Column[tuple[str, MemberShare]] = Column(key="curve", read=lambda row: row[0])

_KEY = mark(
    "Burdens count for who was absent, too; in a row: the most calls running in the night; best: the least that any "
    "rotation of as many slots could have put on that member alone; regret: the burden beyond it."
)


def _tell_ledger(answer: Fairness, survived: Sequence[Sensitivity], unit: NightHour, sessions: int) -> tuple[str, ...]:
    """Return who has borne the most, the measures, and whether other curves agree."""
    return (
        *(
            unit.explain_in([_most_line(answer, unit, with_sessions=sessions > 0)])
            if answer.worst
            else [unit.language.phrase("Nobody has borne anything.")]
        ),
        _measures_line(answer, unit),
        *(
            (
                unit.language.phrase_count(
                    "The duties in {count} session count beside the calls.",
                    "The duties in {count} sessions count beside the calls.",
                    sessions,
                ),
            )
            if sessions
            else ()
        ),
        *(_sensitivity_line(other, unit.language) for other in survived),
    )


def _make_ledger_sections(
    context: Context, answer: Fairness, columns: Sequence[Column[MemberShare]], *, is_alone: bool
) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Return the members, worst first, and the groups, and which groups are left out.

    The titles name the curve where there are ledgers under others.
    """
    unit = context.night_hour(answer.curve)
    groups, left_out = context.choose_groups(answer.by_group, len(answer.members), lambda group: group.members)
    language, figures = context.language, {"curve": answer.curve}
    titles = (
        ("", language.phrase("Groups"))
        if is_alone
        else (
            language.phrase("Members under the curve '{curve}'", **figures),
            language.phrase("Groups under the curve '{curve}'", **figures),
        )
    )
    members = make_section(columns, answer.members, language, title=titles[0], unit=unit)
    return (members, make_section(_GROUP_COLUMNS, groups, language, title=titles[1], unit=unit)), left_out


def _measures_line(answer: Fairness, unit: NightHour) -> str:
    """Return the measures in a line."""
    return unit.language.phrase_count(
        "{count} call under the curve '{curve}': worst {worst}, mean {mean}, total {total}, spread {spread}, Gini "
        "{gini}, Jain {jain}.",
        "{count} calls under the curve '{curve}': worst {worst}, mean {mean}, total {total}, spread {spread}, Gini "
        "{gini}, Jain {jain}.",
        answer.calls,
        curve=answer.curve,
        worst=unit.show(answer.worst),
        mean=unit.show(answer.mean),
        total=unit.show(answer.total),
        spread=unit.show(answer.spread),
        gini=unit.language.write_number(answer.gini, 3),
        jain=unit.language.write_number(answer.jain, 3),
    )


def _most_line(answer: Fairness, unit: NightHour, *, with_sessions: bool) -> str:
    """Return who has borne the most, and what that was, in a sentence."""
    most = answer.worst
    first, *others = (share for share in answer.members if share.burden == most)
    language, burden = unit.language, unit.say(most)
    if others:
        return language.phrase(
            "{members} have borne the most: {burden} each.",
            members=language.join_first([share.id for share in (first, *others)]),
            burden=burden,
        )
    if with_sessions:
        return language.phrase(
            "{member} has borne the most: {burden} in calls and sessions, {in_night} of them in the night; at best it "
            "could have been {best}.",
            member=first.id,
            burden=burden,
            in_night=first.night_calls,
            best=unit.say(first.best_possible),
        )
    return language.phrase_count(
        "{member} has borne the most: {burden} in {count} call, {in_night} of them in the night; at best it could have "
        "been {best}.",
        "{member} has borne the most: {burden} in {count} calls, {in_night} of them in the night; at best it could "
        "have been {best}.",
        first.calls,
        member=first.id,
        burden=burden,
        in_night=first.night_calls,
        best=unit.say(first.best_possible),
    )


def _sensitivity_line(other: Sensitivity, language: Language) -> str:
    """Return whether the answer survives another curve, in a sentence."""
    figures = {"curve": other.curve, "members": language.join_first(other.worst_off)}
    match other.same_ranking, other.same_worst_off:
        case True, True:
            return language.phrase(
                "Under the curve '{curve}': the same ranking, the same members worst off.", curve=other.curve
            )
        case True, False:
            return language.phrase("Under the curve '{curve}': the same ranking, {members} worst off.", **figures)
        case False, True:
            return language.phrase(
                "Under the curve '{curve}': another ranking, the same members worst off.", curve=other.curve
            )
        case _:
            return language.phrase("Under the curve '{curve}': another ranking, {members} worst off.", **figures)


def describe_check(context: Context, found: Check, verdicts: Mapping[str, Verdict]) -> Report:
    """Describe the verdict on one proposed time; ``verdicts`` are those under each curve of the plan."""
    why = (*found.why, *found.notes)
    body = {
        "night": make_night_document(replace(context, warnings=()), found.night),
        "verdict": str(found.verdict),
        "why": list(map(sentence, why)),
        "why_facts": list(map(fact_record, why)),
        "fairness": {"before": fairness_record(found.before), "after": fairness_record(found.after)},
        "better": [make_record(BETTER_COLUMNS, time) for time in found.better],
        "beside": [call_record(call) for call in found.beside],
        "instead_of": None if found.instead_of is None else call_record(found.instead_of),
        "planned": _planned_record(found),
        "sensitivity": {curve: str(verdict) for curve, verdict in verdicts.items()},
    }
    unit = context.night_hour(found.after.curve)
    more = len(found.better) - len(_choose_times(found))
    language = context.language
    left_out = (
        [
            language.phrase_count(
                "{count} more start time in JSON and CSV.", "{count} more start times in JSON and CSV.", more
            )
        ]
        if more
        else []
    )
    notes = (*left_out, *context.notes(language.translate(NIGHT_KEY)))
    return Report(
        title=context.title("is this time fair?"),
        sections=(
            _verdict_sheet(found, verdicts, unit),
            *make_night_sections(context, found.night, unit, notes=notes),
        ),
        document=context.document(body),
        records=Records.of(BETTER_COLUMNS, [_make_current(found), *found.better], context.versions),
        language=language,
    )


def _planned_record(found: Check) -> dict[str, object] | None:
    """Return the call that would be replaced, at its own time, and how the proposed time compares with it."""
    planned, comparison = found.planned, found.comparison
    if planned is None or comparison is None:
        return None
    return {
        "start": utc_text(planned.start),
        "in_night": planned.figures.nights,
        "worst": planned.figures.worst,
        "total": planned.figures.total,
        "verdict": str(planned.verdict),
        "blocked": list(planned.night.blocked),
        "kind": str(comparison.standing),
        "gains": list(map(str, comparison.gains)),
        "pays": list(map(str, comparison.pays)),
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """A row of the table of times: what it is, its start and figures, and the verdict where it is known."""

    name: str
    start: datetime
    figures: Figures
    verdict: Verdict | None = None
    blocked: bool = False


def _make_rows(found: Check, language: Language) -> Iterator[_Row]:
    """Yield the call as planned if there is one, the proposed time, and those that are better or a trade."""
    if found.planned is not None:
        planned = found.planned
        name = language.phrase("as planned")
        if planned.night.blocked:
            name = language.phrase(
                "as planned, blocks {members}", members=language.join_first(planned.night.blocked, 2)
            )
        yield _Row(
            name=name,
            start=planned.start,
            figures=planned.figures,
            verdict=planned.verdict,
            blocked=bool(planned.night.blocked),
        )
    name = language.phrase("this time")
    yield _Row(name=name, start=found.night.start, figures=found.figures, verdict=found.verdict)
    for time in _choose_times(found):
        yield _Row(name=language.translate(str(time.kind)), start=time.start, figures=time.figures)


def _verdict_sheet(found: Check, verdicts: Mapping[str, Verdict], unit: NightHour) -> Section:
    """Return the verdict with its reasons and the ledger, and the time beside those that are better or a trade."""
    language = unit.language
    lead = (
        _verdict_line(found, verdicts, unit),
        *_replaced_lines(found, language),
        *(
            language.phrase("- {reason}.", reason=sentence(reason, language=language))
            for reason in (*found.why, *found.notes)
        ),
        _ledger_line(found, unit),
        unit.explain(),
        _better_line(found, language),
        *tell_night(found.night, language),
    )
    current = found.figures
    columns: tuple[Column[_Row], ...] = (
        Column(head="", read=lambda row: row.name, tone=lambda row: Tone.BLOCKED if row.blocked else Tone.PLAIN),
        Column(head="start (UTC)", tell=lambda row, language: language.write_hour(row.start)),
        Column(head="away", tell=lambda row, language: _tell_distance(found, row.start, language)),
        Column(
            head="in the night",
            kind=ValueKind.NUMBER,
            tell=lambda row, language: _tell_change(row.figures.nights, current.nights, language),
            tone=lambda row: Tone.NIGHT if row.figures.nights else Tone.PLAIN,
        ),
        Column(head="hardest hit", kind=ValueKind.NIGHT_HOURS, read=lambda row: row.figures.worst),
        Column(
            head="change",
            context="a difference",
            kind=ValueKind.NIGHT_HOURS_CHANGE,
            read=lambda row: BurdenChange(burden=row.figures.worst, before=current.worst),
        ),
        Column(head="in total", kind=ValueKind.NIGHT_HOURS, read=lambda row: row.figures.total),
        Column(
            head="change",
            context="a difference",
            kind=ValueKind.NIGHT_HOURS_CHANGE,
            read=lambda row: BurdenChange(burden=row.figures.total, before=current.total),
        ),
        Column(
            head="verdict",
            kind=ValueKind.WORD,
            read=lambda row: "" if row.verdict is None else str(row.verdict),
            is_shown=lambda _: found.planned is not None,
        ),
    )
    return make_section(columns, list(_make_rows(found, language)), language, lead=lead, unit=unit)


def _verdict_line(found: Check, verdicts: Mapping[str, Verdict], unit: NightHour) -> str:
    """Return the verdict, and how the time compares with the one that it would replace."""
    language = unit.language
    figures = {
        "times": _name_times(found, language),
        "verdict": _tell_verdicts(found.verdict, verdicts, language),
    }
    planned, comparison = found.planned, found.comparison
    if planned is None or comparison is None:
        return language.phrase("{times}: {verdict}.", **figures)
    gained, paid = (
        list(_tell_figures(found, planned.figures, some, unit)) for some in (comparison.gains, comparison.pays)
    )
    if found.freed:
        gained.append(language.phrase("{members} can attend", members=language.join_first(found.freed)))
    if found.newly_blocked:
        paid.append(language.phrase("{members} cannot attend", members=language.join_first(found.newly_blocked)))
    has_names = bool(found.freed or found.newly_blocked)  # these have commas of their own
    gains, pays = map(language.write_parts if has_names else language.write_list, (gained, paid))
    match comparison.standing:
        case Standing.SAME:
            return language.phrase("{times}: {verdict}; every figure is as planned.", **figures)
        case Standing.BETTER:
            return language.phrase("{times}: {verdict}; better than planned: {gains}.", gains=gains, **figures)
        case Standing.WORSE:
            return language.phrase("{times}: {verdict}; worse than planned: {pays}.", pays=pays, **figures)
        case Standing.TRADE:
            return language.phrase(
                "{times}: {verdict}; a trade. Gained: {gains}. Paid: {pays}.", gains=gains, pays=pays, **figures
            )


def _name_times(found: Check, language: Language) -> str:
    """Return the proposed time, and the one that it would replace."""
    start = found.night.start
    time = language.write_full_moment(start)
    if found.planned is None:
        return language.phrase("{time} UTC", time=time)
    old = found.planned.start
    before = f"{old:%H:%M}" if old.date() == start.date() else language.write_full_moment(old)
    return language.phrase("{time} UTC instead of {before}", time=time, before=before)


def _tell_figures(found: Check, before: Figures, which: Sequence[Criterion], unit: NightHour) -> Iterator[str]:
    """Yield figures of the proposed time beside those of the planned one."""
    language, now = unit.language, found.figures
    worst, total = unit.show_apart(now.worst, before.worst), unit.show_apart(now.total, before.total)
    if Criterion.NIGHTS in which:
        yield language.phrase("{now} instead of {before} in the night", now=now.nights, before=before.nights)
    if Criterion.WORST in which:
        yield language.phrase("the hardest hit {now} instead of {before}", now=worst[0], before=worst[1])
    if Criterion.TOTAL in which:
        yield language.phrase("{now} instead of {before} in total", now=total[0], before=total[1])


def _choose_times(found: Check) -> list[AlternativeTime]:
    """Return the times of each kind that a table for people shows, the first ones."""
    kinds = ([time for time in found.better if time.kind is kind] for kind in (Standing.BETTER, Standing.TRADE))
    return [time for times in kinds for time in times[:_SHOWN]]


def _make_current(found: Check) -> AlternativeTime:
    """Return the proposed time as a row among those that it is compared with."""
    figures = found.figures
    return AlternativeTime(start=found.night.start, figures=figures, comparison=compare_figures(figures, figures))


def _tell_change(value: int, current: int, language: Language) -> str:
    """Return a figure, and in brackets how much it differs from that of the proposed time."""
    number = language.write_number(value)
    return number if value == current else language.add_brackets(number, language.sign(f"{value - current:+,}"))


def _replaced_lines(found: Check, language: Language) -> Iterator[str]:
    """Return the call that a time would replace, in a sentence."""
    call = found.instead_of
    if call is None:
        return
    start = language.say_moment(call.start)
    if call.label:
        yield language.phrase("Judged in the place of call {label} on {start} UTC.", label=call.label, start=start)
    else:
        yield language.phrase("Judged in the place of a call on {start} UTC.", start=start)


_SHOWN = 5
"""How many times of each kind a table for people shows; documents have them all."""


def _tell_verdicts(verdict: Verdict, verdicts: Mapping[str, Verdict], language: Language) -> str:
    """Return the verdict, and what the plan's other curves say, if it has others."""
    word = language.translate(str(verdict))
    others = [
        language.phrase("{verdict} under the curve '{curve}'", verdict=language.translate(str(other)), curve=curve)
        for curve, other in verdicts.items()
        if other is not verdict
    ]
    if others:
        return language.phrase("{verdict}, but {others}", verdict=word, others=language.join(others))
    if len(verdicts) > 1:
        return language.phrase_count(
            "{verdict}, under each of the {count} curves",
            "{verdict}, under each of the {count} curves",
            len(verdicts),
            verdict=word,
        )
    return word


def _ledger_line(found: Check, unit: NightHour) -> str:
    """Return what the ledger would come to."""
    return unit.language.phrase(
        "The worst-off member would have borne {worst} ({worst_before} without this call), all members {total} in "
        "total ({total_before} without it).",
        worst=unit.say(found.after.worst),
        worst_before=unit.show(found.before.worst),
        total=unit.say(found.after.total),
        total_before=unit.show(found.before.total),
    )


def _better_line(found: Check, language: Language) -> str:
    """Return how many times are better and how many are a trade, in a sentence."""
    better = sum(time.kind is Standing.BETTER for time in found.better)
    trades = len(found.better) - better
    is_better = (
        language.phrase_count(
            "{count} is better (less in a figure and more in none)",
            "{count} are better (less in a figure and more in none)",
            better,
        )
        if better
        else language.phrase("none is better")
    )
    is_trade = (
        language.phrase_count(
            "{count} is a trade (less in one figure and more in another)",
            "{count} are trades (less in one figure and more in another)",
            trades,
        )
        if trades
        else language.phrase("none is a trade")
    )
    return language.phrase(
        "Of the start times within 12 hours that everybody can attend, {better} and {trades}.",
        better=is_better,
        trades=is_trade,
    )


def _tell_distance(found: Check, start: datetime, language: Language) -> str:
    """Return how much later a start is than the proposed one, with its sign; empty for the same time."""
    minutes = (start - found.night.start) // timedelta(minutes=1)
    length = language.write_short_length(abs(minutes))
    return language.sign(f"{'+' if minutes > 0 else '-'}{length}") if minutes else ""
