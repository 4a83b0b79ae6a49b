"""Ledgers and verdicts as documents and as sheets for people.

Rule 1: the keys of a document are a contract; they may be added, never lost or renamed.
Rule 2: burdens are shown in point-minutes, as integers; ratios are not rounded in documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mag_rotation.calls import Call
from mag_rotation.fairness import (
    BetterTime,
    Check,
    Fairness,
    MemberShare,
    Sensitivity,
    Verdict,
    gini,
    jain,
    mean,
    spread,
    total,
    worst,
)
from mag_rotation.report.answers import Answer
from mag_rotation.report.context import Context
from mag_rotation.report.documents import call_record, night_document, utc_text
from mag_rotation.report.sentences import fact_record, sentence
from mag_rotation.report.sheet import Cell, Column, Sheet
from mag_rotation.report.tables import night_sheets
from mag_rotation.report.words import difference, join_names, plural, utc_moment

__all__ = ["check_answer", "fairness_answer"]

SHARE_KEYS = (
    "id",
    "name",
    "burden",
    "attended_burden",
    "calls",
    "burden_per_call",
    "night_calls",
    "longest_night_streak",
    "best_possible",
    "regret",
)
"""The keys of a member of FAIRNESS, in the order of JSON and CSV."""

BETTER_KEYS = ("start", "in_night", "worst", "total")
"""The keys of a better time of CHECK, in the order of JSON and CSV."""


def fairness_record(answer: Fairness, survived: Sequence[Sensitivity] | None = None) -> dict[str, object]:
    """FAIRNESS: a ledger and its measures under one curve; ``sensitivity`` is there only where it was asked for."""
    burdens = answer.burdens
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
        "worst": worst(burdens),
        "total": total(burdens),
        "mean": mean(burdens),
        "spread": spread(burdens),
        "gini": gini(burdens),
        "jain": jain(burdens),
        "members": [_share_record(share) for share in answer.members],
        "by_group": groups,
        **({} if survived is None else {"sensitivity": [_survival_record(other) for other in survived]}),
    }


def _survival_record(other: Sensitivity) -> dict[str, object]:
    return {
        "curve": other.curve,
        "worst_off": list(other.worst_off),
        "same_worst_off": other.same_worst_off,
        "same_ranking": other.same_ranking,
    }


def _share_record(share: MemberShare) -> dict[str, object]:
    return {key: getattr(share, key) for key in SHARE_KEYS}


def _records(context: Context, rows: Iterable[Mapping[str, object]]) -> tuple[tuple[object, ...], ...]:
    """The records of a sheet, each with the data it rests on."""
    return tuple((*row.values(), *context.versions.values()) for row in rows)


def fairness_answer(context: Context, answers: Sequence[tuple[Fairness, Sequence[Sensitivity]]]) -> Answer:
    """The ledger of some calls, under one curve or under several."""
    records = [fairness_record(answer, survived) for answer, survived in answers]
    body = records[0] if len(records) == 1 else {"curves": records}
    sheets = [sheet for answer, survived in answers for sheet in _fairness_sheets(answer, survived)]
    rows = ({"curve": answer.curve, **_share_record(share)} for answer, _ in answers for share in answer.members)
    return Answer(
        title=f"{context.name}: who has borne what",
        sheets=(*sheets, Sheet(notes=context.notes(_KEY))),
        document=context.document(body),
        heads=("curve", *SHARE_KEYS, *context.versions),
        records=_records(context, rows),
    )


_KEY = """\
Burdens are in point-minutes and count for who was absent, too; in a row: the most calls running in the night; best: \
the least that any rotation of as many slots could have put on that member alone; regret: the burden beyond it."""


def _fairness_sheets(answer: Fairness, survived: Sequence[Sensitivity]) -> tuple[Sheet, ...]:
    """The measures, the members worst first, and the groups."""
    lead = (
        f"{plural(answer.calls, 'call')} under the curve {answer.curve!r}: {_measures(answer.burdens)}.",
        _most_line(answer),
        *(_survival_line(other) for other in survived),
    )
    attended = any(share.attended_burden is not None for share in answer.members)
    named = any(share.name != share.id for share in answer.members)
    columns = (
        *(Column(head) for head in ("member", *(("name",) if named else ()))),
        *(Column(head, number=True) for head in ("burden", *(("attended",) if attended else ()))),
        *(Column(head, number=True) for head in ("calls", "per call", "nights", "in a row", "best", "regret")),
    )
    rows = tuple(tuple(map(Cell, _share_texts(share, named=named, attended=attended))) for share in answer.members)
    groups = tuple(
        tuple(map(Cell, (name, value, str(found.members), str(found.worst), f"{found.mean:.0f}", str(found.total))))
        for name, values in answer.by_group.items()
        for value, found in values.items()
    )
    heads = (
        *(Column(head) for head in ("group", "value")),
        *(Column(head, number=True) for head in ("members", "worst", "mean", "total")),
    )
    return Sheet(lead=lead, columns=columns, rows=rows), Sheet(columns=heads, rows=groups)


def _measures(burdens: Sequence[int]) -> str:
    """The measures in a line."""
    figures = {
        "worst": str(worst(burdens)),
        "mean": f"{mean(burdens):.0f}",
        "total": str(total(burdens)),
        "spread": str(spread(burdens)),
        "Gini": f"{gini(burdens):.3f}",
        "Jain": f"{jain(burdens):.3f}",
    }
    return ", ".join(f"{name} {figure}" for name, figure in figures.items())


def _most_line(answer: Fairness) -> str:
    """Who has borne the most, and what that was, in a sentence."""
    most = worst(answer.burdens)
    if not most:
        return "Nobody has borne anything."
    first, *others = (share for share in answer.members if share.burden == most)
    if others:
        return f"{join_names([share.id for share in (first, *others)])} have borne the most, {most} each."
    return (
        f"{first.id} has borne the most: {most} in {plural(first.calls, 'call')}, {first.night_calls} of them in the "
        f"night; at best it could have been {first.best_possible}."
    )


def _share_texts(share: MemberShare, *, named: bool, attended: bool) -> list[str]:
    known = "-" if share.attended_burden is None else str(share.attended_burden)
    return [
        share.id,
        *([share.name] if named else []),
        str(share.burden),
        *([known] if attended else []),
        str(share.calls),
        f"{share.burden_per_call:.0f}",
        str(share.night_calls),
        str(share.longest_night_streak),
        str(share.best_possible),
        str(share.regret),
    ]


def _survival_line(other: Sensitivity) -> str:
    """Whether the answer survives another curve, in a sentence."""
    ranking = "the same ranking" if other.same_ranking else "another ranking"
    who = "the same members worst off" if other.same_worst_off else f"{join_names(other.worst_off)} worst off"
    return f"Under the curve {other.curve!r}: {ranking}, {who}."


def check_answer(context: Context, found: Check, verdicts: Mapping[str, Verdict]) -> Answer:
    """The judgement of one proposed time; ``verdicts`` are those under each curve of the plan."""
    why = (*found.why, *found.notes)
    body = {
        "night": night_document(replace(context, warnings=()), found.night),
        "verdict": str(found.verdict),
        "why": list(map(sentence, why)),
        "why_facts": list(map(fact_record, why)),
        "fairness": {"before": fairness_record(found.before), "after": fairness_record(found.after)},
        "better": [_better_record(time) for time in found.better],
        "beside": [call_record(call) for call in found.beside],
        "instead_of": None if found.instead_of is None else call_record(found.instead_of),
        "sensitivity": {curve: str(verdict) for curve, verdict in verdicts.items()},
    }
    return Answer(
        title=f"{context.name}: is this time fair?",
        sheets=(_verdict_sheet(found, verdicts), *night_sheets(context, found.night)),
        document=context.document(body),
        heads=(*BETTER_KEYS, *context.versions),
        records=_records(context, map(_better_record, found.better)),
    )


def _better_record(time: BetterTime) -> dict[str, object]:
    return {key: getattr(time, key) for key in BETTER_KEYS} | {"start": utc_text(time.start)}


def _verdict_sheet(found: Check, verdicts: Mapping[str, Verdict]) -> Sheet:
    """The verdict with its reasons, the ledger before and after, and the nearest better times."""
    after = found.after.burdens
    lead = (
        *_replaced_lines(found),
        f"Verdict: {found.verdict}{_other_verdicts(found.verdict, verdicts)}.",
        *(f"- {sentence(reason)}." for reason in (*found.why, *found.notes)),
        _ledger_line(found),
        *_better_lines(found),
    )
    rows = tuple(
        tuple(
            map(
                Cell,
                (
                    utc_moment(time.start),
                    _away(found, time),
                    str(time.in_night),
                    str(time.worst),
                    f"{time.worst - worst(after):+d}",
                    str(time.total),
                    f"{time.total - total(after):+d}",
                ),
            )
        )
        for time in found.better[:_SHOWN]
    )
    columns = (
        *(Column(head) for head in ("better start (UTC)", "away")),
        *(Column(head, number=True) for head in ("in the night", "worst", "change", "total", "change")),
    )
    return Sheet(lead=lead, columns=columns, rows=rows)


def _call_name(call: Call) -> str:
    """A call as a sentence about another time names it."""
    named = f"call {call.label}" if call.label else "a call"
    return f"{named} on {utc_moment(call.start)} UTC"


def _replaced_lines(found: Check) -> Iterator[str]:
    """The call in whose place a time was judged, in a sentence."""
    if found.instead_of is not None:
        yield f"Judged in the place of {_call_name(found.instead_of)}."


_SHOWN = 5
"""How many better times a table for people shows; documents have them all."""


def _other_verdicts(verdict: Verdict, verdicts: Mapping[str, Verdict]) -> str:
    """What the plan's other curves say, where it has others."""
    others = [f"{other} under the curve {curve!r}" for curve, other in verdicts.items() if other is not verdict]
    if others:
        return f", but {' and '.join(others)}"
    return f", under each of the {len(verdicts)} curves" if len(verdicts) > 1 else ""


