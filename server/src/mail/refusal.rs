//! Whose fault a "no" is, by its enhanced status code (RFC 3463): the address's, or ours and the way's. One rule for what a mail server
//! answers and for what comes back later.

/// A status code: class, subject and detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status(u16, u16, u16);

impl Status {
    /// The first one in a text.
    pub(super) fn find(text: &str) -> Option<Self> {
        text.split(|c: char| !(c.is_ascii_digit() || c == '.'))
            .find_map(Self::parse)
    }

    /// `5.1.1`, and nothing else: an address of the internet has four numbers.
    fn parse(word: &str) -> Option<Self> {
        let mut numbers = word.trim_end_matches('.').split('.').map(str::parse);
        let mut next = || numbers.next()?.ok();
        let found = Self(next()?, next()?, next()?);
        let known = matches!(found.0, 2 | 4 | 5) && numbers.next().is_none();
        known.then_some(found)
    }

    /// It is for good.
    pub(super) const fn is_permanent(self) -> bool {
        self.0 == 5
    }

    /// It says nothing but "no".
    pub(super) const fn is_vague(self) -> bool {
        self.1 == 0
    }

    /// It is for good and about the address. 5.7.x is about who sends and what may be sent, 5.3.x and 5.4.x about servers and the way there,
    /// 5.1.7 and 5.1.8 about the sender's address.
    pub(super) const fn is_about_the_address(self) -> bool {
        self.is_permanent() && !matches!((self.1, self.2), (3 | 4 | 7, _) | (1, 7 | 8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_and_judged() {
        for (text, about) in [
            ("5.1.1", Some(true)),
            ("550 5.1.1 <a@b.example> no such user", Some(true)),
            ("550-5.1.1 The account", Some(true)),
            ("5.2.2 (mailbox full)", Some(true)),
            ("5.0.0", Some(true)),
            ("5.7.1 not from 192.0.2.1", Some(false)),
            ("5.4.14", Some(false)),
            ("5.1.8.", Some(false)),
            ("4.2.2", Some(false)),
            ("550 not from 192.0.2.1 at 5.1", None),
            ("5.1.99999", None),
            ("1.2.3", None),
            ("", None),
            ("\u{e6} 5\u{2e}x.1", None),
        ] {
            let found = Status::find(text).map(Status::is_about_the_address);
            assert_eq!(found, about, "{text}");
        }
    }
}
