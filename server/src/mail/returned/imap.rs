//! The mailbox itself: connecting, and the four things that are asked of it. Deletes nothing, moves nothing, and marks as read only what it
//! is told to.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response, Status};
use async_imap::{Client, Session};
use tokio::io::{AsyncRead, AsyncWrite, BufWriter};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::config::{BouncesImap, MailTls};

/// So much of a head is looked at.
const HEAD_BYTES: usize = 32 * 1024;
/// So much of a mail is looked at: what counts stands in front of the returned mail.
const MAIL_BYTES: usize = 256 * 1024;

/// Why a mailbox cannot be read. Holds nothing that the other side said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailboxError {
    /// It cannot be reached, or the connection broke.
    #[error("the IMAP server cannot be reached, or the connection broke")]
    Connection,
    /// It did not answer in time.
    #[error("the IMAP server did not answer in time")]
    Timeout,
    /// No protected connection came about.
    #[error(
        "no protected connection to the IMAP server came about (certificate, name, or TLS itself)"
    )]
    Tls,
    /// The certificate file.
    #[error("mail.bounces_imap.tls_ca_file cannot be read, or holds no certificate")]
    CaFile,
    /// It does not know the user name or the password.
    #[error("the IMAP server does not accept the user name or the password")]
    Login,
    /// The folder cannot be opened.
    #[error("the IMAP server has no such folder, or does not let us read it")]
    Folder,
    /// It said something that is not understood, or no to something that it should do.
    #[error("the IMAP server answers in a way that is not understood")]
    Protocol,
}

impl MailboxError {
    /// The name on the operations page and in figures.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::Tls | Self::CaFile => "tls",
            Self::Login => "login",
            Self::Folder => "folder",
            Self::Protocol => "protocol",
        }
    }
}

impl From<async_imap::error::Error> for MailboxError {
    fn from(error: async_imap::error::Error) -> Self {
        use async_imap::error::Error;
        match error {
            Error::ConnectionLost => Self::Connection,
            // What cannot be parsed comes as an error of this kind.
            Error::Io(error) if error.kind() == std::io::ErrorKind::Other => Self::Protocol,
            Error::Io(_) => Self::Connection,
            _ => Self::Protocol,
        }
    }
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Wire for T {}

/// Buffered, so that a command is one packet.
type Stream = BufWriter<Box<dyn Wire>>;

/// A folder that is open. Ends with the connection.
pub(in crate::mail) struct Mailbox {
    session: Session<Stream>,
    step: Duration,
    /// Numbers of mails mean something only while this stays the same.
    pub(in crate::mail) validity: u32,
}

impl Mailbox {
    /// Connects, logs in and opens the folder.
    pub(in crate::mail) async fn open(settings: &BouncesImap) -> Result<Self, MailboxError> {
        let step = Duration::from_secs(settings.timeout_s);
        let client = connect(settings, step).await?;
        let user = settings.username.as_deref().unwrap_or_default();
        let password = settings.password.as_ref().map_or("", |p| p.expose());
        let logged_in = async {
            client
                .login(user, password)
                .await
                .map_err(|(error, _)| match error {
                    async_imap::error::Error::No(_) => MailboxError::Login,
                    other => other.into(),
                })
        };
        let mut session = within(step, logged_in).await?;
        let opened = async {
            session
                .select(&settings.folder)
                .await
                .map_err(|error| match error {
                    async_imap::error::Error::No(_) => MailboxError::Folder,
                    other => other.into(),
                })
        };
        let folder = within(step, opened).await?;
        Ok(Self {
            session,
            step,
            validity: folder.uid_validity.ok_or(MailboxError::Protocol)?,
        })
    }

    /// The numbers of mails that nobody has read, from a number on, in order.
    pub(in crate::mail) async fn unread(&mut self, from: u32) -> Result<Vec<u32>, MailboxError> {
        let mut found = Vec::new();
        self.ask(format!("UID SEARCH UNSEEN UID {from}:*"), |said| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = said {
                // "From n on" always includes the last one.
                found.extend(uids.iter().copied().filter(|uid| *uid >= from));
            }
        })
        .await?;
        found.sort_unstable();
        Ok(found)
    }

    /// The head of a mail; `None` if it is gone.
    pub(in crate::mail) async fn head(
        &mut self,
        uid: u32,
    ) -> Result<Option<Vec<u8>>, MailboxError> {
        self.part(uid, &format!("BODY.PEEK[HEADER]<0.{HEAD_BYTES}>"))
            .await
    }

    /// A mail, or as much of it as matters; `None` if it is gone.
    pub(in crate::mail) async fn mail(
        &mut self,
        uid: u32,
    ) -> Result<Option<Vec<u8>>, MailboxError> {
        self.part(uid, &format!("BODY.PEEK[]<0.{MAIL_BYTES}>"))
            .await
    }

