//! The pages behind the link in a mail: plain HTML that needs neither script, login nor the app.

use std::sync::OnceLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::choices::{Choice, Holder, Whom, offered};
use super::content;
use super::later::{Later, Next};
use super::wording::Language;
use crate::error::{ApiError, ApiResult};

const STYLE: &str = "\
body{margin:0;font:1.125rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}\
main{max-width:34rem;margin:0 auto;padding:1.5rem 1rem}\
h1{font-size:1.5rem;line-height:1.3}\
button{font:inherit;width:100%;min-height:3rem;padding:.6rem 1rem;text-align:left;color:#003d7a;\
background:#fff;border:2px solid #0059b3;border-radius:.4rem;cursor:pointer}\
a:focus,button:focus{outline:3px solid #c44d00;outline-offset:2px}\
a{color:#0059b3}";

#[derive(Serialize)]
struct Button {
    value: &'static str,
    words: String,
}

/// Nothing loads but this one style, and the form goes nowhere else.
fn policy() -> &'static HeaderValue {
    static POLICY: OnceLock<HeaderValue> = OnceLock::new();
    POLICY.get_or_init(|| {
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        let text = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    })
}

fn page(
    status: StatusCode,
    l: Language,
    title: &str,
    paragraphs: &[&str],
    choices: &[Button],
) -> ApiResult<Response> {
    let other = match l {
        Language::Danish => Language::English,
        Language::English => Language::Danish,
    };
    let html = content::layouts()
        .and_then(|layouts| layouts.get_template("page.html"))
        .and_then(|template| {
            template.render(context! {
                language => l.tag(),
                title,
                style => STYLE,
                paragraphs => Value::from(Serde(paragraphs)),
                choices => Value::from(Serde(choices)),
                other => other.tag(),
                other_words => other.choose("Dansk", "English"),
            })
        })
        .map_err(ApiError::internal)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CONTENT_SECURITY_POLICY, policy().clone()),
    ];
    Ok((status, headers, html).into_response())
}

/// When a mail comes: "i dag kl. 17.00", "i morgen kl. 10.00", or with the day.
fn when(l: Language, later: Later, today: NaiveDate) -> String {
    let time = later.at.time();
    let day = later.at.date();
    let day = if later.is_today {
        l.choose("i dag", "today").to_owned()
    } else if today.succ_opt() == Some(day) {
        l.choose("i morgen", "tomorrow").to_owned()
    } else {
        match l {
            Language::Danish => day.format("den %-d.%-m.%Y").to_string(),
            Language::English => day.format("on %-d/%-m/%Y").to_string(),
        }
    };
    match l {
        Language::Danish => format!("{day} kl. {}", time.format("%H.%M")),
        Language::English => format!("{day} at {}", time.format("%H:%M")),
    }
}

/// What "later today" is called: by its true time.
fn later_words(l: Language, later: Option<Later>) -> String {
    let Some(later) = later else {
        return l.choose("Senere i dag", "Later today").to_owned();
    };
    let time = match l {
        Language::Danish => later.at.format("kl. %H.%M"),
        Language::English => later.at.format("at %H:%M"),
    };
    let day = if later.is_today {
        l.choose("Senere i dag", "Later today")
    } else {
        l.choose("I morgen", "Tomorrow")
    };
    format!("{day}, {time}")
}

/// What a press on "later today" means, as things are after it.
fn told_later(l: Language, next: Next, today: NaiveDate) -> String {
    let link = l.choose(
        "Linket i mailen virker stadig.",
        "The link in the mail still works.",
    );
    match next {
        Next::Mail(later) => {
            let when = when(l, later, today);
            match l {
                Language::Danish => {
                    format!("Vi skriver igen {when}, hvis du ikke har svaret inden. {link}")
                }
                Language::English => {
                    format!("We will write again {when}, if you have not answered by then. {link}")
                }
            }
        }
        Next::Call => l
            .choose(
                "Vi skriver ikke mere om det. Et menneske ringer til dig i stedet.",
                "We will not write about it any more. A person will call you instead.",
            )
            .to_owned(),
        Next::Over => l
            .choose(
                "Der er ikke mere at svare på lige nu, så vi skriver ikke.",
                "There is nothing more to answer right now, so we will not write.",
            )
            .to_owned(),
        Next::Unknown => {
            let not_now = l.choose(
                "Vi skriver ikke igen lige nu.",
                "We will not write again right now.",
            );
            format!("{not_now} {link}")
        }
    }
}

fn words(l: Language, holder: &Holder, choice: Choice) -> String {
    if choice == Choice::LaterToday {
        return later_words(l, holder.later);
    }
    fixed_words(l, holder, choice).to_owned()
}

