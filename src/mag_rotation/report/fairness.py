"""Ledgers and verdicts: who has borne what, and what a proposed time would add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mag_rotation.calls import Call
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
from mag_rotation.report.night import NIGHT_KEY, make_night_document, make_night_sections, tell_night
from mag_rotation.report.sentences import fact_record, sentence
from mag_rotation.report.words import DAYS, BurdenChange, NightHour, full_moment, join_names, length, plural, utc_moment

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


def fairness_record(answer: Fairness, survived: Sequence[Sensitivity] | None = None) -> dict[str, object]:
    """Return FAIRNESS: a ledger and its measures under one curve; ``sensitivity`` only if it was asked for."""
    groups = {
        name: {
            value: {"members": group.members, "worst": group.worst, "mean": group.mean, "total": group.total}
            for value, group in values.items()
        }
        for name, values in answer.by_group.items()
    }
    return {
        "calls": answer.calls,
        "curve": answer.curve,
        "worst": answer.worst,
        "total": answer.total,
        "mean": answer.mean,
        "spread": answer.spread,
        "gini": answer.gini,
        "jain": answer.jain,
        "members": [make_record(SHARE_COLUMNS, share) for share in answer.members],
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


def describe_fairness(context: Context, answers: Sequence[tuple[Fairness, Sequence[Sensitivity]]]) -> Report:
    """Describe the ledger of some calls, under one curve or under several."""
    records = [fairness_record(answer, survived) for answer, survived in answers]
    body = records[0] if len(records) == 1 else {"curves": records}
    leads = [
        Section(lead=_tell_ledger(answer, survived, context.night_hour(answer.curve))) for answer, survived in answers
    ]
    parts = [_make_ledger_sections(context, answer, is_alone=len(answers) == 1) for answer, _ in answers]
    tables = [section for sections, _ in parts for section in sections]
    left_out = tuple(dict.fromkeys(text for _, texts in parts for text in texts))
    shares = [(answer.curve, share) for answer, _ in answers for share in answer.members]
    columns = (_CURVE, *(column.through(lambda row: row[1]) for column in SHARE_COLUMNS))
    return Report(
        title=f"{context.name}: who has borne what",
        sections=(*leads, *tables, Section(notes=(*left_out, *context.notes(_KEY)))),
        document=context.document(body),
        records=Records.of(columns, shares, context.versions),
    )


_CURVE: Column[tuple[str, MemberShare]] = Column(key="curve", read=lambda row: row[0])

_KEY = """\
Burdens count for who was absent, too; in a row: the most calls running in the night; best: the least that any \
rotation of as many slots could have put on that member alone; regret: the burden beyond it."""


def _tell_ledger(answer: Fairness, survived: Sequence[Sensitivity], unit: NightHour) -> tuple[str, ...]:
    """Return who has borne the most, the measures, and whether other curves agree."""
    return (
        *(unit.explain_in([_most_line(answer, unit)]) if answer.worst else ["Nobody has borne anything."]),
        f"{plural(answer.calls, 'call')} under the curve {answer.curve!r}: {_measures_line(answer, unit)}.",
        *(_sensitivity_line(other) for other in survived),
    )


def _make_ledger_sections(
    context: Context, answer: Fairness, *, is_alone: bool
) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Return the members, worst first, and the groups, and which groups are left out.

    The titles name the curve where there are ledgers under others.
    """
    unit = context.night_hour(answer.curve)
    groups, left_out = context.choose_groups(answer.by_group, len(answer.members), lambda group: group.members)
    curve = "" if is_alone else f" under the curve {answer.curve!r}"
    members = make_section(SHARE_COLUMNS, answer.members, title="" if is_alone else f"Members{curve}", unit=unit)
    return (members, make_section(_GROUP_COLUMNS, groups, title=f"Groups{curve}", unit=unit)), left_out


def _measures_line(answer: Fairness, unit: NightHour) -> str:
    """Return the measures in a line."""
    figures = {
        "worst": unit.show(answer.worst),
        "mean": unit.show(answer.mean),
        "total": unit.show(answer.total),
        "spread": unit.show(answer.spread),
        "Gini": f"{answer.gini:.3f}",
        "Jain": f"{answer.jain:.3f}",
    }
    return ", ".join(f"{name} {figure}" for name, figure in figures.items())


