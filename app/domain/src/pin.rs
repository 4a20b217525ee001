//! The PIN with which a person vouches for another device of theirs.

/// Digits, at least: a server that stops after five wrong tries lets one guess in 200,000 through.
const SHORTEST: usize = 6;
/// Digits, at most.
const LONGEST: usize = 12;

/// Whether a PIN is long enough and not one that is guessed first: all the same digit, or digits in a row up or down.
#[must_use]
pub fn pin_allowed(pin: &str) -> bool {
    let digits = pin.as_bytes();
    if !(SHORTEST..=LONGEST).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let steps = |step: i8| {
        digits
            .windows(2)
            .all(|two| two[0].checked_add_signed(step) == Some(two[1]))
    };
    !(steps(0) || steps(1) || steps(-1))
}

#[cfg(test)]
mod tests {
    use super::pin_allowed;

    #[test]
    fn pins_that_are_guessed_first_are_refused() {
        for good in ["281946", "112233", "000001", "908172635401"] {
            assert!(pin_allowed(good), "{good}");
        }
        for bad in [
            "",
            "28194",
            "9081726354012",
            "12345a",
            "１２８４９１",
            "000000",
            "123456",
            "987654",
            "28 194",
        ] {
            assert!(!pin_allowed(bad), "{bad}");
        }
    }
}
