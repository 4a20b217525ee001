//! Two who change the same thing: whoever changes something says what they saw, and the second is told what it is by now.

use bedring_contract::problem::Code;

use crate::error::ApiError;

/// Things are not any more what whoever changes them has seen: JSON pointers, and what they are now.
#[derive(Debug, Default, thiserror::Error)]
#[error("somebody changed it meanwhile")]
pub struct Changed(Vec<(&'static str, Option<String>)>);

impl Changed {
    /// One thing is something else than it was.
    #[must_use]
    pub fn one(pointer: &'static str, current: Option<String>) -> Self {
        Self(vec![(pointer, current)])
    }

    /// One more, if it is.
    pub fn look(&mut self, pointer: &'static str, same: bool, current: Option<String>) {
        if !same {
            self.0.push((pointer, current));
        }
    }

    /// Nothing was changed meanwhile, or else all that was.
    ///
    /// # Errors
    /// Itself.
    pub fn none(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<Changed> for ApiError {
    fn from(changed: Changed) -> Self {
        let error = Self::new(Code::ChangedMeanwhile).detail(
            "Somebody else changed it since you looked. Nothing was saved; `errors` has what it is now.",
        );
        let fields = changed.0.into_iter();
        fields.fold(error, |error, (pointer, current)| {
            error.changed(pointer, current)
        })
    }
}

/// Looks at one thing. Who did not say what they saw changes it whatever it is.
///
/// # Errors
/// [`Changed`] if it is something else by now.
pub fn check<T: PartialEq + ToString>(
    pointer: &'static str,
    seen: Option<&Option<T>>,
    current: Option<&T>,
) -> Result<(), Changed> {
    match seen {
        Some(seen) if seen.as_ref() != current => {
            Err(Changed::one(pointer, current.map(ToString::to_string)))
        }
        Some(_) | None => Ok(()),
    }
}
