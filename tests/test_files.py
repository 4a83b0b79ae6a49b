"""Files are read within their limits, and written whole or not at all, whatever stands in the way."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mag_rotation.errors import RefusedOutput, UnreadableFile
from mag_rotation.files import NewFile, lock_folders, read_file, read_file_if_there, stage_files, write_files
from mag_rotation.limits import INPUTS, PLAN, SHEET, InputLimit
from paths import ROOT


def listing(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder: the bytes of files, None for the rest."""
    return {path.name: path.read_bytes() if path.is_file() else None for path in sorted(folder.iterdir())}


# ReadingOptions.


def test_a_regular_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.write_bytes(b"x" * PLAN.most_bytes)

    assert len(read_file(full, PLAN)) == PLAN.most_bytes


def make_directory(path: Path) -> None:
    path.mkdir()


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_link_to_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


def make_link_to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_circle(path: Path) -> None:
    path.symlink_to(path.name)


def make_too_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3 * 1024**3)  # sparse: the disk holds nothing of it


def make_one_byte_too_large(path: Path) -> None:
    path.write_bytes(b"x" * (PLAN.most_bytes + 1))


def make_nothing(path: Path) -> None:
    assert not path.exists()


UNREADABLE = [
    (make_directory, "is a directory; name the file in it"),
    (make_pipe, "is not a regular file; name one"),
    (make_link_to_pipe, "is not a regular file; name one"),
    (make_link_to_device, "is not a regular file; name one"),
    (make_circle, "cannot be read: too many levels of symbolic links"),
    (make_too_large, "has more than 1 MiB, the most that is read of a plan; put the roster into a CSV file"),
    (make_one_byte_too_large, "has more than 1 MiB, the most that is read of a plan; put the roster into a CSV file"),
    (make_nothing, "no such file; check the path"),
]


@pytest.mark.parametrize(("make", "said"), UNREADABLE, ids=[make.__name__ for make, _ in UNREADABLE])
def test_what_is_no_file_of_the_right_size_is_refused(make: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    path = tmp_path / "input"
    make(path)

    with pytest.raises(UnreadableFile) as refused:
        read_file(path, PLAN)

    assert refused.value.reason == said


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "below\0/x", "x/" * 3000])
def test_a_path_that_no_file_can_have_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read_file(tmp_path / name, PLAN)


def test_a_device_is_never_opened() -> None:
    with pytest.raises(UnreadableFile, match="is not a regular file"):
        read_file(Path("/dev/zero"), PLAN)


def test_a_file_that_may_be_missing_is_read_if_it_is_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"text")

    assert read_file_if_there(tmp_path / "file", PLAN) == b"text"
    assert read_file_if_there(tmp_path / "other", PLAN) is None
    assert read_file_if_there(tmp_path / "file" / "below", PLAN) is None
    with pytest.raises(UnreadableFile, match="is a directory"):
        read_file_if_there(tmp_path, PLAN)
    with pytest.raises(UnreadableFile):
        read_file_if_there(tmp_path / ("x" * 300), PLAN)


@pytest.mark.parametrize("limit", INPUTS, ids=[limit.kind for limit in INPUTS])
def test_every_limit_says_what_is_too_large_and_what_to_do(limit: InputLimit) -> None:
    problem = limit.find_problem(limit.most_bytes + 1)

    assert problem is not None
    assert problem.startswith(
        f"has more than {limit.most_bytes // 1024**2} MiB, the most that is read of {limit.kind}; "
    )
    assert limit.find_problem(limit.most_bytes) is None


def test_the_reference_shows_the_table_of_limits() -> None:
    page = (ROOT / "docs" / "reference" / "limits.md").read_text("utf-8")

    rows = [f"| {limit.kind} | {limit.most_bytes // 1024**2} MiB |" for limit in INPUTS]
    assert [line for line in page.splitlines() if line.startswith(("| a ", "| an "))] == rows


# Writing.


def test_files_are_written_together(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"old")

    write_files(NewFile(path=tmp_path / "a", data=b"1"), NewFile(path=tmp_path / "b", data=b"2"))

    assert listing(tmp_path) == {"a": b"1", "b": b"2"}


def test_without_a_commit_nothing_is_changed(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"old")

    with stage_files(NewFile(path=tmp_path / "a", data=b"1"), NewFile(path=tmp_path / "b", data=b"2")):
        pass

    assert listing(tmp_path) == {"b": b"old"}


