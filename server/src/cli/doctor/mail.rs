//! Can mails go? Connects and logs in, and sends one if asked to.

use bedring_domain::address::typed_address;

use super::Finding::{self, Fine, Wrong};
use crate::config::{Config, MailTls};
use crate::mail::smtp::SmtpMailer;
use crate::mail::{MailboxError, marks, test_mail, try_mailbox};
use crate::ports::{Clock, MailError, Mailer, OsRandom, SystemClock, uuid_v4};

pub(super) async fn findings(config: &Config, send_test: Option<&str>) -> Vec<Finding> {
    let mailer = match SmtpMailer::new(&config.mail) {
        Ok(Some(mailer)) => mailer,
        Ok(None) => return without_mail(send_test),
        Err(error) => return vec![Wrong(error.to_string())],
    };
    let mut findings = vec![match mailer.check().await {
        Ok(()) => Fine(format!("the mail server {} lets us in", place(config))),
        Err(error) => Wrong(explain(config, error)),
    }];
    if let Some(address) = send_test {
        findings.push(send(config, &mailer, address).await);
    }
    findings
}

fn without_mail(send_test: Option<&str>) -> Vec<Finding> {
    let none = "no mail is set up (mail.host): reminders become calls";
    vec![if send_test.is_some() {
        Wrong(none.to_owned())
    } else {
        Fine(none.to_owned())
    }]
}

async fn send(config: &Config, mailer: &SmtpMailer, address: &str) -> Finding {
    let Some(address) = &typed_address(address) else {
        return Wrong("--send-test: that is no address".to_owned());
    };
    let id = marks::message_id(uuid_v4(&OsRandom), config.mail.domain());
    let now = SystemClock::new().now();
    match test_mail(config, address, id.clone(), now) {
        Err(error) => Wrong(error.to_string()),
        Ok(mail) => match mailer.send(mail).await {
            Ok(()) => Fine(format!(
                "the mail server took a test mail for {address}, {id}: look whether it arrives, and not among the spam"
            )),
            Err(error) => Wrong(format!("the test mail: {}", explain(config, error))),
        },
    }
}

/// Can returned mails be read? Nothing to say if no mailbox is set up.
pub(super) async fn mailbox(config: &Config) -> Option<Finding> {
    let settings = &config.mail.bounces_imap;
    let host = settings.host.as_deref()?;
    let place = format!("{host}:{}", settings.port());
    Some(match try_mailbox(settings).await {
        Ok(()) => Fine(format!(
            "the mailbox of returned mails at {place} lets us in"
        )),
        Err(error) => Wrong(format!("{place}: {error}; {}", advice(settings.tls, error))),
    })
}

const fn advice(tls: MailTls, error: MailboxError) -> &'static str {
    match (error, tls) {
        (MailboxError::Connection, _) => {
            "are mail.bounces_imap.host and .port right, and does a firewall stand between?"
        }
        (MailboxError::Timeout, _) => {
            "a firewall, or a port that speaks TLS where mail.bounces_imap.tls says \"starttls\", or the other way round?"
        }
        (MailboxError::Tls, MailTls::Starttls) => {
            "does it offer STARTTLS, is its certificate for this very name, and who signed it (mail.bounces_imap.tls_ca_file)?"
        }
        (MailboxError::Tls, _) => {
            "does this port speak TLS from the first byte, is its certificate for this very name, and who signed it (mail.bounces_imap.tls_ca_file)?"
        }
        (MailboxError::CaFile, _) => "it must hold certificates as PEM",
        (MailboxError::Login, _) => {
            "look at mail.bounces_imap.username and .password; many providers want a password of its own for programs"
        }
        (MailboxError::Folder, _) => "look at mail.bounces_imap.folder",
        (MailboxError::Protocol, _) => "is there an IMAP server behind this port?",
    }
}

fn place(config: &Config) -> String {
    let host = config.mail.host.as_deref().unwrap_or_default();
    format!("{host}:{}", config.mail.port())
}

/// What to do about it.
fn explain(config: &Config, error: MailError) -> String {
    let advice = match error {
        MailError::Connection => {
            "is mail.host right, does mail.port fit mail.tls, and does a firewall stand between?"
        }
        MailError::Timeout => {
            "a firewall, or a port that speaks TLS where mail.tls says \"starttls\", or the other way round?"
        }
        MailError::Untrusted => {
            "if it is your own server, name the certificate that signed it in mail.tls_ca_file"
        }
        MailError::OtherName => "mail.host must be a name that stands in the certificate",
        MailError::Expired => "ask whoever runs the mail server, and look at this machine's clock",
        MailError::Tls => match config.mail.tls {
            MailTls::Starttls => {
                "does it offer STARTTLS, is its certificate for this very name, and who signed it (mail.tls_ca_file)?"
            }
            MailTls::Tls | MailTls::None => {
                "is its certificate for this very name, and who signed it (mail.tls_ca_file)?"
            }
        },
        MailError::Login(_) => "look at mail.username and mail.password",
        MailError::Later(_) => "try again in some minutes",
        MailError::Refused(_) => {
            "may this machine send in the name of mail.from? Ask whoever runs the mail server"
        }
        MailError::Recipient(_) => "it does not know that address",
        MailError::Letters => "use another address, or a mail server that offers SMTPUTF8",
        MailError::Unwritable => "look at mail.from, mail.reply_to and the address",
    };
    format!("{}: {error}; {advice}", place(config))
}
