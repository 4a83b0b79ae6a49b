"""Everything that can go wrong: one root, builtin kinds, errors that survive a process, and their wording.

Law: a leaf that is added without an example here fails, and so does a wording anywhere in the library that begins with
a capital or ends with a full stop.
"""

import ast
import builtins
import inspect
import pickle
from datetime import datetime
from pathlib import Path

import pytest

import mag_rotation
from mag_rotation import errors
from mag_rotation.errors import (
    AmbiguousCall,
    Infeasible,
    InvalidCalendar,
    InvalidEdit,
    InvalidHours,
    InvalidInstant,
    InvalidLedger,
    InvalidMember,
    InvalidMessages,
    InvalidPlan,
    InvalidProgramme,
    InvalidProposal,
    InvalidReplies,
    InvalidRequest,
    InvalidRoster,
    InvalidScheduleFile,
    InvalidSeries,
    InvalidStarts,
    InvalidValue,
    InvalidZoneData,
    MagRotationError,
    MissingExtra,
    Mistake,
    RefusedByServer,
    RefusedLayout,
    RefusedOutput,
    UnknownCall,
    UnknownMember,
    UnknownOption,
    UnknownSession,
    UnknownZone,
    UnreachableServer,
    UnreadableFile,
    UnusableEdition,
    quote_value,
)

ONE = Mistake(place="schedule.count", problem="found 0; write a whole number from 1 to 10000")
TWO = Mistake(place="members.csv row 7, column zone", problem="found '' ; write a zone")

EXAMPLES: list[tuple[MagRotationError, str]] = [
    (InvalidHours("found 3 values; a curve has 24"), "found 3 values; a curve has 24"),
    (InvalidMember("member 'a' has weight -1"), "member 'a' has weight -1"),
    (
        InvalidInstant("noon"),
        "'noon' is not an instant; write one such as 2020-09-15T20:00Z or '2020-09-15 20:00 UTC'",
    ),
    (
        InvalidInstant(datetime(2026, 11, 3, 20)),  # noqa: DTZ001 - what the error is about
        "datetime(2026, 11, 3, 20, 0) has no time zone: use datetime(2026, 11, 3, 20, 0, tzinfo=UTC)",
    ),
    (InvalidLedger("found a ledger of another roster"), "found a ledger of another roster"),
    (InvalidStarts("found 1 starts and 2 lengths"), "found 1 starts and 2 lengths"),
    (InvalidValue("found 'x'; write a date"), "found 'x'; write a date"),
    (
        MissingExtra("days-off", "holidays"),
        "days-off needs the package 'holidays', which is not installed; run: pip install 'mag-rotation[days-off]'",
    ),
    (InvalidZoneData("zone data ends at byte 6"), "zone data ends at byte 6"),
    (UnknownZone("Nowhere"), "'Nowhere' is not the name of a time zone; write one such as Europe/Zurich or UTC"),
    (
        UnknownZone("Geneva", ("Europe/Zurich",)),
        "'Geneva' is not the name of a time zone; did you mean Europe/Zurich?",
    ),
    (UnknownZone("CET", ("A/A", "B/B", "C/C")), "'CET' is not the name of a time zone; did you mean A/A, B/B or C/C?"),
    (
        UnknownZone("EST", ("America/New_York",), "member 'ann'", "is not accepted, because it has no summer time"),
        "member 'ann': 'EST' is not accepted, because it has no summer time; did you mean America/New_York?",
    ),
    (InvalidSeries([ONE]), f"a series with 1 mistake:\n  {ONE}"),
    (InvalidPlan(iter([ONE, TWO])), f"a plan with 2 mistakes:\n  {ONE}\n  {TWO}"),
    (InvalidProgramme([ONE]), f"a programme with 1 mistake:\n  {ONE}"),
    (
        Infeasible((), ("gap", "quorum")),
        "no rotation satisfies gap, quorum together; loosen one of them",
    ),
    (Infeasible(), "no rotation was found within the budget; allow more time or loosen a constraint"),
    (InvalidEdit("the plan has no call before 2027-01-05"), "the plan has no call before 2027-01-05"),
    (InvalidCalendar([ONE]), f"a calendar with 1 mistake:\n  {ONE}"),
    (InvalidMessages([ONE]), f"messages with 1 mistake:\n  {ONE}"),
    (InvalidReplies([ONE]), f"replies with 1 mistake:\n  {ONE}"),
    (InvalidRoster([ONE]), f"a roster with 1 mistake:\n  {ONE}"),
    (InvalidScheduleFile([ONE]), f"a schedule file with 1 mistake:\n  {ONE}"),
    (InvalidRequest([ONE]), f"a request with 1 mistake:\n  {ONE}"),
    (InvalidProposal([ONE]), f"a proposal with 1 mistake:\n  {ONE}"),
    (UnknownCall("99", "it has none"), "'99' names no call of this plan; it has none"),
    (AmbiguousCall("2020-09-29", ("a@x", "b@x")), "'2020-09-29' names 2 calls of this plan; give a UID: a@x, b@x"),
    (
        AmbiguousCall("2020-09-29", ("a@x", "b@x"), ("b@x",)),
        "'2020-09-29' names 2 calls of this plan; give a UID: a@x, b@x (held on that day)",
    ),
    (UnknownMember("gov-1"), "'gov-1' is not a member of this plan; see the ids in the roster"),
    (UnknownMember("gov-1", ("a", "b")), "'gov-1' is not a member of this plan; did you mean a or b?"),
    (UnknownSession("data", "it has none"), "'data' is not a session of this plan; it has none"),
    (
        UnknownOption("slots-7", ("today", "knee")),
        "'slots-7' is not an option of this comparison; the options are today, knee",
    ),
    (UnreadableFile("plan.toml", "no such file"), "plan.toml: no such file"),
    (
        RefusedLayout(("slot 1 has two calls on one day", "slot 2 has dates that no one rule gives")),
        (
            "the layout series cannot say this plan: slot 1 has two calls on one day; slot 2 has dates that no one "
            "rule gives; the layout calls can"
        ),
    ),
    (UnusableEdition("holds 'a@b' twice"), "holds 'a@b' twice"),
    (UnreachableServer("https://dav.example.org/c/", "gave no answer"), "https://dav.example.org/c/: gave no answer"),
    (
        RefusedByServer("https://dav.example.org/c/", "is not a calendar"),
        "https://dav.example.org/c/: is not a calendar",
    ),
    (RefusedOutput("out.ics", "is a directory"), "out.ics: is a directory"),
]
CASES = [
    pytest.param(error, text, id=f"{type(error).__name__} {index}") for index, (error, text) in enumerate(EXAMPLES)
]

