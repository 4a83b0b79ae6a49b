"""What every report has beside its subject: the meeting, warnings, and the data that it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from mag_rotation.hours import Hours
from mag_rotation.report.language import ENGLISH, Language
from mag_rotation.report.sentences import fact_record, sentence
from mag_rotation.report.words import NightHour, write_count
from mag_rotation.series import Meeting
from mag_rotation.values import Fact, FrozenDict
from mag_rotation.zones import TZDATA_VERSION

if TYPE_CHECKING:
    from mag_rotation.plan import Plan

__all__ = ["Context", "context_of"]

G = TypeVar("G")


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The meeting that a report is about, None without a plan that can be read, and what is odd about it.

    ``sources`` are the packages that know days off, with their versions, where these count. ``hours`` have the curve
    whose dearest hour is the unit of burdens. ``all_groups`` asks for tables of all groups. ``language`` is that of
    what people read.
    """

    meeting: Meeting | None
    warnings: tuple[Fact, ...] = ()
    sources: Mapping[str, str] = field(default_factory=FrozenDict)
    hours: Hours = field(default_factory=Hours)
    all_groups: bool = False
    language: Language = ENGLISH

    @property
    def name(self) -> str:
        """The name of the meeting; empty for a plan that cannot be read."""
        return self.meeting.name if self.meeting else ""

    def title(self, subject: str) -> str:
        """Return the title of a report: the meeting and the subject, or the subject alone without a meeting.

        The subject is translated.
        """
        return self.name_with(self.language.translate(subject))

    def name_with(self, subject: str) -> str:
        """Return the meeting and a subject that is in the language already, or the subject alone without a meeting."""
        if not self.name:
            return f"{subject[:1].upper()}{subject[1:]}"
        return self.language.phrase("{title}: {subject}", title=self.name, subject=subject)

    @property
    def versions(self) -> dict[str, str]:
        """The data that every record rests on: the zone rules, then the packages of days off."""
        return {"tzdata": TZDATA_VERSION, **self.sources}

    def night_hour(self, curve: str | None = None) -> NightHour:
        """Return the unit of burdens under ``curve``; None is the plan's."""
        name = curve or self.hours.curve
        return NightHour(points=self.hours.curve_of(name).dearest, curve=name, language=self.language)

    def choose_groups(
        self, by_group: Mapping[str, Mapping[str, G]], members: int, size: Callable[[G], int]
    ) -> tuple[list[tuple[str, str, G]], tuple[str, ...]]:
        """Return the groups for a table, each with the names of its column and itself, and what is left out.

        A group of one member is none, and a column that tells most of the ``members`` apart has no groups to compare.
        ``size`` is the number of members of a group.
        """
        chosen = [(name, value, found) for name, values in by_group.items() for value, found in values.items()]
        if self.all_groups:
            return chosen, ()
        wide = [name for name, values in by_group.items() if 2 * len(values) >= members]
        rows = [row for row in chosen if row[0] not in wide and size(row[2]) > 1]
        small = sum(row[0] not in wide for row in chosen) - len(rows)
        return rows, tuple(self._tell_left_out({name: len(by_group[name]) for name in wide}, members, small))

    def _tell_left_out(self, wide: Mapping[str, int], members: int, small: int) -> Iterator[str]:
        """Yield which groups are not shown: ``wide`` counts the values of some, ``small`` those of one member."""
        told = [
            self.language.phrase(
                "{name} ({groups} for {members})",
                name=name,
                groups=write_count(groups, "group", self.language),
                members=write_count(members, "member", self.language),
            )
            for name, groups in wide.items()
        ]
        if small:
            told.append(
                self.language.phrase_count("{count} group of one member", "{count} groups of one member", small)
            )
        if told:
            yield self.language.phrase("Not shown: {groups}. --groups shows all.", groups=self.language.join(told))

    def document(self, body: Mapping[str, object]) -> dict[str, object]:
        """Return a document: the meeting's id and the versions of the data, the body, and the warnings."""
        return {
            "meeting": self.meeting.id if self.meeting else None,
            "tzdata": TZDATA_VERSION,
            **({"days_off": dict(self.sources)} if self.sources else {}),
            **body,
            "warnings": [sentence(fact) for fact in self.warnings],
            "warning_facts": [fact_record(fact) for fact in self.warnings],
        }

    def sentences(self) -> list[str]:
        """Return the warnings in words."""
        return [sentence(fact, language=self.language) for fact in self.warnings]

    def notes(self, *keys: str) -> tuple[str, ...]:
        """Return what stands below a table: the warnings, what its heads mean, and the data it rests on.

        The ``keys`` are in the language already.
        """
        return (*self.sentences(), *keys, self._tell_versions())

    def _tell_versions(self) -> str:
        packages = [f"{package} {version}" for package, version in self.sources.items()]
        if not packages:
            return self.language.phrase("Zone rules: tzdata {version}.", version=TZDATA_VERSION)
        return self.language.phrase(
            "Zone rules: tzdata {version}. Days off: {packages}.",
            version=TZDATA_VERSION,
            packages=", ".join(packages),
        )


def context_of(
    plan: Plan, warnings: tuple[Fact, ...], *, all_groups: bool = False, language: Language = ENGLISH
) -> Context:
    """Return the context of a report about a plan and its members."""
    return Context(
        meeting=plan.meeting,
        warnings=warnings,
        sources=plan.sources,
        hours=plan.hours,
        all_groups=all_groups,
        language=language,
    )
