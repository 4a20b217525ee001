//! When something was said, how sure that is, and which of two things was said first.
//!
//! A person's words come from several devices whose clocks may be wrong. A moment that is told of them is good enough to be shown; it is
//! not good enough to let a yes win over a stop. For that the order must be beyond doubt: see [`Word::surely_after`].

use chrono::{DateTime, FixedOffset, TimeDelta};
use uuid::Uuid;

/// What a network and a slow phone may take; a smaller difference says nothing of a clock.
const ON_THE_WAY: TimeDelta = TimeDelta::minutes(10);
/// What clocks that are called right may differ by.
const SLACK: TimeDelta = TimeDelta::seconds(60);
/// How far a clock may have been ahead when it recorded something, if nothing proves that it was not set right before it was sent.
const UNPROVEN: TimeDelta = TimeDelta::days(1);

/// When something was said, as far as can be known, from three clocks that may all be wrong but the last.
///
/// `recorded_at` and `sent_at` are the device's, `received_at` is the server's. A device whose clock is wrong when it sends was as wrong
/// when it recorded: the difference is made up for. Nothing is said after it was received, and what still claims to be older than Bedring was
/// said by a clock that knows nothing. So a no from a phone that believes it is 1970 is a no, and a yes from the year 9998 does not hold
/// for ever.
#[must_use]
pub fn said_at(
    recorded_at: DateTime<FixedOffset>,
    sent_at: DateTime<FixedOffset>,
    received_at: DateTime<FixedOffset>,
) -> DateTime<FixedOffset> {
    /// 2026-01-01 in UTC.
    const FIRST_RELEASE: i64 = 1_767_225_600;
    let behind = received_at.signed_duration_since(sent_at);
    let said = if behind.abs() > ON_THE_WAY {
        recorded_at.checked_add_signed(behind)
    } else {
        Some(recorded_at)
    };
    said.filter(|said| said.timestamp() >= FIRST_RELEASE && *said <= received_at + ON_THE_WAY)
        .unwrap_or(received_at)
}

/// The clocks that a word passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// The device that wrote it down.
    pub device: Uuid,
    /// Its clock when it wrote. Of one device a later word always has a later time: a phone whose clock fell back writes the first
    /// moment after what it knows to have been before.
    pub recorded: DateTime<FixedOffset>,
    /// Its clock when it sent.
    pub sent: DateTime<FixedOffset>,
    /// The server's clock when it came.
    pub received: DateTime<FixedOffset>,
}

impl Clocks {
    /// How far the device's clock was behind when it sent, or how long the delivery was on its way: nobody can tell these apart.
    fn behind(&self) -> TimeDelta {
        self.received.signed_duration_since(self.sent)
    }

    /// How long the word waited on the device, by its clock; less than nothing if the clock was behind what the device knew already, or
    /// was set back.
    fn waited(&self) -> TimeDelta {
        self.sent.signed_duration_since(self.recorded)
    }

    /// The moment, if the clock was as wrong when it recorded as when it sent; never after the word came.
    fn made_up_for(&self) -> DateTime<FixedOffset> {
        let made_up = self.recorded.checked_add_signed(self.behind());
        made_up.map_or(self.received, |at| at.min(self.received))
    }

    /// It cannot have been said before this; `None` if that cannot be known.
    fn earliest(&self) -> Option<DateTime<FixedOffset>> {
        let (waited, behind) = (self.waited(), self.behind());
        if waited < TimeDelta::zero() && behind > SLACK && self.recorded <= self.received {
            // The clock is slow, and the device went by what the server told it: that much is sure.
            return self.recorded.checked_sub_signed(SLACK);
        }
        if waited < -ON_THE_WAY {
            // The clock was ahead and has been set back: what it recorded is wrong, nobody knows by how much.
            return None;
        }
        let shift = if behind > ON_THE_WAY {
            behind - ON_THE_WAY
        } else {
            behind.min(TimeDelta::zero())
        };
        let unsure = if waited > ON_THE_WAY { UNPROVEN } else { SLACK };
        let at = self.recorded.checked_add_signed(shift)?;
        at.min(self.received).checked_sub_signed(unsure)
    }

    /// It cannot have been said after this. What waited may have been recorded before the clock was set right: it was said before it
    /// came, and no more is sure.
    fn latest(&self) -> DateTime<FixedOffset> {
        if self.waited().abs() > ON_THE_WAY {
            return self.received;
        }
        let latest = self.made_up_for().checked_add_signed(SLACK);
        latest.map_or(self.received, |at| at.min(self.received))
    }
}

/// Something that was said, as far as its place among other words depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The journal entry that said it: breaks ties.
    pub entry: Uuid,
    /// When it was said: see [`said_at`].
    pub at: DateTime<FixedOffset>,
    /// The clocks behind that moment; `None` where it is taken as it is told.
    pub clocks: Option<Clocks>,
}

impl Word {
    /// Whether this was said after another word, beyond doubt.
    ///
    /// Of one device the order in which it wrote is the order, unless its own clock contradicts that. Of two, everything that may have
    /// been the moment of this word must lie after everything that may have been the moment of the other.
    #[must_use]
    pub fn surely_after(&self, other: &Self) -> bool {
        match (&self.clocks, &other.clocks) {
            (None, None) => (self.at, self.entry) > (other.at, other.entry),
            (Some(one), Some(two)) if one.device == two.device => {
                let same_clock = (one.behind() - two.behind()).abs() <= SLACK;
                one.recorded > two.recorded && (same_clock || one.made_up_for() > two.made_up_for())
            }
            _ => self
                .earliest()
                .is_some_and(|earliest| earliest > other.latest()),
        }
    }

