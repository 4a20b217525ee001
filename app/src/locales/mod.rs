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

/// What is said about the person's phones and links.
pub struct DeviceTexts {
    /// The heading of the list, and the row that leads to it.
    pub title: &'static str,
    /// What it is for.
    pub body: &'static str,
    /// The part with phones and computers.
    pub devices: &'static str,
    /// The part with links.
    pub ways: &'static str,
    /// The one that the person holds.
    pub this: &'static str,
    /// One that may read back.
    pub reads: &'static str,
    /// One that only answers.
    pub writes: &'static str,
    /// When it came.
    pub came: fn(&str) -> String,
    /// What kind of way in it is.
    pub kind: fn(&str) -> &'static str,
    /// When it was made.
    pub made: fn(&str) -> String,
    /// It was opened.
    pub used: &'static str,
    /// It was not.
    pub unused: &'static str,
    /// Ends one.
    pub end: &'static str,
    /// Ends all links but the one in use.
    pub end_others: &'static str,
    /// Leads to the code for another phone.
    pub another: &'static str,
    /// How it is used.
    pub another_body: &'static str,
    /// The picture, for those who do not see it.
    pub another_alt: &'static str,
    /// The same as an address.
    pub another_link: &'static str,
    /// Leads to the PIN, where there is none.
    pub pin_choose: &'static str,
    /// Leads to the PIN, where there is one.
    pub pin_change: &'static str,
    /// What it is for.
    pub pin_body: &'static str,
    /// The field.
    pub pin_label: &'static str,
    /// How to write it.
    pub pin_hint: &'static str,
    /// The button.
    pub pin_save: &'static str,
    /// It would be guessed.
    pub pin_weak: &'static str,
    /// It is kept.
    pub pin_saved: &'static str,
    /// The heading where earlier answers are locked.
    pub locked: &'static str,
    /// What can be done here all the same.
    pub locked_body: &'static str,
    /// Leads to the ways of unlocking, and is the button that does it.
    pub unlock: &'static str,
    /// By the PIN.
    pub unlock_pin: &'static str,
    /// Not that one.
    pub pin_wrong: &'static str,
    /// Too many tries.
    pub pin_blocked: &'static str,
    /// By the other phone; its heading.
    pub unlock_phone: &'static str,
    /// How.
    pub unlock_phone_body: &'static str,
    /// Neither; its heading.
    pub unlock_neither: &'static str,
    /// What then.
    pub unlock_neither_body: &'static str,
    /// An erasure waits, until a day.
    pub erasing: fn(&str) -> String,
    /// Who asked for it, and what to do.
    pub erasing_body: &'static str,
    /// What to do on a phone that cannot take it back.
    pub erasing_elsewhere: &'static str,
    /// Takes it back.
    pub take_back: &'static str,
    /// Said before a phone asks that is not known.
    pub erase_waits: &'static str,
}
