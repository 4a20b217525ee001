//! Mails that come back to a mailbox: what is read there, what is marked, and what stands in the way.

use bedring_contract::mail::Operations;
use bedring_contract::paths;
use bedring_contract::staff::Role;
use bedring_server::config::MailTls;
use bedring_server::mail::{MailboxError, ReturnedError, read_returned, try_mailbox};
use bedring_server::ports::Clock;
use bedring_server::state::AppState;

use crate::imap_server::{ImapServer, Mood, PASSWORD, USER};
use crate::support::program::bedring;
use crate::support::seed::Someone;
use crate::support::staff::logged_in;
use crate::world::{World, day, with_mail};

/// A notification about a mail, as its server saw it go wrong.
fn notification(message_id: &str, action: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\nTo: hilsen@svar.example\nSubject: Undelivered\nMIME-Version: 1.0\n\
Content-Type: multipart/report; report-type=delivery-status; boundary=\"=b\"\n\n\
--=b\nContent-Type: text/plain; charset=utf-8\n\nKunne ikke leveres\n\
--=b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
Final-Recipient: rfc822; a@people.example\nAction: {action}\nStatus: {status}\n\n\
--=b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\nSubject: Hej\n\n--=b--\n"
    )
}

/// A server of the world that reads this mailbox.
fn reader(world: &World, imap: &ImapServer) -> AppState {
    let mut config = world.app.state.config.clone();
    config.mail.bounces_imap = imap.settings();
    world.server_with(config)
}

/// Somebody who got a mail, and its Message-ID.
async fn reminded(world: &World) -> (Someone, String) {
    let someone = world.somebody("a@people.example", "2026-03-02").await;
    world.skip_to("2026-03-02T10:00:00");
    world.work().await;
    let id = world.sink.all()[0].header("message-id");
    (someone, id)
}

