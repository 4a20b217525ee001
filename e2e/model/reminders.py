#!/usr/bin/env python3
"""A second opinion on reminders: reads what happened and what the server did, and tells what it should not have done or should have.

    python3 e2e/model/reminders.py EVENTS OUT

Written from the rules in words (issue 3 and the documentation of `bedring_domain::reminder`), not from the program. It goes through the
year in the server's steps. At each it judges every mail and every call by what had happened until then, and then asks who is still owed
one. Nothing is taken from the server but what it did, so a wrong mail does not excuse the next.

Both files are JSON lines. Each line has `what`, the step (`tick`), and the moment in Denmark (`at`), which must be what the model's own
clock shows. Exit status: 0 nothing is wrong, 1 something is, 2 the files cannot be read.
"""

import json
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta

try:
    from zoneinfo import ZoneInfo

    DENMARK = ZoneInfo("Europe/Copenhagen")
except Exception as error:  # ImportError before 3.9, ZoneInfoNotFoundError without tzdata
    print(f"no time zones here ({error}): make tools installs python3 and tzdata", file=sys.stderr)
    sys.exit(2)

# The default policy, as its documentation tells it.
MAIL_ON_DAYS = (0, 4, 11)  # after the due day
FEWEST_DAYS_BETWEEN = 3
CALL_AFTER_DAYS = 3
MAILS_FROM = time(10)
QUIET_FROM = time(20)
MOST_MAILS = 3
# "Later today" is in the evening, or two hours from now, or one; tomorrow from the moment on from which no mail could go today.
EVENING = time(17)
# So many steps may pass until something owed is done: one in which it is noticed, one in which it is done.
STEPS_OF_PATIENCE = 2
# "Not now" is tried again within six hours, and what meets the quiet hours then goes the next morning. What stood still because of a project
# is looked at once a day.
PATIENCE_AFTER_TROUBLE = timedelta(hours=25)


def days(n):
    return timedelta(days=n)


class Person:
    def __init__(self, line):
        self.project = line["project"]
        self.address = line["address"] and line["address"].strip().lower()
        self.wants_mail = line["reminders"]
        self.may_be_asked = True
        self.never_again = False
        self.comes_back = False
        self.later_until = None
        self.again = None  # the occasion, and when the person wants its mail once more


class Occasion:
    def __init__(self, line, person):
        self.name = line["occasion"]
        self.person = person
        self.due = date.fromisoformat(line["due"])
        self.last_day = line["closes"] and date.fromisoformat(line["closes"])
        self.answered = False
        self.called = False
        self.mails = {}  # number -> when
        self.went_again = None
        self.waits = None  # number, and since when it is owed and nobody takes it
        self.unserved = 0

    def last_mail(self):
        went = [*self.mails.values()] + ([self.went_again] if self.went_again else [])
        return max(went, default=None)


