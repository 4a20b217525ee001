//! Texts on the screen: one structure with a field for each text, one constant of it for each language.
//!
//! A text that a language lacks does not compile. Texts with numbers are functions, because word order and plural belong to the
//! language. Texts of letters, questionnaires and contacts are data and come from the server.

pub use crate::locales::{DeviceTexts, InsteadTexts, da::DA, en::EN};

type S = &'static str;

/// A language of the app itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// Danish, the language to start in.
    Da,
    /// English.
    En,
}

impl Lang {
    /// The code in `lang` attributes and in entries.
    #[must_use]
    pub const fn code(self) -> S {
        match self {
            Self::Da => "da",
            Self::En => "en",
        }
    }

    /// The language of that code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code.get(..2)? {
            "da" => Some(Self::Da),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Da => Self::En,
            Self::En => Self::Da,
        }
    }

    /// Its texts.
    #[must_use]
    pub const fn texts(self) -> &'static Texts {
        match self {
            Self::Da => &DA,
            Self::En => &EN,
        }
    }
}

/// What is asked about one purpose.
pub struct PurposeTexts {
    /// Its name in lists.
    pub name: S,
    /// The heading of its page.
    pub question: S,
    /// What it means; an empty line separates paragraphs.
    pub body: S,
    /// The button for yes.
    pub yes: S,
    /// The button for no.
    pub no: S,
}

/// What is said about one scope of a withdrawal.
pub struct ScopeTexts {
    /// Its name.
    pub name: S,
    /// What happens.
    pub body: S,
    /// The heading of the confirmation.
    pub confirm: S,
    /// The button that does it.
    pub button: S,
    /// What stands on the screen afterwards.
    pub done: S,
}

/// Every text of the citizen's app.
pub struct Texts {
    // Everywhere.
    pub lang: Lang,
    pub language_switch: S,
    pub skip_to_content: S,
    pub menu: S,
    pub back: S,
    pub next: S,
    pub go_on: S,
    pub yes: S,
    pub no: S,
    pub cancel: S,
    pub try_again: S,
    pub close: S,
    pub months: [S; 12],
    pub loading: S,

    // Menu.
    pub menu_mine: S,
    pub menu_contacts: S,
    pub menu_list: S,
    pub menu_one: S,
    pub menu_pause: S,
    pub menu_forget: S,
    pub forget_title: S,
    pub forget_body: S,
    pub forget_waiting: S,
    pub forget_yes: S,

    // Start page.
    pub start_title: S,
    pub start_body: S,
    pub code_label: S,
    pub code_hint: S,
    pub code_open: S,
    pub code_length: fn(usize) -> String,
    pub code_character: S,
    pub code_check: S,
    pub code_unknown: S,
    pub code_too_many: S,
    pub start_no_code: S,

    // What stands in the way of starting.
    pub offline_title: S,
    pub offline_body: S,
    pub not_ours_title: S,
    pub not_ours_body: S,
    pub damaged_title: S,
    pub damaged_body: S,
    pub damaged_go_on: S,
    pub link_title: S,
    pub link_body: S,
    pub erased_title: S,
    pub erased_body: S,
    pub server_title: S,
    pub server_body: S,
    pub other_code: S,

    // Storage.
    pub vanished: S,
    pub quota: S,
    pub blocked: S,
    pub key_lost: S,
    pub corrupt: S,
    pub unavailable: S,
    pub storage_title: S,
    pub other_ways: S,
    pub inside_title: S,
    pub inside_body: S,
    pub keep_body: S,
    pub keep_button: S,
    pub keep_yes: S,
    pub keep_no: S,
    pub save_again: S,
    pub start_over: S,
    pub start_over_explained: S,
    pub elsewhere_title: S,
    pub elsewhere_body: S,

    // Sync.
    /// With how long ago the oldest was saved. Not how many: choices and roles wait, too, and whoever gave 39 answers would read "7".
    pub waiting: fn(&str) -> String,
    pub send_now: S,
    pub sending: S,
    pub sync_offline: S,
    pub sync_not_ours: S,
    pub sync_too_large: S,
    pub sync_link: S,
    pub sync_erased: S,
    pub new_version: S,
    pub new_version_take: S,
    pub ago_now: S,
    pub ago_minutes: fn(i64) -> String,
    pub ago_hours: fn(i64) -> String,
    pub ago_days: fn(i64) -> String,

    // Home screen.
    pub install_title: S,
    pub install_body: S,
    pub install_steps: [S; 3],
    pub install_skip: S,
    pub home_screen_apart: S,
    pub browser_apart: S,

