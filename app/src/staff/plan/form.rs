//! What an administrator types about a plan: fields that are filled from a plan, and read back as one.

use bedring_domain::course::{Anchor, OccasionKind, Offset, PlannedOccasion, Repeat};
use bedring_domain::instrument::EditionRef;
use bedring_domain::reminder::ReminderPolicy;
use chrono::NaiveTime;
use leptos::prelude::*;

use super::fields::Typed;
use super::words::Words;

/// Fields for mails; a policy may have more steps, which stand in for missed ones and are kept as they are.
const STEPS: usize = 3;
/// Before the key of the measurement that is counted from.
const MADE: &str = "made:";

/// The fields of a measurement.
#[derive(Clone, Copy)]
pub struct OccasionForm {
    /// Names its fields on the screen, whatever happens to the others.
    pub n: u32,
    /// Its name in the plan.
    pub key: StoredValue<String>,
    /// The plan in force has it: its kind cannot change.
    pub known: RwSignal<bool>,
    /// The fields are shown.
    pub open: RwSignal<bool>,
    /// Wire name of the kind.
    pub kind: Typed,
    /// What it is counted from.
    pub from: Typed,
    /// Months after that.
    pub months: Typed,
    /// Days after that.
    pub days: Typed,
    /// Days before the due day.
    pub opens: Typed,
    /// Days of grace.
    pub grace: Typed,
    /// Days after the due day, or empty.
    pub closes: Typed,
    /// It asks something else than usual.
    pub asks_own: RwSignal<bool>,
    /// That.
    pub asks: RwSignal<Vec<EditionRef>>,
    /// What is wrong with that.
    pub asks_error: RwSignal<Option<String>>,
    /// It comes again.
    pub repeats: RwSignal<bool>,
    /// Months from one to the next.
    pub every_months: Typed,
    /// Days from one to the next.
    pub every_days: Typed,
    /// How often.
    pub times: Typed,
    /// It has reminders of its own.
    pub own_reminders: RwSignal<bool>,
    /// Those.
    pub reminders: PolicyForm,
    /// What is wrong with it as a whole.
    pub error: RwSignal<Option<String>>,
}

impl OccasionForm {
    /// Filled from a plan. `policy` is what its own reminders begin with.
    pub fn new(n: u32, occasion: &PlannedOccasion, policy: &ReminderPolicy, known: bool) -> Self {
        let repeat = occasion.repeats.unwrap_or(Repeat {
            every: Offset::months(3),
            times: 1,
        });
        let from = match &occasion.anchor {
            Anchor::Start => "start".to_owned(),
            Anchor::EndConfirmed => "end_confirmed".to_owned(),
            Anchor::EndPlanned => "end_planned".to_owned(),
            Anchor::Occasion { key } => format!("{MADE}{key}"),
        };
        let closes = occasion.closes_after_days;
        Self {
            n,
            key: StoredValue::new(occasion.key.clone()),
            known: RwSignal::new(known),
            open: RwSignal::new(false),
            kind: Typed::new(occasion.kind.as_str()),
            from: Typed::new(from),
            months: Typed::number(occasion.after.months),
            days: Typed::number(occasion.after.days),
            opens: Typed::number(occasion.opens_before_days),
            grace: Typed::number(occasion.grace_days),
            closes: Typed::new(closes.map(|n| n.to_string()).unwrap_or_default()),
            asks_own: RwSignal::new(!occasion.instruments.is_empty()),
            asks: RwSignal::new(occasion.instruments.clone()),
            asks_error: RwSignal::new(None),
            repeats: RwSignal::new(occasion.repeats.is_some()),
            every_months: Typed::number(repeat.every.months),
            every_days: Typed::number(repeat.every.days),
            times: Typed::number(repeat.times),
            own_reminders: RwSignal::new(occasion.reminders.is_some()),
            reminders: PolicyForm::new(occasion.reminders.as_ref().unwrap_or(policy)),
            error: RwSignal::new(None),
        }
    }

    /// The id of one of its fields on the screen.
    pub fn id(self, field: &str) -> String {
        format!("occasion-{}-{field}", self.n)
    }

    /// The value of `from` that means "counted from that measurement".
    pub fn made(key: &str) -> String {
        format!("{MADE}{key}")
    }

    /// Which measurement.
    pub fn kind(self) -> OccasionKind {
        let kind = self.kind.value.with(|k| OccasionKind::parse(k));
        kind.unwrap_or(OccasionKind::FollowUp)
    }

