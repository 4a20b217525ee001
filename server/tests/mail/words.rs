//! What stands in mails, and what stands in no log.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Method;
use bedring_contract::staff::Role;
use bedring_store::entities::person;
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::support::log::Log;
use crate::support::smtp::Behaviour;
use crate::support::staff::account;
use crate::support::{request, seed};
use crate::world::with_mail;

/// Words that would tell whoever looks over a shoulder what it is about.
const TELLING: [&str; 34] = [
    "psyk",
    "sind",
    "syg",
    "sundhed",
    "helbred",
    "bedring",
    "recovery",
    "diagnos",
    "behandl",
    "depress",
    "angst",
    "ensom",
    "trivsel",
    "terapi",
    "patient",
    "borger",
    "kommune",
    "undersøg",
    "evaluer",
    "forløb",
    "støtte",
    "mental",
    "psych",
    "health",
    "illness",
    "treat",
    "anxi",
    "lonel",
    "therap",
    "survey",
    "support",
    "wellbeing",
    "mhrm",
    "lsns",
];

#[tokio::test]
async fn no_mail_says_a_word_about_health() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        account(
            &world.app,
            "leder@staff.example",
            Role::ProjectLeader,
            &[project],
        )
        .await;
        world
            .somebody_in(project, "dansk@people.example", "2026-03-02")
            .await;
        let english = world
            .somebody_in(project, "english@people.example", "2026-03-02")
            .await;
        person::Entity::update_many()
            .col_expr(person::Column::Language, Expr::value("en"))
            .filter(person::Column::Id.eq(english.id))
            .exec(world.app.state.db.read())
            .await
            .unwrap();
        world.skip_to("2026-03-02T10:00:00");
        world.work().await;
        let all = world.sink.all();
        assert_eq!(all.len(), 3);
        for mail in &all {
            let headers = [
                "subject",
                "from",
                "reply-to",
                "list-unsubscribe",
                "message-id",
            ];
            let mut parts: Vec<String> = headers.iter().map(|h| mail.header(h)).collect();
            parts.extend([mail.text(), mail.html()]);
            for part in parts {
                let part = part.to_lowercase();
                // Random letters may spell anything.
                let words: Vec<&str> = part
                    .split_whitespace()
                    .filter(|w| !w.contains("/m/") && !w.contains("/s#"))
                    .collect();
                for word in TELLING {
                    assert!(!words.join(" ").contains(word), "{word} in {part}");
                }
            }
            assert_eq!(mail.header("auto-submitted"), "auto-generated");
            assert_eq!(mail.header("from"), "Svar <hilsen@svar.example>");
            assert!(mail.header("message-id").ends_with("@svar.example>"));
            assert_eq!(mail.header("date"), "Mon, 02 Mar 2026 09:00:00 +0000");
            for outside in ["googleapis", "<script", "<img", "http://"] {
                let html = mail.html().replace("http://www.w3.org/", "");
                assert!(!html.contains(outside), "{outside} in {html}");
            }
        }
        let of = |address: &str| world.sink.to(address).remove(0);
        let (danish, english) = (of("dansk@people.example"), of("english@people.example"));
        assert_eq!(danish.header("subject"), "Et par spørgsmål venter på dig");
        assert!(
            danish
                .text()
                .contains("Du har bedt os minde dig om et par spørgsmål")
        );
        assert!(danish.html().contains("lang=\"da\""));
        assert_eq!(
            english.header("subject"),
            "A few questions are waiting for you"
        );
        assert!(
            english
                .text()
                .contains("You asked us to remind you of a few questions")
        );
        assert!(english.html().contains("lang=\"en\""));
    })
    .await;
}

#[tokio::test]
async fn no_log_line_has_an_address_or_a_secret() {
    let log = Log::listen();
    let secrets = Arc::new(Mutex::new(Vec::new()));
    let found = Arc::clone(&secrets);
    with_mail(move |world| {
        let found = Arc::clone(&found);
        async move {
            world.somebody("anna.k@people.example", "2026-03-02").await;
            world.skip_to("2026-03-02T10:00:00");
            // Mail servers repeat the address in what they answer.
            world.sink.behave(Behaviour::NotNow);
            world.work().await;
            world.sink.behave(Behaviour::Takes);
            world.skip_to("2026-03-02T10:01:00");
            world.work().await;
            let mail = world.sink.all().remove(0);
            let page = mail.link("https://svar.example/m/");
            let open = mail.link("https://svar.example/s#");
            let (token, secret) = (
                page.rsplit_once('/').unwrap().1.to_owned(),
                open.split_once('#').unwrap().1.to_owned(),
            );
            let path = page.strip_prefix("https://svar.example").unwrap();
            world.app.get(path).await;
            let request = request(Method::POST, path).body(Body::from("choice=in_a_week"));
            world.app.send(request.unwrap()).await;
            world.sink.behave(Behaviour::UnknownRecipient);
            world.live_to("2026-03-10T12:00:00", 60).await;
            found.lock().unwrap().extend([token, secret]);
        }
    })
    .await;
    let log = log.text();
    assert!(
        log.contains("a mail was not taken"),
        "the log is really kept"
    );
    // What the libraries say below info is for whoever debugs them on a machine without people.
    let log: String = log
        .lines()
        .filter(|line| line.contains("bedring_server"))
        .collect();
    for secret in secrets.lock().unwrap().iter() {
        assert!(!log.contains(secret.as_str()));
    }
    assert!(!log.contains("anna") && !log.contains("people.example"));
}
