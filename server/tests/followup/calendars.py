"""Reads a calendar from standard input with two libraries and says what each of them sees.

One line for each event: the library, the first day, the day on which it is over, and its words. Ends with an error where an event is no
whole day, or ends when it begins. Run by the tests of the calendar feed.
"""

import datetime
import sys

try:
    import icalendar
    import vobject
except ImportError as missing:
    sys.exit(
        f"{missing.name} is missing. Type: make tools, or: "
        "sudo apt-get install -y --no-install-recommends python3-icalendar python3-vobject"
    )


def checked(start, end, words):
    for day in (start, end):
        if isinstance(day, datetime.datetime) or not isinstance(day, datetime.date):
            sys.exit(f"{words}: {day!r} is no whole day")
    if end <= start:
        sys.exit(f"{words}: ends when it begins, on {start}")
    return f"{start:%Y%m%d} {end:%Y%m%d} {words}"


text = sys.stdin.buffer.read().decode()
for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
    said = checked(event.decoded("DTSTART"), event.decoded("DTEND"), str(event["SUMMARY"]))
    print("icalendar", said)
for event in vobject.readOne(text).vevent_list:
    print("vobject", checked(event.dtstart.value, event.dtend.value, event.summary.value))
