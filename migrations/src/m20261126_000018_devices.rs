//! Devices of people, their PIN, and erasures that wait. A way in gets who made it and when it was ended.
//!
//! The number of wrong PINs stands beside the PIN, because it counts for the person and not for the device that tries.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const WAYS: [&str; 3] = ["made_by", "ended_at", "vouches_until"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            uuid_null(WAYS[0]),
            timestamp_with_time_zone_null(WAYS[1]),
            timestamp_with_time_zone_null(WAYS[2]),
        ];
        for column in columns {
            // SQLite adds one column at a time.
            let mut table = Table::alter();
            table.table("access_secrets").add_column(column);
            manager.alter_table(table.to_owned()).await?;
        }
        for table in [devices(), pins(), erasures()] {
            manager.create_table(table).await?;
        }
        let by_person = Index::create()
            .name("devices_person")
            .table("devices")
            .col("person_id")
            .to_owned();
        manager.create_index(by_person).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["erasures_waiting", "person_pins", "devices"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        for column in WAYS {
            let mut table = Table::alter();
            table.table("access_secrets").drop_column(column);
            manager.alter_table(table.to_owned()).await?;
        }
        Ok(())
    }
}

fn devices() -> TableCreateStatement {
    Table::create()
        .table("devices")
        .col(pk_uuid("id"))
        .col(uuid("person_id"))
        .col(binary_len("public_key", 32))
        // Only hashes, as of ways in. Two, because the answer that brought the newer token may have been lost.
        .col(binary_len("token_hash", 32))
        .col(binary_len_null("older_token_hash", 32))
        .col(binary_len("came_by", 32))
        .col(timestamp_with_time_zone_null("known_at"))
        .col(timestamp_with_time_zone_null("read_at"))
        .col(timestamp_with_time_zone("registered_at"))
        .col(timestamp_with_time_zone("seen_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .foreign_key(&mut to_person("devices_person_fk", "devices"))
        .to_owned()
}

fn pins() -> TableCreateStatement {
    Table::create()
        .table("person_pins")
        .col(pk_uuid("person_id"))
        .col(string("pin_hash"))
        .col(integer("wrong"))
        .col(timestamp_with_time_zone("set_at"))
        .foreign_key(&mut to_person("person_pins_person_fk", "person_pins"))
        .to_owned()
}

fn erasures() -> TableCreateStatement {
    Table::create()
        .table("erasures_waiting")
        .col(pk_uuid("person_id"))
        .col(uuid("entry_id"))
        .col(timestamp_with_time_zone("asked_at"))
        .col(timestamp_with_time_zone("due_at"))
        .foreign_key(&mut to_person(
            "erasures_waiting_person_fk",
            "erasures_waiting",
        ))
        .to_owned()
}

fn to_person(name: &str, from: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(name)
        .from(from, "person_id")
        .to("persons", "id")
        .to_owned()
}