def test_an_error_before_the_commit_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError), stage_files(NewFile(path=tmp_path / "a", data=b"1")):
        raise KeyError

    assert listing(tmp_path) == {}


def refuse_directory(folder: Path) -> NewFile:
    (folder / "last").mkdir()
    return NewFile(path=folder / "last", data=b"")


def refuse_existing(folder: Path) -> NewFile:
    (folder / "last").write_bytes(b"mine")
    return NewFile(path=folder / "last", data=b"", replace=False)


def refuse_missing_folder(folder: Path) -> NewFile:
    return NewFile(path=folder / "nowhere" / "last", data=b"")


def refuse_file_as_folder(folder: Path) -> NewFile:
    (folder / "file").write_bytes(b"")
    return NewFile(path=folder / "file" / "last", data=b"")


def refuse_long_name(folder: Path) -> NewFile:
    return NewFile(path=folder / ("x" * 256), data=b"")


def refuse_pipe(folder: Path) -> NewFile:
    os.mkfifo(folder / "last")
    return NewFile(path=folder / "last", data=b"")


def refuse_device(folder: Path) -> NewFile:
    (folder / "last").symlink_to("/dev/null")
    return NewFile(path=folder / "last", data=b"")


def refuse_circle(folder: Path) -> NewFile:
    (folder / "last").symlink_to("last")
    return NewFile(path=folder / "last", data=b"")


def refuse_null(folder: Path) -> NewFile:
    return NewFile(path=folder / "a\0b", data=b"")


def refuse_changed(folder: Path) -> NewFile:
    (folder / "last").write_bytes(b"changed")
    return NewFile(path=folder / "last", data=b"", before=b"change")


def refuse_gone(folder: Path) -> NewFile:
    return NewFile(path=folder / "last", data=b"", before=b"was here")


REFUSED = [
    (refuse_directory, "is a directory; name a file"),
    (refuse_existing, "is there already and was left as it was; give another name or --force"),
    (refuse_missing_folder, "cannot be written: no such directory; nothing was changed"),
    (refuse_file_as_folder, "cannot be written: not a directory; nothing was changed"),
    (refuse_long_name, "cannot be written: file name too long; nothing was changed"),
    (refuse_pipe, "is not a regular file; name a file"),
    (refuse_device, "is not a regular file; name a file"),
    (refuse_circle, ""),
    (refuse_null, ""),
    (refuse_changed, "was changed by another program in the meantime; nothing was written, run this again"),
    (refuse_gone, "was changed by another program in the meantime; nothing was written, run this again"),
]


@pytest.mark.parametrize(("make", "said"), REFUSED, ids=[make.__name__ for make, _ in REFUSED])
def test_one_file_that_cannot_be_written_keeps_all_from_it(
    make: Callable[[Path], NewFile], said: str, tmp_path: Path
) -> None:
    (tmp_path / "first").write_bytes(b"old")
    last = make(tmp_path)
    before = listing(tmp_path)

    with pytest.raises(RefusedOutput) as refused:
        write_files(NewFile(path=tmp_path / "first", data=b"new"), last)

    assert refused.value.reason.startswith(said)
    assert listing(tmp_path) == before


def test_files_that_were_put_in_place_are_put_back_when_the_next_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old").write_bytes(b"old")
    replace = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if target.name == "last" and self.suffix == ".part":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    names = ("old", "new", "last")

    with pytest.raises(RefusedOutput, match="last: cannot be written: no space left on device; nothing was changed"):
        write_files(*(NewFile(path=tmp_path / name, data=b"2") for name in names))

    assert listing(tmp_path) == {"old": b"old"}


def test_without_links_files_are_kept_as_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "old").write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", fail)

    write_files(NewFile(path=tmp_path / "old", data=b"2"), NewFile(path=tmp_path / "new", data=b"2", replace=False))

    assert listing(tmp_path) == {"old": b"2", "new": b"2"}


def test_a_file_that_appears_before_the_commit_is_not_replaced_unasked(tmp_path: Path) -> None:
    with stage_files(NewFile(path=tmp_path / "new", data=b"mine", replace=False)) as staged:
        (tmp_path / "new").write_bytes(b"theirs")
        with pytest.raises(RefusedOutput, match="is there already"):
            staged.commit()

    assert listing(tmp_path) == {"new": b"theirs"}


