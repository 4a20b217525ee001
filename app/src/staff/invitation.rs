//! A way in for a person: link, code, short code, and a card to print. Made on demand and shown once: the server keeps hashes only.

use bedring_contract::staff::{Invitation, InvitationCard, PersonDetail};
use leptos::html::Input;
use leptos::prelude::*;
use uuid::Uuid;

use super::route::Route;
use super::state::{Remote, Staff};
use super::words::{Lang, Words, fill};
use super::{dates, not_asked, widgets};
use crate::api::{ApiFailure, staff as api};

/// What this screen holds in memory while it is open.
#[derive(Clone, Copy)]
struct Making {
    invitation: RwSignal<Option<Invitation>>,
    failure: RwSignal<Option<ApiFailure>>,
    busy: RwSignal<bool>,
}

/// The screen.
pub fn screen(staff: Staff, person: Uuid) -> impl IntoView {
    let detail = Remote::new(staff, move || api::person(person));
    widgets::loaded_screen(staff, detail, |w| w.person, move |found| page(staff, found))
}

fn page(staff: Staff, detail: &PersonDetail) -> impl IntoView + use<> {
    let lang = staff.lang_now();
    let w = lang.words();
    let (person, code) = (detail.line.id, detail.line.code.clone());
    let making = Making {
        invitation: RwSignal::new(None),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    let path = path_to(w, detail);
    let label = move || {
        if making.busy.get() {
            w.invitation_busy
        } else if making.invitation.with(Option::is_some) {
            w.invitation_remake
        } else {
            w.invitation_make
        }
    };
    let class = move || {
        if making.invitation.with(Option::is_some) {
            "button-secondary"
        } else {
            "button-primary"
        }
    };
    let heading = fill(w.invitation_title, &[("code", &code)]);
    if detail.not_asked.is_some() {
        return view! {
            <div class="stack-wide">
                {widgets::crumbs(w, path)}
                {widgets::heading(staff, w, heading)}
                {not_asked::note(lang, detail.not_asked)}
            </div>
        }
        .into_any();
    }
    view! {
        <div class="stack-wide">
            {widgets::crumbs(w, path)}
            {widgets::heading(staff, w, heading)}
            <p>{w.invitation_lead}</p>
            <p class="quiet">{w.invitation_older}</p>
            <p role="status" class="visually-hidden">
                {move || making.invitation.with(Option::is_some).then_some(w.invitation_ready)}
            </p>
            {move || making.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {move || making.invitation.get().map(|i| shown(lang, code.clone(), &i))}
            <p>
                <button type="button" class=class on:click=move |_| make(staff, person, making)>{label}</button>
            </p>
        </div>
    }
    .into_any()
}

/// Where the screen belongs.
fn path_to(w: &Words, detail: &PersonDetail) -> Vec<(Route, String)> {
    let person = &detail.line;
    vec![
        (Route::Programmes, w.nav_programmes.to_owned()),
        (
            Route::Project(detail.project),
            format!("{} {}", w.project, detail.project_code),
        ),
        (
            Route::Person(person.id),
            fill(w.person_title, &[("code", &person.code)]),
        ),
    ]
}

fn make(staff: Staff, person: Uuid, making: Making) {
    if making.busy.get_untracked() {
        return;
    }
    making.busy.set(true);
    making.failure.set(None);
    staff.ask(api::invite(person), move |outcome| {
        if making.busy.try_set(false).is_some() {
            return;
        }
        match outcome {
            Ok(invitation) => {
                making.invitation.set(Some(invitation));
                widgets::focus("invitation-link-title");
            }
            Err(trouble) => making.failure.set(Some(trouble)),
        }
    });
}

fn shown(lang: Lang, code: String, invitation: &Invitation) -> impl IntoView + use<> {
    view! {
        <div class="grid">
            <div class="stack">
                {link_card(lang, invitation)}
                {code_card(lang, invitation)}
            </div>
            {print_card(lang, code, invitation)}
        </div>
    }
}

fn link_card(lang: Lang, invitation: &Invitation) -> impl IntoView + use<> {
    let w = lang.words();
    let node = NodeRef::<Input>::new();
    let said = RwSignal::new(None::<&'static str>);
    let copy = move |_| {
        widgets::copy(node, move |worked| {
            said.try_set(Some(if worked { w.copied } else { w.copy_failed }));
        });
    };
    let until = fill(
        w.invitation_link_until,
        &[(
            "when",
            &dates::date(lang, dates::local(invitation.link_expires).date_naive()),
        )],
    );
    view! {
        <section class="card stack">
            <h2 id="invitation-link-title" tabindex="-1">{w.invitation_link}</h2>
            <div class="field">
                <label for="invitation-link" class="visually-hidden">{w.invitation_link}</label>
                <p class="field-hint" id="invitation-link-hint">{w.invitation_link_hint} " " {until}</p>
                <input
                    id="invitation-link" class="input" type="text" readonly=true aria-describedby="invitation-link-hint"
                    value=invitation.link.clone() node_ref=node
                />
            </div>
            <button type="button" class="button-secondary" on:click=copy>{w.copy}</button>
            <p role="status" class="quiet">{move || said.get()}</p>
        </section>
    }
}

fn code_card(lang: Lang, invitation: &Invitation) -> impl IntoView + use<> {
    let w = lang.words();
    let until = dates::moment(lang, dates::local(invitation.short_code_expires));
    view! {
        <section class="card stack">
            <h2>{w.invitation_code}</h2>
            <p class="receipt-code">{invitation.short_code.clone()}</p>
            <p class="quiet">{fill(w.invitation_code_until, &[("when", &until)])}</p>
        </section>
    }
}

/// What is handed over on paper. No word of health, and nothing that tells a finder whose it is but the pseudonymous code.
fn print_card(lang: Lang, code: String, invitation: &Invitation) -> impl IntoView + use<> {
    let w = lang.words();
    // The address before the secret: what somebody types who cannot scan.
    let site = invitation.link.split("/s#").next().unwrap_or_default();
    let site = site
        .trim_start_matches("https://")
        .trim_start_matches("http://")
        .to_owned();
    let until = dates::moment(lang, dates::local(invitation.short_code_expires));
    let told = card_lines(lang, invitation.card.as_ref());
    let print = move |_| {
        let _ = window().print();
    };
    view! {
        <section class="stack">
            <h2>{w.card_title}</h2>
            <div class="print-card stack-tight">
                <p><strong>"Bedring"</strong> " · " {code}</p>
                {told.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
                <div class="print-qr" role="img" aria-label=w.qr_label inner_html=invitation.qr_svg.clone()></div>
                <p>{w.card_line_scan}</p>
                <p>{fill(w.card_line_type, &[("site", &site)])}</p>
                <p class="print-code">{invitation.short_code.clone()}</p>
                <p>{fill(w.card_until, &[("when", &until)])}</p>
                <p>{w.card_line_stop}</p>
            </div>
            <button type="button" class="button-secondary" on:click=print>{w.card_print}</button>
        </section>
    }
}

/// What it is for, how long it takes, and who asks; what the programme does not say is left out.
fn card_lines(lang: Lang, card: Option<&InvitationCard>) -> Vec<String> {
    let w = lang.words();
    let Some(card) = card else {
        return vec![w.card_what_bare.to_owned()];
    };
    let number = |text: &str, n: u32| fill(text, &[("n", &n.to_string())]);
    let what = match card.questions {
        // "1 short questions" would be wrong, and nobody asks so little.
        0 | 1 => w.card_what_bare.to_owned(),
        n => number(w.card_what, n),
    };
    let time = card.minutes.filter(|n| *n > 1);
    let time = time.map(|n| number(w.card_time, n.into()));
    let senders = match card.senders.split_last() {
        None => None,
        Some((last, [])) => Some(last.clone()),
        Some((last, others)) => Some([&others.join(", "), w.card_and, last].concat()),
    };
    let from = senders.map(|names| fill(w.card_from, &[("senders", &names)]));
    std::iter::once(what).chain(time).chain(from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_says_what_it_is_for_how_long_it_takes_and_who_asks() {
        let card = |senders: &[&str], questions, minutes| InvitationCard {
            senders: senders.iter().map(|s| (*s).to_owned()).collect(),
            questions,
            minutes,
        };
        let whole = card(&["A Kommune", "B Forening", "C Hus"], 39, Some(15));
        assert_eq!(
            card_lines(Lang::Da, Some(&whole)),
            [
                "Vi vil gerne vide, om det, du er med i, hjælper. Derfor har vi 39 korte spørgsmål til dig.",
                "Det tager omkring 15 minutter.",
                "Spørgsmålene kommer fra A Kommune, B Forening og C Hus.",
            ]
        );
        let alone = card_lines(Lang::En, Some(&card(&["A Kommune"], 2, None)));
        assert_eq!(alone[1..], ["The questions come from A Kommune."]);
        // Nothing known: it still says what it is for, and no figure that nobody gave.
        for lang in [Lang::Da, Lang::En] {
            let bare = card_lines(lang, Some(&card(&[], 0, None)));
            assert_eq!(bare, [lang.words().card_what_bare]);
            assert_eq!(card_lines(lang, None), bare);
        }
    }
}
