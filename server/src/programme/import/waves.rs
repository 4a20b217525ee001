//! Which measurement of the plan a line of answers belongs to.
//!
//! A file says `intake`, `exit`, the name that the plan has for it, or how many months after the end of the course it was made.

use bedring_domain::course::{Anchor, Anchors, CoursePlan, OccasionKind, Offset, PlannedOccasion};

use super::danish;

/// Follow-ups later than this many months are no follow-ups of a course.
const MOST_MONTHS: u32 = 120;

/// A measurement of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wave {
    /// Its key in the plan.
    pub key: String,
    /// How many come before it of the same key.
    pub repeat: u32,
    /// Which kind of measurement it is.
    pub kind: OccasionKind,
}

/// The plan, and what the files add to it.
#[derive(Debug, Clone)]
pub struct Waves {
    plan: CoursePlan,
    /// Whether measurements may be added that the plan does not have.
    may_add: bool,
    /// Whether some were.
    pub added: bool,
}

impl Wave {
    /// Its name in the ids of rows. The first intake and the first exit have been called by their kinds from the beginning.
    #[must_use]
    pub fn name(&self) -> String {
        if self.kind != OccasionKind::FollowUp && self.repeat == 0 && self.key == self.kind.as_str()
        {
            return self.key.clone();
        }
        format!("{}#{}", self.key, self.repeat)
    }

    /// As it is said in a sentence.
    #[must_use]
    pub fn shown(&self) -> String {
        match self.repeat {
            0 => self.key.clone(),
            n => format!("{} {}", self.key, n + 1),
        }
    }
}

impl Waves {
    /// Those of a plan.
    pub const fn new(plan: CoursePlan, may_add: bool) -> Self {
        Self {
            plan,
            may_add,
            added: false,
        }
    }

    /// The plan with what was added.
    pub const fn plan(&self) -> &CoursePlan {
        &self.plan
    }

    /// The measurement that a cell means.
    ///
    /// # Errors
    /// Why it means none, to be said behind the cell.
    pub fn find(&mut self, cell: &str) -> Result<Wave, String> {
        let name = super::grid::heading(cell);
        if let Some(wave) = self.by_key(&name).or_else(|| self.by_kind(&name)) {
            return Ok(wave);
        }
        let Some(months) = months(&name) else {
            return Err(self.unknown());
        };
        if let Some(wave) = self.by_months(months) {
            return Ok(wave);
        }
        if !self.may_add || !(1..=MOST_MONTHS).contains(&months) {
            return Err(self.unknown());
        }
        let key = format!("follow_up_{months}");
        let after = Offset::months(i32::try_from(months).unwrap_or(i32::MAX));
        let planned =
            PlannedOccasion::new(&key, OccasionKind::FollowUp, Anchor::EndConfirmed, after);
        let later =
            |o: &PlannedOccasion| o.kind == OccasionKind::FollowUp && o.after.months > after.months;
        let place = self.plan.occasions.iter().position(later);
        let place = place.unwrap_or(self.plan.occasions.len());
        self.plan.occasions.insert(place, planned);
        self.added = true;
        self.by_key(&key).ok_or_else(|| self.unknown())
    }

    /// By the plan's own name, with a number behind it where it comes again.
    fn by_key(&self, name: &str) -> Option<Wave> {
        self.all().find(|w| {
            let own = super::grid::heading(&w.key);
            let numbered = format!("{own}_{}", w.repeat + 1);
            let number = format!("{own}#{}", w.repeat + 1);
            (w.repeat == 0 && name == own) || name == numbered || name == number
        })
    }

    /// By its kind, where the plan has only one of it (or, of intake and exit, the first).
    fn by_kind(&self, name: &str) -> Option<Wave> {
        let kind = OccasionKind::parse(danish::kind(name))?;
        let mut of_kind = self.all().filter(|w| w.kind == kind);
        let first = of_kind.next();
        first.filter(|_| kind != OccasionKind::FollowUp || of_kind.next().is_none())
    }

