//! A mail server for tests: takes mails over a real socket, remembers them, and can be told to behave badly.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Takes everything.
    Takes,
    /// Says "not now" to every recipient.
    NotNow,
    /// Knows no recipient, and repeats the address.
    UnknownRecipient,
    /// A relay that cannot find the domain `gone.example` and hopes that this will pass; takes everything else.
    DomainNotFound,
    /// The recipient's domain says that it takes no mail at all (RFC 7505).
    NullMx,
    /// Takes addresses with letters of all languages (RFC 6531), and everything else.
    AllLetters,
    /// Wants nothing from us, whoever it is for.
    Policy,
    /// Takes a mail and never says so.
    Silent,
    /// Cuts the connection in the middle of the mail.
    CutInData,
    /// Says that it took the mail, and cuts.
    TakesAndCuts,
    /// Lets nobody in who logs in.
    NoLogin,
}

/// A mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub to: String,
    pub raw: String,
}

/// The server. It ends with the test's runtime.
#[derive(Clone)]
pub struct Sink {
    pub port: u16,
    behaviour: Arc<Mutex<Behaviour>>,
    acknowledges_at_once: Arc<AtomicBool>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Sink {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sink = Self {
            port: listener.local_addr().unwrap().port(),
            behaviour: Arc::new(Mutex::new(Behaviour::Takes)),
            acknowledges_at_once: Arc::new(AtomicBool::new(true)),
            received: Arc::default(),
        };
        let serving = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = serving.clone();
                tokio::spawn(async move { sink.talk(stream).await });
            }
        });
        sink
    }

    pub fn behave(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    /// Acknowledges as kernels do when nobody asks them to hurry, as mail servers elsewhere are met.
    pub fn take_its_time(&self, takes: bool) {
        self.acknowledges_at_once.store(!takes, Ordering::Relaxed);
    }

    pub fn all(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub fn to(&self, address: &str) -> Vec<Received> {
        self.all().into_iter().filter(|m| m.to == address).collect()
    }

    /// Until so many mails have arrived.
    pub async fn wait_for(&self, count: usize) {
        for _ in 0..500 {
            if self.all().len() >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} mails instead of {count}", self.all().len());
    }

    /// `None` when the connection is to be cut.
    async fn talk(&self, stream: TcpStream) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 sink ESMTP\r\n").await.ok()?;
        let mut to = String::new();
        while let Some(line) = lines.next_line().await.ok()? {
            let behaviour = *self.behaviour.lock().unwrap();
            let verb = line
                .split([' ', ':'])
                .next()
                .unwrap_or_default()
                .to_uppercase();
            let answer = match verb.as_str() {
                "EHLO" if behaviour == Behaviour::AllLetters => {
                    "250-sink\r\n250-SMTPUTF8\r\n250 8BITMIME".to_owned()
                }
                "EHLO" | "HELO" => "250-sink\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME".to_owned(),
                "AUTH" if behaviour == Behaviour::NoLogin => "535 5.7.8 no".to_owned(),
                "AUTH" => "235 2.7.0 welcome".to_owned(),
                "RCPT" => {
                    to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    match behaviour {
                        Behaviour::NotNow => format!("451 4.3.0 <{to}> not now"),
                        Behaviour::UnknownRecipient => format!("550 5.1.1 <{to}> unknown"),
                        Behaviour::DomainNotFound if to.ends_with("@gone.example") => {
                            format!(
                                "450 4.1.2 <{to}>: Recipient address rejected: Domain not found"
                            )
                        }
                        Behaviour::NullMx => "556 5.1.10 recipient domain has a null MX".to_owned(),
                        Behaviour::Policy => "554 5.7.1 not from you".to_owned(),
                        _ => "250 2.1.5 fine".to_owned(),
                    }
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.ok()?;
                    // The client sends the end of a mail by itself, and not before the mail is acknowledged, for which a kernel otherwise takes
                    // its time (40 ms): then nothing else would be measured.
                    let at_once = self.acknowledges_at_once.load(Ordering::Relaxed);
                    #[cfg(target_os = "linux")]
                    write.as_ref().set_quickack(at_once).ok()?;
                    let mut raw = String::new();
                    while let Some(line) = lines.next_line().await.ok()? {
                        if behaviour == Behaviour::CutInData {
                            return None;
                        }
                        if line == "." {
                            break;
                        }
                        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                        raw.push_str("\r\n");
                    }
                    let to = to.clone();
                    self.received.lock().unwrap().push(Received { to, raw });
                    match behaviour {
                        Behaviour::Silent => {
                            tokio::time::sleep(Duration::from_secs(3600)).await;
                            return None;
                        }
                        Behaviour::TakesAndCuts => {
                            write.write_all(b"250 2.0.0 taken\r\n").await.ok()?;
                            return None;
                        }
                        _ => "250 2.0.0 taken".to_owned(),
                    }
                }
                "QUIT" => return None,
                _ => "250 2.0.0 fine".to_owned(),
            };
            write
                .write_all(format!("{answer}\r\n").as_bytes())
                .await
                .ok()?;
        }
        None
    }
}

impl Received {
    /// A header, unfolded and decoded; empty if there is none.
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap();
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let prefix = format!("{}:", name.to_lowercase());
        unfolded
            .split("\r\n")
            .find(|line| line.to_lowercase().starts_with(&prefix))
            .map_or(String::new(), |line| words(line[prefix.len()..].trim()))
    }

    /// The part that is text.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// The part that is HTML.
    pub fn html(&self) -> String {
        self.part("text/html")
    }

    fn part(&self, kind: &str) -> String {
        let boundary = self
            .header("content-type")
            .split("boundary=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        for part in self.raw.split(&format!("--{boundary}")) {
            let Some((head, body)) = part.split_once("\r\n\r\n") else {
                continue;
            };
            let head = head.to_lowercase();
            if !head.contains(&format!("content-type: {kind}")) {
                continue;
            }
            if head.contains("base64") {
                let packed: String = body.split_whitespace().collect();
                return String::from_utf8(STANDARD.decode(packed).unwrap()).unwrap();
            }
            if head.contains("quoted-printable") {
                return quoted(&body.replace("=\r\n", ""));
            }
            return body.to_owned();
        }
        panic!("no {kind} in {}", self.raw);
    }

    /// The first address in the text that begins so.
    pub fn link(&self, beginning: &str) -> String {
        self.text()
            .split_whitespace()
            .find(|word| word.starts_with(beginning))
            .map(str::to_owned)
            .unwrap_or_else(|| panic!("no {beginning} in {}", self.text()))
    }
}

fn quoted(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'=' && tail.len() >= 2 {
            let hex = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// RFC 2047's encoded words.
fn words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(start) = rest.find("=?utf-8?") {
        let before = &rest[..start];
        // Between two encoded words a space is only there to part them.
        if !before.trim().is_empty() || out.is_empty() {
            out.push_str(before);
        }
        let (encoded, tail) = rest[start + 8..].split_once("?=").unwrap();
        let (kind, body) = encoded.split_once('?').unwrap();
        out.push_str(&match kind {
            "b" | "B" => String::from_utf8(STANDARD.decode(body).unwrap()).unwrap(),
            _ => quoted(&body.replace('_', " ")),
        });
        rest = tail;
    }
    out + rest
}
