//! The address after `#`: which screen is shown. Pure; the browser's part is in `mod.rs`.
//!
//! Addresses live in the fragment so that the page stays one static file and the server needs no rule for them.

use bedring_contract::quarantine::Whose;
use uuid::Uuid;

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Programmes with their projects.
    Programmes,
    /// The people of a project.
    Project(Uuid),
    /// The form for a new person in a project.
    NewPerson(Uuid),
    /// One person.
    Person(Uuid),
    /// Link, code and card for one person.
    Invitation(Uuid),
    /// How a programme measures.
    Plan(Uuid),
    /// The address of one's own calendar.
    Calendar,
    /// What somebody has to do.
    Worklist,
    /// Of whom something is kept apart.
    Quarantine,
    /// What is kept apart of one person, or of all whom nobody knows.
    QuarantineOf(Whose),
    /// What became of a receipt.
    Receipt,
    /// How sending and jobs go.
    Operations,
    /// An address that leads nowhere.
    Unknown,
}

impl Route {
    /// The screen of an address such as `#/person/…`.
    #[must_use]
    pub fn parse(hash: &str) -> Self {
        let path = hash.trim_start_matches('#').trim_matches('/');
        let parts: Vec<&str> = path.split('/').collect();
        let id = |text: &str| Uuid::parse_str(text).ok();
        match parts.as_slice() {
            [""] => Some(Self::Programmes),
            ["project", p] => id(p).map(Self::Project),
            ["project", p, "new"] => id(p).map(Self::NewPerson),
            ["person", p] => id(p).map(Self::Person),
            ["person", p, "invitation"] => id(p).map(Self::Invitation),
            ["programme", p, "plan"] => id(p).map(Self::Plan),
            ["calendar"] => Some(Self::Calendar),
            ["worklist"] => Some(Self::Worklist),
            ["quarantine"] => Some(Self::Quarantine),
            ["quarantine", whose] => Whose::try_from((*whose).to_owned())
                .ok()
                .map(Self::QuarantineOf),
            ["receipt"] => Some(Self::Receipt),
            ["operations"] => Some(Self::Operations),
            _ => None,
        }
        .unwrap_or(Self::Unknown)
    }

    /// The address of the screen.
    #[must_use]
    pub fn href(self) -> String {
        match self {
            Self::Programmes | Self::Unknown => "#/".to_owned(),
            Self::Project(id) => format!("#/project/{id}"),
            Self::NewPerson(id) => format!("#/project/{id}/new"),
            Self::Person(id) => format!("#/person/{id}"),
            Self::Invitation(id) => format!("#/person/{id}/invitation"),
            Self::Plan(id) => format!("#/programme/{id}/plan"),
            Self::Calendar => "#/calendar".to_owned(),
            Self::Worklist => "#/worklist".to_owned(),
            Self::Quarantine => "#/quarantine".to_owned(),
            Self::QuarantineOf(whose) => format!("#/quarantine/{whose}"),
            Self::Receipt => "#/receipt".to_owned(),
            Self::Operations => "#/operations".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_leads_back_to_its_screen() {
        let id = Uuid::from_u128(0x1234);
        for route in [
            Route::Programmes,
            Route::Project(id),
            Route::NewPerson(id),
            Route::Person(id),
            Route::Invitation(id),
            Route::Plan(id),
            Route::Calendar,
            Route::Worklist,
            Route::Quarantine,
            Route::QuarantineOf(Whose::Unknown),
            Route::QuarantineOf(Whose::Person(id)),
            Route::Receipt,
            Route::Operations,
        ] {
            assert_eq!(Route::parse(&route.href()), route);
        }
    }

    #[test]
    fn a_bare_page_is_the_overview_and_nonsense_is_told() {
        assert_eq!(Route::parse(""), Route::Programmes);
        assert_eq!(Route::parse("#"), Route::Programmes);
        assert_eq!(Route::parse("#/"), Route::Programmes);
        for hash in [
            "#/person",
            "#/person/7",
            "#/project/x/new",
            "#/elsewhere",
            "#/quarantine/x",
            "#//x",
        ] {
            assert_eq!(Route::parse(hash), Route::Unknown, "{hash}");
        }
    }
}
