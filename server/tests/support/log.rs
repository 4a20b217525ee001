//! What the server logs while a test runs: everything, down to the finest, on the thread of the test.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing::subscriber::{DefaultGuard, NoSubscriber, set_default};

/// Keeps the log from its making until it is dropped.
pub struct Log {
    kept: Kept,
    /// While there is only one listener, `tracing` asks the thread that meets a log line first whether anybody wants it, for good; that
    /// thread may be another test's, which has none. With two it asks the listeners themselves.
    _second: tracing::Dispatch,
    /// For this thread, on which the whole test runs.
    _guard: DefaultGuard,
}

impl Log {
    /// Listens from here on.
    pub fn listen() -> Self {
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        Self {
            kept,
            _second: tracing::Dispatch::new(NoSubscriber::new()),
            _guard: set_default(subscriber),
        }
    }

    /// All of it so far.
    pub fn text(&self) -> String {
        String::from_utf8(self.kept.0.lock().unwrap().clone()).unwrap()
    }
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
