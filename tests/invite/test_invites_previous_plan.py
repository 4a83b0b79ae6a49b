"""The command `invite` with the plan of then, and with members of one address.

Law: what cannot be told right is refused before anything is written.
"""

from pathlib import Path

import pytest

from calendars import INVITING
from invoke import Outcome, invoke


def members_of(**addresses: str) -> str:
    return "".join(f'[[members]]\nid = "{one}"\nzone = "UTC"\nemail = "{at}"\n' for one, at in addresses.items())


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan whose calls were announced in ``feed.ics`` when it was as ``old.toml``."""
    path = tmp_path / "plan.toml"
    path.write_text(INVITING + members_of(ana="ana@example.org", bea="bea@example.org"))
    (tmp_path / "old.toml").write_bytes(path.read_bytes())
    invoke("ics", path, "-o", tmp_path / "feed.ics", "--stamp", "2026-01-01T00:00Z")
    return path


def invited(plan: Path, *more: object) -> Outcome:
    feed, out = plan.with_name("feed.ics"), plan.with_name("out")
    return invoke("invite", plan, "-o", out, "--previous", feed, "--stamp", "2026-01-02T00:00Z", *more)


def files(plan: Path) -> list[str]:
    out = plan.with_name("out")
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*.*") if path.suffix in {".ics", ".eml"})


def test_invite_tells_who_joined_left_or_moved_each_message_in_a_file_of_its_own(plan: Path) -> None:
    plan.write_text(INVITING + members_of(ana="new@example.org", cem="cem@example.org"))
    done = invited(plan, "--previous-plan", plan.with_name("old.toml"), "--eml")

    assert done.err == f"{plan.with_name('out')}: 4 invitations and 4 cancellations for 3 members written\n"
    assert files(plan) == [
        "ana/demo-20260303-old-address.eml",
        "ana/demo-20260303.eml",
        "ana/demo-20260310-old-address.eml",
        "ana/demo-20260310.eml",
        "bea/demo-20260303.eml",
        "bea/demo-20260310.eml",
        "cem/demo-20260303.eml",
        "cem/demo-20260310.eml",
    ]
    assert b"ana@example.org" in plan.with_name("out").joinpath("ana/demo-20260303-old-address.eml").read_bytes()


def test_invite_takes_the_id_of_a_member_whom_only_the_previous_plan_has(plan: Path) -> None:
    plan.write_text(INVITING + members_of(cem="cem@example.org"))
    done = invited(plan, "--previous-plan", plan.with_name("old.toml"), "-m", "bea")

    assert done.err == f"{plan.with_name('out')}: 2 cancellations for 1 member written\n"
    assert "'bea' is not a member" in invited(plan, "-m", "bea").err


def test_invite_hints_at_the_previous_plan_only_where_it_is_not_given_and_nothing_changed(plan: Path) -> None:
    said = f"{plan.with_name('out')}: nothing to tell anybody: nothing has changed"

    assert invited(plan).err == f"{said}; --previous-plan tells who joined or left\n"
    assert invited(plan, "--previous-plan", plan.with_name("old.toml")).err == f"{said}\n"
    assert "--previous-plan" not in invited(plan, "--all").err


def test_invite_says_what_a_previous_plan_needs(plan: Path) -> None:
    other = plan.with_name("other.toml")
    other.write_text(
        INVITING.replace('"demo"', '"team"').replace('"example.org"', '"b.example"') + members_of(a="a@b.example")
    )
    alone = invoke("invite", plan, "-o", plan.with_name("out"), "--previous-plan", plan.with_name("old.toml"))
    strange = invited(plan, "--previous-plan", other)

    assert "--previous-plan goes with --previous FILE" in " ".join(alone.err.split())
    assert "is a plan of 'team' at b.example; give that of 'demo' at example.org" in strange.err
    assert (alone.code, strange.code) == (2, 2)
    assert not plan.with_name("out").exists()


def test_invite_warns_where_both_plans_read_one_roster(plan: Path) -> None:
    plan.with_name("members.csv").write_text("id,zone,email\nana,UTC,ana@example.org\n")
    for name in ("plan.toml", "old.toml"):
        plan.with_name(name).write_text(f'{INVITING}[roster]\nfile = "members.csv"\n')

    assert (
        "is read with the same members.csv as the plan now"
        in invited(plan, "--previous-plan", plan.with_name("old.toml")).err
    )


def test_invite_refuses_one_address_of_two_members_and_validate_warns_of_it(plan: Path) -> None:
    plan.write_text(INVITING + members_of(ana="ana@example.org", bea="ANA@example.org", cem="cem@example.org"))
    refused = invited(plan)

    assert refused.code == 2
    assert "member 'bea', email: found the address of 'ana'; write an address of its own, or none" in refused.err
    assert not plan.with_name("out").exists()
    assert invited(plan, "-m", "ana", "--all").code == 0
    assert "the members 'ana', 'bea' have one email address, and invitations need one for each" in " ".join(
        invoke("validate", plan).out.split()
    )


def test_validate_counts_what_it_does_not_name(plan: Path) -> None:
    pairs = {f"{half}{number}": f"m{number}@example.org" for number in range(12) for half in "ab"}
    plan.write_text(INVITING + members_of(**pairs, **dict.fromkeys(map("c{}".format, range(12)), "m0@example.org")))
    said = invoke("validate", plan).out

    assert said.count("have one email address") == 10
    assert "2 more email addresses belong to several members" in said
    assert "and 4 more have one email address" in " ".join(said.split())


@pytest.mark.parametrize(
    ("members", "more", "why"),
    [
        ("", (), "no member that was asked for has an email address"),
        ('[[members]]\nid = "a"\nzone = "UTC"\n', (), "no member that was asked for has an email address"),
        (members_of(a="a@b.example"), ("--stamp", "2030-01-01T00:00Z"), "all calls are past"),
        (
            members_of(a="a@b.example") + "left = 2026-01-01\n",
            (),
            "no member that was asked for takes part in a call to come",
        ),
        (
            members_of(a="a@b.example")
            + "".join(f"[[exceptions]]\ndate = 2026-03-{day}\ncancel = true\n" for day in ("03", "10")),
            (),
            "all calls to come are off",
        ),
    ],
)
def test_invite_says_why_there_is_nothing_to_tell(
    tmp_path: Path, members: str, more: tuple[str, ...], why: str
) -> None:
    plan, out = tmp_path / "plan.toml", tmp_path / "out"
    plan.write_text(INVITING + members)
    done = invoke("invite", plan, "-o", out, *(more or ("--stamp", "2026-01-01T00:00Z")))

    assert done.code == 0, done.err
    assert done.err.splitlines()[-1] == f"{out}: nothing to tell anybody: {why}"
    assert not out.exists()


def test_a_day_without_news_has_nothing_to_send(plan: Path) -> None:
    done = invited(plan, "--eml")
    out = plan.with_name("out")
    tried = invoke("send", out, "--dry-run")

    assert (done.code, files(plan)) == (0, [])
    assert (tried.code, tried.out, tried.err) == (0, "", "nothing sent\n")


def test_a_file_is_no_directory_to_write_messages_to(plan: Path) -> None:
    before = plan.read_bytes()
    done = invoke("invite", plan, "-o", plan)

    assert done.code == 2
    assert "is not a directory; name one to write to" in done.err
    assert plan.read_bytes() == before
