//! Taking back the reason why a measurement was never made: it is waited for again.

use bedring_contract::person::Occasion;
use bedring_contract::staff::PersonDetail;
use bedring_domain::course::OccasionState;
use leptos::prelude::*;

use super::course::Case;
use super::state::{Remote, Staff};
use super::worklist::words::Words;
use super::{terms, widgets};
use crate::api::{ApiFailure, followup as api};

/// The button, beside a measurement that has a reason, for accounts that may give one.
pub fn button(
    staff: Staff,
    remote: Remote<PersonDetail>,
    case: Option<Case>,
    occasion: &Occasion,
) -> impl IntoView + use<> {
    let (id, kind) = (occasion.id, occasion.kind);
    let missed = occasion.state == OccasionState::Missed;
    (missed && staff.may_register()).then(|| {
        let lang = staff.lang_now();
        let failure = RwSignal::new(None::<ApiFailure>);
        let press = move |_| {
            failure.set(None);
            staff.ask(api::reopen(id), move |outcome| match outcome {
                Ok(()) => {
                    // The button that had the focus is gone then.
                    remote.reload();
                    if let Some(case) = case {
                        case.refresh();
                    }
                    widgets::focus("person-occasions");
                }
                Err(trouble) => {
                    failure.try_set(Some(trouble));
                }
            });
        };
        view! {
            <button type="button" class="button-quiet" on:click=press>
                {Words::of(lang).reopen}
                <span class="visually-hidden">" " {terms::occasion_kind(lang, kind)}</span>
            </button>
            {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
        }
    })
}
