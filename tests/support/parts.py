"""The one place where a test says which foreign part it needs.

Law: a part that is not installed skips the test and the reason says how to get it; where
``MAG_ROTATION_REQUIRE_PARTS=1`` is set (as CI does) the same test fails, so that nothing is ever
skipped without anybody having chosen it.
"""

import ctypes
import importlib
import os
import shutil
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

REQUIRE_PARTS = "MAG_ROTATION_REQUIRE_PARTS"


def require_program(name: str, hint: str = "") -> str:
    """The path of the program ``name``; ``hint`` says how to install it.

    >>> require_program("sh").endswith("sh")
    True
    """
    found = shutil.which(name)
    if found is None:
        _missing(f"the program {name!r} is not on the PATH", hint or f"install {name}")
    return found


def require_file(path: Path, hint: str) -> Path:
    """``path`` itself once it is known to exist; ``hint`` says how to get it.

    >>> require_file(Path(__file__), "keep the tests together").name
    'parts.py'
    """
    if not path.exists():
        _missing(f"the file {path.name!r} is not there", hint)
    return path


def require_library(name: str, hint: str) -> str:
    """The name of a shared library once the loader has found it; ``hint`` says how to install it.

    >>> require_library("libc.so.6", "install the C library")
    'libc.so.6'
    """
    try:
        ctypes.CDLL(name)
    except OSError:
        _missing(f"the library {name!r} cannot be loaded", hint)
    return name


def require_module(name: str, hint: str) -> ModuleType:
    """The module ``name`` once it has been imported; ``hint`` says how to install it.

    >>> require_module("json", "keep the standard library").dumps([])
    '[]'
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        _missing(f"the module {name!r} cannot be imported", hint)


def _missing(what: str, cure: str) -> NoReturn:
    reason = f"{what}: {cure}"
    if os.environ.get(REQUIRE_PARTS) == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
