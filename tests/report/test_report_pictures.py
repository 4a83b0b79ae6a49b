"""Pictures: what they show equals the facts, every label lies inside, and no public picture names a member."""

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from conftest import Run
from invoke import invoke
from mag_rotation.errors import InvalidValue
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan
from mag_rotation.programme import Level, Programme, Repeat, Rule, Session
from mag_rotation.report.language import ENGLISH, find_language
from mag_rotation.report.page import LIGHT_DAY, LIGHT_SCALE, find_step, show_clock_time
from mag_rotation.report.pictures import (
    INK,
    ImageForm,
    draw_compare,
    draw_day,
    draw_frontier,
    draw_ledger,
    draw_programme,
    draw_year,
    render_picture,
)
from mag_rotation.report.season import Season, make_season
from mag_rotation.report.words import NightHour
from mag_rotation.roster import Member
from mag_rotation.series import Meeting, Phase, Rotation, Schedule, Slot
from mag_rotation.zones import to_local
from paths import EXAMPLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

IGF = EXAMPLES / "igf-2020" / "plan.toml"
MAG = EXAMPLES / "mag-2020" / "plan.toml"
PLANS = sorted(EXAMPLES.rglob("*.toml"))
NOW = datetime(2020, 9, 1, tzinfo=UTC)
UNIT = NightHour(points=10, curve="default")
SUBJECTS = ("day", "year", "ledger", "frontier", "compare")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(MAG)


def season_of(plan: Plan, *, is_public: bool = False) -> Season:
    return make_season(plan, now=NOW, is_public=is_public)


def make_plan(*members: Member, minutes: int = 60, slots: tuple[time, ...] = (time(14), time(20))) -> Plan:
    return Plan(
        meeting=Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=minutes),
        schedule=Schedule(first=date(2026, 10, 6), repeat="weekly", count=4),
        rotation=Rotation(slots=tuple(Slot(at=at) for at in slots)),
        members=members,
    )


def draw_bars(season: Season) -> "Figure":
    return draw_ledger(season, UNIT)


def texts(figure: "Figure") -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def assert_all_inside(figure: "Figure") -> None:
    """Everything that is drawn lies within the picture."""
    render_picture(figure, ImageForm.PNG, title="x")  # places everything
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()

    assert min(box.x0, box.y0) >= -0.01
    assert (box.x1 <= width + 0.01, box.y1 <= height + 0.01) == (True, True), (box, width, height)


@pytest.mark.parametrize("draw", [draw_day, draw_year, draw_bars], ids=["day", "year", "ledger"])
@pytest.mark.parametrize("is_public", [True, False])
def test_every_word_of_a_season_lies_inside(draw: "Callable[[Season], Figure]", plan: Plan, is_public: bool) -> None:
    assert_all_inside(draw(season_of(plan, is_public=is_public)))


def test_every_word_of_rotations_lies_inside(plan: Plan) -> None:
    assert_all_inside(draw_frontier(plan.propose(slots=3), UNIT))
    assert_all_inside(draw_compare(plan.compare(sizes=(1, 2)), UNIT))


def test_long_names_and_many_slots_lie_inside() -> None:
    long = "A member with a name that does not end before the picture would, if it could, and then some"
    plan = make_plan(
        *(Member(id=f"m{place}", name=f"{long} {place}", zone="Asia/Kathmandu") for place in range(3)),
        slots=tuple(time(hour) for hour in range(24)),
        minutes=30,
    )
    for draw in (draw_day, draw_year, draw_bars):
        assert_all_inside(draw(season_of(plan)))
    assert any(text.startswith(long[:30]) and text.endswith("…") for text in texts(draw_ledger(season_of(plan), UNIT)))