    async fn part(&mut self, uid: u32, what: &str) -> Result<Option<Vec<u8>>, MailboxError> {
        let mut found = None;
        self.ask(format!("UID FETCH {uid} (UID {what})"), |said| {
            let Response::Fetch(_, values) = said else {
                return;
            };
            let body = values.iter().find_map(|value| match value {
                AttributeValue::BodySection { data, .. } => data.as_ref(),
                _ => None,
            });
            // Others may be told of meanwhile.
            if let (true, Some(body)) = (values.contains(&AttributeValue::Uid(uid)), body) {
                found = Some(body.to_vec());
            }
        })
        .await?;
        Ok(found)
    }

    /// Marks a mail as read.
    pub(in crate::mail) async fn mark_read(&mut self, uid: u32) -> Result<(), MailboxError> {
        self.ask(format!("UID STORE {uid} +FLAGS.SILENT (\\Seen)"), |_| {})
            .await
    }

    /// Says something and hears all until it is answered. The library's own words for this take "no" and a connection that broke for an
    /// answer with nothing in it.
    async fn ask(
        &mut self,
        command: String,
        mut hear: impl FnMut(&Response<'_>),
    ) -> Result<(), MailboxError> {
        let asked = async {
            let id = self.session.run_command(command).await?;
            loop {
                let heard = self.session.read_response().await;
                let heard = heard.map_err(async_imap::error::Error::Io)?;
                let said = heard.ok_or(MailboxError::Connection)?;
                match said.parsed() {
                    Response::Done { tag, status, .. } if *tag == id => {
                        let fine = *status == Status::Ok;
                        return fine.then_some(()).ok_or(MailboxError::Protocol);
                    }
                    other => hear(other),
                }
            }
        };
        within(self.step, asked).await
    }

    /// Says good-bye. That it was not heard does no harm.
    pub(in crate::mail) async fn close(mut self) {
        let _ = tokio::time::timeout(self.step, self.session.logout()).await;
    }
}

/// One step. A connection that is left in the middle of one is not used again.
async fn within<T>(
    step: Duration,
    work: impl Future<Output = Result<T, MailboxError>>,
) -> Result<T, MailboxError> {
    tokio::time::timeout(step, work)
        .await
        .unwrap_or(Err(MailboxError::Timeout))
}

async fn connect(settings: &BouncesImap, step: Duration) -> Result<Client<Stream>, MailboxError> {
    let host = settings.host.as_deref().unwrap_or_default();
    let reached = async {
        TcpStream::connect((host, settings.port()))
            .await
            .map_err(|_| MailboxError::Connection)
    };
    let tcp = within(step, reached).await?;
    match settings.tls {
        MailTls::None => greeted(Box::new(tcp), step).await,
        MailTls::Tls => {
            let tls = protect(settings, host, tcp, step).await?;
            greeted(tls, step).await
        }
        MailTls::Starttls => {
            let mut client = greeted(Box::new(tcp), step).await?;
            let asked = async {
                client
                    .run_command_and_check_ok("STARTTLS", None)
                    .await
                    .map_err(|error| match MailboxError::from(error) {
                        // It says that it offers none.
                        MailboxError::Protocol => MailboxError::Tls,
                        other => other,
                    })
            };
            within(step, asked).await?;
            // What stood behind the answer, unprotected, is forgotten with the client.
            let tls = protect(settings, host, client.into_inner().into_inner(), step).await?;
            Ok(Client::new(BufWriter::new(tls)))
        }
    }
}

async fn greeted(wire: Box<dyn Wire>, step: Duration) -> Result<Client<Stream>, MailboxError> {
    let mut client = Client::new(BufWriter::new(wire));
    let greeting = within(step, async {
        let read = client.read_response().await;
        read.map_err(|error| MailboxError::from(async_imap::error::Error::Io(error)))
    });
    match greeting.await? {
        Some(_) => Ok(client),
        None => Err(MailboxError::Connection),
    }
}

async fn protect<W: Wire + 'static>(
    settings: &BouncesImap,
    host: &str,
    wire: W,
    step: Duration,
) -> Result<Box<dyn Wire>, MailboxError> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    if let Some(path) = &settings.tls_ca_file {
        let read = CertificateDer::pem_file_iter(path).map_err(|_| MailboxError::CaFile)?;
        let mut count = 0;
        for certificate in read {
            let certificate = certificate.map_err(|_| MailboxError::CaFile)?;
            roots.add(certificate).map_err(|_| MailboxError::CaFile)?;
            count += 1;
        }
        if count == 0 {
            return Err(MailboxError::CaFile);
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| MailboxError::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|_| MailboxError::Tls)?;
    let shaken = async {
        TlsConnector::from(Arc::new(config))
            .connect(name, wire)
            .await
            .map_err(|_| MailboxError::Tls)
    };
    Ok(Box::new(within(step, shaken).await?))
}
