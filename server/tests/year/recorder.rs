//! A mail server that remembers what it took, is away now and then, and knows that some addresses do not exist.

use std::collections::BTreeSet;
use std::sync::Mutex;

use bedring_server::ports::{MailError, Mailer, Outgoing};
use futures_util::future::BoxFuture;

/// A mail that was taken, or refused for good.
#[derive(Debug, Clone)]
pub struct Handed {
    pub message_id: String,
    pub to: String,
    /// Where its reader chooses.
    pub choose: String,
    pub taken: bool,
    /// The occasion that it is about, by its name in the story; known once its row is looked up.
    pub occasion: String,
}

#[derive(Debug, Default)]
struct State {
    down: bool,
    unknown: BTreeSet<String>,
    handed: Vec<Handed>,
}

#[derive(Debug, Default)]
pub struct Recorder(Mutex<State>);

impl Recorder {
    pub fn is_down(&self, down: bool) {
        self.0.lock().unwrap().down = down;
    }

    pub fn does_not_know(&self, address: &str) {
        self.0.lock().unwrap().unknown.insert(address.to_owned());
    }

    /// What came since the last time.
    pub fn take(&self) -> Vec<Handed> {
        std::mem::take(&mut self.0.lock().unwrap().handed)
    }
}

impl Mailer for Recorder {
    fn send(&self, mail: Outgoing) -> BoxFuture<'_, Result<(), MailError>> {
        Box::pin(async move {
            let mut state = self.0.lock().unwrap();
            if state.down {
                return Err(MailError::Later(451));
            }
            let taken = !state.unknown.contains(&mail.to);
            state.handed.push(Handed {
                message_id: mail.message_id,
                to: mail.to,
                choose: mail.unsubscribe.unwrap_or_default(),
                taken,
                occasion: String::new(),
            });
            if taken {
                Ok(())
            } else {
                Err(MailError::Recipient(550))
            }
        })
    }

    fn check(&self) -> BoxFuture<'_, Result<(), MailError>> {
        Box::pin(async { Ok(()) })
    }
}
