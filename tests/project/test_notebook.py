"""The example notebook runs from top to bottom and shows the figures of the library.

Its cells run in this process: a kernel would bring two dozen packages and a socket for what ``exec`` does with plain
cells. Notebooks have the last expression of a cell as its answer, and so has this test.
"""

import ast
import json
from collections.abc import Iterator
from typing import Protocol, runtime_checkable

import pytest

from mag_rotation.fairness import Check, Fairness
from mag_rotation.night import NightReport
from mag_rotation.plan import Plan
from mag_rotation.propose import RotationTable
from parts import require_module
from paths import EXAMPLES

NOTEBOOK = EXAMPLES / "season.ipynb"


@runtime_checkable
class Table(Protocol):
    """What a notebook shows as HTML."""

    def _repr_html_(self) -> str | None: ...


def list_cells() -> Iterator[tuple[str, str]]:
    """Return the cells of code by id."""
    for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            yield cell["id"], "".join(cell["source"])


def run_cells(names: dict[str, object]) -> Iterator[tuple[str, object]]:
    """Run the cells in one namespace, and return what each answers."""
    for id_, source in list_cells():
        *body, last = ast.parse(source).body
        assert isinstance(last, ast.Expr), id_
        exec(compile(ast.Module(body, []), id_, "exec"), names)  # noqa: S102 - our own code
        yield id_, eval(compile(ast.Expression(last.value), id_, "eval"), names)  # noqa: S307 - the same


@pytest.fixture(scope="module")
def names() -> dict[str, object]:
    """The names of the notebook after its last cell."""
    return {}


@pytest.fixture(scope="module")
def answers(names: dict[str, object]) -> dict[str, object]:
    require_module("pandas", "install the extra test")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(EXAMPLES)
        return dict(run_cells(names))


def test_the_notebook_is_valid_and_stored_without_outputs() -> None:
    nbformat = require_module("nbformat", "install the extra test")
    nbformat.validate(nbformat.read(NOTEBOOK, as_version=4))
    cells = [cell for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]

    assert [cell["outputs"] for cell in cells] == [[]] * len(cells)
    assert {cell["execution_count"] for cell in cells} == {None}


def test_every_cell_answers_with_a_table(answers: dict[str, object]) -> None:
    for id_, answer in answers.items():
        assert isinstance(answer, Table), id_
        assert "<table" in (answer._repr_html_() or ""), id_


def test_the_figures_of_the_notebook_are_those_of_the_library(
    answers: dict[str, object], names: dict[str, object]
) -> None:
    plan, night, ledger, check, table = (answers[id_] for id_ in ("plan", "night", "ledger", "check", "compare"))
    assert isinstance(plan, Plan)
    assert isinstance(night, NightReport)
    assert isinstance(ledger, Fairness)
    assert isinstance(check, Check)
    assert isinstance(table, RotationTable)
    assert night == plan.night(night.call or plan.calls[0])
    assert ledger == plan.fairness()
    assert check.planned is not None
    assert {option.id for option in table} >= {"today", "slots-2", "slots-3", "ours"}

    by_region = json.loads(names["by_region"].to_json(orient="index"))  # type: ignore[attr-defined]
    shares = ledger.by_group["region"]
    assert {region: row["sum"] for region, row in by_region.items()} == {
        region: share.total for region, share in shares.items()
    }
    assert {region: row["max"] for region, row in by_region.items()} == {
        region: share.worst for region, share in shares.items()
    }
    options = json.loads(names["options"].to_json(orient="index"))  # type: ignore[attr-defined]
    assert {id_: (row["worst"], row["nights"], row["total"]) for id_, row in options.items()} == {
        option.id: (option.worst, option.nights, option.total) for option in table
    }