def test_the_day_shows_the_local_start_of_every_slot_on_every_clock(plan: Plan) -> None:
    season = season_of(plan)
    shown = texts(draw_day(season))
    expected = [
        show_clock_time(slot.minute + to_local(view.calls[0].start, clock.zone).offset // 60)
        for view in season.days
        for clock in season.clocks
        for slot in view.slots
    ]

    for hour in set(expected):
        assert shown.count(hour) >= expected.count(hour)


def test_the_night_is_dark_where_the_plan_has_it() -> None:
    plan = make_plan(Member(id="a", zone="Asia/Kathmandu"))
    (axes,) = draw_day(season_of(plan)).axes
    dark = [patch for patch in axes.patches if patch.get_facecolor()[:3] == rgb(LIGHT_DAY["dark"])]
    minutes = sum(patch.get_width() for patch in dark)  # type: ignore[attr-defined]

    assert minutes == 7 * 60
    assert {patch.get_x() for patch in dark} == {23 * 60 - 345, 0}  # type: ignore[attr-defined]


def rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))


def test_the_season_has_the_colour_of_every_burden(plan: Plan) -> None:
    season = season_of(plan)
    axes = draw_year(season).axes[0]
    columns = {call.uid: column for column, call in enumerate(plan.calls)}
    found = {
        (patch.get_x(), patch.get_y()): patch.get_facecolor()[:3]  # type: ignore[attr-defined]
        for patch in axes.patches
        if to_rgba(patch.get_facecolor())[3]
    }
    most = plan.hours.curve_of(None).dearest
    expected = {
        (columns[call.uid], place): rgb(LIGHT_SCALE[find_step(night.burden / (call.minutes * most))])
        for place, row in enumerate(season.rows)
        for call in season.held
        for night in season.nights[call.uid]
        if row.member is not None and night.id == row.member.id
    }

    assert found.keys() == expected.keys()
    assert all(found[place] == pytest.approx(colour) for place, colour in expected.items())


def test_the_bars_of_the_ledger_are_the_burdens_of_fairness(plan: Plan) -> None:
    axes = draw_ledger(season_of(plan), UNIT).axes[0]
    bars = sorted((patch.get_width() for patch in axes.patches), reverse=True)  # type: ignore[attr-defined]

    assert bars == pytest.approx([share.burden / 600 for share in plan.fairness()])


def test_the_frontier_has_a_point_for_every_offer(plan: Plan) -> None:
    found = plan.propose(slots=2)
    axes = draw_frontier(found, UNIT).axes[0]
    line = axes.lines[0]

    points = np.asarray(line.get_xydata()).tolist()
    assert points == [pytest.approx([offer.total / 600, offer.worst / 600]) for offer in found.frontier]
    assert any(f"{found.worst / 600:.1f} h for the hardest hit" in text for text in texts(draw_frontier(found, UNIT)))


def test_a_comparison_shows_what_nothing_dominates_with_its_figures(plan: Plan) -> None:
    table = plan.compare(sizes=(1, 2, 3))
    figure = draw_compare(table, UNIT)
    hardest, nights, members = figure.axes
    shown = [option for option in table if option.is_asked_for or not option.dominated]

    assert [bar.get_width() for bar in hardest.patches] == pytest.approx([option.worst / 600 for option in shown])  # type: ignore[attr-defined]
    assert [bar.get_width() for bar in nights.patches] == [option.nights for option in shown]  # type: ignore[attr-defined]
    widths = [bar.get_width() for bar in members.patches]  # type: ignore[attr-defined]
    assert widths == [option.better for option in shown] + [-option.worse for option in shown]


@pytest.mark.parametrize("zone", [None, "Australia/Brisbane", "Asia/Kathmandu"])
def test_a_programme_has_a_row_for_each_day_and_room_and_a_box_for_each_session(zone: str | None) -> None:
    plan = load_plan(IGF)
    figure = draw_programme(plan, ENGLISH, zone)
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]

    assert_all_inside(figure)
    assert [axes.get_title("left") for axes in figure.axes] == ["IGF 2020: Phase I", "IGF 2020: Phase II"]
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == [
        "Thu 5 Nov networking 1",
        "Thu 5 Nov networking 2",
    ]
    boxes = [patch for axes in figure.axes for patch in axes.patches if patch.get_edgecolor() == to_rgba(INK)]
    assert {patch.get_facecolor() == MARK for patch in boxes} == {True, False}
    assert [text.get_text() for text in figure.legends[0].get_texts()][-4:] == [
        *("data", "environment", "inclusion", "trust")
    ]
    assert len(boxes) == len(texts) == len(plan.sessions)
    assert "Main session: inclusion\n18:30" + (f" / {LOCAL[zone]}" if zone else "") in texts