const fn fixed_words(l: Language, holder: &Holder, choice: Choice) -> &'static str {
    match choice {
        Choice::Never if is_staff(holder) => {
            l.choose("Stop ugens overblik", "Stop the week at a glance")
        }
        Choice::Again => l.choose(
            "Send mig ugens overblik igen",
            "Send me the week at a glance again",
        ),
        Choice::LaterToday => l.choose("Senere i dag", "Later today"),
        Choice::InAWeek => l.choose("Om en uge", "In a week"),
        Choice::Contact => l.choose(
            "Skriv til den, jeg har valgt, i stedet",
            "Write to the person I chose instead",
        ),
        Choice::Never if holder.is_contact => {
            l.choose("Stop mails til mig", "Stop the mails to me")
        }
        Choice::Never => l.choose(
            "Stop alle påmindelser til denne mailadresse",
            "Stop all reminders to this address",
        ),
    }
}

const fn is_staff(holder: &Holder) -> bool {
    matches!(holder.whom, Whom::Account { .. })
}

const fn wants_some(holder: &Holder) -> bool {
    !matches!(
        holder.whom,
        Whom::Account {
            wants_digest: false,
            ..
        }
    )
}

/// What can be chosen.
pub(super) fn form(l: Language, holder: &Holder) -> ApiResult<Response> {
    let buttons: Vec<Button> = Choice::ALL
        .into_iter()
        .filter(|choice| offered(holder, *choice))
        // To say no twice is allowed, but need not be offered.
        .filter(|choice| *choice != Choice::Never || wants_some(holder))
        .map(|choice| Button {
            value: choice.as_str(),
            words: words(l, holder, choice),
        })
        .collect();
    let title = if is_staff(holder) {
        l.choose("Ugens overblik på mail", "The week at a glance by mail")
    } else {
        l.choose("Hvornår må vi skrive igen?", "When may we write again?")
    };
    page(
        StatusCode::OK,
        l,
        title,
        &[l.choose(
            "Vælg det, der passer dig. Der sker ikke noget, før du vælger.",
            "Choose what suits you. Nothing happens before you choose.",
        )],
        &buttons,
    )
}

/// What was chosen, and what comes next.
pub(super) fn done(
    l: Language,
    holder: &Holder,
    choice: Choice,
    next: Next,
    today: NaiveDate,
) -> ApiResult<Response> {
    let text = if choice == Choice::LaterToday {
        told_later(l, next, today)
    } else {
        told(l, holder, choice).to_owned()
    };
    let title = l.choose("Det er noteret", "This has been noted");
    page(StatusCode::OK, l, title, &[&text], &[])
}

const fn told(l: Language, holder: &Holder, choice: Choice) -> &'static str {
    match choice {
        Choice::LaterToday | Choice::InAWeek => l.choose(
            "Du hører tidligst fra os igen om en uge. Linket i mailen virker stadig.",
            "You will hear from us again in a week at the earliest. The link in the mail still works.",
        ),
        Choice::Contact => l.choose(
            "Fra nu af skriver vi til den, du har valgt. Vi sender aldrig dit link videre.",
            "From now on we write to the person you chose. We never pass your link on.",
        ),
        Choice::Never if is_staff(holder) => l.choose(
            "Du får ikke længere ugens overblik. Vil du have det igen, så brug linket i mailen.",
            "You will no longer get the week at a glance. If you want it again, use the link in the mail.",
        ),
        Choice::Again => l.choose(
            "Du får ugens overblik igen, næste gang der er noget at gøre.",
            "You will get the week at a glance again, the next time there is something to do.",
        ),
        Choice::Never if holder.is_contact => l.choose(
            "Din mailadresse er slettet som kontakt, hvem der end har valgt dig. Du får ikke flere af de mails.",
            "Your address has been deleted as a contact, whoever chose you. You will get no more of these mails.",
        ),
        Choice::Never => l.choose(
            "Der kommer ikke flere påmindelser til den mailadresse, heller ikke til andre, der bruger den. Linket til spørgsmålene i mailen er lukket. Vil du svare en anden gang, så spørg efter et nyt.",
            "No more reminders will come to that address, nor to others who use it. The link to the questions in the mail is closed. If you want to answer another time, ask for a new one.",
        ),
    }
}

/// The link was cut off, or is not one of ours.
pub(super) fn unknown(l: Language) -> ApiResult<Response> {
    page(
        StatusCode::NOT_FOUND,
        l,
        l.choose("Linket virker ikke her", "This link does not work here"),
        &[l.choose(
            "Måske er linket delt over to linjer i mailen. Prøv at kopiere hele linket. Eller svar på mailen, så hjælper et menneske dig.",
            "Perhaps the link is split over two lines in the mail. Try copying the whole link. Or answer the mail, and a person will help you.",
        )],
        &[],
    )
}
