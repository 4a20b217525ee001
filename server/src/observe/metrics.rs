//! Figures for Prometheus, served on a listener of their own. Without `server.metrics_bind` nothing is counted.

use std::sync::OnceLock;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use bedring_domain::journal::Outcome;
use chrono::{DateTime, Utc};
use metrics::{
    Counter, Histogram, counter, describe_counter, describe_gauge, describe_histogram, histogram,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::mail::Return;

const REQUESTS: &str = "bedring_http_requests_total";
const REQUEST_SECONDS: &str = "bedring_http_request_seconds";
const ENTRIES: &str = "bedring_journal_entries_total";
const JOBS_WAITING: &str = "bedring_jobs_waiting";
const MAILS: &str = "bedring_mails_total";
const MAILBOX: &str = "bedring_bounce_mailbox_reads_total";
const RETURNED: &str = "bedring_mails_returned_total";
const MAILS_WAITING: &str = "bedring_mails_waiting";
const CLOCK_SET_BACK: &str = "bedring_clock_set_back_total";
const MAIL_LAST_TAKEN: &str = "bedring_mails_last_success_timestamp_seconds";
const WRONG_TRIES: &str = "bedring_wrong_tries_total";
const THROTTLED: &str = "bedring_throttled_total";
const QUARANTINED: &str = "bedring_quarantine_waiting";
const ONE_ADDRESS: &str = "bedring_all_from_one_address";
const READY: &str = "bedring_ready";
const MAILS_OLDEST: &str = "bedring_mails_oldest_waiting_seconds";

/// Upper bounds of the latency histogram, in seconds.
const BUCKETS: &[f64] = &[
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0,
];

/// Starts counting; once in a process.
///
/// # Errors
/// Counting has been started before.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(REQUEST_SECONDS.to_owned()), BUCKETS)?
        .install_recorder()?;
    describe_counter!(
        REQUESTS,
        "Answered requests by method, route and class of status"
    );
    describe_histogram!(REQUEST_SECONDS, "Time to answer by method and route");
    describe_counter!(ENTRIES, "Journal entries by what became of them");
    describe_gauge!(JOBS_WAITING, "Jobs that wait or run");
    describe_counter!(MAILS, "Mails handed over, by what became of them");
    describe_counter!(
        MAILBOX,
        "Looks into the mailbox of returned mails, by how they went"
    );
    describe_counter!(
        RETURNED,
        "Notifications about mails in that mailbox, by what they say"
    );
    describe_gauge!(MAILS_WAITING, "Mails that wait or are being sent");
    describe_gauge!(MAILS_OLDEST, "How long the oldest of them has waited");
    describe_gauge!(
        MAIL_LAST_TAKEN,
        "When the mail server last took a mail, in seconds since 1970; 0 if it never has"
    );
    mail_last_taken(None);
    mails_waiting(0, 0);
    describe_counter!(
        CLOCK_SET_BACK,
        "How often the clock was found set back by an hour or more"
    );
    describe_counter!(WRONG_TRIES, "Log-ins and short codes that were wrong");
    describe_counter!(THROTTLED, "Log-ins and short codes that were not looked at");
    describe_gauge!(READY, "1 if the server can do its work, 0 if not");
    describe_gauge!(
        QUARANTINED,
        "Entries that are kept apart and wait for somebody"
    );
    describe_gauge!(
        ONE_ADDRESS,
        "1 if all requests since the start seem to come from one address"
    );
    begin();
    Ok(handle)
}

/// Every figure is there from the start: one that appears only with the first trouble cannot be watched for it.
fn begin() {
    ready(false);
    jobs_waiting(0);
    quarantined(0);
    one_address(false);
    counter!(CLOCK_SET_BACK).increment(0);
    counter!(MAILS, "outcome" => "sent").increment(0);
    counter!(MAILBOX, "outcome" => "read").increment(0);
    for what in ["log_in", "short_code"] {
        counter!(WRONG_TRIES, "what" => what).increment(0);
        counter!(THROTTLED, "what" => what).increment(0);
    }
    for outcome in [
        Outcome::Stored,
        Outcome::Repeated,
        Outcome::Conflict,
        Outcome::Quarantined,
        Outcome::Gone,
    ] {
        counter!(ENTRIES, "outcome" => outcome.as_str()).increment(0);
    }
}