class Year:
    def __init__(self, events, outputs):
        first = events[0]
        self.start = datetime.fromisoformat(first["at"])
        self.step = timedelta(minutes=first["step_minutes"])
        self.ticks = first["ticks"]
        self.set_back = timedelta()
        self.people, self.occasions = {}, {}
        self.idle_projects = set()
        self.mail_is_down = False
        self.trouble_until = 0  # tick
        self.project_trouble = defaultdict(int)
        self.days_of_address = defaultdict(set)
        self.ids = set()
        self.wrong = []
        self.count = Counter()
        self.events, self.outputs = by_tick(events[1:]), by_tick(outputs)

    def complain(self, what, occasion, now, more=""):
        self.wrong.append(f"{now:%Y-%m-%d %H:%M} {occasion.name}: {what}{more and ' (' + more + ')'}")

    def run(self):
        for tick in range(self.ticks):
            for line in self.events.pop(tick, ()):
                if line["what"] == "clock":
                    self.set_back += timedelta(minutes=line["minutes_back"])
                    self.be_patient(tick, timedelta(minutes=line["minutes_back"]))
                now = self.wall(tick)
                self.check_moment(line, now)
                self.happens(line, tick, now)
            now = self.wall(tick)
            for line in self.outputs.pop(tick, ()):
                self.check_moment(line, now)
                self.judge(line, now)
            # At night nobody is owed anything that the morning does not bring.
            if MAILS_FROM <= now.time() < QUIET_FROM:
                self.ask_who_is_owed(tick, now)
        for left in (self.events, self.outputs):
            if left:
                self.wrong.append(f"lines beyond the end: {sorted(left)[:3]}")

    def wall(self, tick):
        moment = self.start + self.step * tick - self.set_back
        return moment.astimezone(DENMARK).replace(tzinfo=None)

    def check_moment(self, line, now):
        said = datetime.fromisoformat(line["at"])
        if said.replace(tzinfo=None) != now or said.astimezone(DENMARK).utcoffset() != said.utcoffset():
            self.wrong.append(f"{now}: the line says {line['at']}: {line['what']}")

    def be_patient(self, tick, more=timedelta()):
        until = tick + (PATIENCE_AFTER_TROUBLE + more) // self.step
        self.trouble_until = max(self.trouble_until, until)

    def happens(self, line, tick, now):
        what = line["what"]
        self.count[what] += 1
        person = self.people.get(line.get("person"))
        if what == "person":
            self.people[line["person"]] = Person(line)
        elif what == "occasion":
            self.occasions[line["occasion"]] = Occasion(line, person)
        elif what == "answered":
            self.occasions[line["occasion"]].answered = True
        elif what in ("refused", "withdrawn"):
            person.may_be_asked = False
        elif what == "no_to_reminders":
            person.wants_mail = False
        elif what == "never_again":
            # Whoever has the same address gets no more either.
            address = line["address"].strip().lower()
            for other in self.people.values():
                if other is person or other.address == address:
                    other.never_again = True
        elif what == "bounced":
            person.comes_back = True
        elif what == "new_address":
            person.address, person.comes_back = line["address"].strip().lower(), False
        elif what == "later_today":
            self.says_later_today(self.occasions[line["occasion"]], now)
        elif what == "in_a_week":
            person.later_until = datetime.combine(now.date() + days(7), time())
            person.again = None
        elif what == "mail_down":
            self.mail_is_down = True
        elif what == "mail_up":
            self.mail_is_down = False
            self.be_patient(tick)
        elif what == "project_idle":
            self.idle_projects.add(line["project"])
        elif what == "project_active":
            self.idle_projects.discard(line["project"])
            self.project_trouble[line["project"]] = tick + PATIENCE_AFTER_TROUBLE // self.step
        elif what != "clock":
            raise ValueError(f"unknown event {what}")

    def says_later_today(self, occasion, now):
        """Only where a mail can come; then it is a promise."""
        closed = occasion.last_day and allowed(now).date() > occasion.last_day
        if self.stopped(occasion) or self.unreachable(occasion) or closed:
            return
        at = None
        if not occasion.went_again or occasion.went_again.date() != now.date():
            evening = datetime.combine(now.date(), EVENING)
            hours = [timedelta(hours=2), timedelta(hours=1)]
            for moment in (max(evening, now + hours[0]), now + hours[0], now + hours[1]):
                if moment.date() == now.date() and allowed(moment) == moment:
                    at = moment
                    break
        if at is None:
            at = datetime.combine(now.date() + days(1), MAILS_FROM)
        occasion.person.later_until = at
        occasion.person.again = (occasion, at)

    # --- the rules ------------------------------------------------------------------------------

    def stopped(self, occasion):
        """Why neither mail nor call may come."""
        if occasion.answered:
            return "after an answer"
        if not occasion.person.may_be_asked:
            return "after a no or a withdrawal"
        if occasion.person.project in self.idle_projects:
            return "the project takes no part"
        if occasion.called:
            return "a person has the call"
        return None

    def unreachable(self, occasion):
        """Why no mail whatever may come."""
        person = occasion.person
        if not person.wants_mail:
            return "without a yes to reminders"
        if person.never_again:
            return "after never again"
        if not person.address:
            return "without an address"
        if person.comes_back:
            return "mail to the address comes back"
        return None

    def no_mail(self, occasion):
        """Why no reminder more may come, though a call may."""
        why = self.unreachable(occasion)
        if why:
            return why
        if len(occasion.mails) >= MOST_MAILS or max(occasion.mails, default=0) >= len(MAIL_ON_DAYS):
            return "more than there are"
        return None

    def earliest_mail(self, occasion, now):
        """The first moment from now on at which a mail may go."""
        following = max(occasion.mails, default=0)
        first_days = [occasion.due + days(MAIL_ON_DAYS[following])]
        if occasion.mails:
            first_days.append(occasion.last_mail().date() + days(FEWEST_DAYS_BETWEEN))
        written = self.days_of_address[occasion.person.address]
        if written:
            first_days.append(max(written) + days(1))
        moment = max(now, datetime.combine(max(first_days), MAILS_FROM))
        if occasion.person.later_until:
            moment = max(moment, occasion.person.later_until)
        return allowed(moment)

    def once_more(self, occasion, now):
        """When the mail comes again that the person asked for, if it still has to."""
        again = occasion.person.again
        if not again or again[0] is not occasion or not occasion.mails or self.unreachable(occasion):
            return None
        asked = again[1]
        if now - asked > days(1) or occasion.last_mail() >= asked:
            return None
        at = allowed(max(asked, now))
        if occasion.last_day and at.date() > occasion.last_day:
            return None
        # The plan's own mail does as well.
        planned = not self.no_mail(occasion) and self.earliest_mail(occasion, now)
        in_time = planned and (not occasion.last_day or planned.date() <= occasion.last_day)
        return None if in_time and planned <= at else at

    def call_instead(self, occasion):
        """When somebody calls although a mail is still owed: when they would if it had been taken."""
        if not occasion.waits:
            return None
        planned = occasion.due + days(MAIL_ON_DAYS[-1] + CALL_AFTER_DAYS)
        day = max(planned, occasion.waits[1].date() + days(CALL_AFTER_DAYS))
        later = occasion.person.later_until
        return max(day, later.date()) if later else day

    def call_day(self, occasion):
        """When somebody calls, given that no mail may come."""
        # Who says no to reminders has their address removed, and then nothing comes back any more.
        if occasion.person.comes_back and occasion.person.wants_mail:
            # What came back was not read: the call takes the place of the first mail.
            day = occasion.due + days(MAIL_ON_DAYS[0])
        else:
            last = occasion.last_mail()
            day = max(occasion.due, last.date() if last else occasion.due) + days(CALL_AFTER_DAYS)
        later = occasion.person.later_until
        return max(day, later.date()) if later else day

    def newest(self, occasion, now):
        return max(n for n, after in enumerate(MAIL_ON_DAYS, 1) if occasion.due + days(after) <= now.date())

    def owed(self, occasion, now):
        """What ought to happen now: ("mail", number), ("call", day), or nothing."""
        if now.date() < occasion.due or self.stopped(occasion):
            return None
        again = self.once_more(occasion, now)
        if again:
            return ("again", max(occasion.mails)) if again == now else None
        if not self.no_mail(occasion):
            instead = self.call_instead(occasion)
            if instead and instead <= now.date():
                return ("call", instead)
            moment = self.earliest_mail(occasion, now)
            if occasion.last_day is None or moment.date() <= occasion.last_day:
                return ("mail", self.newest(occasion, now)) if moment == now else None
        day = self.call_day(occasion)
        return ("call", day) if day <= now.date() else None

    # --- judging --------------------------------------------------------------------------------

    def judge(self, line, now):
        refused, again = line.get("taken") is False, line.get("again")
        self.count[line["what"] + (" again" if again else "") + (" refused" if refused else "")] += 1
        occasion = self.occasions[line["occasion"]]
        if line["what"] == "mail":
            self.judge_mail(line, occasion, now)
        elif line["what"] == "call":
            self.judge_call(line, occasion, now)
        else:
            raise ValueError(f"unknown output {line['what']}")

    def judge_mail(self, line, occasion, now):
        person, number = occasion.person, line["number"]
        again = line["again"]
        if line["id"] in self.ids or (number in occasion.mails and not again):
            self.complain("twice", occasion, now, f"mail {number}")
        why = self.stopped(occasion) or (self.unreachable(occasion) if again else self.no_mail(occasion))
        if why:
            self.complain("a mail that should not be", occasion, now, why)
        if not MAILS_FROM <= now.time() < QUIET_FROM:
            self.complain("a mail in quiet hours", occasion, now)
        if self.mail_is_down:
            self.complain("a mail that cannot have gone", occasion, now)
        if occasion.last_day and now.date() > occasion.last_day:
            self.complain("a mail after the occasion closed", occasion, now)
        if person.later_until and now < person.later_until:
            self.complain("a mail though the person said later", occasion, now)
        if again:
            self.judge_once_more(occasion, number, now)
        elif occasion.mails and now.date() < occasion.last_mail().date() + days(FEWEST_DAYS_BETWEEN):
            self.complain("a mail too soon after the last", occasion, now)
        if not again and now.date() <= max(self.days_of_address[person.address], default=date.min):
            self.complain("a second mail that day to the address", occasion, now)
        if not again and (now.date() < occasion.due or number != self.newest(occasion, now)):
            self.complain("not the newest mail that is owed", occasion, now, f"mail {number}")
        if line["to"] != "person":
            self.complain("a mail to somebody else", occasion, now)
        self.ids.add(line["id"])
        if again:
            occasion.went_again = now
        else:
            occasion.mails[number] = now
            occasion.waits = None
        self.days_of_address[person.address].add(now.date())
        if not line["taken"]:
            person.comes_back = True

    def judge_once_more(self, occasion, number, now):
        at = self.once_more(occasion, now)
        if not at or at > now or number != max(occasion.mails):
            self.complain("once more, and nobody asked for it", occasion, now, f"mail {number}, {at}")

    def judge_call(self, line, occasion, now):
        why = self.stopped(occasion)
        expected = self.owed(occasion, now)
        if why:
            self.complain("a call that should not be", occasion, now, why)
        elif expected != ("call", date.fromisoformat(line["on"])):
            self.complain("a call on a wrong day, or before its time", occasion, now, f"{line['on']}, expected {expected}")
        occasion.called = True

    def ask_who_is_owed(self, tick, now):
        for name, occasion in list(self.pending(now)):
            owed = self.owed(occasion, now)
            if not owed or owed[0] != "mail":
                occasion.waits = occasion.waits if owed and owed[0] == "call" else None
            elif not occasion.waits or occasion.waits[0] != owed[1]:
                occasion.waits = (owed[1], now)
            if not owed:
                occasion.unserved = 0
                continue
            if self.mail_is_down or tick <= self.trouble_until or tick <= self.project_trouble[occasion.person.project]:
                continue
            occasion.unserved += 1
            if occasion.unserved == STEPS_OF_PATIENCE:
                self.complain("missing", occasion, now, " ".join(map(str, owed)))

    def pending(self, now):
        """Those that are due and not over for good; the rest are forgotten, for there are many and a year is long."""
        if not hasattr(self, "open"):
            self.open = dict(self.occasions)
        for name in [n for n, o in self.open.items() if o.answered or o.called or not o.person.may_be_asked]:
            del self.open[name]
        return ((n, o) for n, o in self.open.items() if o.due <= now.date())


def allowed(moment):
    """The first moment from this one on at which mails may go."""
    if moment.time() >= QUIET_FROM:
        moment = datetime.combine(moment.date() + days(1), MAILS_FROM)
    return max(moment, datetime.combine(moment.date(), MAILS_FROM))


def by_tick(lines):
    found = defaultdict(list)
    for line in lines:
        found[line["tick"]].append(line)
    return found


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def main():
    try:
        year = Year(read(sys.argv[1]), read(sys.argv[2]))
    except (IndexError, OSError, ValueError, KeyError) as error:
        print(f"cannot be read: {error!r}\nreminders.py EVENTS OUT", file=sys.stderr)
        sys.exit(2)
    year.run()
    for line in year.wrong:
        print(line)
    told = ", ".join(f"{n} {what}" for what, n in sorted(year.count.items()))
    print(f"{len(year.wrong)} wrong; {told}")
    sys.exit(1 if year.wrong else 0)


if __name__ == "__main__":
    main()
