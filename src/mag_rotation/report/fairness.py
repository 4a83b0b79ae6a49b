"""Ledgers and verdicts: who has borne what, and what a proposed time would add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mag_rotation.calls import Call
from mag_rotation.fairness import (
    BetterTime,
    Check,
    Fairness,
    GroupShare,
    MemberShare,
    Sensitivity,
    Verdict,
)
from mag_rotation.report.calls import call_record
from mag_rotation.report.context import Context
from mag_rotation.report.description import Column, Records, Report, Section, ValueKind, make_record, make_section
from mag_rotation.report.night import make_night_document, make_night_sections
from mag_rotation.report.sentences import fact_record, sentence
from mag_rotation.report.words import difference, join_names, plural, utc_moment

__all__ = ["describe_check", "describe_fairness"]

SHARE_COLUMNS: tuple[Column[MemberShare], ...] = (
    Column(key="id", head="member"),
    Column(key="name", head="name", is_shown=lambda shares: any(share.name != share.id for share in shares)),
    Column(key="burden", head="burden", kind=ValueKind.NUMBER),
    Column(
        key="attended_burden",
        head="attended",
        kind=ValueKind.NUMBER,
        missing="-",
        is_shown=lambda shares: any(share.attended_burden is not None for share in shares),
    ),
    Column(key="calls", head="calls", kind=ValueKind.NUMBER),
    Column(key="burden_per_call", head="per call", kind=ValueKind.MEAN),
    Column(key="night_calls", head="nights", kind=ValueKind.NUMBER),
    Column(key="longest_night_streak", head="in a row", kind=ValueKind.NUMBER),
    Column(key="best_possible", head="best", kind=ValueKind.NUMBER),
    Column(key="regret", head="regret", kind=ValueKind.NUMBER),
)
"""A member of FAIRNESS, in the order of JSON and CSV."""

BETTER_COLUMNS: tuple[Column[BetterTime], ...] = (
    Column(key="start", head="better start (UTC)", kind=ValueKind.INSTANT),
    Column(key="in_night", head="in the night", kind=ValueKind.NUMBER),
    Column(key="worst", head="worst", kind=ValueKind.NUMBER),
    Column(key="total", head="total", kind=ValueKind.NUMBER),
)
"""A better time of CHECK, in the order of JSON and CSV."""

_GROUP_COLUMNS: tuple[Column[tuple[str, str, GroupShare]], ...] = (
    Column(head="group", read=lambda row: row[0]),
    Column(head="value", read=lambda row: row[1]),
    Column(head="members", kind=ValueKind.NUMBER, read=lambda row: row[2].members),
    Column(head="worst", kind=ValueKind.NUMBER, read=lambda row: row[2].worst),
    Column(head="mean", kind=ValueKind.MEAN, read=lambda row: row[2].mean),
    Column(head="total", kind=ValueKind.NUMBER, read=lambda row: row[2].total),
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
    sheets = [sheet for answer, survived in answers for sheet in _fairness_sheets(answer, survived)]
    shares = [(answer.curve, share) for answer, _ in answers for share in answer.members]
    columns = (_CURVE, *(column.through(lambda row: row[1]) for column in SHARE_COLUMNS))
    return Report(
        title=f"{context.name}: who has borne what",
        sections=(*sheets, Section(notes=context.notes(_KEY))),
        document=context.document(body),
        records=Records.of(columns, shares, context.versions),
    )


_CURVE: Column[tuple[str, MemberShare]] = Column(key="curve", read=lambda row: row[0])

_KEY = """\
Burdens are in point-minutes and count for who was absent, too; in a row: the most calls running in the night; best: \
the least that any rotation of as many slots could have put on that member alone; regret: the burden beyond it."""


def _fairness_sheets(answer: Fairness, survived: Sequence[Sensitivity]) -> tuple[Section, ...]:
    """Return the measures, the members worst first, and the groups."""
    lead = (
        f"{plural(answer.calls, 'call')} under the curve {answer.curve!r}: {_measures_line(answer)}.",
        _most_line(answer),
        *(_sensitivity_line(other) for other in survived),
    )
    groups = [(name, value, found) for name, values in answer.by_group.items() for value, found in values.items()]
    return make_section(SHARE_COLUMNS, answer.members, lead=lead), make_section(_GROUP_COLUMNS, groups)


def _measures_line(answer: Fairness) -> str:
    """Return the measures in a line."""
    figures = {
        "worst": str(answer.worst),
        "mean": f"{answer.mean:.0f}",
        "total": str(answer.total),
        "spread": str(answer.spread),
        "Gini": f"{answer.gini:.3f}",
        "Jain": f"{answer.jain:.3f}",
    }
    return ", ".join(f"{name} {figure}" for name, figure in figures.items())


def _most_line(answer: Fairness) -> str:
    """Return who has borne the most, and what that was, in a sentence."""
    most = answer.worst
    if not most:
        return "Nobody has borne anything."
    first, *others = (share for share in answer.members if share.burden == most)
    if others:
        return f"{join_names([share.id for share in (first, *others)])} have borne the most, {most} each."
    return (
        f"{first.id} has borne the most: {most} in {plural(first.calls, 'call')}, {first.night_calls} of them in the "
        f"night; at best it could have been {first.best_possible}."
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
        "sensitivity": {curve: str(verdict) for curve, verdict in verdicts.items()},
    }
    return Report(
        title=f"{context.name}: is this time fair?",
        sections=(_verdict_sheet(found, verdicts), *make_night_sections(context, found.night)),
        document=context.document(body),
        records=Records.of(BETTER_COLUMNS, found.better, context.versions),
    )


def _verdict_sheet(found: Check, verdicts: Mapping[str, Verdict]) -> Section:
    """Return the verdict with its reasons, the ledger before and after, and the nearest better times."""
    worst, total = found.after.worst, found.after.total
    lead = (
        *_replaced_lines(found),
        f"Verdict: {found.verdict}{_other_verdicts(found.verdict, verdicts)}.",
        *(f"- {sentence(reason)}." for reason in (*found.why, *found.notes)),
        _ledger_line(found),
        *_better_lines(found),
    )
    start, in_night, least, all_members = BETTER_COLUMNS
    columns: tuple[Column[BetterTime], ...] = (
        start,
        Column(head="away", read=lambda time: _away(found, time)),
        in_night,
        least,
        Column(head="change", kind=ValueKind.CHANGE, read=lambda time: time.worst - worst),
        all_members,
        Column(head="change", kind=ValueKind.CHANGE, read=lambda time: time.total - total),
    )
    return make_section(columns, found.better[:_SHOWN], lead=lead)


def _call_name(call: Call) -> str:
    """Return the name of a call for a sentence about another time."""
    named = f"call {call.label}" if call.label else "a call"
    return f"{named} on {utc_moment(call.start)} UTC"


def _replaced_lines(found: Check) -> Iterator[str]:
    """Return the call that a time would replace, in a sentence."""
    if found.instead_of is not None:
        yield f"Judged in the place of {_call_name(found.instead_of)}."


_SHOWN = 5
"""How many better times a table for people shows; documents have them all."""


def _other_verdicts(verdict: Verdict, verdicts: Mapping[str, Verdict]) -> str:
    """Return what the plan's other curves say, if it has others."""
    others = [f"{other} under the curve {curve!r}" for curve, other in verdicts.items() if other is not verdict]
    if others:
        return f", but {' and '.join(others)}"
    return f", under each of the {len(verdicts)} curves" if len(verdicts) > 1 else ""