    // Letter, consent, role.
    pub letter_edition: S,
    pub letter_senders: S,
    pub letter_whole: S,
    pub evaluation: PurposeTexts,
    pub reminders: PurposeTexts,
    pub leader: PurposeTexts,
    pub research: PurposeTexts,
    pub consent_free: S,
    pub put_right: S,
    pub you_said: fn(&str) -> String,
    pub email_label: S,
    pub email_hint: S,
    pub email_wrong: S,
    pub email_save: S,
    pub role_title: S,
    pub role_hint: S,
    pub role_participant: S,
    pub role_volunteer: S,
    pub role_both: S,
    pub role_rather_not: S,
    pub declined_title: S,
    pub declined_body: S,
    pub declined_change: S,

    // Questions.
    pub welcome_back: S,
    pub first_saved: S,
    pub demonstration: S,
    pub demonstration_short: S,
    pub question_of: fn(usize, usize) -> String,
    pub steps_start: S,
    pub steps_stop: S,
    pub steps_by_itself: S,
    pub new_part: S,
    pub skip: S,
    pub not_relevant: S,
    pub skipped: S,
    pub pause: S,
    pub saved: S,
    pub read_aloud: S,
    pub pause_title: S,
    pub pause_body: S,
    pub pause_where: fn(usize, usize) -> String,
    pub pause_go_on: S,
    pub list_body: S,
    pub list_done: S,
    pub review_title: S,
    pub review_body: fn(usize) -> String,
    pub review_all: S,
    pub review_finish: S,
    pub not_answered: S,
    pub alone_title: S,
    pub alone_body: S,
    pub alone_question: S,
    pub alone_yes: S,
    pub alone_helped: S,
    pub helper_question: S,
    pub helper_family: S,
    pub helper_volunteer: S,
    pub helper_staff: S,
    pub private_question: S,
    pub private_yes: S,
    pub private_no: S,
    pub finish: S,
    pub finish_without: S,

    // The end.
    pub end_title: S,
    pub end_receipts: S,
    pub end_all_saved: S,
    pub end_all_received: S,
    pub end_thanks: S,
    pub end_saved: S,
    pub end_saved_body: S,
    pub end_received: S,
    pub end_receipt: S,
    pub end_receipt_hint: S,
    pub end_kept_apart: S,
    pub end_gone: S,
    pub end_grounding: S,
    pub end_next: S,
    pub end_next_steps: [S; 3],
    pub not_yet_title: S,
    pub not_yet_body: S,
    pub not_yet_from: fn(&str) -> String,
    pub needs_network_title: S,
    pub needs_network_body: S,

    // Contacts.
    pub contacts_title: S,
    pub contacts_lead: S,
    pub contacts_none: S,
    pub contacts_checked: fn(&str) -> String,

    // Mine.
    pub mine_title: S,
    pub mine_project: fn(&str) -> String,
    pub mine_code: fn(&str) -> String,
    pub mine_answers: S,
    pub mine_answers_none: S,
    pub moved_note: S,
    pub moved_parts: S,
    pub moved_of: fn(i64, i64) -> String,
    pub moved_now: S,
    pub moved_same: S,
    pub moved_less: S,
    pub moved_more: S,
    pub moved_title: S,
    pub mine_consents: S,
    pub mine_now: S,
    pub mine_never_asked: S,
    pub mine_change_yes: S,
    pub mine_change_no: S,
    pub mine_history: S,
    pub mine_who: S,
    pub mine_who_body: S,
    pub mine_leader_yes: S,
    pub mine_leader_no: S,
    pub mine_seen: S,
    pub mine_damaged: S,
    pub mine_seen_none: S,
    pub mine_offline: S,
    pub mine_contact: S,
    pub mine_contact_none: S,
    pub mine_phone: S,
    pub instead: InsteadTexts,
    pub device: DeviceTexts,
    pub mine_letter: S,
    pub seen_role: fn(&str) -> String,
    pub seen_what: fn(&str) -> String,
    pub on_paper: S,
    pub spoken: S,
    pub take_title: S,
    pub take_body: S,
    pub take_json: S,
    pub take_print: S,
    pub rescue_body: S,
    pub rescue_button: S,
    pub resend_body: S,
    pub resend_button: S,
    pub resend_done: S,
    pub intake: S,
    pub exit: S,
    pub follow_up: S,
    pub finished_on: fn(&str) -> String,

    // Withdrawing.
    pub withdraw_title: S,
    pub withdraw_body: S,
    pub stop_asking: ScopeTexts,
    pub stop_using: ScopeTexts,
    pub erase: ScopeTexts,
    pub withdrawn_title: S,
    pub withdrawn_change: S,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_by_their_first_letters() {
        assert_eq!(Lang::parse("da-DK"), Some(Lang::Da));
        assert_eq!(Lang::parse("en"), Some(Lang::En));
        assert_eq!(Lang::parse("d"), None);
        assert_eq!(Lang::parse("æø"), None);
    }
}
