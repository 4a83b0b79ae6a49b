"""Languages: every sentence has a translation that names the same figures, and English needs no package."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from string import Formatter

import pytest
from babel.plural import PluralRule

from catalogues import TRANSLATED, Text, list_messages, merge, read_catalogue, text_of
from invoke import invoke
from mag_rotation.calls import ChangeKind, Status
from mag_rotation.errors import InvalidValue
from mag_rotation.fairness import Verdict
from mag_rotation.fairness.check import CheckCode
from mag_rotation.hours import BANDS, Window
from mag_rotation.report.language import ENGLISH, find_language
from mag_rotation.report.night import _tell_hours
from mag_rotation.report.sentences import sentence
from mag_rotation.report.words import WORDS
from mag_rotation.roster import ZoneName
from mag_rotation.values import Fact
from paths import EXAMPLES

MESSAGES = list_messages()


def list_figures(text: str) -> set[str]:
    """Return the names in the braces of a text, without how they are written."""
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def test_messages_are_found_in_the_code() -> None:
    assert Text("Nobody is in the night.") in MESSAGES
    assert Text("deep night") in MESSAGES
    assert Text("day") in MESSAGES
    assert Text("day", context="a date") in MESSAGES
    assert Text("is this time fair?") in MESSAGES
    assert Text("{count} call", "{count} calls") in MESSAGES
    assert "sentences.py" in MESSAGES[Text("{session} lasts past midnight in {zone}, until {until}")]


def test_no_text_has_two_forms_for_many() -> None:
    """A catalogue has one entry for each text, so that a text with a count always has the same form for many."""
    forms: dict[str, set[str]] = {}
    for text in MESSAGES:
        forms.setdefault(text.one, set()).update([text.many] if text.many else [])

    assert {one for one, found in forms.items() if len(found) > 1} == set()


def test_every_word_of_a_code_is_translated() -> None:
    words = {*map(str, Status), *map(str, ChangeKind), *map(str, Verdict), *(band.name for band in BANDS)}

    assert words <= WORDS
    assert {Text(word) for word in WORDS} <= MESSAGES.keys()


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_catalogue_has_every_message_and_no_other(tag: str) -> None:
    """``make catalogues`` brings them up to date."""
    found = [text_of(message) for message in read_catalogue(tag) if message.id]
    counted = {text.one for text in MESSAGES if text.many}

    assert len(set(found)) == len(found)
    assert set(found) == {text for text in MESSAGES if text.many or text.context or text.one not in counted}


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_translation_names_the_figures_of_its_message(tag: str) -> None:
    """A translation may write a figure in another way than the message, but it names the same ones.

    A form that serves one number may say that number in words: Arabic has such forms for one and for two.
    """
    catalogue = read_catalogue(tag)
    numbers = Counter(map(read_choice(tag), range(1, 2000)))
    for message in catalogue:
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        if isinstance(message.id, str):
            assert isinstance(message.string, str)
            assert not message.string or list_figures(message.string) == list_figures(message.id), message.id
            continue
        assert isinstance(message.string, tuple | list)
        assert len(message.string) == catalogue.num_plurals, message.id
        one, many = map(list_figures, message.id)
        for form, text in enumerate(message.string):
            named = (one & many) - {"count"} if numbers[form] <= 1 else many
            assert not text or named <= list_figures(text) <= one | many, (message.id, form, text)


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_message_has_a_translation_in_all_its_forms(tag: str) -> None:
    strings = [(message.id, message.string) for message in read_catalogue(tag) if message.id]

    assert [id_ for id_, one in strings if not (all(one) if isinstance(one, tuple | list) else one)] == []


_FOREIGN_SIGNS = {
    "fr": r"\S [:;?!\u00bb]|\u00ab (?=.)|[\w)}][;?!\u00bb](?= |$)|[\w)}]:(?= |$)",
    "es": r"\"|\S [:;?]",
    "ru": r"(?<!= )(?<!install )[\"'](?=[\w{])",
    "zh": r"[\u4e00-\u9fff][,:;?()]|[,:;?()][\u4e00-\u9fff]",
    "ar": r"[\u0620-\u064a][,;?](?=[\s\u0620-\u064a]|$)|\},(?= )",
}
"""Signs as English has them, by language: in French without a space that holds, in Chinese narrow, and so on."""


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_translation_has_the_signs_of_its_language(tag: str) -> None:
    texts = list[str]()
    for message in read_catalogue(tag):
        if message.id:
            texts += [message.string] if isinstance(message.string, str) else message.string or ()
    bare = [re.sub(r"\{(\w*)[^}]*\}", r"{\1}", text) for text in texts]

    assert [text for text in bare if re.search(_FOREIGN_SIGNS[tag], text)] == []


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("fr", "séance : non"),
        ("fr", "«\u00a0oui »"),
        ("fr", "« oui\u00a0»"),
        ("fr", "séance: non"),
        ("es", 'la "noche"'),
        ("ru", 'сессия "ночь"'),
        ("ru", "сессия 'ночь'"),
        ("zh", "会议(夜间)"),
        ("zh", "会议, 夜间"),
        ("ar", "الليل, النهار"),
    ],
)
def test_a_sign_of_another_language_is_found(tag: str, text: str) -> None:
    assert re.search(_FOREIGN_SIGNS[tag], text)


def test_merging_keeps_what_is_translated_adds_what_is_new_and_drops_what_is_gone() -> None:
    head = '# Some sentences.\nmsgid ""\nmsgstr ""\n"Language: ru\\n"\n"Plural-Forms: nplurals=3; plural=0;\\n"\n\n'
    before = head + '# A remark.\nmsgid "old {x}"\nmsgstr "старый {x}"\n\nmsgid "gone"\nmsgstr "нет"\n'

    after = merge(before, {Text("old {x}"): ["a.py"], Text("{count} day", "{count} days"): ["b.py", "c.py"]})

    assert after == head + (
        '# A remark.\n#: a.py\n#, python-brace-format\nmsgid "old {x}"\nmsgstr "старый {x}"\n\n'
        '#: b.py c.py\n#, python-brace-format\nmsgid "{count} day"\nmsgid_plural "{count} days"\n'
        'msgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] ""\n'
    )
    assert merge(after, {Text("old {x}"): ["a.py"], Text("{count} day", "{count} days"): ["b.py", "c.py"]}) == after


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_catalogue_counts_as_the_language_does(tag: str) -> None:
    """The plural forms of gettext tell the same numbers apart as those of the CLDR."""
    choose = read_choice(tag)
    rule = find_rule(tag)
    numbers = range(2000)
    kinds = {number: rule(number) for number in numbers}
    by_kind: dict[str, set[int]] = {}
    for number in numbers:
        by_kind.setdefault(kinds[number], set()).add(choose(number))
    assert all(len(chosen) == 1 for chosen in by_kind.values()), by_kind


def read_choice(tag: str) -> Callable[[int], int]:
    """Return the function that chooses a form of a catalogue for a number."""
    from gettext import c2py  # noqa: PLC0415 - the reader of gettext's own expressions

    forms = re.search(r"plural=(.*);", read_catalogue(tag).plural_forms)
    assert forms is not None
    return c2py(forms[1])


def find_rule(tag: str) -> PluralRule:
    from babel.core import Locale  # noqa: PLC0415 - this rule alone needs it

    return Locale(tag).plural_form


def test_english_is_written_without_a_package() -> None:
    assert find_language("en") is ENGLISH
    assert ENGLISH.write_date(date(2026, 2, 1)) == "Sunday 1 February 2026"
    assert ENGLISH.write_day(date(2026, 2, 1)) == "1 February"
    assert ENGLISH.write_weekday(date(2026, 2, 1)) == "Sun"
    assert ENGLISH.write_clock(time(9, 5)) == "09:05"
    assert ENGLISH.write_length(90) == "1 h 30"
    assert ENGLISH.join(["a", "b", "c"]) == "a, b and c"
    assert ENGLISH.phrase_count("{count} call", "{count} calls", 1) == "1 call"
    assert not ENGLISH.is_right_to_left


@pytest.mark.parametrize(
    ("tag", "day", "hour", "length", "city"),
    [
        ("en-US", "Tuesday, September 15, 2020", "1:05\u202fPM", "2 hours 30 minutes", "Cairo"),
        ("en-GB", "Tuesday, 15 September 2020", "13:05", "2 hours 30 minutes", "Cairo"),
        ("fr", "mardi 15 septembre 2020", "13:05", "2\xa0heures 30\xa0minutes", "Le Caire"),
        ("fr-CA", "mardi 15 septembre 2020", "13 h 05", "2\xa0heures 30\xa0minutes", "Le Caire"),
        ("es", "martes 15 de septiembre de 2020", "13:05", "2 horas y 30 minutos", "El Cairo"),
        ("ru", "15 сентября 2020\u202fг. (вторник)", "13:05", "2 часа 30 минут", "Каир"),  # noqa: RUF001
        ("zh", "2020年9月15日星期二", "13:05", "2小时30分钟", "开罗"),
        ("ar", "الثلاثاء 15 سبتمبر 2020", "1:05\xa0م", "ساعتان و30 دقيقة", "القاهرة"),
    ],
)
def test_dates_hours_lengths_and_cities_are_those_of_the_language(
    tag: str, day: str, hour: str, length: str, city: str
) -> None:
    language = find_language(tag)

    def plain(text: str) -> str:
        return re.sub(r"[\s\u200e\u200f]+", " ", text)

    assert plain(language.write_date(date(2020, 9, 15))) == plain(day)
    assert plain(language.write_clock(time(13, 5))) == plain(hour)
    assert plain(language.write_length(150)) == plain(length)
    assert language.name_city(ZoneName("Africa/Cairo")) == city
    assert language.is_right_to_left == (tag == "ar")


@pytest.mark.parametrize(("tag", "found"), [("FR-ch", "fr-CH"), ("zh_CN", "zh-Hans-CN"), ("es-419", "es-419")])
def test_a_tag_is_read_in_any_case_and_with_its_country(tag: str, found: str) -> None:
    assert find_language(tag).tag == found


@pytest.mark.parametrize("tag", ["", "x", "klingon", "de", "zh-Hant", "fr FR", "../fr"])
def test_a_language_without_a_catalogue_is_refused_with_those_there_are(tag: str) -> None:
    with pytest.raises(InvalidValue, match="write one of en, fr, es, ru, zh, ar"):
        find_language(tag)


@pytest.mark.parametrize(("tag", "day"), [("fr", "jeudi 1er octobre 2020"), ("fr-CH", "jeudi, 1er octobre 2020")])
def test_the_first_of_a_month_is_an_ordinal_in_french(tag: str, day: str) -> None:
    language = find_language(tag)

    assert language.write_date(date(2020, 10, 1)) == day
    assert language.write_day(date(2020, 10, 1)) == "1er octobre"
    assert language.write_date(date(2020, 10, 11)).endswith(" 11 octobre 2020")


@pytest.mark.parametrize(
    ("tag", "day", "first", "moment"),
    [
        ("en", "2020-10-27", "2020-10-01", "Tue 2020-10-27 12:00"),
        ("en-GB", "27 October 2020", "1 October 2020", "Tue, 27 Oct 2020, 12:00"),
        ("fr", "27 octobre 2020", "1er octobre 2020", "mar. 27 oct. 2020, 12:00"),
        ("es", "27 de octubre de 2020", "1 de octubre de 2020", "mar 27 oct 2020, 12:00"),
        ("ru", "27 октября 2020 г.", "1 октября 2020 г.", "вт 27 окт. 2020 г., 12:00"),  # noqa: RUF001
        ("zh", "2020年10月27日", "2020年10月1日", "2020年10月27日周二 12:00"),
        ("ar", "27 أكتوبر 2020", "1 أكتوبر 2020", "الثلاثاء 27 أكتوبر 2020، الساعة 12:00"),
    ],
)
def test_a_date_in_a_sentence_is_that_of_the_language(tag: str, day: str, first: str, moment: str) -> None:
    language = find_language(tag)

    def plain(text: str) -> str:
        return re.sub(r"[\s\u200e\u200f]+", " ", text)

    assert plain(language.phrase("{day}", day=date(2020, 10, 27))) == day
    assert plain(language.phrase("{day}", day=date(2020, 10, 1))) == first
    assert plain(language.say_moment(datetime(2020, 10, 27, 12, tzinfo=UTC))) == moment
    assert plain(language.phrase("{day:%Y-%m-%d}", day=date(2020, 10, 27))).strip() == "2020-10-27"
    beside = sentence(
        Fact.of(
            CheckCode.CALL_BESIDE,
            label=None,
            date=date(2020, 10, 27),
            start=datetime(2020, 10, 27, 12, tzinfo=UTC),
            minutes=0,
        ),
        language=language,
    )
    assert "--instead-of 2020-10-27" in plain(beside)
    assert moment in plain(beside)


@pytest.mark.parametrize(("tag", "day"), [("fr", "1er oct."), ("fr-CH", "1er oct."), ("en", "1 Oct"), ("es", "1 oct")])
def test_a_short_date_has_the_ordinal_too(tag: str, day: str) -> None:
    language = find_language(tag)

    assert language.write_short_day(date(2020, 10, 1)) == day
    assert day in language.write_short_date(date(2020, 10, 1))


@pytest.mark.parametrize(
    ("tag", "same_day", "next_day"),
    [
        ("en", "Tue 20:00-22:00", "Tue 23:00-01:00 Wed"),
        ("fr", "mar. 20:00–22:00", "mar. 23:00 – mer. 01:00"),  # noqa: RUF001
        ("ru", "вт 20:00–22:00", "вт 23:00 – ср 01:00"),  # noqa: RUF001
        ("zh", "周二 20:00–22:00", "周二 23:00 – 周三 01:00"),  # noqa: RUF001
    ],
)
def test_a_weekday_stands_before_its_hour_and_hours_have_the_dash_of_the_language(
    tag: str, same_day: str, next_day: str
) -> None:
    language = find_language(tag)

    assert language.write_span(datetime(2020, 9, 15, 20, tzinfo=UTC), datetime(2020, 9, 15, 22, tzinfo=UTC)) == same_day
    assert language.write_span(datetime(2020, 9, 15, 23, tzinfo=UTC), datetime(2020, 9, 16, 1, tzinfo=UTC)) == next_day
    assert next_day.endswith(
        language.write_hours(datetime(2020, 9, 15, 23, tzinfo=UTC), datetime(2020, 9, 16, 1, tzinfo=UTC))
    )
    night = Window(start=time(23), end=time(6))
    assert language.phrase("{night}", night=night) == ("23:00-06:00" if tag == "en" else "23:00–06:00")  # noqa: RUF001


def test_colons_and_brackets_between_figures_are_those_of_the_language() -> None:
    chinese, french, arabic = map(find_language, ("zh", "fr", "ar"))

    assert (chinese.write_pair("地区", "非洲"), chinese.add_brackets("纽约", 5)) == ("地区：非洲", "纽约（5）")  # noqa: RUF001
    assert french.write_pair("région", "Afrique") == "région\xa0: Afrique"
    assert arabic.add_brackets("القاهرة", 5) == "القاهرة (5)"
    assert ENGLISH.add_brackets(ENGLISH.write_pair("region", "Africa"), 5) == "region: Africa (5)"


@pytest.mark.parametrize(
    ("tag", "early"),
    [("en", "06:05"), ("es", "06:05"), ("es-AR", "06:05"), ("fr", "06:05"), ("fr-CA", "06 h 05"), ("ru", "06:05")],
)
def test_a_clock_of_24_hours_has_two_digits(tag: str, early: str) -> None:
    assert re.sub(r"\s", " ", find_language(tag).write_clock(time(6, 5))) == early


def test_a_short_length_has_no_word_between_its_parts_where_a_long_one_has() -> None:
    spanish = find_language("es")

    assert (spanish.write_short_length(210), spanish.write_length(210)) == ("3 h 30 min", "3 horas y 30 minutos")


def test_chinese_is_marked_with_its_script() -> None:
    tags = ("en", "zh", "zh-CN", "fr-CH")

    assert [find_language(tag).html_tag for tag in tags] == ["en", "zh-Hans", "zh-Hans-CN", "fr-CH"]
    assert find_language("zh").tag == "zh"


def test_a_single_part_of_a_length_stands_alone() -> None:
    assert [find_language("ar").write_length(minutes) for minutes in (60, 45, 120)] == ["ساعة", "45 دقيقة", "ساعتان"]
    assert find_language("zh").write_length(0) == "0分钟"


_KNOWN = {"UTC", "plan", "toml", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "default", "JSON"}
"""What stays as it is in every language, or has its own way of being written, and the name of the curve."""
MAG = EXAMPLES / "mag-2020"


@pytest.mark.parametrize(
    "arguments",
    [
        ("calls", "--all-zones"),
        ("calls", "--member", "tec-08"),
        ("night", "--call", "XVII"),
        ("fairness",),
        ("drift",),
        ("validate",),
        ("check", "--at", "2020-11-03T20:00Z", "--instead-of", "XVIII"),
        ("planner", "--date", "2020-11-03"),
        ("next-slot", "--now", "2020-08-01T00:00Z", "--grid", "2h"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_nothing_is_said_past_the_language(arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """In a language without letters, only what the plan says has any."""

    def hide(text: str) -> str:
        return re.sub(r"(\{[^}]*\})|[A-Za-z]", lambda match: match[1] or "_", text)

    def translate(_: object, text: str, **_context: str) -> str:
        return hide(text)

    def translate_count(_: object, one: str, many: str, count: int) -> str:
        return hide(one if count == 1 else many)

    monkeypatch.setattr("mag_rotation.report.night._tell_hours", _tell_hours.__wrapped__)  # it keeps what it has said
    monkeypatch.setattr(type(ENGLISH), "translate", translate)
    monkeypatch.setattr(type(ENGLISH), "translate_count", translate_count)
    name, *options = arguments
    done = invoke(name, MAG / "plan.toml", *options)
    written = " ".join((MAG / file).read_text("utf-8") for file in ("plan.toml", "members.csv"))
    months = {ENGLISH.write_day(date(2020, month, 1))[2:] for month in range(1, 13)}
    said = {word for word in re.findall(r"[A-Za-z]{3,}", done.out) if not re.fullmatch("[Nevn]+", word)}

    assert done.code == 0
    assert "_" in done.out
    assert {word for word in said - _KNOWN - months if word not in written} == set()