LEAVES: dict[type[Exception], None] = {
    value: None
    for name in errors.__all__
    if inspect.isclass(value := getattr(errors, name))
    and issubclass(value, Exception)
    and value is not MagRotationError
}
KINDS = {value for value in vars(builtins).values() if inspect.isclass(value) and issubclass(value, Exception)}


def test_every_leaf_has_an_example_and_there_is_one_root() -> None:
    raised = {
        value
        for _, value in inspect.getmembers(errors, inspect.isclass)
        if issubclass(value, BaseException) and not value.__name__.startswith("_")
    }

    assert {type(error) for error, _ in EXAMPLES} == LEAVES.keys()
    assert raised == {*LEAVES, MagRotationError}


@pytest.mark.parametrize("leaf", list(LEAVES))
def test_a_leaf_is_also_a_builtin_kind_so_that_plain_python_can_catch_it(leaf: type[Exception]) -> None:
    kinds = set(leaf.__mro__) & KINDS - {Exception}

    assert issubclass(leaf, MagRotationError)
    assert kinds & {ValueError, LookupError, OSError, ImportError}


@pytest.mark.parametrize(("error", "text"), CASES)
def test_an_error_says_what_was_found_and_what_would_be_right(error: MagRotationError, text: str) -> None:
    assert str(error) == text
    assert not text[0].isupper()
    assert not text.endswith(".")


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(("error", "text"), CASES)
def test_an_error_comes_back_from_another_process_as_it_was(error: MagRotationError, text: str, protocol: int) -> None:
    back = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own bytes

    assert type(back) is type(error)
    assert str(back) == text
    assert vars(back) == vars(error)
    assert back.args == error.args


