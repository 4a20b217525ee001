//! `bedring serve --demo`: a programme to try things out with, a second one full of invented data, and a person who has not answered yet.
//! Only on a database that holds nothing else.

use bedring_contract::staff::Role;
use bedring_store::convert::standing;
use bedring_store::entities::{account, contact, occasion, person, programme, project};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use bedring_store::{Db, StoreError};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::create::{self, CreateError};
use super::import::{self, Folder, ImportError, Target};
use super::invitation::{Invited, invite};
use super::register::{NewPerson, register};
use crate::accounts::passwords::{PasswordError, Passwords};
use crate::accounts::register::{NewAccount, RegisterError};
use crate::calendar::day_of;
use crate::keys::ContactKeys;
use crate::ports::Random;

/// By this id the demonstration knows its own programme again.
const PROGRAMME: Uuid = Uuid::from_u128(0x4265_6472_696e_8000_8000_0064_656d_6f31);
const PROGRAMME_FILE: &str = include_str!("../../demo/programme.toml");
/// The programme full of invented data.
const DATA: &str = "programme-15m";

/// Who can log in, and to which projects.
const ACCOUNTS: [(&str, Role, &[&str]); 4] = [
    ("administrator@example.org", Role::Administrator, &[]),
    ("evaluator@example.org", Role::Evaluator, &[]),
    (
        "leader@example.org",
        Role::ProjectLeader,
        &[
            "demo/HAVN",
            "demo/STI",
            "programme-15m/A",
            "programme-15m/B",
        ],
    ),
    ("helper@example.org", Role::Helper, &["demo/HAVN"]),
];

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Somebody's data.
    #[error("--demo is for an empty database: this one holds a programme or accounts of its own")]
    NotEmpty,
    /// Our own file.
    #[error("the demonstration cannot be made: {0}")]
    Programme(#[from] CreateError),
    /// Our own data.
    #[error("the demonstration cannot be made: {0}")]
    Import(#[from] ImportError),
    /// An account.
    #[error("the demonstration cannot be made: {0}")]
    Account(#[from] RegisterError),
    /// A password.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An account that was just made. The password is never shown again.
pub struct DemoAccount {
    /// Its address.
    pub email: &'static str,
    /// What it may do.
    pub role: Role,
    /// To log in with.
    pub password: SecretString,
}

/// What there is to try.
pub struct Demo {
    /// The accounts, if they were made just now.
    pub accounts: Vec<DemoAccount>,
    /// The code of somebody who has not answered yet.
    pub person: String,
    /// Their new invitation.
    pub invited: Invited,
}

/// Makes what is missing of the demonstration, and a new invitation.
///
/// # Errors
/// [`DemoError`].
pub async fn prepare(
    db: &Db,
    keys: &ContactKeys,
    passwords: &Passwords,
    random: &dyn Random,
    password: Option<SecretString>,
    now: DateTime<Utc>,
) -> Result<Demo, DemoError> {
    let accounts = if is_made(db.read()).await? {
        Vec::new()
    } else {
        make(db, keys, passwords, random, password, now).await?
    };
    let tx = db.begin().await?;
    let person = match unanswered(&*tx).await? {
        Some(person) => person,
        None => newcomer(&*tx, random, now).await?,
    };
    let invited = invite(&*tx, random, person.id, now).await?;
    tx.commit().await?;
    Ok(Demo {
        accounts,
        person: person.code,
        invited,
    })
}

/// Whether the demonstration is here.
async fn is_made<C: ConnectionTrait>(db: &C) -> Result<bool, DemoError> {
    let programmes = programme::Entity::find()
        .all(db)
        .await
        .map_err(StoreError::from)?;
    let ours = [PROGRAMME, import::programme_id(DATA)];
    if programmes.iter().any(|p| !ours.contains(&p.id)) {
        return Err(DemoError::NotEmpty);
    }
    if programmes.iter().any(|p| p.id == PROGRAMME) {
        return Ok(true);
    }
    match account::Entity::find()
        .count(db)
        .await
        .map_err(StoreError::from)?
    {
        0 => Ok(false),
        _ => Err(DemoError::NotEmpty),
    }
}

/// The data first: it may come in twice. Programme and accounts together, because by the programme one knows that all is there.
async fn make(
    db: &Db,
    keys: &ContactKeys,
    passwords: &Passwords,
    random: &dyn Random,
    given: Option<SecretString>,
    now: DateTime<Utc>,
) -> Result<Vec<DemoAccount>, DemoError> {
    let target = Target {
        code: DATA.to_owned(),
        name: "15 mio. (opdigtede data)".to_owned(),
        language: "da".to_owned(),
        editions: Vec::new(),
    };
    import::import(db, &target, &data(), now).await?;
    let mut accounts = Vec::with_capacity(ACCOUNTS.len());
    let mut rows = Vec::with_capacity(ACCOUNTS.len());
    for (email, role, projects) in ACCOUNTS {
        let password = given.clone().unwrap_or_else(|| random_password(random));
        rows.push(NewAccount {
            email: email.to_owned(),
            role,
            projects: projects.iter().map(|p| (*p).to_owned()).collect(),
            password_hash: passwords.hash(random, password.clone()).await?,
        });
        accounts.push(DemoAccount {
            email,
            role,
            password,
        });
    }
    let mut file = create::read(PROGRAMME_FILE)?;
    // A day years ago would look neglected beside numbers for people in need; the demonstration shows a programme that is looked after.
    file.contacts_checked = Some(day_of(now));
    let tx = db.begin().await?;
    create::create(&*tx, random, PROGRAMME, &file, now).await?;
    give_numbers(&*tx, keys, random).await?;
    for row in rows {
        crate::accounts::register::create(&*tx, random, row, now).await?;
    }
    tx.commit().await?;
    Ok(accounts)
}

/// Every third of the invented people gets a telephone number, so that a call can be tried out. The numbers cannot be anybody's: no Danish
/// number begins with 0, and from a telephone 00 begins a call abroad, where no country code begins with 0 either.
async fn give_numbers<C: ConnectionTrait>(
    tx: &C,
    keys: &ContactKeys,
    random: &dyn Random,
) -> Result<(), StoreError> {
    let projects = project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .filter(project::Column::ProgrammeId.eq(import::programme_id(DATA)))
        .into_query();
    let people = person::Entity::find()
        .filter(person::Column::ProjectId.in_subquery(projects))
        .order_by_asc(person::Column::Code)
        .all(tx)
        .await?;
    let asked = people.iter().filter(|p| standing(p).may_ask()).step_by(3);
    let rows = asked.enumerate().map(|(at, person)| {
        let number = format!("00 00 {:02} {:02}", (at + 1) / 100, (at + 1) % 100);
        contact::ActiveModel {
            person_id: Set(person.id),
            name_sealed: Set(None),
            email_sealed: Set(None),
            email_said_at: Set(None),
            email_entry_id: Set(None),
            phone_sealed: Set(Some(keys.encrypt(random, number.as_bytes()))),
            written_at: Set(None),
        }
    });
    contact::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

fn data() -> Folder {
    Folder {
        projects: include_bytes!("../../demo/programme-15m/projects.csv").to_vec(),
        persons: include_bytes!("../../demo/programme-15m/persons.csv").to_vec(),
        responses: include_bytes!("../../demo/programme-15m/responses.csv").to_vec(),
        refusals: include_bytes!("../../demo/programme-15m/refusals.csv").to_vec(),
    }
}

/// 80 bits in four groups, without characters that look alike.
fn random_password(random: &dyn Random) -> SecretString {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnopqrstuvwxyz2345678";
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    let mut text = String::with_capacity(19);
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    text.into()
}

/// The demonstration's people whose intake is still to be answered, the first by code.
async fn unanswered<C: ConnectionTrait>(tx: &C) -> Result<Option<person::Model>, StoreError> {
    for project in projects(tx).await? {
        let people = person::Entity::find()
            .filter(person::Column::ProjectId.eq(project.id))
            .filter(person::Column::ErasedAt.is_null())
            .order_by_asc(person::Column::Code)
            .all(tx)
            .await?;
        for person in people.into_iter().filter(|p| standing(p).may_ask()) {
            let open = occasion::Entity::find()
                .filter(occasion::Column::PersonId.eq(person.id))
                .filter(occasion::Column::Kind.eq("intake"))
                .filter(occasion::Column::CompletedAt.is_null())
                .count(tx)
                .await?;
            if open > 0 {
                return Ok(Some(person));
            }
        }
    }
    Ok(None)
}

async fn projects<C: ConnectionTrait>(tx: &C) -> Result<Vec<project::Model>, StoreError> {
    let projects = project::Entity::find().filter(project::Column::ProgrammeId.eq(PROGRAMME));
    Ok(projects.order_by_asc(project::Column::Code).all(tx).await?)
}

async fn newcomer<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    now: DateTime<Utc>,
) -> Result<person::Model, StoreError> {
    let project = projects(tx)
        .await?
        .into_iter()
        .next()
        .ok_or(StoreError::NotFound)?;
    let new = NewPerson {
        code: None,
        respondent_type: None,
        start_on: day_of(now),
    };
    register(tx, random, project.id, new, now).await
}

impl DemoAccount {
    /// For printing it once.
    #[must_use]
    pub fn password(&self) -> &str {
        self.password.expose_secret()
    }
}