def test_a_file_that_is_replaced_keeps_its_mode_and_a_private_one_is_for_its_owner(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"")
    (tmp_path / "old").chmod(0o640)

    write_files(
        NewFile(path=tmp_path / "old", data=b"1", private=True),
        NewFile(path=tmp_path / "private", data=b"1", private=True),
        NewFile(path=tmp_path / "public", data=b"1"),
    )

    modes = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("old", "private", "public")}
    mask = os.umask(0)
    os.umask(mask)
    assert modes == {"old": 0o640, "private": 0o600, "public": 0o666 & ~mask}


@pytest.mark.parametrize(
    ("mode", "kind", "mask", "is_told"),
    [
        (0o644, "private", 0o022, True),
        (0o640, "private", 0o022, True),
        (0o604, "private", 0o077, True),
        (0o600, "private", 0o022, False),
        (0o620, "private", 0o022, False),
        (0o600, "public", 0o022, True),
        (0o600, "public", 0o077, False),
        (0o644, "public", 0o022, False),
        (0o640, "public", 0o022, False),
        (0o600, "", 0o022, False),
        (0o644, "", 0o022, False),
    ],
)
def test_a_mode_is_told_that_does_not_go_with_what_a_file_holds_now(
    mode: int, kind: str, mask: int, is_told: bool, tmp_path: Path
) -> None:
    told: list[tuple[list[str], int, bool]] = []
    (tmp_path / "old").write_bytes(b"")
    (tmp_path / "old").chmod(mode)
    before = os.umask(mask)
    try:
        write_files(
            *(
                NewFile(path=tmp_path / name, data=b"1", private=kind == "private", public=kind == "public")
                for name in ("old", "new")
            ),
            tell=lambda paths, kept, *, private: told.append(([path.name for path in paths], kept, private)),
        )
    finally:
        os.umask(before)

    assert told == ([(["old"], mode, kind == "private")] if is_told else [])
    assert stat.S_IMODE((tmp_path / "old").stat().st_mode) == mode


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")

    write_files(NewFile(path=tmp_path / "link", data=b"new"))

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


def test_a_planted_link_with_the_name_of_a_part_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"theirs")
    for name in (".new.part", ".new..part", "new.part"):
        (tmp_path / name).symlink_to("victim")

    write_files(NewFile(path=tmp_path / "new", data=b"mine"))

    assert (tmp_path / "victim").read_bytes() == b"theirs"


# Locks.

WAITING = """
import sys
from pathlib import Path
from mag_rotation.errors import RefusedOutput
from mag_rotation.files import lock_folders

try:
    with lock_folders([Path(sys.argv[1])], longest_wait=float(sys.argv[2])):
        print("got it")
except RefusedOutput as error:
    print(error.reason)
"""


def run_waiting(path: Path, seconds: float) -> str:
    command = [sys.executable, "-c", WAITING, str(path), str(seconds)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=True).stdout.strip()


def test_a_second_run_waits_and_then_says_that_another_is_at_work(tmp_path: Path) -> None:
    with lock_folders([tmp_path / "plan.toml"]):
        said = run_waiting(tmp_path / "other.toml", 0.1)

    assert said.startswith("another run is changing files here; nothing was written")
    assert run_waiting(tmp_path / "plan.toml", 0.1) == "got it"
    assert listing(tmp_path) == {}


def test_folders_are_locked_once_and_those_that_are_not_there_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "loop").symlink_to("loop")

    with lock_folders([tmp_path / "a" / "x", tmp_path / "a" / "y", tmp_path / "b" / "x", tmp_path / "loop" / "x"]):
        assert run_waiting(tmp_path / "a" / "z", 0.05).startswith("another run")


def test_a_file_that_need_not_be_synced_is_whole_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", synced.append)
    write_files(NewFile(path=tmp_path / "a", data=b"1", sync=False))
    assert (synced, (tmp_path / "a").read_bytes()) == ([], b"1")
    write_files(NewFile(path=tmp_path / "a", data=b"2"))

    assert (len(synced) > 0, (tmp_path / "a").read_bytes()) == (True, b"2")


@pytest.mark.parametrize(
    ("name", "is_address"),
    [
        ("https://example.org/schedule.xml", True),
        ("http://example.org", True),
        ("HTTPS://example.org/a.csv", True),
        ("webcal://example.org/calls.ics", True),
        ("ftp://example.org/a", True),
        ("https.csv", False),
        ("folder/https:", False),
    ],
)
def test_an_address_is_not_taken_for_a_misspelt_path(name: str, is_address: bool) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_file(Path(name), SHEET)

    told = "is an address, and addresses are not read; download the file and name it"
    assert (told in str(caught.value)) is is_address
    assert ("no such file" in str(caught.value)) is not is_address
