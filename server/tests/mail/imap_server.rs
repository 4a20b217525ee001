//! A mailbox for tests: speaks as much IMAP as is needed over a real socket, with or without TLS, remembers which mails are read, and can be
//! told to behave badly.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bedring_server::config::{BouncesImap, MailTls};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

pub const USER: &str = "retur@svar.example";
pub const PASSWORD: &str = "p\"a\\ss w\u{f8}rd";

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    Well,
    /// Says nothing, not even hello.
    Silent,
    /// Is no IMAP server.
    Elsewhere,
    /// Cuts the connection when a mail is to be marked as read.
    CutsAtMark,
    /// Cuts the connection instead of handing out a mail.
    CutsAtMail,
    /// Hands out something unreadable instead of a mail.
    Garbles,
    /// Says no when asked for a mail.
    Refuses,
}

#[derive(Debug, Clone)]
struct Kept {
    uid: u32,
    raw: String,
    seen: bool,
}

#[derive(Debug)]
struct Room {
    mood: Mood,
    validity: u32,
    mails: Vec<Kept>,
    commands: Vec<String>,
}

/// The server. It ends with the test's runtime.
#[derive(Clone)]
pub struct ImapServer {
    port: u16,
    tls: MailTls,
    room: Arc<Mutex<Room>>,
    acceptor: TlsAcceptor,
    folder: Arc<TempDir>,
}

impl ImapServer {
    pub async fn start(tls: MailTls) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let acceptor = certificate(folder.path());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            tls,
            room: Arc::new(Mutex::new(Room {
                mood: Mood::Well,
                validity: 7,
                mails: Vec::new(),
                commands: Vec::new(),
            })),
            acceptor,
            folder: Arc::new(folder),
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                tokio::spawn(async move { server.welcome(stream).await });
            }
        });
        server
    }

    /// How to get in.
    pub fn settings(&self) -> BouncesImap {
        BouncesImap {
            host: Some("127.0.0.1".to_owned()),
            port: Some(self.port),
            tls: self.tls,
            tls_ca_file: Some(self.ca_file()),
            username: Some(USER.to_owned()),
            password: Some(PASSWORD.to_owned().into()),
            timeout_s: 2,
            ..BouncesImap::default()
        }
    }

    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    pub fn behave(&self, mood: Mood) {
        self.room.lock().unwrap().mood = mood;
    }

    /// The mailbox was made anew: its numbers mean nothing any more.
    pub fn begin_anew(&self) {
        let mut room = self.room.lock().unwrap();
        room.validity += 1;
        for (mail, uid) in room.mails.iter_mut().zip(1..) {
            mail.uid = uid;
        }
    }

    /// A mail arrives. Gives its number.
    pub fn deliver(&self, raw: &str) -> u32 {
        let mut room = self.room.lock().unwrap();
        let uid = room.mails.last().map_or(11, |last| last.uid + 3);
        room.mails.push(Kept {
            uid,
            raw: raw.replace('\n', "\r\n"),
            seen: false,
        });
        uid
    }

    /// The numbers of all that is marked as read.
    pub fn seen(&self) -> Vec<u32> {
        let room = self.room.lock().unwrap();
        let seen = room.mails.iter().filter(|mail| mail.seen);
        seen.map(|mail| mail.uid).collect()
    }

    pub fn count(&self) -> usize {
        self.room.lock().unwrap().mails.len()
    }

    /// What was asked, without tags; forgets it.
    pub fn commands(&self) -> Vec<String> {
        std::mem::take(&mut self.room.lock().unwrap().commands)
    }

    async fn welcome(self, stream: TcpStream) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        match self.tls {
            MailTls::None => self.talk(stream, true).await.map(drop),
            MailTls::Tls => {
                let tls = self.acceptor.accept(stream).await.ok()?;
                self.talk(tls, true).await.map(drop)
            }
            MailTls::Starttls => {
                let plain = self.talk(stream, true).await?;
                let tls = self.acceptor.accept(plain).await.ok()?;
                self.talk(tls, false).await.map(drop)
            }
        }
    }

    /// Until the connection is to be cut (`None`) or protected.
    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S, greet: bool) -> Option<S> {
        let mood = || self.room.lock().unwrap().mood;
        let mut stream = BufReader::new(stream);
        match mood() {
            Mood::Silent => tokio::time::sleep(Duration::from_secs(3600)).await,
            Mood::Elsewhere => stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .await
                .ok()?,
            _ if greet => stream
                .write_all(b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
                .await
                .ok()?,
            _ => {}
        }
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let (tag, command) = line.trim_end().split_once(' ')?;
            self.room.lock().unwrap().commands.push(command.to_owned());
            match mood() {
                Mood::CutsAtMark if command.contains("STORE") => return None,
                Mood::CutsAtMail if command.contains("FETCH") => return None,
                _ => {}
            }
            let answer = if command == "STARTTLS" && self.tls == MailTls::Starttls {
                stream
                    .write_all(format!("{tag} OK go on\r\n").as_bytes())
                    .await
                    .ok()?;
                return Some(stream.into_inner());
            } else {
                self.answer(tag, command)
            };
            stream.write_all(&answer).await.ok()?;
            if command == "LOGOUT" {
                return None;
            }
        }
    }

    fn answer(&self, tag: &str, command: &str) -> Vec<u8> {
        let mut room = self.room.lock().unwrap();
        let quoted =
            |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let words: Vec<&str> = command.split(' ').collect();
        let login = format!("LOGIN {} {}", quoted(USER), quoted(PASSWORD));
        let said = match words.as_slice() {
            _ if command == login => format!("{tag} OK welcome\r\n"),
            ["LOGIN", ..] => format!("{tag} NO [AUTHENTICATIONFAILED] {USER} is unknown\r\n"),
            ["SELECT", "\"INBOX\""] => format!(
                "* FLAGS (\\Seen \\Deleted)\r\n* {} EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY {}] ok\r\n{tag} OK [READ-WRITE] open\r\n",
                room.mails.len(),
                room.validity
            ),
            ["SELECT", ..] => format!("{tag} NO [NONEXISTENT] no such folder\r\n"),
            ["UID", "SEARCH", "UNSEEN", "UID", range] => {
                let from: u32 = range.strip_suffix(":*").unwrap().parse().unwrap();
                let last = room.mails.last().map_or(0, |mail| mail.uid);
                // RFC 3501: however high the first number, the last mail is among them.
                let from = from.min(last);
                let unread = room.mails.iter().filter(|m| !m.seen && m.uid >= from);
                let list: String = unread.map(|mail| format!(" {}", mail.uid)).collect();
                format!("* SEARCH{list}\r\n{tag} OK found\r\n")
            }
            ["UID", "FETCH", ..] if room.mood == Mood::Refuses => {
                format!("{tag} NO [SERVERBUG] not this one\r\n")
            }
            ["UID", "FETCH", uid, "(UID", what] => fetch(&room, uid.parse().unwrap(), what, tag),
            ["UID", "STORE", uid, "+FLAGS.SILENT", "(\\Seen)"] => {
                let uid: u32 = uid.parse().unwrap();
                for mail in room.mails.iter_mut().filter(|mail| mail.uid == uid) {
                    mail.seen = true;
                }
                format!("{tag} OK marked\r\n")
            }
            ["LOGOUT"] => format!("* BYE\r\n{tag} OK bye\r\n"),
            _ => format!("{tag} BAD unknown\r\n"),
        };
        said.into_bytes()
    }
}