#[tokio::test]
async fn a_mail_that_comes_back_to_the_mailbox_ends_mails_and_brings_a_call() {
    with_mail(|world| async move {
        let (someone, id) = reminded(&world).await;
        let imap = ImapServer::start(MailTls::None).await;
        let state = reader(&world, &imap);
        let human = imap.deliver("From: a@people.example\nSubject: Tak\n\nTak for mailen");
        let foreign = notification("<x@elsewhere.example>", "failed", "5.1.1");
        let foreign = imap.deliver(&foreign);
        let unknown = "<019ab3c4-0000-7000-8000-00000000002a@svar.example>";
        imap.deliver(&notification(unknown, "failed", "5.1.1"));
        let late = imap.deliver(&notification(&id, "delayed", "4.4.1"));
        assert_eq!(read_returned(&state).await.unwrap(), 1);
        assert_eq!(world.choice(&someone).await, None, "it is only late");
        assert_eq!(
            imap.seen(),
            [late],
            "what is not about our mails stays as it was"
        );
        // What was looked at is not fetched again, as long as this server lives.
        imap.commands();
        assert_eq!(read_returned(&state).await.unwrap(), 0);
        assert!(!imap.commands().iter().any(|c| c.contains("FETCH")));

        let gone = imap.deliver(&notification(&id, "failed", "5.1.1"));
        assert_eq!(read_returned(&state).await.unwrap(), 1);
        assert!(world.choice(&someone).await.unwrap().bounced_at.is_some());
        assert_eq!(
            world.states().await,
            [("bounced".to_owned(), "bounced".to_owned(), 1)]
        );
        assert_eq!((imap.seen(), imap.count()), (vec![late, gone], 5));
        let asked = imap.commands();
        let deletes = |c: &&String| {
            ["EXPUNGE", "Deleted", "MOVE", "CLOSE"]
                .iter()
                .any(|w| c.contains(w))
        };
        assert_eq!(asked.iter().find(deletes), None);
        assert!(human < foreign);
        // Nobody has read it: the call does not wait as if somebody had.
        world.live_to("2026-03-02T17:00:00", 60).await;
        assert_eq!(world.calls().await, [day("2026-03-02")]);
        world.live_to("2026-03-20T11:00:00", 240).await;
        assert_eq!(world.sink.all().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_the_addresss_fault_counts_as_failed_and_the_address_stays() {
    with_mail(|world| async move {
        let (someone, id) = reminded(&world).await;
        let imap = ImapServer::start(MailTls::None).await;
        let state = reader(&world, &imap);
        imap.deliver(&notification(&id, "failed", "5.7.1"));
        assert_eq!(read_returned(&state).await.unwrap(), 1);
        assert_eq!(world.choice(&someone).await, None);
        assert_eq!(
            world.states().await,
            [("failed".to_owned(), "returned".to_owned(), 1)]
        );
        let administrator = logged_in(&world.app, Role::Administrator, &[]).await;
        let seen: Operations = administrator
            .get(&world.app, paths::OPERATIONS)
            .await
            .json();
        let failures: Vec<(&str, u64)> = seen
            .failures
            .iter()
            .map(|f| (f.kind.as_str(), f.count))
            .collect();
        assert_eq!(failures, [("returned", 1)]);
        world.live_to("2026-03-06T11:00:00", 60).await;
        assert_eq!(world.sink.all().len(), 2, "the second mail goes");
    })
    .await;
}

#[tokio::test]
async fn dying_in_the_middle_and_reading_twice_do_no_harm() {
    with_mail(|world| async move {
        let (someone, id) = reminded(&world).await;
        let imap = ImapServer::start(MailTls::None).await;
        let first = imap.deliver(&notification(&id, "failed", "5.1.1"));
        let state = reader(&world, &imap);
        imap.behave(Mood::CutsAtMail);
        assert!(read_returned(&state).await.is_err());
        assert_eq!(world.choice(&someone).await, None);
        imap.behave(Mood::CutsAtMark);
        let cut = read_returned(&state).await.unwrap_err();
        assert!(
            matches!(cut, ReturnedError::Mailbox(MailboxError::Connection)),
            "{cut:?}"
        );
        let marked = world.choice(&someone).await.unwrap();
        assert!(
            marked.bounced_at.is_some() && imap.seen().is_empty(),
            "reported, not marked"
        );
        imap.behave(Mood::Well);
        world.app.clock.advance(std::time::Duration::from_secs(60));
        // Two servers that started again, at once.
        let (one, other) = (reader(&world, &imap), reader(&world, &imap));
        let (one, other) = tokio::join!(read_returned(&one), read_returned(&other));
        assert!(one.unwrap() + other.unwrap() >= 1);
        assert_eq!(imap.seen(), [first]);
        assert_eq!(world.choice(&someone).await.unwrap(), marked, "once");
        // The mailbox is made anew: everything unread is looked at from the start.
        let again = imap.deliver(&notification(&id, "failed", "5.1.1"));
        imap.begin_anew();
        assert_eq!(read_returned(&state).await.unwrap(), 1);
        assert_ne!(imap.seen(), [first, again], "numbers changed");
        assert_eq!(imap.seen().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_operations_page_tells_what_stands_in_the_way() {
    with_mail(|mut world| async move {
        let imap = ImapServer::start(MailTls::None).await;
        let administrator = logged_in(&world.app, Role::Administrator, &[]).await;
        let off: Operations = administrator
            .get(&world.app, paths::OPERATIONS)
            .await
            .json();
        assert_eq!(off.bounces, None, "off by default");
        assert_eq!(read_returned(&world.app.state).await.unwrap(), 0);
        let state = reader(&world, &imap);
        world.app.router = bedring_server::http::router(state.clone());
        let found = async || -> (bool, Option<String>) {
            let _ = read_returned(&state).await;
            let seen: Operations = administrator
                .get(&world.app, paths::OPERATIONS)
                .await
                .json();
            let bounces = seen.bounces.unwrap();
            (
                bounces.last_read == Some(world.app.clock.now()),
                bounces.trouble,
            )
        };
        assert_eq!(found().await, (true, None));
        world.app.clock.advance(std::time::Duration::from_secs(60));
        let garbled = imap.deliver(&notification("<x@elsewhere.example>", "failed", "5.1.1"));
        imap.behave(Mood::Refuses);
        assert_eq!(found().await, (false, Some("protocol".to_owned())));
        imap.behave(Mood::Garbles);
        assert_eq!(found().await, (false, Some("protocol".to_owned())));
        imap.behave(Mood::Silent);
        assert_eq!(found().await, (false, Some("timeout".to_owned())));
        imap.behave(Mood::Well);
        imap.commands();
        assert_eq!(found().await, (true, None));
        let fetched = format!("UID FETCH {garbled} ");
        assert!(
            !imap.commands().iter().any(|c| c.starts_with(&fetched)),
            "one bad mail blocks nothing"
        );
    })
    .await;
}

#[tokio::test]
async fn the_way_is_protected_and_each_thing_that_is_wrong_has_its_name() {
    for tls in [MailTls::Tls, MailTls::Starttls] {
        let imap = ImapServer::start(tls).await;
        let right = imap.settings();
        assert_eq!(try_mailbox(&right).await, Ok(()), "{tls:?}");
        let asked = imap.commands();
        assert_eq!(
            asked.first().is_some_and(|c| c == "STARTTLS"),
            tls == MailTls::Starttls
        );
        let mut stranger = right.clone();
        stranger.tls_ca_file = None;
        assert_eq!(try_mailbox(&stranger).await, Err(MailboxError::Tls));
        let mut other_name = right.clone();
        other_name.host = Some("localhost".to_owned());
        assert_eq!(try_mailbox(&other_name).await, Err(MailboxError::Tls));
        assert!(
            !imap.commands().iter().any(|c| c.starts_with("LOGIN")),
            "nothing was said"
        );
        let mut no_file = right.clone();
        no_file.tls_ca_file = Some("/no/such/file".into());
        assert_eq!(try_mailbox(&no_file).await, Err(MailboxError::CaFile));
        let mut login = right.clone();
        login.password = Some("wrong".to_owned().into());
        assert_eq!(try_mailbox(&login).await, Err(MailboxError::Login));
        let mut folder = right.clone();
        folder.folder = "Retur".to_owned();
        assert_eq!(try_mailbox(&folder).await, Err(MailboxError::Folder));
    }
    // It offers no protection: nothing is said to it.
    let plain = ImapServer::start(MailTls::None).await;
    let mut wanted = plain.settings();
    wanted.tls = MailTls::Starttls;
    assert_eq!(try_mailbox(&wanted).await, Err(MailboxError::Tls));
    assert_eq!(plain.commands(), ["STARTTLS"]);
    plain.behave(Mood::Elsewhere);
    wanted.tls = MailTls::None;
    assert_eq!(try_mailbox(&wanted).await, Err(MailboxError::Protocol));
    plain.behave(Mood::Silent);
    assert_eq!(try_mailbox(&wanted).await, Err(MailboxError::Timeout));
    wanted.port = Some(1);
    assert_eq!(try_mailbox(&wanted).await, Err(MailboxError::Connection));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_looks_into_the_mailbox_and_hides_its_password() {
    let imap = ImapServer::start(MailTls::Tls).await;
    let settings = imap.settings();
    let folder = tempfile::tempdir().unwrap();
    let doctor = |password: &str| {
        let output = bedring(folder.path())
            .arg("doctor")
            .env("BEDRING__MAIL__BOUNCES_IMAP__HOST", "127.0.0.1")
            .env(
                "BEDRING__MAIL__BOUNCES_IMAP__PORT",
                settings.port().to_string(),
            )
            .env("BEDRING__MAIL__BOUNCES_IMAP__TLS_CA_FILE", imap.ca_file())
            .env("BEDRING__MAIL__BOUNCES_IMAP__USERNAME", USER)
            .env("BEDRING__MAIL__BOUNCES_IMAP__PASSWORD", password)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(!said.contains(password), "{said}");
        assert!(
            said.contains(&format!("mail.bounces_imap.username = {USER}")),
            "{said}"
        );
        (output.status.success(), said)
    };
    let (fine, said) = doctor(PASSWORD);
    assert!(
        fine && said.contains("ok     the mailbox of returned mails at 127.0.0.1:"),
        "{said}"
    );
    let (fine, said) = doctor("not-the-password");
    assert!(
        !fine && said.contains("look at mail.bounces_imap.username and .password"),
        "{said}"
    );
    assert!(
        !said.contains("is unknown"),
        "nothing of what the other side said"
    );
}
