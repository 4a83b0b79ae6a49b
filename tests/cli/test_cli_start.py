"""What a command imports: it starts quickly only while it leaves out what others need."""

import subprocess
import sys

import pytest

from paths import EXAMPLES

PLAN = str(EXAMPLES / "mag-2020" / "plan.toml")
IGF = str(EXAMPLES / "igf-2020" / "plan.toml")
NETWORK = {"http", "ssl", "smtplib", "requests", "keyring", "mag_rotation.publish"}
WRITERS = {"tomlkit", "icalendar", "mag_rotation.ics"}
NUMBERS = {"numpy", "mag_rotation.burden", "mag_rotation.fairness", "mag_rotation.propose"}
REPORTS = {"rich", "mag_rotation.report.propose", "mag_rotation.report.changes"}
OTHERS = {"mag_rotation.cli.edits", "mag_rotation.cli.ics", "mag_rotation.cli.propose", "mag_rotation.cli.send"}
SESSIONS = {f"mag_rotation.programme.{name}" for name in ("night", "conflicts", "propose")}
LEFT_OUT = {
    "calls": (("calls", PLAN), SESSIONS | NETWORK | WRITERS | NUMBERS | REPORTS | OTHERS),
    "night": (("night", PLAN, "--call", "XVII"), SESSIONS | NETWORK | WRITERS | NUMBERS | REPORTS | OTHERS),
    "validate": (("validate", PLAN), SESSIONS | NETWORK | WRITERS | NUMBERS | REPORTS | OTHERS),
    "drift": (("drift", PLAN), SESSIONS | NETWORK | WRITERS | NUMBERS | REPORTS | OTHERS),
    "announce": (("announce", PLAN, "--call", "XVII"), NETWORK | WRITERS | NUMBERS | REPORTS | OTHERS | {"babel"}),
    "programme": (("programme", IGF), NETWORK | WRITERS | NUMBERS | REPORTS | OTHERS | {"babel"}),
    "check": (
        ("check", PLAN, "--at", "2020-11-03T20:00Z"),
        NETWORK | WRITERS | REPORTS | OTHERS | {"mag_rotation.propose"},
    ),
    "ics": (("ics", PLAN, "-o", "-", "--stamp", "2020-06-01T00:00Z"), NETWORK | NUMBERS | {"tomlkit"}),
}


@pytest.mark.parametrize(("arguments", "left_out"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_a_command_imports_only_what_it_needs(arguments: tuple[str, ...], left_out: set[str]) -> None:
    script = (
        "import sys\nfrom mag_rotation.__main__ import main\n"
        f"sys.argv = ['mag-rotation', *{list(arguments)!r}]\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "mag_rotation.plan" in done.stderr.split()
    assert set(done.stderr.split()) & left_out == set()