MARK = to_rgba(LIGHT_DAY["mark"])
LOCAL = {"Australia/Brisbane": "04:30+1", "Asia/Kathmandu": "00:15+1"}


@pytest.mark.parametrize(
    ("zone", "night"),
    [("Australia/Brisbane", (13 * 60, 20 * 60)), ("Asia/Kathmandu", (17 * 60 + 15, 20 * 60)), ("America/Lima", None)],
)
def test_the_night_of_a_zone_is_shaded_in_every_row(zone: str, night: tuple[int, int] | None) -> None:
    axes = draw_programme(load_plan(IGF), ENGLISH, zone).axes[1]
    dark = [patch for patch in axes.patches if patch.get_facecolor() == to_rgba(LIGHT_DAY["dark"])]
    assert all(isinstance(patch, Rectangle) for patch in dark)
    spans = {(patch.get_x(), patch.get_x() + patch.get_width()) for patch in dark if isinstance(patch, Rectangle)}

    assert spans == ({night} if night else set())
    assert len(dark) == (len(axes.get_yticks()) if night else 0)


def test_a_programme_in_tracks_past_midnight_with_sessions_at_the_same_time_is_drawn() -> None:
    session = Session(id="a", title="A" * 60, date=date(2026, 10, 24), at=time(22), minutes=300, track="x")
    others = (replace(session, id="b"), replace(session, id="c", track="y", minutes=5))
    programme = Programme(sessions=(session, *others), zone="Europe/London")
    plan = replace(make_plan(Member(id="a", zone="UTC")), programme=programme)
    (axes,) = draw_programme(plan, ENGLISH, "Europe/London").axes
    dark = [patch for patch in axes.patches if patch.get_facecolor() == to_rgba(LIGHT_DAY["dark"])]

    assert [text.get_text() for text in axes.get_yticklabels()] == ["Sat 24 Oct x", "Sat 24 Oct x", "Sat 24 Oct y"]
    assert axes.get_xlim() == (22 * 60, 27 * 60)
    # at 02:00 the clock goes back to 01:00, and the night goes on
    spans = [(patch.get_x(), patch.get_width()) for patch in dark if isinstance(patch, Rectangle)]
    assert spans == [(23 * 60, 180), (26 * 60, 60)] * 3


@pytest.mark.parametrize("minutes", [5, 15, 25, 30, 45, 60, 90])
@pytest.mark.parametrize(
    "title",
    [
        "Internationalisation WWWW",
        "MMMM WWWW @@@@",
        "OPENING CEREMONY",
        "a i l",
        "Opening of it all and more yet",
    ],
)
def test_the_text_of_a_session_stays_in_its_box(title: str, minutes: int) -> None:
    session = Session(id="a", title=title, date=date(2026, 10, 24), at=time(9), minutes=minutes, room="x")
    far = replace(session, id="b", at=time(17), minutes=60, title="Z")
    plan = replace(make_plan(Member(id="a", zone="UTC")), programme=Programme(sessions=(session, far)))
    figure = draw_programme(plan, ENGLISH, "Australia/Brisbane")
    figure.canvas.draw()
    (axes,) = figure.axes
    text = axes.texts[0]
    box = next(patch for patch in axes.patches if patch.get_edgecolor() == to_rgba(INK))

    inside = text.get_window_extent().x1 <= box.get_window_extent().x1
    assert inside or not text.get_text()
    lines = text.get_text().split("\n")
    assert all(line.endswith("…") or line in title or ":" in line for line in lines)


