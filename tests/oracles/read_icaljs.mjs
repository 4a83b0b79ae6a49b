// Reads one .ics file with ical.js and prints its occurrences as JSON, sorted by start and uid.
//
// Law: whatever ical.js makes of the file is what is printed. Glue code here only chooses which of its
// functions to call; it repairs nothing. What has no instant (a floating time, an unknown TZID, a whole
// day) or no end (a rule without COUNT and UNTIL) is refused with exit 1 instead of being guessed.

import { readFileSync } from "node:fs";
import ICAL from "ical.js";

// 10,000 rule dates are the most that a plan may have, and a file can hold a few extras as well.
const MOST_OCCURRENCES = 12000;

function instant(time, what) {
  if (time.isDate) throw new Error(`${what} is a whole day, want a date-time`);
  if (time.zone === ICAL.Timezone.localTimezone) throw new Error(`${what} ${time} is floating: no Z and no known TZID`);
  return new Date(time.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");
}

function describe(event, start, end, recurrenceId) {
  const { component } = event;
  const text = (name) => component.getFirstPropertyValue(name)?.toString() ?? null;
  return {
    uid: event.uid,
    recurrence_id: recurrenceId === null ? null : instant(recurrenceId, "RECURRENCE-ID"),
    start: instant(start, "DTSTART"),
    end: instant(end, "DTEND"),
    summary: text("summary"),
    description: text("description"),
    location: text("location"),
    url: text("url"),
    categories: component.getAllProperties("categories").flatMap((property) => property.getValues()),
    status: text("status"),
    sequence: event.sequence,
  };
}

function* expand(master, overrides) {
  // Without strictExceptions and an explicit list ical.js would take the overrides of every other UID too.
  const event = new ICAL.Event(master, { strictExceptions: true, exceptions: overrides });
  if (master.hasProperty("rdate")) throw new Error(`${event.uid}: RDATE is read differently by every engine`);
  if (!event.isRecurring()) {
    yield describe(event, event.startDate, event.endDate, null);
    return;
  }
  for (const rule of master.getAllProperties("rrule")) {
    if (!rule.getFirstValue().isFinite()) throw new Error(`${event.uid}: RRULE has neither COUNT nor UNTIL`);
  }
  const iterator = event.iterator();
  for (let next = iterator.next(), count = 0; next; next = iterator.next()) {
    count += 1;
    if (count > MOST_OCCURRENCES) throw new Error(`${event.uid}: more than ${MOST_OCCURRENCES} occurrences`);
    const details = event.getOccurrenceDetails(next);
    yield describe(details.item, details.startDate, details.endDate, details.recurrenceId);
  }
}

function* read(calendar) {
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const byUid = new Map();
  for (const component of calendar.getAllSubcomponents("vevent")) {
    const uid = component.getFirstPropertyValue("uid");
    if (!uid) throw new Error("VEVENT without UID");
    if (!component.hasProperty("dtstart")) throw new Error(`${uid}: VEVENT without DTSTART`);
    if (!byUid.has(uid)) byUid.set(uid, { masters: [], overrides: [] });
    const series = byUid.get(uid);
    (component.hasProperty("recurrence-id") ? series.overrides : series.masters).push(component);
  }
  for (const { masters, overrides } of byUid.values()) {
    for (const master of masters) yield* expand(master, overrides);
    if (masters.length > 0) continue;
    // Overrides that came without their series, as in a cancellation by mail: each stands for itself.
    for (const component of overrides) {
      const event = new ICAL.Event(component);
      yield describe(event, event.startDate, event.endDate, event.recurrenceId);
    }
  }
}

const order = (a, b) => Number(a > b) - Number(a < b);

try {
  const parsed = ICAL.parse(readFileSync(process.argv[2], "utf8"));
  // Several calendars in one stream come as a list of lists, a single one as itself.
  const roots = typeof parsed[0] === "string" ? [parsed] : parsed;
  if (roots.length === 0) throw new Error("no component in the file");
  const occurrences = roots.flatMap((root) => [...read(new ICAL.Component(root))]);
  occurrences.sort((a, b) => order(a.start, b.start) || order(a.uid, b.uid));
  process.stdout.write(`${JSON.stringify(occurrences)}\n`);
} catch (error) {
  process.stderr.write(`ical.js: ${error.message}\n`);
  process.exitCode = 1;
}
