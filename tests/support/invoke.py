"""The command line without a process of its own, so that many cases stay quick.

Law: what comes back is what a shell would see: the exit code and the bytes of both streams, read as UTF-8.
"""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from unittest.mock import patch

import pytest

from mag_rotation.cli import main


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, object]:
        """Stdout as the one JSON document that it has to be."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document

    @property
    def lines(self) -> list[str]:
        """The lines of stdout."""
        return self.out.splitlines()


def invoke(*arguments: object) -> Outcome:
    """Run ``mag-rotation`` with these arguments.

    >>> invoke("schema").code
    0
    """
    raw = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True) for stream in raw)
    argv = ["mag-rotation", *map(str, arguments)]
    with patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
        main()
    texts = [stream.getvalue().decode("utf-8") for stream in raw]
    return Outcome(code=int(end.value.code or 0), out=texts[0], err=texts[1])