def _ledger_line(found: Check) -> str:
    """What the ledger would come to."""
    before, after = found.before.burdens, found.after.burdens
    return (
        f"Whoever is worst off would have borne {worst(after)} point-minutes ({worst(before)} before it), all together "
        f"{total(after)} ({total(before)} before it)."
    )


def _better_lines(found: Check) -> Iterator[str]:
    """What makes the better times better and which is the best of them, or why there are none."""
    limit = worst(found.after.burdens)
    if not found.better:
        if limit == worst(found.before.burdens):
            yield "It puts nothing on whoever is worst off, so no other time can spare them."
        else:
            yield "No half hour within 12 hours that blocks nobody would leave the worst-off with less."
        return
    count = plural(len(found.better), "half hour")
    yield f"Better, as nobody would then have borne as much as {limit}: {count} within 12 hours, the nearest first."
    best = min(found.better, key=lambda time: (time.worst, time.in_night, time.total))
    yield (
        f"The worst-off would be spared most at {utc_moment(best.start)} ({_away(found, best)}): worst "
        f"{best.worst}, {best.in_night} in the night, total {best.total}."
    )


def _away(found: Check, time: BetterTime) -> str:
    """How much earlier or later a time is, in words."""
    return difference(int((time.start - found.night.start).total_seconds()) // 60)