    /// A follow-up by the months between the end and its day.
    fn by_months(&self, months: u32) -> Option<Wave> {
        let wanted = i32::try_from(months).ok()?;
        self.all().find(|w| {
            let planned = self.plan.occasion(&w.key);
            let after = planned.and_then(|o| {
                let every = o.repeats.map_or(Offset::ZERO, |r| r.every);
                let more = every.times(w.repeat)?;
                (o.anchor != Anchor::Start).then_some((
                    o.after.months.checked_add(more.months)?,
                    o.after.days.checked_add(more.days)?,
                ))
            });
            w.kind == OccasionKind::FollowUp && after == Some((wanted, 0))
        })
    }

    fn all(&self) -> impl Iterator<Item = Wave> {
        let windows = self.plan.windows(&Anchors::default());
        windows.into_iter().map(|w| Wave {
            key: w.key,
            repeat: w.repeat,
            kind: w.kind,
        })
    }

    fn unknown(&self) -> String {
        let names: Vec<String> = self.all().map(|w| w.shown()).collect();
        let more = if self.may_add {
            ", follow_up_N for N months after the end"
        } else {
            "; --add-follow-ups adds follow_up_N to the plan, N months after the end"
        };
        format!("is no measurement of the plan ({}{more})", names.join(", "))
    }
}

/// `follow_up_3`, `followup3`, `3_months`, `3_mdr`.
fn months(name: &str) -> Option<u32> {
    // A hyphen in front is a minus.
    if name.starts_with('_') {
        return None;
    }
    let bare = name.replace('_', "");
    let number = ["followup", "opfølgning"]
        .into_iter()
        .find_map(|p| bare.strip_prefix(p))
        .unwrap_or(&bare);
    let ends = ["months", "month", "måneder", "måned", "mdr.", "mdr", "m"];
    let ended = ends.into_iter().find_map(|e| number.strip_suffix(e));
    // A number alone means nothing.
    if ended.is_none() && number.len() == bare.len() {
        return None;
    }
    ended.unwrap_or(number).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedring_domain::course::Repeat;

    fn key(waves: &mut Waves, cell: &str) -> Option<String> {
        waves.find(cell).ok().map(|w| w.shown())
    }

    #[test]
    fn a_follow_up_is_known_by_its_months_however_they_are_written() {
        let mut waves = Waves::new(CoursePlan::default().with_follow_ups(), false);
        for cell in [
            "follow_up_3",
            "Follow-up 3",
            "followup3",
            "3 months",
            "3 mdr",
            "follow_up_3m",
        ] {
            assert_eq!(
                key(&mut waves, cell).as_deref(),
                Some("follow_up_3"),
                "{cell}"
            );
        }
        for cell in ["Intake", "EXIT"] {
            assert_eq!(key(&mut waves, cell), Some(cell.to_lowercase()));
        }
        for cell in ["", "3", "follow_up", "follow_up_9", "efter", "-3 months"] {
            assert!(waves.find(cell).is_err(), "{cell}");
        }
    }

    #[test]
    fn what_the_plan_lacks_is_added_in_its_order_where_that_is_allowed() {
        let mut waves = Waves::new(CoursePlan::default(), true);
        for cell in ["follow_up_12", "follow_up_3", "follow_up_12"] {
            waves.find(cell).unwrap();
        }
        let keys: Vec<&str> = waves
            .plan()
            .occasions
            .iter()
            .map(|o| o.key.as_str())
            .collect();
        assert_eq!(keys, ["intake", "exit", "follow_up_3", "follow_up_12"]);
        assert!(waves.added && waves.plan().check().is_ok());
        assert!(waves.find("follow_up_0").is_err() && waves.find("follow_up_999").is_err());
    }

    #[test]
    fn one_that_comes_again_is_known_by_its_number_and_by_its_months() {
        let mut plan = CoursePlan::default();
        let mut later = PlannedOccasion::new(
            "later",
            OccasionKind::FollowUp,
            Anchor::EndConfirmed,
            Offset::months(3),
        );
        later.repeats = Some(Repeat {
            every: Offset::months(3),
            times: 2,
        });
        plan.occasions.push(later);
        let mut waves = Waves::new(plan, false);
        for (cell, repeat) in [
            ("later", 0),
            ("later 2", 1),
            ("follow_up_9", 2),
            ("6 months", 1),
        ] {
            assert_eq!(waves.find(cell).unwrap().repeat, repeat, "{cell}");
        }
    }
}