    /// How many it stands for, as far as that can be read.
    pub fn count(self) -> u32 {
        if self.repeats.get() {
            self.times.read::<u32>(None).unwrap_or(0).saturating_add(1)
        } else {
            1
        }
    }

    fn anchor(self) -> Anchor {
        self.from.value.with(|from| match from.as_str() {
            "start" => Anchor::Start,
            "end_planned" => Anchor::EndPlanned,
            other => match other.strip_prefix(MADE) {
                Some(key) => Anchor::Occasion {
                    key: key.to_owned(),
                },
                None => Anchor::EndConfirmed,
            },
        })
    }

    /// As the plan has it; `None` if something cannot be read, which is told at its field if there are words for it.
    pub fn read(self, complain: Option<&Words>) -> Option<PlannedOccasion> {
        // All of them are read, so that everything that is wrong is told at once.
        let (months, days) = (self.months.read(complain), self.days.read(complain));
        let (opens, grace) = (self.opens.read(complain), self.grace.read(complain));
        let closes = self.closes.read_or_none(complain);
        let repeats = if self.repeats.get() {
            self.repeat(complain).map(Some)
        } else {
            Some(None)
        };
        let reminders = if self.own_reminders.get() {
            self.reminders.read(complain).map(Some)
        } else {
            Some(None)
        };
        let instruments = if self.asks_own.get() {
            self.asks.get()
        } else {
            Vec::new()
        };
        Some(PlannedOccasion {
            key: self.key.get_value(),
            kind: self.kind(),
            anchor: self.anchor(),
            after: Offset::new(months?, days?),
            opens_before_days: opens?,
            grace_days: grace?,
            closes_after_days: closes?,
            instruments,
            repeats: repeats?,
            reminders: reminders?,
        })
    }

    fn repeat(self, complain: Option<&Words>) -> Option<Repeat> {
        let (months, days) = (
            self.every_months.read(complain),
            self.every_days.read(complain),
        );
        let times = self.times.read(complain);
        Some(Repeat {
            every: Offset::new(months?, days?),
            times: times?,
        })
    }

    /// Takes back what was said to be wrong.
    pub fn forgive(self) {
        let fields = [
            self.kind,
            self.from,
            self.months,
            self.days,
            self.opens,
            self.grace,
            self.closes,
            self.every_months,
            self.every_days,
            self.times,
        ];
        fields.into_iter().for_each(|f| f.error.set(None));
        self.asks_error.set(None);
        self.error.set(None);
        self.reminders.forgive();
    }
}

/// The fields of a policy.
#[derive(Clone, Copy)]
pub struct PolicyForm {
    /// Days after the due day, the mails in their order.
    pub steps: [Typed; STEPS],
    /// What is wrong with them together.
    pub steps_error: RwSignal<Option<String>>,
    more_steps: StoredValue<Vec<u32>>,
    /// Most mails.
    pub most: Typed,
    /// Days between.
    pub between: Typed,
    /// Time of day from which mails go.
    pub send_at: Typed,
    /// The first moment of the quiet hours.
    pub quiet_from: Typed,
    /// The first moment after them.
    pub quiet_until: Typed,
    /// Days after the last mail.
    pub call: Typed,
    /// Name in `From`.
    pub sender_name: Typed,
    /// Address in `From`.
    pub sender_address: Typed,
    /// Where answers go.
    pub reply_to: Typed,
}

impl PolicyForm {
    /// Filled from a policy.
    pub fn new(policy: &ReminderPolicy) -> Self {
        let step = |n: usize| {
            let days = policy.after_due_days.get(n);
            Typed::new(days.map(u32::to_string).unwrap_or_default())
        };
        let time = |time: NaiveTime| Typed::new(time.format("%H:%M").to_string());
        let more = policy.after_due_days.iter().skip(STEPS).copied();
        Self {
            steps: std::array::from_fn(step),
            steps_error: RwSignal::new(None),
            more_steps: StoredValue::new(more.collect()),
            most: Typed::number(policy.most),
            between: Typed::number(policy.days_between),
            send_at: time(policy.send_at),
            quiet_from: time(policy.quiet_from),
            quiet_until: time(policy.quiet_until),
            call: Typed::number(policy.call_after_days),
            sender_name: Typed::new(&*policy.sender_name),
            sender_address: Typed::new(&*policy.sender_address),
            reply_to: Typed::new(policy.reply_to.clone().unwrap_or_default()),
        }
    }

