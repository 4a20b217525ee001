//! Bedring's tables, one frozen file per change. Imports no entity: a migration must mean the same for ever.
//!
//! Names: tables plural snake case. Columns that end in `_at` are moments (UTC), in `_on` days without a time; `device_…` are what a
//! device's clock said, kept as text with its offset, because they are evidence and never arithmetic.

use sea_orm_migration::prelude::*;

mod m20261121_000001_people;
mod m20261121_000002_journal;
mod m20261121_000003_staff;
mod m20261124_000004_followup;
mod m20261124_000005_followup_indexes;
mod m20261124_000006_calendar_feeds;
mod m20261125_000007_time_seen;
mod m20261125_000008_plan_holds;
mod m20261125_000009_person;
mod m20261125_000010_account_choices;
mod m20261125_000011_mail_rates;
mod m20261125_000012_waiting;
mod m20261125_000013_contact_said;
mod m20261125_000014_waits_in;
mod m20261126_000016_senders;
mod m20261126_000017_phone;
mod m20261126_000018_devices;
mod m20261126_000021_asked_again;
mod m20261126_000022_person_languages;
mod m20261126_000023_kept_answers;
mod m20261126_000024_corrections;
mod m20261126_000025_key_checks;
mod m20261126_000027_words;
mod m20261126_000029_writers;
mod m20261127_000030_erasure_requests;
mod m20261127_000031_set_aside;
mod m20261127_000032_stops_of_others;

/// Applies the migrations in order; see `sea_orm_migration::MigratorTrait`.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_people::Migration),
            Box::new(m20261121_000002_journal::Migration),
            Box::new(m20261121_000003_staff::Migration),
            Box::new(m20261124_000004_followup::Migration),
            Box::new(m20261124_000005_followup_indexes::Migration),
            Box::new(m20261124_000006_calendar_feeds::Migration),
            Box::new(m20261125_000007_time_seen::Migration),
            Box::new(m20261125_000008_plan_holds::Migration),
            Box::new(m20261125_000009_person::Migration),
            Box::new(m20261125_000010_account_choices::Migration),
            Box::new(m20261125_000011_mail_rates::Migration),
            Box::new(m20261125_000012_waiting::Migration),
            Box::new(m20261125_000013_contact_said::Migration),
            Box::new(m20261125_000014_waits_in::Migration),
            Box::new(m20261126_000016_senders::Migration),
            Box::new(m20261126_000017_phone::Migration),
            Box::new(m20261126_000018_devices::Migration),
            Box::new(m20261126_000021_asked_again::Migration),
            Box::new(m20261126_000022_person_languages::Migration),
            Box::new(m20261126_000023_kept_answers::Migration),
            Box::new(m20261126_000024_corrections::Migration),
            Box::new(m20261126_000025_key_checks::Migration),
            Box::new(m20261126_000027_words::Migration),
            Box::new(m20261126_000029_writers::Migration),
            Box::new(m20261127_000030_erasure_requests::Migration),
            Box::new(m20261127_000031_set_aside::Migration),
            Box::new(m20261127_000032_stops_of_others::Migration),
        ]
    }
}

/// Names of all migrations this program knows, in order: a database with any other is newer than the program.
#[must_use]
pub fn known() -> Vec<String> {
    Migrator::migrations()
        .iter()
        .map(|m| m.name().to_owned())
        .collect()
}
