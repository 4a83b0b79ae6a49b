"""One plan written in every way that TOML allows."""

from __future__ import annotations

HEAD = """# The weekly call: [[exceptions]] is no header here, nor is "this".
format = 1
"""


MEETING = """
[meeting]
id = "demo"
name = "Demo"
uid-domain = "example.org"
duration = "2h"
description = '''
[rotation]
slots = [ # not the slots
'''

"""


REST = """
# About the schedule.
[schedule]
first = 2027-01-05
repeat = "FREQ=WEEKLY"
count = 8

# About the extras, and nothing else.

[[extras]]        # the first
date = 2027-03-09
at = "13:00"

[[phases]]
name = "Phase [I]"
from = 2027-01-26
to = 2027-01-27
[[phases.slots]]
at = "10:00"
label = "noon"

[[extras]]
date = 2027-03-10
at = "13:00"      # "quoted" ] }

[[members]]
id = "seat-1"
zone = "Asia/Kathmandu"
groups = { "région" = "Süd" }

# the end"""


LIST = """[                # the [slots]
  # the first
  { at = "06:00", label = "early" },   # 06 "UTC"
  # the second, "{"
  { at = 14:00:00, zone="UTC", label = 'noon' }    # 14 UTC
  , { label = "late", at = "22:00" } # 22 UTC

  # the last
]"""


LINE = '[{ at = "06:00", label = "early" }, {at="14:00",label="noon"}, { at = "22:00", label = "late" }]'


EARLY, NOON, LATE = (
    f'[[rotation.slots]] # {label}\nat = "{at}" # {at}\nlabel = "{label}"\n'
    for at, label in (("06:00", "early"), ("14:00", "noon"), ("22:00", "late"))
)


LAYOUTS = {
    "a list in a table": f'{HEAD}{MEETING}[rotation]\nadvance = "held" # why\nslots = {LIST} # done\n{REST}',
    "a list in one line": f"{HEAD}{MEETING}[rotation]\nslots = {LINE} # done\n{REST}",
    "an indented table": f'{HEAD}{MEETING}\t[ "rotation" ]\n\t"slots" = {LIST}\n\tadvance = "held"\n# tail\n{REST}',
    "tables": f'{HEAD}{MEETING}[rotation]\nadvance = "held"\n\n# one\n{EARLY}\n# two\n{NOON}# three\n{LATE}{REST}',
    "tables without the table above": f"{HEAD}{MEETING}{EARLY}{NOON}\n{LATE}# tail\n{REST}",
    "tables before the table above": f'{HEAD}{EARLY}{NOON}\n{LATE}[rotation]\nadvance = "held"\n{MEETING}{REST}',
    "tables that stand apart": f'{HEAD}\n[rotation]\nadvance = "held"\n{EARLY}{MEETING}# x\n{NOON}{REST}\n\n{LATE}',
    "dotted keys": f'{HEAD}rotation.advance = "held"\nrotation.slots = {LIST}\nnight.to = "05:00"\n{MEETING}{REST}',
    "dotted keys apart": f'{HEAD}rotation.slots = {LIST}\nnight.to = "05:00"\nrotation."advance"="held"{MEETING}{REST}',
    "dotted keys and tables": f'{HEAD}rotation.advance = "held" # why\n{MEETING}{EARLY}{NOON}{LATE}{REST}',
    "a line": f'{HEAD}rotation = {{ slots = {LINE}, advance = "held" }} # done\n{MEETING}{REST}',
    "a line with lines inside": f'{HEAD}"rotation"={{advance="held",slots={LIST}}}\n{MEETING}{REST}',
    "a start": f"{HEAD}{MEETING}[rotation]\nstart = 2 # why\nslots = {LIST}\n{REST}",
    "a start in a line": f"{HEAD}rotation = {{ start = 3, slots = {LINE} }}\n{MEETING}{REST}",
}


SHORT_LISTS = (
    '["06:00", "14:00", "22:00"]',
    "['06:00',14:00:00 ,'22:00',]",
    '[\n    "06:00",   # the first\n    # the second\n    "14:00", "22:00"\n]',
    '["06:00", { at = "14:00" }, "22:00"]',
)


SHORT_LAYOUTS = (
    "{head}{meeting}[rotation] # r\nslots = {slots} # done\n{rest}",
    "{head}rotation = {{ slots = {slots} }}\n{meeting}{rest}",
    "{head}rotation.slots = {slots}\n{meeting}{rest}",
)


SHORT_TEXTS = [
    layout.format(head=HEAD, meeting=MEETING, rest=REST, slots=slots)
    for layout in SHORT_LAYOUTS
    for slots in SHORT_LISTS
]
