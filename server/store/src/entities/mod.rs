//! The tables as sea-orm entities. They never leave this crate and the capability that asked for them.

pub mod access_secret;
pub mod account;
pub mod account_choice;
pub mod account_project;
pub mod audit;
pub mod calendar_feed;
pub mod call_attempt;
pub mod call_task;
pub mod consent;
pub mod contact;
pub mod course_facts;
pub mod followup;
pub mod instrument_edition;
pub mod job;
pub mod journal_conflict;
pub mod journal_entry;
<<<<<<< HEAD
pub mod kept_answer;
=======
pub mod key_check;
>>>>>>> b13ed52 (keys: find keys that are not those of the database at start)
pub mod letter;
pub mod letter_read;
pub mod mail;
pub mod mail_choice;
pub mod mail_rate;
pub mod occasion;
pub mod occasion_change;
pub mod person;
pub mod person_change;
pub mod plan_hold;
pub mod plan_revision;
pub mod programme;
pub mod project;
pub mod refusal_tally;
pub mod reminder_pause;
pub mod response;
pub mod score;
pub mod session;
pub mod stated_type;
pub mod time_seen;