fn fetch(room: &Room, uid: u32, what: &str, tag: &str) -> String {
    let Some(at) = room.mails.iter().position(|mail| mail.uid == uid) else {
        return format!("{tag} OK nothing\r\n");
    };
    let raw = &room.mails[at].raw;
    let (section, rest) = what
        .strip_prefix("BODY.PEEK[")
        .and_then(|what| what.split_once("]<0."))
        .unwrap();
    let most: usize = rest.trim_end_matches(">)").parse().unwrap();
    let head = raw.find("\r\n\r\n").map_or(raw.len(), |end| end + 4);
    let end = if section == "HEADER" { head } else { raw.len() };
    let part = &raw[..end.min(most)];
    let length = if room.mood == Mood::Garbles && section.is_empty() {
        "{x}".to_owned()
    } else {
        format!("{{{}}}", part.len())
    };
    // Another program marks another mail meanwhile, and everybody is told.
    format!(
        "* 1 FETCH (FLAGS (\\Seen))\r\n* {} FETCH (UID {uid} BODY[{section}]<0> {length}\r\n{part})\r\n{tag} OK fetched\r\n",
        at + 1
    )
}

/// A certificate that this server alone shows and that nobody else has signed.
fn certificate(folder: &Path) -> TlsAcceptor {
    let at = |name: &str| folder.join(name);
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args([
            "-days",
            "2",
            "-subj",
            "/CN=mailbox",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
        ])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(at("key.pem"))
        .arg("-out")
        .arg(at("cert.pem"))
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let certificate = CertificateDer::from_pem_file(at("cert.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(at("key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
