"""Reads a schedule.xml with schedule-convert and prints its events as JSON.

Law: whatever the package makes of the file is what is printed. It is in the environment of the other readers
(requirements/strangers.txt); this is run with its Python.
"""

import json
import sys
from importlib import import_module


def main() -> None:
    """Print the events of the file that is named."""
    importer = import_module("schedule_convert.importers.frab_xml").FrabXmlImporter()
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - it takes a file
        conference = importer.parse(file)
    events = [
        {
            "id": event.id,
            "guid": str(event.guid),
            "title": event.title,
            "room": event.room.name,
            "start": event.start.isoformat(),
            "minutes": event.duration,
            "track": event.track,
            "language": event.language,
            "speakers": [speaker.name for speaker in event.speakers],
        }
        for event in conference.events
    ]
    sys.stdout.write(json.dumps({"title": conference.title, "days": len(conference.days), "events": events}))


if __name__ == "__main__":
    main()