    fn earliest(&self) -> Option<DateTime<FixedOffset>> {
        self.clocks.map_or(Some(self.at), |c| c.earliest())
    }

    fn latest(&self) -> DateTime<FixedOffset> {
        self.clocks.map_or(self.at, |c| c.latest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_wrong_does_not_decide_what_was_said_last() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
        let said =
            |recorded, sent, received| said_at(at(recorded), at(sent), at(received)).to_rfc3339();
        // A good clock: a day without a network changes nothing.
        assert_eq!(
            said(
                "2026-11-23T10:00:00+01:00",
                "2026-11-24T09:00:00+01:00",
                "2026-11-24T08:00:03+00:00"
            ),
            "2026-11-23T10:00:00+01:00"
        );
        // Believes it is 1970, and sends an hour after it recorded.
        assert_eq!(
            said(
                "1970-01-01T00:03:00+00:00",
                "1970-01-01T01:03:00+00:00",
                "2026-11-24T08:00:00+00:00"
            ),
            "2026-11-24T07:00:00+00:00"
        );
        // Recorded in 1970, sent after the clock was set right: all that is known is when it came.
        assert_eq!(
            said(
                "1970-01-01T00:03:00+00:00",
                "2026-11-24T08:00:00+00:00",
                "2026-11-24T08:00:01+00:00"
            ),
            "2026-11-24T08:00:01+00:00"
        );
        // From the future, whoever sends it.
        for sent in [
            "9998-01-01T00:00:00+00:00",
            "2026-11-24T08:00:00+00:00",
            "1970-01-01T00:00:00+00:00",
        ] {
            assert_eq!(
                said(
                    "9998-01-01T00:00:00+00:00",
                    sent,
                    "2026-11-24T08:00:01+00:00"
                ),
                "2026-11-24T08:00:01+00:00"
            );
        }
    }

    /// Minutes: the device's clock when it recorded and when it sent, and the server's.
    fn told(device: u128, recorded: i64, sent: i64, received: i64) -> Word {
        let at = |minute: i64| {
            DateTime::from_timestamp(1_795_000_000 + minute * 60, 0)
                .unwrap()
                .fixed_offset()
        };
        let (recorded, sent, received) = (at(recorded), at(sent), at(received));
        Word {
            entry: Uuid::from_u128(device),
            at: said_at(recorded, sent, received),
            clocks: Some(Clocks {
                device: Uuid::from_u128(device),
                recorded,
                sent,
                received,
            }),
        }
    }

    const DAY: i64 = 24 * 60;

    #[test]
    fn of_one_device_the_order_in_which_it_wrote_is_the_order() {
        let (no, yes) = (told(1, -3, 1, 1), told(1, 0, 0, 0));
        assert!(yes.surely_after(&no) && !no.surely_after(&yes));
        // Without a network for a day, sent together or apart.
        let (no, yes) = (told(1, -DAY, 5, 5), told(1, 1 - DAY, 9, 9));
        assert!(yes.surely_after(&no) && !no.surely_after(&yes));
        // The clock fell back to 1970 in between: the phone writes the moment after the last.
        let (no, yes) = (told(1, 0, 1, 1), told(1, 1, -20_000 * DAY, 7));
        assert!(yes.surely_after(&no) && !no.surely_after(&yes));
        // A slow clock was set right in between.
        let (no, yes) = (told(1, -8, -7, 1), told(1, 4, 4, 4));
        assert!(yes.surely_after(&no));
    }

    #[test]
    fn a_no_from_a_slow_clock_is_not_before_an_earlier_yes() {
        for slow in 1..=10 {
            for device in [1, 2] {
                let yes = told(1, 0, 0, 0);
                // In truth two minutes later.
                let no = told(device, 2 - slow, 2 - slow, 2);
                assert!(!yes.surely_after(&no), "{slow} minutes, device {device}");
            }
        }
    }

    #[test]
    fn what_was_recorded_before_the_clock_was_set_right_was_said_before_it_came() {
        for slow in [11, 120, DAY, 200 * DAY] {
            let yes = told(1, 0, 0, 0);
            let no = told(2, 30 - slow, 40, 40);
            assert!(!yes.surely_after(&no), "{slow} minutes");
            assert!(told(1, 60, 60, 60).surely_after(&no), "a yes again");
        }
        for fast in [11, 120, DAY - 60, 200 * DAY] {
            let no = told(1, 0, 0, 0);
            let yes = told(2, fast - 30, 40, 40);
            assert!(!yes.surely_after(&no), "{fast} minutes");
        }
    }

    #[test]
    fn two_devices_whose_clocks_are_right_are_believed() {
        let (no, yes) = (told(1, -3, -3, -3), told(2, 0, 0, 0));
        assert!(yes.surely_after(&no) && !no.surely_after(&yes));
        // Within the slack nobody can tell.
        let (no, yes) = (told(1, -1, -1, -1), told(2, 0, 0, 0));
        assert!(!yes.surely_after(&no) && !no.surely_after(&yes));
        // Written without a network, days after the no had come.
        let (no, yes) = (told(1, 0, 0, 0), told(2, 3 * DAY, 4 * DAY, 4 * DAY));
        assert!(yes.surely_after(&no));
        // A phone that is two hours slow goes by what the server told it at minute 60.
        assert!(told(2, 60, 62 - 120, 62).surely_after(&told(1, 0, 0, 0)));
    }
}
