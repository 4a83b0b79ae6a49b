// Reads .ics files with ical-expander and prints the occurrences of each as JSON: a list of lists.
//
// Law: whatever ical-expander makes of a file is what is printed. It knows zones by a table of its own from 2012 and
// not by the file, so what it says of zones whose clocks have changed since is not to be compared.

import { readFileSync } from "node:fs";
import IcalExpander from "ical-expander";

const MOST_OCCURRENCES = 12000;

const instant = (time) => time.toJSDate().toISOString().replace(".000Z", "Z");

function describe(occurrence, event) {
  const { component } = event;
  const text = (name) => component.getFirstPropertyValue(name)?.toString() ?? null;
  return {
    uid: event.uid,
    start: instant(occurrence.startDate),
    end: instant(occurrence.endDate),
    summary: text("summary"),
    description: text("description"),
    location: text("location"),
    categories: component.getAllProperties("categories").flatMap((property) => property.getValues()),
    status: text("status"),
  };
}

function read(path) {
  const expander = new IcalExpander({ ics: readFileSync(path, "utf8"), maxIterations: MOST_OCCURRENCES });
  const { events, occurrences } = expander.all();
  return [
    ...events.map((event) => describe(event, event)),
    ...occurrences.map((occurrence) => describe(occurrence, occurrence.item)),
  ];
}

try {
  process.stdout.write(`${JSON.stringify(process.argv.slice(2).map(read))}\n`);
} catch (error) {
  process.stderr.write(`ical-expander: ${error.message}\n`);
  process.exitCode = 1;
}
