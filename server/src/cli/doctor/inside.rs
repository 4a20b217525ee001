//! What stands in the database, as far as it is wrong: damage of the file, rows that cannot be read, accounts of the demonstration.

use bedring_store::entities::{
    call_task, consent, contact, erasure_request, followup, mail_choice, occasion, person, response,
};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::EntityTrait;
use bedring_store::{Db, StoreError, convert};

use super::Finding::{self, Fine, Note, Wrong};
use crate::config::Config;
use crate::ports::OsRandom;
use crate::programme::demo;
use crate::{database, keys};

/// What is wrong with reaching the database is said elsewhere.
pub(super) async fn findings(config: &Config) -> Vec<Finding> {
    if config.sqlite_file().is_some_and(|f| !f.exists()) {
        return Vec::new();
    }
    let Ok(db) = database::connect(config).await else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    if let Some(file) = config.sqlite_file() {
        findings.extend(match db.look_for_damage().await {
            Ok(()) => Some(Fine("the database file is whole".to_owned())),
            Err(StoreError::Damaged) => Some(Wrong(format!(
                "{} is damaged: stop the server, keep a copy of the file, and put back the last backup",
                file.display()
            ))),
            Err(StoreError::Busy) => None,
            Err(error) => Some(Wrong(format!(
                "{} could not be looked through: {error}",
                file.display()
            ))),
        });
    }
    findings.extend(unreadable(config, &db).await);
    if let Ok(accounts) = demo::accounts_left(db.read()).await
        && !accounts.is_empty()
    {
        let names = accounts.join(", ");
        findings.push(if config.server.is_local() {
            Note(format!("accounts of the demonstration can log in: {names}"))
        } else {
            Wrong(format!(
                "accounts of the demonstration can log in: disable them (bedring account disable EMAIL): {names}"
            ))
        });
    }
    findings
}

/// Rows that pages show as damaged, counted by table. Keys that are missing, and a database that is behind, are told elsewhere.
async fn unreadable(config: &Config, db: &Db) -> Option<Finding> {
    let ring = keys::open(config, &OsRandom).ok()?;
    keys::checks::compare(db.read(), config, &ring).await.ok()?;
    let damage = damaged_rows(db, &ring.contact).await.ok()?;
    if damage.count() == 0 {
        return Some(Fine("every row about people can be read".to_owned()));
    }
    let tables: Vec<String> = damage
        .tables()
        .iter()
        .map(|(table, rows)| format!("{table}: {rows}"))
        .collect();
    Some(Wrong(format!(
        "rows that cannot be read ({}): people see them as damaged; compare them with the last backup",
        tables.join(", ")
    )))
}

async fn damaged_rows(db: &Db, keys: &keys::ContactKeys) -> Result<Damage, StoreError> {
    let (db, mut damage) = (db.read(), Damage::default());
    let people = person::Entity::find().readable(db, "persons", &mut damage, |p| p.id);
    for row in people.await? {
        convert::notice(&row, &mut damage);
    }
    let contacts = contact::Entity::find().readable(db, "contacts", &mut damage, |c| c.person_id);
    for row in contacts.await? {
        for sealed in [&row.name_sealed, &row.email_sealed, &row.phone_sealed] {
            damage.settle(row.person_id, keys.text(sealed.as_deref()))?;
        }
    }
    let choices = mail_choice::Entity::find();
    let choices = choices.readable(db, "mail_choices", &mut damage, |c| c.person_id);
    for row in choices.await? {
        for sealed in [&row.contact_name_sealed, &row.contact_email_sealed] {
            damage.settle(row.person_id, keys.text(sealed.as_deref()))?;
        }
    }
    let requests = erasure_request::Entity::find();
    let requests = requests.readable(db, "erasure_requests", &mut damage, |r| r.person_id);
    for row in requests.await? {
        damage.settle(row.person_id, keys.text(row.note_sealed.as_deref()))?;
    }
    let occasions = occasion::Entity::find();
    let occasions = occasions.readable(db, "occasions", &mut damage, |o| o.person_id);
    for row in occasions.await? {
        damage.settle(row.person_id, convert::kind_of(&row))?;
    }
    let consents = consent::Entity::find();
    let consents = consents.readable(db, "consents", &mut damage, |c| c.person_id);
    for row in consents.await? {
        damage.settle(row.person_id, convert::ledger_event(&row))?;
    }
    let responses = response::Entity::find();
    let responses = responses.readable(db, "responses", &mut damage, |r| r.person_id);
    for row in responses.await? {
        let answers: Result<bedring_domain::journal::Answers, _> =
            bedring_store::plan::from_json("responses", &row.answers);
        damage.settle(row.person_id, answers)?;
    }
    let followups = followup::Entity::find();
    followups
        .readable(db, "followups", &mut damage, |f| f.person_id)
        .await?;
    let calls = call_task::Entity::find();
    calls
        .readable(db, "call_tasks", &mut damage, |c| c.person_id)
        .await?;
    Ok(damage)
}
