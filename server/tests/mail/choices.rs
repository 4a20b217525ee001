//! What people choose from a mail: the page changes nothing, the form does, and nobody has to log in.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::paths;
use bedring_contract::person::PersonBundle;
use bedring_contract::problem::Code;
use bedring_server::ports::Clock;
use bedring_store::entities::mail_choice;
use bedring_store::sea_orm::{ActiveValue::Set, EntityTrait};

use crate::support::seed::Someone;
use crate::support::smtp::Received;
use crate::support::{Answer, request};
use crate::world::{World, with_mail};

const BASE: &str = "https://svar.example";

/// The path of the page that a mail links to.
pub fn page(world: &World, address: &str) -> String {
    let mails = world.sink.to(address);
    let link = mails.last().unwrap().link(&format!("{BASE}/m/"));
    link.strip_prefix(BASE).unwrap().to_owned()
}

/// The same of all mails to an address.
pub fn pages(world: &World, address: &str) -> Vec<String> {
    let link = |mail: &Received| mail.link(&format!("{BASE}/m/"));
    let links = world.sink.to(address).iter().map(link).collect::<Vec<_>>();
    let paths = links.iter().map(|link| link.strip_prefix(BASE).unwrap());
    paths.map(str::to_owned).collect()
}

/// As mail providers post: from elsewhere, without a cookie.
pub async fn post(world: &World, path: &str, body: &str) -> Answer {
    let request = request(Method::POST, path)
        .header("sec-fetch-site", "cross-site")
        .header(header::ORIGIN, "https://mail.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = Body::from(body.to_owned());
    world.app.send(request.body(body).unwrap()).await
}

async fn reminded(world: &World) -> Someone {
    let someone = world.somebody("a@people.example", "2026-03-02").await;
    world.skip_to("2026-03-02T10:00:00");
    world.work().await;
    assert_eq!(world.sink.all().len(), 1);
    someone
}

#[tokio::test]
async fn looking_changes_nothing_and_one_click_stops_all_mail() {
    with_mail(|world| async move {
        let someone = reminded(&world).await;
        let path = page(&world, "a@people.example");
        let mail = world.sink.all().remove(0);
        assert_eq!(mail.header("list-unsubscribe"), format!("<{BASE}{path}>"));
        assert_eq!(
            mail.header("list-unsubscribe-post"),
            "List-Unsubscribe=One-Click"
        );
        for _ in 0..3 {
            let answer = world.app.get(&path).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert!(answer.header("content-type").starts_with("text/html"));
        }
        assert_eq!(world.choice(&someone).await, None);

        let first = post(&world, &path, "List-Unsubscribe=One-Click").await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text());
        let chosen = world.choice(&someone).await.unwrap();
        assert_eq!(chosen.stopped_at, Some(world.app.clock.now()));
        world.app.clock.advance(std::time::Duration::from_secs(60));
        let again = post(&world, &path, "List-Unsubscribe=One-Click").await;
        assert_eq!(again.status, StatusCode::OK);
        assert_eq!(world.choice(&someone).await.unwrap(), chosen, "once");
        world.live_to("2026-04-10T12:00:00", 240).await;
        assert_eq!(world.sink.all().len(), 1);
        assert_eq!(world.calls().await.len(), 1, "but nobody is lost");
    })
    .await;
}

