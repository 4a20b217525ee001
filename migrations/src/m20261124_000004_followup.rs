//! What keeps people from being lost by silence: the plan's hold on occasions, who changed a state, reminders, and calls.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 7] = [
    "call_attempts",
    "call_tasks",
    "mails",
    "mail_choices",
    "course_facts",
    "occasion_changes",
    "followups",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in plan_tables()
            .into_iter()
            .chain(mail_tables())
            .chain(call_tables())
        {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("followups_person", "followups", "person_id"),
            (
                "occasion_changes_occasion",
                "occasion_changes",
                "occasion_id",
            ),
            ("mails_person", "mails", "person_id"),
            ("call_attempts_task", "call_attempts", "task_id"),
        ] {
            let mut index = Index::create();
            index.name(name).table(table).col(column);
            manager.create_index(index.to_owned()).await?;
        }
        // Only what still waits is in these, so that looking for it costs what waits and not what there is. The same words in both databases.
        for sql in [
            "CREATE INDEX followups_next_look ON followups (next_look_at) WHERE next_look_at IS NOT NULL",
            "CREATE INDEX mails_waiting ON mails (run_at) WHERE state IN ('waiting', 'sending')",
            "CREATE INDEX mails_recipient ON mails (recipient_hash, sent_at) WHERE sent_at IS NOT NULL",
            "CREATE INDEX call_tasks_open ON call_tasks (project_id, next_try_on) WHERE closed_at IS NULL",
        ] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

fn plan_tables() -> Vec<TableCreateStatement> {
    vec![
        // One for each occasion that the plan made: where it stands in the plan, and when somebody has to look at it next.
        Table::create()
            .table("followups")
            .col(pk_uuid("occasion_id"))
            .col(uuid("person_id"))
            .col(uuid("project_id"))
            .col(string("plan_key"))
            .col(integer("plan_repeat"))
            .col(date_null("overdue_from"))
            .col(date_null("closes_on"))
            .col(uuid_null("missed_by"))
            .col(timestamp_with_time_zone_null("missed_at"))
            .col(timestamp_with_time_zone_null("next_look_at"))
            .to_owned(),
        // Append only.
        Table::create()
            .table("occasion_changes")
            .col(pk_uuid("id"))
            .col(uuid("occasion_id"))
            .col(uuid("person_id"))
            .col(uuid("project_id"))
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("account_id"))
            .col(string("what"))
            .col(string_null("before"))
            .col(string_null("after"))
            .to_owned(),
        // What staff know of a course beside its start and its confirmed end.
        Table::create()
            .table("course_facts")
            .col(pk_uuid("person_id"))
            .col(date_null("end_planned_on"))
            .col(date_null("still_enrolled_on"))
            .col(boolean("end_cannot_be_told"))
            .col(uuid_null("set_by"))
            .col(timestamp_with_time_zone("set_at"))
            .to_owned(),
    ]
}

fn mail_tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("mail_choices")
            .col(pk_uuid("person_id"))
            .col(timestamp_with_time_zone_null("snoozed_until"))
            .col(timestamp_with_time_zone_null("stopped_at"))
            // Remind the contact instead of the person; the address is encrypted like the person's own.
            .col(boolean("to_contact"))
            .col(binary_null("contact_email_sealed"))
            .col(timestamp_with_time_zone_null("bounced_at"))
            .col(timestamp_with_time_zone_null("contact_bounced_at"))
            .to_owned(),
        // Mails to be sent and sent. No content and no address: both are made in the moment of sending.
        Table::create()
            .table("mails")
            .col(pk_uuid("id"))
            .col(uuid_null("occasion_id"))
            .col(uuid_null("person_id"))
            .col(uuid_null("account_id"))
            .col(string("channel"))
            .col(string("kind"))
            .col(integer("number"))
            .col(string("unique_key"))
            .col(string("state"))
            .col(string_null("reason"))
            .col(timestamp_with_time_zone("run_at"))
            .col(timestamp_with_time_zone_null("lease_until"))
            .col(integer("attempts"))
            .col(string("message_id"))
            .col(binary_null("recipient_hash"))
            .col(timestamp_with_time_zone_null("sent_at"))
            .col(timestamp_with_time_zone("created_at"))
            // Occasion (or account and week), channel, kind, number: written as one text, because a NULL in a key would let two through.
            .index(
                Index::create()
                    .name("mails_unique_key_uq")
                    .unique()
                    .col("unique_key"),
            )
            .to_owned(),
    ]
}

fn call_tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("call_tasks")
            .col(pk_uuid("id"))
            .col(uuid("occasion_id"))
            .col(uuid("person_id"))
            .col(uuid("project_id"))
            .col(uuid_null("owner_id"))
            .col(date("next_try_on"))
            .col(timestamp_with_time_zone("opened_at"))
            .col(timestamp_with_time_zone_null("closed_at"))
            .col(string_null("outcome"))
            .index(
                Index::create()
                    .name("call_tasks_occasion_uq")
                    .unique()
                    .col("occasion_id"),
            )
            .to_owned(),
        Table::create()
            .table("call_attempts")
            .col(pk_uuid("id"))
            .col(uuid("task_id"))
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("account_id"))
            .col(string("outcome"))
            .col(date_null("next_try_on"))
            .to_owned(),
    ]
}
