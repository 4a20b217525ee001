//! A way in for a person: link, code, short code, and a card to print. Made on demand and shown once: the server keeps hashes only.

use bedring_contract::invitation::InviteHow;
use bedring_contract::staff::{Invitation, InvitationCard, PersonDetail};
use leptos::html::Input;
use leptos::prelude::*;
use uuid::Uuid;

use super::route::Route;
use super::state::{Remote, Staff};
use super::words::{Lang, Words, fill};
use super::{dates, dialogs, not_asked, widgets};
use crate::api::{ApiFailure, staff as api};

/// What this screen holds in memory while it is open.
#[derive(Clone, Copy)]
struct Making {
    invitation: RwSignal<Option<Invitation>>,
    failure: RwSignal<Option<ApiFailure>>,
    busy: RwSignal<bool>,
    /// Earlier links go on.
    keep: RwSignal<bool>,
}

/// The screen.
pub fn screen(staff: Staff, person: Uuid) -> impl IntoView {
    let detail = Remote::new(staff, move || api::person(person));
    widgets::loaded_screen(staff, detail, |w| w.person, move |found| page(staff, found))
}

fn page(staff: Staff, detail: &PersonDetail) -> impl IntoView + use<> {
    let lang = staff.lang_now();
    let w = lang.words();
    let making = Making {
        invitation: RwSignal::new(None),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
        keep: RwSignal::new(false),
    };
    let heading = fill(w.invitation_title, &[("code", &detail.line.code)]);
    let own_wish = detail.not_asked.is_some();
    let may_make = detail.not_asked.is_none_or(not_asked::has_wishes);
    let lead = if own_wish {
        view! { {not_asked::note(lang, detail.not_asked)} {may_make.then(|| own_wish_lead(w))} }
            .into_any()
    } else {
        view! { <p>{w.invitation_lead}</p> {earlier(w, making.keep)} }.into_any()
    };
    view! {
        <div class="stack-wide">
            {widgets::crumbs(w, path_to(w, detail))}
            {widgets::heading(staff, w, heading)}
            {lead}
            {may_make.then(|| maker(staff, detail, making, own_wish))}
        </div>
    }
}

/// What a way in can do that somebody asks for who said no or stop.
fn own_wish_lead(w: &'static Words) -> impl IntoView {
    view! {
        <p>{w.own_wish_text}</p>
        <p class="quiet">{w.own_wish_erase}</p>
    }
}

/// Earlier links end unless somebody wants them to go on; what is said about them says so at once.
fn earlier(w: &'static Words, keep: RwSignal<bool>) -> impl IntoView {
    let told = move || {
        if keep.get() {
            w.invitation_kept
        } else {
            w.invitation_older
        }
    };
    view! {
        <p class="quiet" id="invitation-earlier">{told}</p>
        {dialogs::confirmation("invitation-keep", w.invitation_keep, keep)}
    }
}

/// What was made, and the button that makes it.
fn maker(
    staff: Staff,
    detail: &PersonDetail,
    making: Making,
    own_wish: bool,
) -> impl IntoView + use<> {
    let lang = staff.lang_now();
    let w = lang.words();
    let (person, code) = (detail.line.id, detail.line.code.clone());
    let made = move || making.invitation.with(Option::is_some);
    let label = move || match (making.busy.get(), made()) {
        (true, _) => w.invitation_busy,
        (false, true) => w.invitation_remake,
        (false, false) if own_wish => w.own_wish_make,
        (false, false) => w.invitation_make,
    };
    let class = move || {
        if made() {
            "button-secondary"
        } else {
            "button-primary"
        }
    };
    let press = move |_| {
        let how = InviteHow {
            keep_earlier: making.keep.get_untracked(),
            own_wish,
        };
        make(staff, person, how, making);
    };
    // A card asks for answers: it is nothing for somebody who said no.
    let card = (!own_wish).then_some(code);
    view! {
        <p role="status" class="visually-hidden">{move || made().then_some(w.invitation_ready)}</p>
        {move || making.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
        {move || making.invitation.get().map(|i| shown(lang, card.clone(), &i))}
        <p>
            <button type="button" class=class on:click=press>{label}</button>
        </p>
    }
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

fn make(staff: Staff, person: Uuid, how: InviteHow, making: Making) {
    if making.busy.get_untracked() {
        return;
    }
    making.busy.set(true);
    making.failure.set(None);
    staff.ask(api::invite(person, how), move |outcome| {
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

/// `code`: whose it is, where a card belongs to it.
fn shown(lang: Lang, code: Option<String>, invitation: &Invitation) -> impl IntoView + use<> {
    view! {
        <div class="grid">
            <div class="stack">
                {link_card(lang, invitation)}
                {code_card(lang, invitation)}
            </div>
            {code.map(|code| print_card(lang, code, invitation))}
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