def test_sessions_in_one_room_at_one_time_have_a_frame_unless_the_rule_is_off() -> None:
    session = Session(id="a", title="A", date=date(2026, 10, 24), at=time(22), minutes=120, room="x")
    after = replace(session, id="c", at=time(9), date=date(2026, 10, 25))
    programme = Programme(sessions=(session, replace(session, id="b", at=time(23), minutes=30), after))
    plan = replace(make_plan(Member(id="a", zone="UTC")), programme=programme)
    off = replace(plan, programme=replace(programme, rules={Rule.ROOM_TWICE: Level.OFF}))
    figure, calm = draw_programme(plan, ENGLISH), draw_programme(off, ENGLISH)

    framed = [patch for patch in figure.axes[0].patches if patch.get_linewidth() == 2]
    assert len(framed) == 2
    assert figure.legends[0].get_texts()[-1].get_text() == "two sessions in one room at the same time"
    assert not [patch for patch in calm.axes[0].patches if patch.get_linewidth() == 2]
    assert len(calm.legends[0].get_texts()) == 1
    assert [tick.get_text() for tick in figure.axes[0].get_xticklabels()][-1] in {"24:00", "00:00+1"}
    assert len(figure.axes[0].lines) == 1  # between the two days


def test_a_picture_says_how_many_rows_of_a_long_programme_it_leaves_out() -> None:
    rooms = [
        Session(id=f"s{n}", title="A", date=date(2026, 10, 1), at=time(9), minutes=60, room=f"r{n}") for n in range(59)
    ]
    days = Session(
        id="d", title="A", date=date(2026, 10, 2), at=time(9), minutes=60, repeat=Repeat.DAILY, until=date(2026, 10, 4)
    )
    phases = tuple(
        Phase(name=f"Phase {day}", first=date(2026, 10, day), last=date(2026, 10, day), calls=False)
        for day in (1, 2, 3)
    )
    plan = replace(make_plan(Member(id="a", zone="UTC")), phases=phases, programme=Programme(sessions=(*rooms, days)))
    figure = draw_programme(plan, ENGLISH)

    assert [len(axes.get_yticks()) for axes in figure.axes] == [59, 1]
    assert figure.axes[-1].get_xlabel() == "UTC; 2 more rows are not shown"
    assert_all_inside(figure)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_public_picture_names_no_member_and_no_rare_zone(subject: str, tmp_path: Path) -> None:
    out = tmp_path / "picture.svg"
    assert invoke("plot", MAG, "--what", subject, "-o", out).code == 0
    text = out.read_text("utf-8")
    with (EXAMPLES / "mag-2020" / "members.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    zones = [row["zone"] for row in rows]
    rare = {zone.rpartition("/")[2].replace("_", " ") for zone in zones if zones.count(zone) < 3}

    assert "<text" in text
    words = re.sub(r"<[^>]*>", "\n", text)
    assert not [row["id"] for row in rows if row["id"] in words]
    assert not [row["name"] for row in rows if row["name"] in words]
    assert not [city for city in rare if re.search(rf"\b{re.escape(city)}\b", words)]


@pytest.mark.parametrize("subject", SUBJECTS[:3])
def test_an_svg_is_the_same_on_every_machine(subject: str, run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "a.svg", tmp_path / "b.svg"
    run("plot", MAG, "--what", subject, "-o", first, TZ="Pacific/Apia", LC_ALL="C", PYTHONHASHSEED="1")
    run("plot", MAG, "--what", subject, "-o", second, TZ="America/New_York", PYTHONHASHSEED="2")

    assert first.read_bytes() == second.read_bytes()
    assert b"<dc:date>" not in first.read_bytes()


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_the_name_of_the_file_says_its_form(form: str, begins: bytes, tmp_path: Path) -> None:
    out = tmp_path / f"day.{form.upper()}"

    done = invoke("plot", MAG, "--what", "day", "-o", out)

    assert (done.code, done.out, done.err) == (0, "", f"{out}: IGF 2020 MAG Virtual Meeting: day ({form})\n")
    assert out.read_bytes().startswith(begins)


def test_a_public_day_says_how_many_members_it_leaves_out() -> None:
    mag = load_plan(MAG)
    for season, words in (
        (season_of(mag, is_public=True), "Not shown: 20 members on other clocks"),
        (season_of(mag), ""),
    ):
        drawn = draw_day(season)
        assert_all_inside(drawn)
        assert drawn.axes[-1].get_xlabel() == (f"UTC\n{words}" if words else "UTC")
        assert season.hidden == (20 if words else 0)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_example_can_be_drawn_for_the_committee(path: Path) -> None:
    season = season_of(load_plan(path))
    for draw in (draw_day, draw_year, draw_bars):
        assert_all_inside(draw(season))


def test_names_in_other_scripts_stay_text_in_svg_and_need_a_font_elsewhere() -> None:
    plan = make_plan(Member(id="a", name="中央アフリカ", zone="Africa/Bangui"))
    figure = draw_ledger(season_of(plan), UNIT)

    assert "中央アフリカ" in render_picture(figure, ImageForm.SVG, title="x").decode()


def test_an_svg_sets_each_text_in_the_direction_of_its_letters(plan: Plan) -> None:
    style = "text{unicode-bidi: plaintext}"
    pictures = {
        tag: render_picture(
            draw_day(make_season(plan, now=NOW, is_public=True, language=find_language(tag))),
            ImageForm.SVG,
            title="day",
        ).decode()
        for tag in ("ar", "zh")
    }

    assert style in pictures["ar"]
    assert style not in pictures["zh"]
    assert ">النهار</text>" in pictures["ar"]


def test_arabic_letters_are_joined_or_refused_in_png(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = draw_day(make_season(plan, now=NOW, is_public=True, language=find_language("ar")))
    monkeypatch.setattr("mag_rotation.report.pictures._JOINS_LETTERS", False)
    with pytest.raises(InvalidValue, match=r"does not join; install matplotlib 3\.11 or later, or write an SVG file"):
        render_picture(figure, ImageForm.PNG, title="day")
    monkeypatch.setattr("mag_rotation.report.pictures._JOINS_LETTERS", True)

    assert render_picture(figure, ImageForm.PNG, title="day").startswith(b"\x89PNG")


def test_letters_without_a_font_are_refused_in_png(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mag_rotation.report.pictures._OTHER_FONTS", ())
    plan = make_plan(Member(id="a", name="中央アフリカ", zone="Africa/Bangui"))

    with pytest.raises(InvalidValue, match="write an SVG file"):
        render_picture(draw_ledger(season_of(plan), UNIT), ImageForm.PNG, title="x")


@pytest.mark.parametrize("draw", [draw_day, draw_year, draw_bars], ids=["day", "year", "ledger"])
def test_a_plan_without_members_has_no_picture(draw: "Callable[[Season], Figure]") -> None:
    with pytest.raises(InvalidValue, match="found no"):
        draw(season_of(make_plan()))


def test_a_call_that_costs_nobody_anything_is_drawn() -> None:
    plan = make_plan(Member(id="a", zone="UTC"), slots=(time(12),))

    assert_all_inside(draw_ledger(season_of(plan), UNIT))
    assert_all_inside(draw_year(season_of(plan)))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--what", "day", "-o", "day.gif"), "day.gif is no picture; name a file that ends in .svg, .png or .pdf"),
        (("--what", "day", "-o", "day"), "name a file that ends in .svg, .png or .pdf"),
        (("--what", "week", "-o", "day.svg"), "'week' is not one of"),
        (("--what", "day", "--slots", "3", "-o", "day.svg"), "--slots goes with --what frontier"),
        (("--what", "day", "--zone", "UTC", "-o", "day.svg"), "--zone goes with --what programme"),
        (("--what", "programme", "--committee", "-o", "day.svg"), "--committee does not go with --what programme"),
        (("--what", "programme", "-o", "day.svg"), "found no sessions; write them under [[sessions]]"),
        (("--what", "day"), "--output"),
    ],
)
def test_a_wrong_question_is_refused(arguments: tuple[str, ...], said: str) -> None:
    done = invoke("plot", MAG, *arguments)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
