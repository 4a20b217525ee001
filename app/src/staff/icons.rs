//! Small drawings that stand beside words, never instead of them. Lines of the colour of the words, on a field of 24 by 24.

use leptos::prelude::*;

/// Four fields: all that there is.
pub const OVERVIEW: &str = "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z";
/// Lines with ticks.
pub const WORKLIST: &str = "M3 6l2 2 3-4M3 13l2 2 3-4M3 20h4M12 6h9M12 13h9M12 20h9";
/// A leaf of a calendar.
pub const CALENDAR: &str = "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4";
/// A tray in which something lies.
pub const QUARANTINE: &str = "M3 13l3-9h12l3 9v7H3zM3 13h5l2 3h4l2-3h5";
/// A magnifying glass.
pub const FIND: &str = "M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l6 6";
/// A pulse.
pub const OPERATIONS: &str = "M2 12h5l3-7 4 14 3-7h5";
/// Three lines.
pub const MENU: &str = "M3 6h18M3 12h18M3 18h18";

/// The drawing; whoever hears the page hears nothing of it.
pub fn icon(path: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=path></path></svg>
    }
}
