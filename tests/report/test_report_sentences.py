"""Sentences: each code that a room can state has one, and it names the figures that JSON has beside it.

Law: no two codes have one value, and no sentence is left of a code that is gone.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mag_rotation
from facts import in_words
from mag_rotation.calls import CallCode
from mag_rotation.daysoff import DaysOffWarning
from mag_rotation.fairness.check import CheckCode
from mag_rotation.fairness.verdict import VerdictCode
from mag_rotation.plan.warnings import PlanWarning
from mag_rotation.planfile import load_plan
from mag_rotation.propose import ConstraintCode
from mag_rotation.propose.judge import make_finding
from mag_rotation.propose.reasons import ReasonCode
from mag_rotation.report.language import ENGLISH
from mag_rotation.report.sentences import SENTENCES, Cases, Plural, Template, Together, fact_record, sentence
from mag_rotation.series import Slot, Weekday, name_slot
from mag_rotation.values import Fact, FactCode

CALL = Fact.of(CallCode.CALL, uid="demo-1@example.org", date=date(2026, 3, 29), label=None)
NUMBERED = Fact.of(CallCode.CALL, uid="demo-1@example.org", date=date(2026, 3, 29), label="VII")


def codes() -> list[FactCode]:
    for module in walk_packages(mag_rotation.__path__, "mag_rotation."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return [code for kind in FactCode.__subclasses__() for code in kind]


def texts(template: Template) -> Iterator[str]:
    match template:
        case str(text):
            yield text
        case Plural(one=one, many=many):
            yield from (*texts(one), *texts(many))
        case Cases(when=when, otherwise=otherwise):
            yield from (text for part in (*when.values(), otherwise) for text in texts(part))
        case Together(parts=parts):
            yield from (text for part in parts for text in texts(part))


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    found = codes()

    assert len(set(found)) == len(found)
    assert set(SENTENCES) == set(map(str, found))


def test_templates_name_figures_and_nothing_that_has_to_be_looked_up() -> None:
    for code in SENTENCES:
        for template in texts(SENTENCES[code]):
            for _, field, _, _ in Formatter().parse(template):
                assert field is None or field.isidentifier(), (code, field)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (CALL, "the call of 2026-03-29"),
        (NUMBERED, "call VII of 2026-03-29"),
        (
            Fact.of(PlanWarning.HOUR_REPEATED, call=NUMBERED, zone="Europe/Paris"),
            "call VII of 2026-03-29: its wall time happens twice in Europe/Paris; the first was taken",
        ),
        (
            Fact.of(VerdictCode.ROLE_IN_NIGHT, members=("a", "a", "b"), roles=("chair", "scribe", "chair")),
            "a (chair), a (scribe) and b (chair) must be awake and would be in the night",
        ),
        (
            Fact.of(VerdictCode.NIGHTS_RUNNING, members=("a",), calls=1, in_all=None),
            "a would be in the night once",
        ),
        (
            Fact.of(VerdictCode.NIGHTS_RUNNING, members=("a", "b"), calls=2, in_all=4),
            "a and b would be in the night twice running; 4 in all at least twice running",
        ),
        (
            Fact.of(
                CheckCode.CALL_BESIDE,
                uid="x",
                date=date(2026, 3, 3),
                label=None,
                start=datetime(2026, 3, 3, 14, tzinfo=UTC),
                minutes=0,
            ),
            (
                "the plan has a call on Tue 2026-03-03 14:00 UTC, at the same time, which counts beside it; "
                "--instead-of 2026-03-03 judges the time in its place"
            ),
        ),
        (
            Fact.of(PlanWarning.MORE_SHARED, addresses=1),
            "1 more email address belongs to several members",
        ),
        (
            Fact.of(PlanWarning.FIXED_CLOCK, zone="Etc/GMT+5", members=tuple("abcdefghijklm"), hours=-5),
            (
                "the zone Etc/GMT+5 of 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j' and 3 more has no summer time: "
                "5 hours behind UTC all year; name the place"
            ),
        ),
        (
            Fact.of(ConstraintCode.WINDOWS, windows=("06:00-12:00", "14:00-20:00"), zone="UTC"),
            "calls within 06:00-12:00 or 14:00-20:00 UTC",
        ),
        (
            make_finding(ConstraintCode.WINDOWS, "calls[0]", right="06:00-12:00", dates=("2026-03-03",)),
            "the call of 2026-03-03 does not lie within 06:00-12:00",
        ),
        (Fact.of(ConstraintCode.GAP, gap=150), "2h30min or more between slots that follow each other"),
        (Fact.of(ConstraintCode.GAP, gap=45), "45min or more between slots that follow each other"),
        (Fact.of(ConstraintCode.KEEP, keep=1), "the first call stays"),
        (name_slot(Slot(at=time(14))), "14:00 UTC"),
        (name_slot(Slot(at=time(9), weekday=Weekday.TU, label="early", minutes=90)), "09:00 UTC on TU (early, 1 h 30)"),
        (Fact.of(ConstraintCode.STAY, stay=name_slot(Slot(at=time(9), label="early"))), "the slot 09:00 UTC stays"),
        (Fact.of(ReasonCode.CHOICE, slots=1, starts=48), "1 slot with 48 possible starts each make 48 rotations."),
        (
            Fact.of(ReasonCode.CHOICE, slots=52, starts=48),
            "52 slots with 48 possible starts each make more than 10^87 rotations.",
        ),
        (
            Fact.of(DaysOffWarning.NO_HOLIDAY, country="IC"),
            "no public holiday is known of the country 'IC'; only its weekends are named",
        ),
    ],
    ids=lambda value: value.code if isinstance(value, Fact) else "",
)
def test_a_fact_in_words(fact: Fact, text: str) -> None:
    assert sentence(fact) == text


def test_a_fact_in_json_has_its_code_and_its_figures_and_instants_in_utc() -> None:
    overlap = Fact.of(
        PlanWarning.CALLS_OVERLAP,
        call=NUMBERED,
        start=datetime(2026, 3, 29, 14, tzinfo=UTC),
        other=CALL,
        end=datetime(2026, 3, 29, 15, tzinfo=UTC),
    )

    assert fact_record(overlap) == {
        "code": "calls_overlap",
        "call": {"uid": "demo-1@example.org", "date": "2026-03-29", "label": "VII"},
        "start": "2026-03-29T14:00:00Z",
        "other": {"uid": "demo-1@example.org", "date": "2026-03-29", "label": None},
        "end": "2026-03-29T15:00:00Z",
    }


TEXT = st.text(st.characters(codec="utf-8"), max_size=5)
FIGURES = st.one_of(
    st.booleans(), st.integers(), TEXT, st.dates(), st.lists(TEXT, max_size=3).map(tuple), st.none(), st.just(CALL)
)


@given(st.dictionaries(TEXT.filter(lambda name: name != "code"), FIGURES, max_size=5))
def test_law_every_fact_can_be_written_as_json(figures: dict[str, bool | int | str | date | None]) -> None:
    record = fact_record(Fact.of(PlanWarning.NO_CALL, **figures))

    assert list(record) == ["code", *figures]
    assert json.loads(json.dumps(record)) == record


def test_a_list_of_names_can_be_cut_or_whole() -> None:
    names = list("abcdefg")

    assert ENGLISH.join_first(names) == "a, b, c, d, e and 2 more"
    assert ENGLISH.join(names) == "a, b, c, d, e, f and g"
    assert ENGLISH.join([]) == ""


def test_warnings_of_a_plan_are_facts_that_count_alike_when_they_are_read_again(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(
        'format = 1\nmeeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }\n'
        "schedule = { first = 2026-01-06, repeat = 'weekly', count = 2 }\nrotation = { slots = ['14:00'] }\n"
    )
    first, second = (load_plan(tmp_path / "plan.toml").warnings for _ in range(2))

    assert first == second
    assert len({*first, *second}) == len(first) == 1
    assert in_words(first)[0].startswith("nobody is in the roster")