@pytest.mark.parametrize("error", [UnreadableFile("a", "b"), RefusedOutput("a", "b")])
def test_an_error_about_a_file_does_not_take_the_path_for_the_number_of_an_error(error: OSError) -> None:
    assert error.errno is None
    assert error.args == ("a", "b")


def test_a_value_is_quoted_on_one_line_and_cut_where_it_is_long() -> None:
    assert quote_value("a\nb") == "'a\\nb'"
    assert [len(quote_value("x" * length)) for length in (77, 78, 79, 5000)] == [79, 80, 80, 80]
    assert quote_value("x" * 79).endswith("x...")


def test_mistakes_are_counted_in_words() -> None:
    assert (InvalidPlan([ONE]).count, InvalidPlan([]).count, InvalidPlan([ONE, TWO]).count) == (
        "1 mistake",
        "0 mistakes",
        "2 mistakes",
    )
    assert InvalidPlan([ONE, TWO]).lines == f"  {ONE}\n  {TWO}"


def test_mistakes_are_values() -> None:
    assert Mistake(place="a", problem="b") == Mistake(place="a", problem="b")
    assert {ONE, TWO, Mistake(place=ONE.place, problem=ONE.problem)} == {ONE, TWO}
    assert InvalidPlan([ONE]).mistakes == (ONE,)


NOT_ON_PURPOSE = {
    "AttributeError": "a name that a module lacks",
    "BadParameter": "the command line's own",
    "Exit": "the command line's own",
    "IncompleteRead": "of http.client, caught in the same room",
    "RuntimeError": "what older Pythons raise where links go round in a circle, caught where it is raised",
    "SMTPAuthenticationError": "of smtplib, caught in the same room",
    "SMTPConnectError": "of smtplib, caught in the same room",
    "SMTPHeloError": "of smtplib, caught in the same room",
    "SMTPResponseException": "of smtplib, caught in the same room",
    "TypeError": "a mistake in the code that calls",
    "UnusableAnswer": "an answer of a server, caught in the same room",
    "refuse": "the reader's refusals, which become mistakes",
    "make_refusal": "the reader's refusals, which become mistakes",
}
"""What else is raised, and why it is no leaf. Functions that make a leaf begin with an underscore."""


def test_every_error_that_is_raised_is_a_leaf() -> None:
    raised: dict[str, list[str]] = {}
    for path in sorted(Path(mag_rotation.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = ast.unparse(node.exc.func).rpartition(".")[2]
                raised.setdefault(name, []).append(f"{path.name}:{node.lineno}")

    assert raised.keys() > {"InvalidPlan", "InvalidZoneData", "AmbiguousCall"}
    assert {
        name: places
        for name, places in raised.items()
        if not name.startswith("_") and name not in NOT_ON_PURPOSE.keys() | {leaf.__name__ for leaf in LEAVES}
    } == {}


def words_of(call: ast.Call) -> tuple[str, str]:
    """The first and the last words of a message: what stands before and after the values in it."""
    match call.args[0] if call.args else None:
        case ast.Constant(value=str(text)):
            return text, text
        case ast.JoinedStr(values=parts):
            first, last = parts[0], parts[-1]
            return (
                str(first.value) if isinstance(first, ast.Constant) else "",
                str(last.value) if isinstance(last, ast.Constant) else "",
            )
    return "", ""


def messages() -> list[tuple[str, str, str]]:
    """Every message that is written where an error is built: its place, how it begins and how it ends."""
    names = {leaf.__name__ for leaf in LEAVES} | {"BadParameter", "ValueError", "Mistake", "refuse"}
    found = []
    for path in sorted(Path(mag_rotation.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names:
                problems = [word.value for word in node.keywords if word.arg == "problem"]
                told = ast.Call(func=node.func, args=problems or node.args[-1:], keywords=[])
                found.append((f"{path.name}:{node.lineno}", *words_of(told)))
    return found


def test_no_message_begins_with_a_capital_or_ends_with_a_full_stop() -> None:
    found = [(place, first, last) for place, first, last in messages() if first or last]
    # An acronym or a name may begin a message, a word may not.
    capital = [place for place, first, _ in found if first[:1].isupper() and first[1:2].islower()]

    assert len(found) > 40
    assert capital == []
    assert [place for place, _, last in found if last.endswith((".", "!"))] == []