def _most_line(answer: Fairness, unit: NightHour) -> str:
    """Return who has borne the most, and what that was, in a sentence."""
    most = answer.worst
    first, *others = (share for share in answer.members if share.burden == most)
    if others:
        return f"{join_names([share.id for share in (first, *others)])} have borne the most: {unit.say(most)} each."
    return (
        f"{first.id} has borne the most: {unit.say(most)} in {plural(first.calls, 'call')}, {first.night_calls} of "
        f"them in the night; at best it could have been {unit.say(first.best_possible)}."
    )


def _sensitivity_line(other: Sensitivity) -> str:
    """Return whether the answer survives another curve, in a sentence."""
    ranking = "the same ranking" if other.same_ranking else "another ranking"
    who = "the same members worst off" if other.same_worst_off else f"{join_names(other.worst_off)} worst off"
    return f"Under the curve {other.curve!r}: {ranking}, {who}."


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
    left_out = [f"{plural(more, 'more start time')} in JSON and CSV."] if more else []
    return Report(
        title=context.title("is this time fair?"),
        sections=(
            _verdict_sheet(found, verdicts, unit),
            *make_night_sections(context, found.night, unit, notes=(*left_out, *context.notes(NIGHT_KEY))),
        ),
        document=context.document(body),
        records=Records.of(BETTER_COLUMNS, [_make_current(found), *found.better], context.versions),
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


def _make_rows(found: Check) -> Iterator[_Row]:
    """Yield the call as planned if there is one, the proposed time, and those that are better or a trade."""
    if found.planned is not None:
        planned = found.planned
        names = [f"blocks {join_names(planned.night.blocked, 2)}"] if planned.night.blocked else []
        yield _Row(
            name=", ".join(["as planned", *names]),
            start=planned.start,
            figures=planned.figures,
            verdict=planned.verdict,
            blocked=bool(names),
        )
    yield _Row(name="this time", start=found.night.start, figures=found.figures, verdict=found.verdict)
    for time in _choose_times(found):
        yield _Row(name=str(time.kind), start=time.start, figures=time.figures)


def _verdict_sheet(found: Check, verdicts: Mapping[str, Verdict], unit: NightHour) -> Section:
    """Return the verdict with its reasons and the ledger, and the time beside those that are better or a trade."""
    lead = (
        _verdict_line(found, verdicts, unit),
        *_replaced_lines(found),
        *(f"- {sentence(reason)}." for reason in (*found.why, *found.notes)),
        _ledger_line(found, unit),
        unit.explain(),
        _better_line(found),
        *tell_night(found.night),
    )
    current = found.figures
    columns: tuple[Column[_Row], ...] = (
        Column(head="", read=lambda row: row.name, tone=lambda row: Tone.BLOCKED if row.blocked else Tone.PLAIN),
        Column(head="start (UTC)", read=lambda row: f"{DAYS[row.start.weekday()]} {row.start:%H:%M}"),
        Column(head="away", read=lambda row: _show_distance(found, row.start)),
        Column(
            head="in the night",
            kind=ValueKind.NUMBER,
            read=lambda row: _show_change(row.figures.nights, current.nights),
            tone=lambda row: Tone.NIGHT if row.figures.nights else Tone.PLAIN,
        ),
        Column(head="hardest hit", kind=ValueKind.NIGHT_HOURS, read=lambda row: row.figures.worst),
        Column(
            head="change",
            kind=ValueKind.NIGHT_HOURS_CHANGE,
            read=lambda row: BurdenChange(burden=row.figures.worst, before=current.worst),
        ),
        Column(head="in total", kind=ValueKind.NIGHT_HOURS, read=lambda row: row.figures.total),
        Column(
            head="change",
            kind=ValueKind.NIGHT_HOURS_CHANGE,
            read=lambda row: BurdenChange(burden=row.figures.total, before=current.total),
        ),
        Column(
            head="verdict",
            read=lambda row: "" if row.verdict is None else str(row.verdict),
            is_shown=lambda _: found.planned is not None,
        ),
    )
    return make_section(columns, list(_make_rows(found)), lead=lead, unit=unit)


def _verdict_line(found: Check, verdicts: Mapping[str, Verdict], unit: NightHour) -> str:
    """Return the verdict, and how the time compares with the one that it would replace."""
    return f"{_name_times(found)}: {found.verdict}{_other_verdicts(found.verdict, verdicts)}{_compare(found, unit)}."


def _name_times(found: Check) -> str:
    """Return the proposed time, and the one that it would replace."""
    start = found.night.start
    if found.planned is None:
        return f"{full_moment(start)} UTC"
    old = found.planned.start
    return f"{full_moment(start)} UTC instead of {f'{old:%H:%M}' if old.date() == start.date() else full_moment(old)}"


def _compare(found: Check, unit: NightHour) -> str:
    """Return how the proposed time compares with the planned one, with both figures where they differ."""
    if found.planned is None or found.comparison is None:
        return ""
    now, before, comparison = found.figures, found.planned.figures, found.comparison
    worst, total = unit.show_apart(now.worst, before.worst), unit.show_apart(now.total, before.total)
    texts = {
        Criterion.NIGHTS: f"{now.nights} instead of {before.nights} in the night",
        Criterion.WORST: f"the hardest hit {worst[0]} instead of {worst[1]}",
        Criterion.TOTAL: f"{total[0]} instead of {total[1]} in total",
    }
    gained, paid = (
        [text for one, text in texts.items() if one in some] for some in (comparison.gains, comparison.pays)
    )
    gained += [f"{join_names(found.freed)} can attend"] if found.freed else []
    paid += [f"{join_names(found.newly_blocked)} cannot attend"] if found.newly_blocked else []
    gains, pays = ", ".join(gained), ", ".join(paid)
    match comparison.standing:
        case Standing.SAME:
            return "; every figure is as planned"
        case Standing.BETTER:
            return f"; better than planned: {gains}"
        case Standing.WORSE:
            return f"; worse than planned: {pays}"
        case Standing.TRADE:
            return f"; a trade. Gained: {gains}. Paid: {pays}"


def _choose_times(found: Check) -> list[AlternativeTime]:
    """Return the times of each kind that a table for people shows, the first ones."""
    kinds = ([time for time in found.better if time.kind is kind] for kind in (Standing.BETTER, Standing.TRADE))
    return [time for times in kinds for time in times[:_SHOWN]]


def _make_current(found: Check) -> AlternativeTime:
    """Return the proposed time as a row among those that it is compared with."""
    figures = found.figures
    return AlternativeTime(start=found.night.start, figures=figures, comparison=compare_figures(figures, figures))


def _show_change(value: int, current: int) -> str:
    """Return a figure, and in brackets how much it differs from that of the proposed time."""
    return f"{value:,}" if value == current else f"{value:,} ({value - current:+,})"


def _call_name(call: Call) -> str:
    """Return the name of a call for a sentence about another time."""
    named = f"call {call.label}" if call.label else "a call"
    return f"{named} on {utc_moment(call.start)} UTC"


def _replaced_lines(found: Check) -> Iterator[str]:
    """Return the call that a time would replace, in a sentence."""
    if found.instead_of is not None:
        yield f"Judged in the place of {_call_name(found.instead_of)}."


_SHOWN = 5
"""How many times of each kind a table for people shows; documents have them all."""


def _other_verdicts(verdict: Verdict, verdicts: Mapping[str, Verdict]) -> str:
    """Return what the plan's other curves say, if it has others."""
    others = [f"{other} under the curve {curve!r}" for curve, other in verdicts.items() if other is not verdict]
    if others:
        return f", but {' and '.join(others)}"
    return f", under each of the {len(verdicts)} curves" if len(verdicts) > 1 else ""


def _ledger_line(found: Check, unit: NightHour) -> str:
    """Return what the ledger would come to."""
    before, after = found.before, found.after
    return (
        f"The worst-off member would have borne {unit.say(after.worst)} ({unit.show(before.worst)} without this call), "
        f"all "
        f"members {unit.say(after.total)} in total ({unit.show(before.total)} without it)."
    )


def _better_line(found: Check) -> str:
    """Return how many times are better and how many are a trade, in a sentence."""
    better = sum(time.kind is Standing.BETTER for time in found.better)
    trades = len(found.better) - better
    is_better = f"{better or 'none'} {'are' if better > 1 else 'is'} better"
    is_trade = f"{trades or 'none'} {'are trades' if trades > 1 else 'is a trade'}"
    if better:
        is_better += " (less in a figure and more in none)"
    if trades:
        is_trade += " (less in one figure and more in another)"
    return f"Of the start times within 12 hours that everybody can attend, {is_better} and {is_trade}."


def _show_distance(found: Check, start: datetime) -> str:
    """Return how much later a start is than the proposed one, with its sign; empty for the same time."""
    minutes = (start - found.night.start) // timedelta(minutes=1)
    return f"{'+' if minutes > 0 else '-'}{length(abs(minutes))}" if minutes else ""
