//! The mail server: lettre over one pool of connections.

use std::time::Duration;

use futures_util::future::BoxFuture;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::address::{needs_utf8, on_the_wire};
use super::refusal::Status;
use crate::config::{Mail, MailTls};
use crate::ports::{MailError, Mailer, Outgoing, Party};

/// The most steps of looking whether there is a way: connecting, two greetings, TLS, logging in.
const STEPS: u32 = 7;

/// Why there is no way to the mail server to begin with.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The certificate file.
    #[error("mail.tls_ca_file: cannot be read")]
    File(#[source] std::io::Error),
    /// What stands in it, or the host's name.
    #[error("mail.tls_ca_file or mail.host cannot be used for TLS")]
    Tls(#[source] Error),
}

/// Mails through an SMTP server.
#[derive(Debug)]
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    longest: Duration,
}

impl SmtpMailer {
    /// As the settings want it; `None` if they name no mail server. Connects to nothing yet.
    ///
    /// # Errors
    /// A certificate that cannot be used.
    pub fn new(settings: &Mail) -> Result<Option<Self>, SetUpError> {
        let Some(host) = &settings.host else {
            return Ok(None);
        };
        let timeout = Duration::from_secs(settings.timeout_s);
        let tls = match settings.tls {
            MailTls::Starttls => Tls::Required(tls(settings, host)?),
            MailTls::Tls => Tls::Wrapper(tls(settings, host)?),
            MailTls::None => Tls::None,
        };
        let pool = PoolConfig::new()
            .max_size(settings.max_connections)
            .idle_timeout(Duration::from_secs(30));
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.as_str())
            .port(settings.port())
            .tls(tls)
            .timeout(Some(timeout))
            .hello_name(ClientId::Domain(settings.domain().to_owned()))
            .pool_config(pool);
        if let (Some(user), Some(password)) = (&settings.username, &settings.password) {
            builder =
                builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        Ok(Some(Self {
            transport: builder.build(),
            longest: timeout * STEPS,
        }))
    }
}

fn tls(settings: &Mail, host: &str) -> Result<TlsParameters, SetUpError> {
    let mut tls = TlsParameters::builder(host.to_owned());
    if let Some(path) = &settings.tls_ca_file {
        let pem = std::fs::read(path).map_err(SetUpError::File)?;
        tls = tls.add_root_certificate(Certificate::from_pem(&pem).map_err(SetUpError::Tls)?);
    }
    tls.build_rustls().map_err(SetUpError::Tls)
}

impl Mailer for SmtpMailer {
    fn send(&self, mail: Outgoing) -> BoxFuture<'_, Result<(), MailError>> {
        Box::pin(async move {
            let letters = needs_utf8(&mail.to);
            let message = message(mail)?;
            // Not cut off from outside: a connection that was left in the middle of a mail would go back into the pool, and the next mail would
            // take the answer to this one for its own. Each step has its own time limit.
            let sent = self.transport.send(message).await;
            sent.map(drop).map_err(|error| match kind_of(&error) {
                // lettre looks before it speaks: its own "no" is about this mail server and this address, today and in a week.
                _ if letters && is_about_letters(&error) => MailError::Letters,
                kind => kind,
            })
        })
    }

    fn check(&self) -> BoxFuture<'_, Result<(), MailError>> {
        Box::pin(async move {
            let tried = self.transport.test_connection();
            match tokio::time::timeout(self.longest, tried).await {
                Ok(Ok(true)) => Ok(()),
                Ok(Ok(false)) => Err(MailError::Connection),
                Ok(Err(error)) => Err(kind_of(&error)),
                Err(_) => Err(MailError::Timeout),
            }
        })
    }
}

fn mailbox(party: Party) -> Result<Mailbox, MailError> {
    let address = on_the_wire(&party.address).ok_or(MailError::Unwritable)?;
    let address = address.parse().map_err(|_| MailError::Unwritable)?;
    Ok(Mailbox::new(
        Some(party.name).filter(|n| !n.is_empty()),
        address,
    ))
}

fn message(mail: Outgoing) -> Result<Message, MailError> {
    let to = Party {
        name: String::new(),
        address: mail.to,
    };
    let mut builder = Message::builder()
        .message_id(Some(mail.message_id))
        .date(mail.date.into())
        .from(mailbox(mail.from)?)
        .to(mailbox(to)?)
        .subject(mail.subject)
        .raw_header(header("Auto-Submitted", "auto-generated"));
    if let Some(address) = mail.reply_to {
        let name = String::new();
        builder = builder.reply_to(mailbox(Party { name, address })?);
    }
    if let Some(address) = &mail.unsubscribe {
        // RFC 8058: a mail program asks for it with one POST, and with nothing but these words.
        builder = builder
            .raw_header(header("List-Unsubscribe", &format!("<{address}>")))
            .raw_header(header(
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click",
            ));
    }
    let parts = MultiPart::alternative()
        .singlepart(SinglePart::plain(mail.text))
        .singlepart(SinglePart::html(mail.html));
    builder.multipart(parts).map_err(|_| MailError::Unwritable)
}

/// Of our own making, printable ASCII in one line: the address made of `server.public_url`, or fixed words.
fn header(name: &'static str, value: &str) -> HeaderValue {
    let plain: String = value.chars().filter(char::is_ascii_graphic).collect();
    HeaderValue::dangerous_new_pre_encoded(
        HeaderName::new_from_ascii_str(name),
        plain.clone(),
        plain,
    )
}

/// What became of it, without the other side's words. A "no" is about the address only if it says so: a mail server that is badly set
/// up, or does not want us, must not make every address of a programme look dead.
fn kind_of(error: &Error) -> MailError {
    if let Some(certificate) = certificate(error) {
        return certificate;
    }
    if error.is_tls() {
        return MailError::Tls;
    }
    let Some(code) = error.status() else {
        return if error.is_timeout() {
            MailError::Timeout
        } else {
            MailError::Connection
        };
    };
    let number: u16 = code.into();
    match number {
        // Authentication is needed, failed, or too weak.
        530 | 534 | 535 | 538 => MailError::Login(number),
        n if n < 500 => MailError::Later(n),
        // Not understood, or no mail service here.
        500..=504 | 521 | 555 => MailError::Refused(number),
        n if Status::find(&words(error)).is_some_and(|s| !s.is_about_the_address()) => {
            MailError::Refused(n)
        }
        n => MailError::Recipient(n),
    }
}

/// What is wrong with a certificate, from the words of the library that looked at it.
fn certificate(error: &Error) -> Option<MailError> {
    let mut said = String::new();
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        said.push_str(&format!("{error:?} {error} "));
        cause = error.source();
    }
    if !said.contains("certificate") && !said.contains("Certificate") {
        return None;
    }
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&["UnknownIssuer", "CaUsedAsEndEntity", "BadSignature"]) {
        Some(MailError::Untrusted)
    } else if has(&["NotValidForName"]) {
        Some(MailError::OtherName)
    } else if has(&["Expired", "NotValidYet"]) {
        Some(MailError::Expired)
    } else {
        None
    }
}

/// The mail server cannot write the address: lettre says so itself, before anything is sent.
fn is_about_letters(error: &Error) -> bool {
    error.is_client() && words(error).contains("SMTPUTF8")
}

/// What the other side said; looked at and let go.
fn words(error: &Error) -> String {
    std::error::Error::source(error).map_or_else(String::new, ToString::to_string)
}
