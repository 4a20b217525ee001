//! What is typed into a field while what it shows is loaded again: it stays. Such a field belongs to its screen and not to the part of it
//! that is drawn anew.

use leptos::prelude::*;

use super::state::{Load, Remote};
use crate::api::ApiFailure;

/// A field that shows something of the server's; cheap to copy.
#[derive(Clone, Copy)]
pub struct Kept {
    /// As typed.
    pub value: RwSignal<String>,
    /// What is wrong with it.
    pub error: RwSignal<Option<String>>,
    /// Why it could not be saved.
    pub failure: RwSignal<Option<ApiFailure>>,
    /// It is being saved.
    pub busy: RwSignal<bool>,
    stored: StoredValue<String>,
}

impl Kept {
    /// Shows what `read` finds in what is loaded, as often as it is loaded.
    pub fn new<T: Send + Sync + 'static>(
        remote: Remote<T>,
        read: impl Fn(&T) -> Option<String> + 'static,
    ) -> Self {
        let kept = Self {
            value: RwSignal::new(String::new()),
            error: RwSignal::new(None),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
            stored: StoredValue::new(String::new()),
        };
        Effect::new(move |_| {
            let found = remote.state.with(|state| match state {
                Load::Ready(loaded) => read(loaded),
                Load::Waiting | Load::Failed(_) => None,
            });
            let Some(found) = found else { return };
            let shown = kept.value.get_untracked();
            if let Some(text) = taken(&shown, &kept.stored.get_value(), &found) {
                kept.value.set(text.to_owned());
            }
            kept.stored.set_value(found);
        });
        kept
    }
}

impl Kept {
    /// What was shown last, before anybody typed.
    #[must_use]
    pub fn seen(self) -> String {
        self.stored.get_value()
    }
}

/// What a field is to show now that this was found; `None` leaves it alone, because it shows that or because somebody has typed in it.
fn taken<'a>(shown: &str, stored: &str, found: &'a str) -> Option<&'a str> {
    (shown == stored && shown != found).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_typed_is_replaced() {
        assert_eq!(taken("", "", "2026-03-02"), Some("2026-03-02"));
        assert_eq!(taken("2026-03-02", "2026-03-02", ""), Some(""));
        // Saved just now, and typed over while it was loaded again.
        assert_eq!(taken("2026-03-02", "", "2026-03-02"), None);
        assert_eq!(taken("2026-03-03", "", "2026-03-02"), None);
        assert_eq!(taken("x", "x", "x"), None);
    }
}
