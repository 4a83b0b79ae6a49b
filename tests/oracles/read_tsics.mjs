// Reads .ics files with ts-ics and prints the events of each as JSON: a list of lists.
//
// Law: whatever ts-ics makes of a file is what is printed; series are not expanded. It reckons the days of rules on the
// clock of the machine, which is therefore that of UTC.

import { readFileSync } from "node:fs";
import { convertIcsCalendar } from "ts-ics";

const instant = (time) => time.date.toISOString().replace(".000Z", "Z");

const describe = (event) => ({
  uid: event.uid,
  start: instant(event.start),
  end: instant(event.end),
  summary: event.summary ?? null,
  description: event.description ?? null,
  location: event.location ?? null,
  categories: event.categories ?? [],
  status: event.status ?? null,
});

const read = (path) => (convertIcsCalendar(undefined, readFileSync(path, "utf8")).events ?? []).map(describe);

try {
  process.stdout.write(`${JSON.stringify(process.argv.slice(2).map(read))}\n`);
} catch (error) {
  process.stderr.write(`ts-ics: ${error.message}\n`);
  process.exitCode = 1;
}