    /// As the plan has it; `None` if something cannot be read, which is told at its field if there are words for it.
    pub fn read(self, complain: Option<&Words>) -> Option<ReminderPolicy> {
        let steps = self.steps.map(|s| s.read_or_none::<u32>(complain));
        let (most, between) = (self.most.read(complain), self.between.read(complain));
        let call = self.call.read(complain);
        let times = [self.send_at, self.quiet_from, self.quiet_until].map(|t| time(t, complain));
        let mut days = Vec::new();
        for step in steps {
            days.extend(step?);
        }
        days.extend(self.more_steps.get_value());
        let [send_at, quiet_from, quiet_until] = times;
        Some(ReminderPolicy {
            after_due_days: days,
            most: most?,
            days_between: between?,
            quiet_from: quiet_from?,
            quiet_until: quiet_until?,
            send_at: send_at?,
            call_after_days: call?,
            sender_name: self.sender_name.text(),
            sender_address: self.sender_address.text(),
            reply_to: Some(self.reply_to.text()).filter(|to| !to.is_empty()),
        })
    }

    /// Takes back what was said to be wrong.
    pub fn forgive(self) {
        let fields = [
            self.most,
            self.between,
            self.send_at,
            self.quiet_from,
            self.quiet_until,
            self.call,
            self.sender_name,
            self.sender_address,
            self.reply_to,
        ];
        let fields = fields.into_iter().chain(self.steps);
        fields.for_each(|f| f.error.set(None));
        self.steps_error.set(None);
    }
}

/// A time of day as the browser's field writes it, with or without seconds.
fn time(typed: Typed, complain: Option<&Words>) -> Option<NaiveTime> {
    let text = typed.text();
    let read = ["%H:%M", "%H:%M:%S", "%H.%M"]
        .into_iter()
        .find_map(|format| NaiveTime::parse_from_str(&text, format).ok());
    if let (None, Some(w)) = (read, complain) {
        typed.error.set(Some(w.error_time.to_owned()));
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::words::Lang;

    #[test]
    fn a_plan_that_nobody_touches_is_read_back_as_it_was() {
        Owner::new().with(|| {
            let policy = ReminderPolicy {
                after_due_days: vec![0, 4, 11, 20],
                reply_to: Some("svar@example.org".to_owned()),
                ..ReminderPolicy::default()
            };
            assert_eq!(PolicyForm::new(&policy).read(None), Some(policy.clone()));
            let anchor = Anchor::Occasion {
                key: "exit".to_owned(),
            };
            let mut occasion =
                PlannedOccasion::new("later", OccasionKind::FollowUp, anchor, Offset::new(3, -7));
            for closes in [None, Some(60)] {
                occasion.closes_after_days = closes;
                let form = OccasionForm::new(1, &occasion, &policy, true);
                assert_eq!(form.read(None), Some(occasion.clone()));
            }
            occasion.repeats = Some(Repeat {
                every: Offset::days(30),
                times: 4,
            });
            occasion.reminders = Some(policy.clone());
            let edition = "demo-1".to_owned();
            occasion.instruments = vec![EditionRef {
                instrument: "lsns-9".to_owned(),
                edition,
            }];
            let form = OccasionForm::new(1, &occasion, &ReminderPolicy::default(), true);
            assert_eq!(form.read(None), Some(occasion));
            assert_eq!(form.count(), 5);
        });
    }

    #[test]
    fn everything_that_cannot_be_read_is_told_at_once_and_taken_back() {
        Owner::new().with(|| {
            let w = Words::of(Lang::Da);
            let occasion = PlannedOccasion::new(
                "exit",
                OccasionKind::Exit,
                Anchor::EndConfirmed,
                Offset::ZERO,
            );
            let form = OccasionForm::new(1, &occasion, &ReminderPolicy::default(), true);
            form.days.value.set("to".to_owned());
            form.opens.value.set("-3".to_owned());
            form.own_reminders.set(true);
            form.reminders.send_at.value.set("25:00".to_owned());
            assert_eq!(form.read(None), None);
            assert!(form.days.error.get().is_none(), "nobody asked for words");
            assert_eq!(form.read(Some(w)), None);
            let wrong = [form.days, form.opens, form.reminders.send_at];
            assert!(wrong.iter().all(|f| f.error.get().is_some()));
            assert!(form.months.error.get().is_none());
            form.forgive();
            assert!(wrong.iter().all(|f| f.error.get().is_none()));
        });
    }
}
