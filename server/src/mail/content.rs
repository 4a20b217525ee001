//! From words to a mail: text, and HTML made of MJML.

use std::sync::OnceLock;

use bedring_domain::reminder::ReminderPolicy;
use chrono::{DateTime, Utc};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};
use mrml::prelude::render::RenderOptions;

use super::wording::{self, Language, Letter};
use crate::config::Config;
use crate::ports::{Outgoing, Party};

/// Why a mail cannot be made: a fault of ours.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// A layout.
    #[error("a layout cannot be filled in")]
    Layout(#[from] minijinja::Error),
    /// Its MJML.
    #[error("a layout is no MJML")]
    Mjml(#[from] mrml::prelude::parser::Error),
    /// What was made of it.
    #[error("a layout cannot be turned into HTML")]
    Html(#[from] mrml::prelude::render::Error),
}

const LAYOUTS: [(&str, &str); 3] = [
    ("letter.txt", include_str!("layouts/letter.txt")),
    ("letter.mjml", include_str!("layouts/letter.mjml")),
    ("page.html", include_str!("layouts/page.html")),
];

/// The layouts. In text nothing is escaped, elsewhere everything.
pub(super) fn layouts() -> Result<&'static Environment<'static>, minijinja::Error> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    if let Some(ready) = ENVIRONMENT.get() {
        return Ok(ready);
    }
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".txt") {
            AutoEscape::None
        } else {
            AutoEscape::Html
        }
    });
    for (name, source) in LAYOUTS {
        environment.add_template(name, source)?;
    }
    Ok(ENVIRONMENT.get_or_init(|| environment))
}

/// A letter as text and as HTML.
pub(super) fn write(letter: &Letter) -> Result<(String, String), ContentError> {
    let layouts = layouts()?;
    let text = layouts
        .get_template("letter.txt")?
        .render(context! { letter => Value::from(Serde(letter)) })?;
    let mjml = layouts
        .get_template("letter.mjml")?
        .render(context! { letter => Value::from(Serde(letter)) })?;
    let html = mrml::parse(mjml)?
        .element
        .render(&RenderOptions::default())?;
    Ok((text.trim_end().to_owned() + "\n", html))
}

/// Who a mail comes from, by policy or else by settings.
pub(super) fn sender(config: &Config, policy: Option<&ReminderPolicy>) -> (Party, Option<String>) {
    let own = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let from = Party {
        name: policy
            .and_then(|p| own(&p.sender_name))
            .unwrap_or_else(|| config.mail.from_name.clone()),
        address: policy
            .and_then(|p| own(&p.sender_address))
            .unwrap_or_else(|| config.mail.from.clone()),
    };
    let reply_to = policy
        .and_then(|p| p.reply_to.clone())
        .or_else(|| config.mail.reply_to.clone());
    (from, reply_to)
}

/// Where and as what a mail goes.
pub(super) struct Envelope {
    pub message_id: String,
    pub date: DateTime<Utc>,
    pub from: Party,
    pub reply_to: Option<String>,
    pub to: String,
    pub unsubscribe: Option<String>,
}

/// The whole mail.
pub(super) fn mail(envelope: Envelope, letter: &Letter) -> Result<Outgoing, ContentError> {
    let (text, html) = write(letter)?;
    Ok(Outgoing {
        message_id: envelope.message_id,
        date: envelope.date,
        from: envelope.from,
        reply_to: envelope.reply_to,
        to: envelope.to,
        subject: letter.subject.clone(),
        text,
        html,
        unsubscribe: envelope.unsubscribe,
    })
}

/// A mail that shows that mails arrive.
///
/// # Errors
/// [`ContentError`].
pub fn test_mail(
    config: &Config,
    to: &str,
    message_id: String,
    date: DateTime<Utc>,
) -> Result<Outgoing, ContentError> {
    let (from, reply_to) = sender(config, None);
    let letter = wording::test(Language::Danish, from.name.clone());
    let envelope = Envelope {
        message_id,
        date,
        from,
        reply_to,
        to: to.to_owned(),
        unsubscribe: None,
    };
    mail(envelope, &letter)
}
