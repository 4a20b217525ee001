//! `bedring person …`: registering and inviting a person from the command line.

use bedring_contract::staff::WhyNotAsked;
use bedring_domain::code::display_short_code;
use bedring_domain::pseudonym::person_code;
use bedring_store::Db;
use bedring_store::entities::{person, programme, project};
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};

use super::open::open;
use super::{CliError, CliResult, block_on};
use crate::accounts::access::{InvitePerson, RegisterPerson, operator};
use crate::audit::{About, Deed, record};
use crate::calendar::day_of;
use crate::config::Config;
use crate::keys::ContactKeys;
use crate::people::asked::why_not;
use crate::ports::{Clock, OsRandom};
use crate::programme::invitation::{Invited, Maker, address, invite, qr, qr_text};
use crate::programme::register::{NewPerson, register};

#[derive(Debug, Subcommand)]
pub(super) enum PersonCommand {
    /// Print a person's link, QR code and short code; registers the person if needed
    Invite(InviteArgs),
}

#[derive(Debug, Args)]
pub(super) struct InviteArgs {
    /// Code of the project
    #[arg(long)]
    project: String,
    /// Code of the person [default: a new person with a code made here]
    #[arg(long)]
    code: Option<String>,
    /// Code of the programme, where several have such a project
    #[arg(long)]
    programme: Option<String>,
    /// The person said no or stop, and asked by themselves to see or erase what is held: a way in for that, and no question to them
    #[arg(long, requires = "code")]
    own_wish: bool,
    /// Let links from before go on; otherwise nobody new comes in by them
    #[arg(long)]
    keep_earlier: bool,
}

pub(super) fn run(config: &Config, command: &PersonCommand) -> CliResult {
    let PersonCommand::Invite(args) = command;
    block_on(async {
        let opened = open(config).await?;
        let (code, invited) =
            invite_person(&opened.db, args, &opened.keys.contact, opened.clock.now()).await?;
        println!("{code}");
        show(&config.server.base_url(), &invited)
    })
}

async fn invite_person(
    db: &Db,
    args: &InviteArgs,
    keys: &ContactKeys,
    now: DateTime<Utc>,
) -> Result<(String, Invited), CliError> {
    let code = match args.code.as_deref().map(|c| (c, person_code(c))) {
        Some((typed, Err(e))) => {
            return Err(CliError::new(format!("\"{typed}\" is no code: it {e}")));
        }
        Some((_, Ok(code))) => Some(code),
        None => None,
    };
    let tx = db.begin().await?;
    let project = find_project(&*tx, args).await?;
    let known = match &code {
        // Unscoped on purpose: whoever types this sits at the server itself.
        Some(code) => {
            person::Entity::find()
                .filter(person::Column::ProjectId.eq(project.id))
                .filter(person::Column::Code.eq(code))
                .one(&*tx)
                .await?
        }
        None => None,
    };
    let person = match known {
        Some(person) => person,
        None => {
            let new = NewPerson {
                code,
                respondent_type: None,
                start_on: day_of(now),
            };
            let person = register(&*tx, &OsRandom, project.id, new, now).await?;
            let about = About {
                person: Some(person.id),
                project: Some(project.id),
                subject: None,
            };
            record(
                &*tx,
                &OsRandom,
                &operator(RegisterPerson),
                Deed::Registered,
                about,
                now,
            )
            .await?;
            person
        }
    };
    refuse_where_unwilling(&person, args.own_wish)?;
    let by = Maker {
        keys,
        random: &OsRandom,
        account: None,
        now,
    };
    let invited = invite(&*tx, by, person.id, args.keep_earlier).await?;
    let about = About {
        person: Some(person.id),
        project: Some(project.id),
        subject: None,
    };
    record(
        &*tx,
        &OsRandom,
        &operator(InvitePerson),
        Deed::Invitation,
        about,
        now,
    )
    .await?;
    tx.commit().await?;
    Ok((person.code, invited))
}

/// Nobody is asked again who said no or withdrew. Their right to see and erase what is held stays, so a way in that they asked for
/// themselves is made here, by whoever sits at the server, and not from the screens of those who invite.
fn refuse_where_unwilling(person: &person::Model, own_wish: bool) -> Result<(), CliError> {
    let code = &person.code;
    match why_not(person) {
        None => Ok(()),
        Some(WhyNotAsked::Erased) => Err(CliError::new(format!(
            "{code} has erased everything: there is nothing left to see"
        ))),
        Some(WhyNotAsked::Discarded) => Err(CliError::new(format!(
            "{code} was discarded as registered by mistake: take that back on the person's page first"
        ))),
        Some(WhyNotAsked::SaidNo | WhyNotAsked::Withdrawn) if own_wish => Ok(()),
        Some(WhyNotAsked::SaidNo | WhyNotAsked::Withdrawn) => Err(CliError::new(format!(
            "{code} does not want to be asked: no new invitation was made. Has the person asked to see or erase what is held, use --own-wish"
        ))),
    }
}

async fn find_project<C: ConnectionTrait>(
    tx: &C,
    args: &InviteArgs,
) -> Result<project::Model, CliError> {
    let found = project::Entity::find()
        .filter(project::Column::Code.eq(&args.project))
        .all(tx)
        .await?;
    let mut fitting = Vec::new();
    for project in found {
        let programme = programme::Entity::find_by_id(project.programme_id)
            .one(tx)
            .await?;
        let code = programme.map(|p| p.code).unwrap_or_default();
        if args.programme.as_ref().is_none_or(|wanted| *wanted == code) {
            fitting.push((code, project));
        }
    }
    match fitting.len() {
        0 => Err(CliError::new(format!(
            "there is no project {}",
            args.project
        ))),
        1 => Ok(fitting.remove(0).1),
        _ => {
            let codes: Vec<&str> = fitting.iter().map(|(code, _)| code.as_str()).collect();
            Err(CliError::new(format!(
                "several programmes have a project {}: say which with --programme ({})",
                args.project,
                codes.join(", ")
            )))
        }
    }
}

/// Link, QR code and short code on the terminal. Shown once: the server keeps hashes only.
pub(super) fn show(base_url: &str, invited: &Invited) -> CliResult {
    let link = address(base_url, &invited.link.secret);
    println!("{}", qr_text(&qr(&link)?));
    println!("Link: {link}");
    let code = display_short_code(&invited.short_code);
    let until = day_of(invited.short_code_expires_at);
    println!("Kode / code: {code} ({base_url}, {until})");
    Ok(())
}
