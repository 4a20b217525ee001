//! The address of one's own calendar: made, copied, explained, and replaced after a question. The calendar has numbers and no names.

use bedring_contract::followup::CalendarKept;
use leptos::html::{Dialog, Input};
use leptos::prelude::*;

use super::dates;
use super::state::{Remote, Staff};
use super::weekly_mail;
use super::widgets;
use super::words::{fill, words};
use crate::api::{ApiFailure, programme as api};

words! {
    title: "Min kalender", "My calendar";
    lead: "Få dine dage fra arbejdslisten ind i den kalender, du bruger i forvejen.", "Have the days of your worklist in the calendar that you use already.";
    privacy: "Kalenderen viser kun tal, for eksempel »3 målinger, 1 opkald«. Der står ingen navne, ingen koder og intet om, hvad det handler om. Alligevel kan enhver, der har adressen, læse den, så giv den ikke til andre.",
             "The calendar shows numbers only, such as \u{201c}3 measurements, 1 call\u{201d}. There are no names, no codes, and nothing of what it is about. Still, anybody who has the address can read it, so do not pass it on.";
    make: "Lav en adresse", "Make an address";
    busy: "Laver adressen …", "Making the address …";
    address: "Kalenderens adresse", "The calendar's address";
    made: "Lavet {when}", "Made {when}";
    copy: "Kopiér adressen", "Copy the address";
    copied: "Adressen er kopieret.", "The address is copied.";
    how_title: "Sådan kommer den ind i din kalender", "How to add it to your calendar";
    how_1: "Find »Abonner på kalender« eller »Tilføj kalender fra internettet« i dit kalenderprogram.",
           "Find \u{201c}Subscribe to calendar\u{201d} or \u{201c}Add calendar from the internet\u{201d} in your calendar program.";
    how_2: "Sæt adressen ind dér; tallene bliver så ved med at opdatere sig selv.", "Paste the address there; the numbers then keep themselves up to date.";
    renew: "Lav en ny adresse", "Make a new address";
    renew_hint: "Har en anden fået fat i adressen, så lav en ny.", "If somebody else has got hold of the address, make a new one.";
    ask_title: "Skal den gamle adresse holde op med at virke?", "Should the old address stop working?";
    ask_text: "Laver du en ny adresse, bliver kalenderen tom dér, hvor den gamle er sat ind. Du skal sætte den nye ind i stedet.",
              "If you make a new address, the calendar turns empty wherever the old one was added. You will have to add the new one instead.";
    ask_yes: "Ja, lav en ny", "Yes, make a new one";
    renewed: "Adressen er klar.", "The address is ready.";
}

/// What this screen holds while it is open.
#[derive(Clone, Copy)]
struct Desk {
    staff: Staff,
    kept: Remote<CalendarKept>,
    asked: RwSignal<bool>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<ApiFailure>>,
    said: RwSignal<Option<&'static str>>,
}

/// The screen.
pub fn screen(staff: Staff) -> impl IntoView {
    let lang = staff.lang_now();
    let w = Words::of(lang);
    let desk = Desk {
        staff,
        kept: Remote::new(staff, api::calendar),
        asked: RwSignal::new(false),
        busy: RwSignal::new(false),
        failure: RwSignal::new(None),
        said: RwSignal::new(None),
    };
    view! {
        <div class="stack-wide">
            {widgets::heading(staff, lang.words(), w.title.to_owned())}
            <p>{w.lead}</p>
            <p class="note">{w.privacy}</p>
            {move || desk.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            <p role="status" class="quiet">{move || desk.said.get()}</p>
            {widgets::loaded(staff, desk.kept, move |kept| shown(desk, kept))}
            {weekly_mail::section(staff)}
            {confirm(desk)}
        </div>
    }
}

fn shown(desk: Desk, kept: &CalendarKept) -> impl IntoView + use<> {
    let w = Words::of(desk.staff.lang_now());
    let Some(url) = kept.url.clone() else {
        let label = move || if desk.busy.get() { w.busy } else { w.make };
        return view! {
            <p><button type="button" class="button-primary" on:click=move |_| make(desk)>{label}</button></p>
        }
        .into_any();
    };
    view! {
        {address(desk, url, kept.made_at)}
        <section class="stack" aria-labelledby="calendar-how">
            <h2 id="calendar-how">{w.how_title}</h2>
            <ol>
                <li>{w.how_1}</li>
                <li>{w.how_2}</li>
            </ol>
        </section>
        <section class="stack">
            <p class="quiet">{w.renew_hint}</p>
            <p><button type="button" class="button-secondary" on:click=move |_| desk.asked.set(true)>{w.renew}</button></p>
        </section>
    }
    .into_any()
}

fn address(
    desk: Desk,
    url: String,
    made_at: Option<chrono::DateTime<chrono::Utc>>,
) -> impl IntoView {
    let lang = desk.staff.lang_now();
    let (w, common) = (Words::of(lang), lang.words());
    let node = NodeRef::<Input>::new();
    let copy = move |_| {
        widgets::copy(node, move |worked| {
            let said = if worked { w.copied } else { common.copy_failed };
            desk.said.try_set(Some(said));
        });
    };
    let made = made_at.map(|at| {
        let when = dates::moment(lang, dates::local(at));
        view! { <p class="field-hint" id="calendar-made">{fill(w.made, &[("when", &when)])}</p> }
    });
    view! {
        <section class="card stack">
            <div class="field">
                <label for="calendar-address">{w.address}</label>
                {made}
                <input id="calendar-address" class="input" type="text" readonly=true aria-describedby="calendar-made" value=url node_ref=node />
            </div>
            <p><button type="button" class="button-primary" on:click=copy>{w.copy}</button></p>
        </section>
    }
}

fn make(desk: Desk) {
    if desk.busy.get_untracked() {
        return;
    }
    let w = Words::of(desk.staff.lang_now());
    desk.busy.set(true);
    desk.failure.set(None);
    desk.said.set(None);
    desk.staff.ask(api::new_calendar(), move |outcome| {
        // The screen may be gone by now.
        if desk.busy.try_set(false).is_some() {
            return;
        }
        match outcome {
            Ok(_) => {
                desk.said.set(Some(w.renewed));
                desk.kept.reload();
            }
            Err(trouble) => desk.failure.set(Some(trouble)),
        }
    });
}

/// Asks before the old address ends. The browser's own dialog keeps the focus inside, closes on Escape and gives the focus back.
fn confirm(desk: Desk) -> impl IntoView {
    let lang = desk.staff.lang_now();
    let (w, cancel) = (Words::of(lang), lang.words().cancel);
    let node = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let wanted = desk.asked.get();
        if let Some(dialog) = node.get() {
            if wanted && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        }
    });
    let yes = move |_| {
        desk.asked.set(false);
        make(desk);
    };
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby="calendar-ask" on:close=move |_| desk.asked.set(false)>
            <div class="stack">
                <h2 id="calendar-ask">{w.ask_title}</h2>
                <p>{w.ask_text}</p>
                <div class="choices">
                    <button type="button" class="button-choice" on:click=move |_| desk.asked.set(false)>{cancel}</button>
                    <button type="button" class="button-choice" on:click=yes>{w.ask_yes}</button>
                </div>
            </div>
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        crate::staff::words::assert_same_places(PAIRS);
    }
}
