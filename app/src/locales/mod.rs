//! The languages of the app.

pub mod da;
pub mod en;
#[cfg(test)]
mod plain;

/// What is said about reminding somebody else instead.
pub struct InsteadTexts {
    /// The heading.
    pub title: &'static str,
    /// What that one gets, and what not; an empty line separates paragraphs.
    pub body: &'static str,
    /// The person gets the reminders.
    pub nobody: &'static str,
    /// Before who gets them.
    pub to: &'static str,
    /// Somebody is named and gets none.
    pub idle: &'static str,
    /// The button for the first.
    pub choose: &'static str,
    /// The button for another.
    pub change: &'static str,
    /// The button for nobody.
    pub remove: &'static str,
    /// The field for what they are called.
    pub name: &'static str,
    /// Who sees that.
    pub name_hint: &'static str,
    /// It is too long.
    pub name_wrong: &'static str,
    /// The field for the address.
    pub email: &'static str,
    /// What it is used for.
    pub email_hint: &'static str,
    /// The button that keeps it.
    pub save: &'static str,
}