#[tokio::test]
async fn a_week_is_a_week() {
    with_mail(|world| async move {
        reminded(&world).await;
        world.skip_to("2026-03-05T12:00:00");
        let path = page(&world, "a@people.example");
        assert_eq!(
            post(&world, &path, "choice=in_a_week").await.status,
            StatusCode::OK
        );
        // The second mail would go on the sixth; a week from the fifth is the twelfth.
        world.live_to("2026-03-12T09:59:00", 60).await;
        assert_eq!(world.sink.all().len(), 1);
        world.live_to("2026-03-12T11:00:00", 60).await;
        assert_eq!(world.sink.all().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_bad_token_gets_a_kind_page_and_does_nothing() {
    with_mail(|world| async move {
        let someone = reminded(&world).await;
        let path = page(&world, "a@people.example");
        let mut changed = path.clone();
        let last = if changed.pop() == Some('A') { 'B' } else { 'A' };
        changed.insert(10, last);
        for path in ["/m/x", "/m/%C3%A6", &changed, &path[..path.len() - 1]] {
            for answer in [
                world.app.get(path).await,
                post(&world, path, "choice=never").await,
            ] {
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
                assert!(answer.header("content-type").starts_with("text/html"));
                assert!(answer.text().contains("Linket virker ikke her"));
            }
        }
        assert_eq!(world.choice(&someone).await, None);
    })
    .await;
}

#[tokio::test]
async fn pages_load_nothing_speak_two_languages_and_offer_a_contact_only_if_there_is_one() {
    with_mail(|world| async move {
        let someone = reminded(&world).await;
        let path = page(&world, "a@people.example");
        let danish = world.app.get(&path).await;
        let text = danish.text();
        assert!(text.contains("<html lang=\"da\">") && text.contains("Om en uge"));
        assert!(text.contains("?lang=en") && !text.contains("<script"));
        assert!(!text.contains("contact"), "there is none");
        let policy = danish.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"));
        assert!(!policy.contains("unsafe"));
        let english = world.app.get(&format!("{path}?lang=en")).await;
        assert!(english.text().contains("<html lang=\"en\">"));
        assert!(
            english
                .text()
                .contains("Stop all reminders to this address")
        );
        // What is not offered cannot be chosen.
        let answer = post(&world, &path, "choice=contact").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(world.choice(&someone).await, None);
        let too_long = "x".repeat(5000);
        assert_eq!(
            post(&world, &path, &too_long).await.status,
            StatusCode::PAYLOAD_TOO_LARGE
        );
    })
    .await;
}

#[tokio::test]
async fn a_contact_is_reminded_without_a_link_and_can_say_no() {
    with_mail(|world| async move {
        let someone = reminded(&world).await;
        let state = &world.app.state;
        let sealed = state
            .keys
            .contact
            .encrypt(&*state.random, b"ven@people.example");
        let row = mail_choice::ActiveModel {
            person_id: Set(someone.id),
            snoozed_until: Set(None),
            stopped_at: Set(None),
            stopped_by_other: Set(false),
            to_contact: Set(false),
            contact_email_sealed: Set(Some(sealed)),
            contact_name_sealed: Set(None),
            contact_said_at: Set(None),
            contact_entry_id: Set(None),
            bounced_at: Set(None),
            contact_bounced_at: Set(None),
            again_at: Set(None),
            again_occasion_id: Set(None),
        };
        mail_choice::Entity::insert(row)
            .exec_without_returning(state.db.read())
            .await
            .unwrap();
        let path = page(&world, "a@people.example");
        assert!(
            world
                .app
                .get(&path)
                .await
                .text()
                .contains("value=\"contact\"")
        );
        post(&world, &path, "choice=contact").await;
        world.live_to("2026-03-06T11:00:00", 60).await;
        let friend = world.sink.to("ven@people.example");
        assert_eq!((friend.len(), world.sink.all().len()), (1, 2));
        assert!(!friend[0].text().contains("/s#"));
        assert!(!friend[0].html().replace("&#x2f;", "/").contains("/s#"));
        // The contact wants none: their address is forgotten, and the person is written to again.
        let path = page(&world, "ven@people.example");
        let offered = world.app.get(&path).await;
        assert!(!offered.text().contains("in_a_week"));
        for _ in 0..2 {
            post(&world, &path, "List-Unsubscribe=One-Click").await;
        }
        let choice = world.choice(&someone).await.unwrap();
        assert_eq!(
            (choice.to_contact, choice.contact_email_sealed),
            (false, None)
        );
        assert_eq!(choice.stopped_at, None);
        world.live_to("2026-03-13T11:00:00", 60).await;
        assert_eq!(world.sink.to("a@people.example").len(), 2);
        assert_eq!(world.sink.to("ven@people.example").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_link_opens_the_persons_own_occasions() {
    with_mail(|world| async move {
        let someone = reminded(&world).await;
        let mail = world.sink.all().remove(0);
        let link = mail.link(&format!("{BASE}/s#"));
        let answer = opened(&world, &link).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let bundle: PersonBundle = answer.json();
        assert_eq!(bundle.person, someone.id);
        assert!(bundle.occasions.iter().any(|o| o.id == someone.intake));
        let html = mail.html().replace("&#x2f;", "/");
        assert!(html.contains(&format!("href=\"{link}\"")), "{html}");
    })
    .await;
}

/// What the server says to whoever comes by a link.
async fn opened(world: &World, link: &str) -> Answer {
    let secret = link.split_once('#').unwrap().1;
    let request = request(Method::GET, paths::OCCASION)
        .header(header::AUTHORIZATION, format!("Bearer {secret}"));
    world.app.send(request.body(Body::empty()).unwrap()).await
}

/// They may lie in the mailbox of somebody to whom none should have gone.
#[tokio::test]
async fn no_more_mails_ends_the_links_in_those_that_went() {
    with_mail(|world| async move {
        reminded(&world).await;
        let link = world.sink.all()[0].link(&format!("{BASE}/s#"));
        let path = page(&world, "a@people.example");
        post(&world, &path, "choice=in_a_week").await;
        assert_eq!(opened(&world, &link).await.status, StatusCode::OK);
        let answer = post(&world, &path, "choice=never").await;
        assert!(answer.text().contains("er lukket"), "{}", answer.text());
        let ended = opened(&world, &link).await;
        ended.assert_problem(Code::AuthSecretEnded);
    })
    .await;
}