def _ledger_line(found: Check) -> str:
    """Return what the ledger would come to."""
    before, after = found.before, found.after
    return (
        f"The worst-off member would have borne {after.worst:,} point-minutes ({before.worst:,} before), all members "
        f"{after.total:,} in total ({before.total:,} before)."
    )


def _better_lines(found: Check) -> Iterator[str]:
    """Return why the better times are better and which is the best of them, or why there are none."""
    limit = found.after.worst
    if not found.better:
        if limit == found.before.worst:
            yield "It puts nothing on the worst-off member, so no other time can spare them."
        else:
            yield "No start time within 12 hours that blocks nobody would leave the worst-off member with less."
        return
    count = plural(len(found.better), "start time")
    yield f"Better, as nobody would then have borne as much as {limit:,}: {count} within 12 hours, the nearest first."
    best = min(found.better, key=lambda time: (time.worst, time.in_night, time.total))
    yield (
        f"The worst-off would be spared most at {utc_moment(best.start)} ({_away(found, best)}): worst "
        f"{best.worst:,}, {best.in_night} in the night, total {best.total:,}."
    )


def _away(found: Check, time: BetterTime) -> str:
    """Return how much earlier or later a time is, in words."""
    return difference(int((time.start - found.night.start).total_seconds()) // 60)