/// How many entries are kept apart and wait for somebody.
pub fn quarantined(count: u64) {
    #[allow(clippy::cast_precision_loss, reason = "nobody has 2^52 entries")]
    metrics::gauge!(QUARANTINED).set(count as f64);
}

/// Whether all requests seem to come from one address.
pub fn one_address(one: bool) {
    metrics::gauge!(ONE_ADDRESS).set(f64::from(u8::from(one)));
}

/// Counts one journal entry.
pub fn journal_outcome(outcome: Outcome) {
    counter!(ENTRIES, "outcome" => outcome.as_str()).increment(1);
}

/// How many jobs wait or run.
pub fn jobs_waiting(count: u64) {
    #[allow(clippy::cast_precision_loss, reason = "nobody has 2^52 jobs")]
    metrics::gauge!(JOBS_WAITING).set(count as f64);
}

/// Counts a log-in or a short code that was wrong.
pub fn wrong_try(what: &'static str) {
    counter!(WRONG_TRIES, "what" => what).increment(1);
}

/// Counts one that was not looked at, because too many were wrong.
pub fn throttled(what: &'static str) {
    counter!(THROTTLED, "what" => what).increment(1);
}

/// Whether the server can do its work.
pub fn ready(well: bool) {
    metrics::gauge!(READY).set(f64::from(u8::from(well)));
}

/// The clock was set back.
pub fn clock_set_back() {
    counter!(CLOCK_SET_BACK).increment(1);
}

/// Counts one mail that was handed over, or the kind of error if it was not.
pub fn mail(error: Option<&'static str>) {
    counter!(MAILS, "outcome" => error.unwrap_or("sent")).increment(1);
}

/// Counts one look into the mailbox of returned mails, or the kind of error if it failed.
pub fn mailbox_read(error: Option<&'static str>) {
    counter!(MAILBOX, "outcome" => error.unwrap_or("read")).increment(1);
}

/// Counts one notification about a mail.
pub fn returned(how: Return) {
    counter!(RETURNED, "outcome" => how.as_str()).increment(1);
}

/// How many mails wait, and for how many seconds the oldest has.
pub fn mails_waiting(count: u64, oldest_seconds: i64) {
    #[allow(clippy::cast_precision_loss, reason = "nobody has 2^52 mails")]
    metrics::gauge!(MAILS_WAITING).set(count as f64);
    #[allow(clippy::cast_precision_loss, reason = "nobody waits 2^52 seconds")]
    metrics::gauge!(MAILS_OLDEST).set(oldest_seconds as f64);
}

/// When the mail server last took a mail; never is 1970.
pub fn mail_last_taken(at: Option<DateTime<Utc>>) {
    let seconds = at.map_or(0, |at| at.timestamp());
    #[allow(clippy::cast_precision_loss, reason = "2^52 seconds are far away")]
    metrics::gauge!(MAIL_LAST_TAKEN).set(seconds as f64);
}

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OTHER"];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The figures of one route, looked up once and then only counted up.
#[derive(Default)]
pub struct RouteMeters {
    methods: [MethodMeters; METHODS.len()],
}

#[derive(Default)]
struct MethodMeters {
    seconds: OnceLock<Histogram>,
    answered: [OnceLock<Counter>; CLASSES.len()],
}

impl RouteMeters {
    /// Counts one answer.
    pub fn record(
        &self,
        method: &Method,
        route: Option<&str>,
        status: StatusCode,
        elapsed: Duration,
    ) {
        let m = METHODS
            .iter()
            .position(|name| *name == method.as_str())
            .unwrap_or(METHODS.len() - 1);
        let class = usize::from((status.as_u16() / 100).clamp(1, 5) - 1);
        let (Some(meters), Some(method), Some(class_name)) =
            (self.methods.get(m), METHODS.get(m), CLASSES.get(class))
        else {
            return;
        };
        let name = || route.unwrap_or("(app)").to_owned();
        meters
            .seconds
            .get_or_init(|| histogram!(REQUEST_SECONDS, "method" => *method, "route" => name()))
            .record(elapsed);
        if let Some(slot) = meters.answered.get(class) {
            slot.get_or_init(|| counter!(REQUESTS, "method" => *method, "route" => name(), "status" => *class_name)).increment(1);
        }
    }
}
