//! What the screen of a programme's plan says, Danish first and English beside it.

use crate::staff::words::words;

words! {
    title: "Måleplan", "Measurement plan";
    title_of: "Måleplan: {name}", "Measurement plan: {name}";
    lead: "Her står, hvornår folk i puljen bliver målt, og hvordan de bliver mindet om det. Planen gælder alle projekter i puljen.",
          "Here it says when the people of the programme are measured and how they are reminded. The plan holds for all projects of the programme.";
    read_only: "Kun en administrator kan ændre planen.", "Only an administrator can change the plan.";
    kept: "Dit udkast fra før er her stadig. Det er ikke gemt.", "Your draft from before is still here. It is not saved.";
    discard: "Kassér udkastet", "Discard the draft";
    discard_title: "Skal udkastet kasseres?", "Discard the draft?";
    discard_text: "Det, du har ændret og ikke gemt, forsvinder og kan ikke hentes tilbage. Den gemte plan bliver ikke ændret.",
                  "What you have changed and not saved is lost and cannot be had back. The saved plan does not change.";
    discard_no: "Behold udkastet", "Keep the draft";
    discard_yes: "Ja, kassér det", "Yes, discard it";
    discarded: "Udkastet er kasseret.", "The draft is discarded.";
    nothing_yet: "Intet bliver ændret, før du har set, hvem det berører, og trykker på »Gem planen«.",
                 "Nothing is changed until you have seen who is affected and press \u{201c}Save the plan\u{201d}.";

    // Measurements in words
    occasions: "Målinger", "Measurements";
    due: "Frist", "Due";
    opens: "Kan besvares fra", "Open from";
    overdue: "Mangler fra", "Overdue from";
    closes: "Mails stopper", "Mails stop";
    asks: "Spørger med", "Asks";
    repeats: "Gentages", "Repeats";
    reminded: "Påmindelser", "Reminders";
    reminded_own: "Sine egne, se nedenfor", "Its own, see below";
    at_due: "den dag, fristen er", "the day it is due";
    before_due: "{days} før fristen", "{days} before it is due";
    after_due: "{days} efter fristen", "{days} after it was due";
    closes_after: "{days} efter fristen; den kan stadig besvares", "{days} after it was due; it can still be answered";
    never_closes: "når der er svaret eller ringet", "once it is answered or somebody called";
    anchor_start: "første dag i forløbet", "the first day of the course";
    anchor_end: "sidste dag i forløbet, når den er bekræftet", "the last day of the course, once confirmed";
    anchor_planned: "den planlagte sidste dag i forløbet", "the planned last day of the course";
    anchor_made: "den dag, {name} blev besvaret", "the day {name} was answered";
    anchor_gone: "en måling, der er fjernet", "a measurement that was removed";
    same_day: "på {anchor}", "on {anchor}";
    after: "{offset} efter {anchor}", "{offset} after {anchor}";
    before: "{offset} før {anchor}", "{offset} before {anchor}";
    and: "{a} og {b}", "{a} and {b}";
    again: "{times} mere, hver gang {offset} senere", "{times} more, each {offset} later";
    once: "én gang", "once";
    times: "{n} gange", "{n} times";
    numbered: "{kind} {n}", "{kind} {n}";
    numbered_many: "{kind} {a}–{b}", "{kind} {a}–{b}";

    // Reminders in words
    reminders: "Påmindelser", "Reminders";
    reminders_lead: "Mailen skrives på personens eget sprog og nævner ikke, hvad det handler om. Den går kun til dem, der har sagt ja til påmindelser.",
                    "The mail is in the person's own language and does not say what it is about. It goes only to those who said yes to reminders.";
    mails: "Mails", "Mails";
    mails_on: "Højst {n}: {days} efter fristen", "At most {n}: {days} after the due day";
    mails_none: "Ingen; der bliver kun ringet", "None; people are only called";
    between: "Mindst mellem to mails", "At least between two mails";
    sent: "Sendes", "Sent";
    sent_at: "fra kl. {at}; ikke mellem kl. {from} og {until}", "from {at}; not between {from} and {until}";
    call: "Opkald", "Call";
    call_after: "{days} efter den sidste mail", "{days} after the last mail";
    sender: "Afsender", "Sender";
    sender_server: "Serverens egen", "The server's own";
    reply_to: "Svar går til", "Answers go to";
    reply_sender: "Afsenderen", "The sender";

    // Changing
    edit: "Ret", "Change";
    done: "Færdig med at rette", "Done changing";
    remove: "Fjern", "Remove";
    removed: "{name} er fjernet fra udkastet.", "{name} is removed from the draft.";
    undo: "Fortryd", "Undo";
    add_3: "Tilføj opfølgning efter 3 måneder", "Add a follow-up after 3 months";
    add_6: "Tilføj opfølgning efter 6 måneder", "Add a follow-up after 6 months";
    add_other: "Tilføj en anden måling", "Add another measurement";
    kind: "Hvilken slags måling er det?", "What kind of measurement is it?";
    due_legend: "Hvornår er fristen?", "When is it due?";
    due_hint: "Skriv et minus foran for en dag før.", "Write a minus in front for a day before.";
    months: "Måneder", "Months";
    days: "Dage", "Days";
    counted_from: "Regnet fra", "Counted from";
    window_legend: "Hvornår kan der svares?", "When can it be answered?";
    opens_field: "Åbner så mange dage før fristen", "Opens so many days before it is due";
    grace_field: "Dage over fristen, før den mangler", "Days after the due day before it is overdue";
    closes_field: "Mails stopper så mange dage efter fristen", "Mails stop so many days after the due day";
    closes_hint: "Lad feltet være tomt, hvis de ikke skal stoppe.", "Leave it empty if they should not stop.";
    asks_own: "Spørger om noget andet end puljens faste skemaer", "Asks something else than the programme usually does";
    asks_legend: "Hvilke skemaer?", "Which questionnaires?";
    asks_edition: "{title}, udgave {edition}", "{title}, edition {edition}";
    repeats_tick: "Målingen gentages", "The measurement is repeated";
    repeats_legend: "Hvor tit?", "How often?";
    repeats_times: "Gange efter den første", "Times after the first";
    own_reminders: "Målingen har sine egne påmindelser", "The measurement has reminders of its own";
    steps_legend: "Hvor mange dage efter fristen sendes en mail?", "How many days after the due day is a mail sent?";
    step_1: "Første mail", "First mail";
    step_2: "Anden mail", "Second mail";
    step_3: "Tredje mail", "Third mail";
    steps_hint: "0 er samme dag som fristen. Et tomt felt er ingen mail.", "0 is the due day itself. An empty field is no mail.";
    most: "Højst så mange mails", "At most so many mails";
    most_hint: "0 til 3. Med 0 bliver der kun ringet.", "0 to 3. With 0 people are only called.";
    between_field: "Mindst så mange dage mellem to mails", "At least so many days between two mails";
    call_field: "Ring så mange dage efter den sidste mail", "Call so many days after the last mail";
    hours_legend: "Hvornår på dagen?", "At which hours?";
    send_at: "Send fra kl.", "Send from";
    quiet_from: "Stille fra kl.", "Quiet from";
    quiet_until: "Stille til kl.", "Quiet until";
    hours_hint: "Natten fra midnat til kl. 6 er altid stille.", "The night from midnight to six is always quiet.";
    sender_legend: "Hvem kommer mailen fra?", "Whom does the mail come from?";
    sender_hint: "Tomme felter er serverens egen afsender.", "Empty fields mean the server's own sender.";
    sender_name: "Afsenderens navn", "The sender's name";
    sender_address: "Afsenderens e-mail", "The sender's e-mail address";
    reply_field: "Svar går til denne e-mail", "Answers go to this e-mail address";

    // Wrong
    errors: "Der er noget at rette, før det kan bruges. Det står ved felterne.", "Something has to be corrected first. It is said at the fields.";
    error_number: "Skriv et helt tal.", "Write a whole number.";
    error_time: "Skriv et klokkeslæt som 10:00.", "Write a time such as 10:00.";
    error_empty: "Planen skal have mindst én måling.", "The plan needs at least one measurement.";
    error_many_occasions: "Det er for mange målinger: højst 100 af hver person, gentagelser regnet med.",
                          "These are too many measurements: 100 of one person at most, repeats counted.";
    error_taken: "Målingen står der to gange.", "The measurement is there twice.";
    error_anchor: "Den måling, der regnes fra, skal findes og stå før denne.", "The measurement it is counted from must be there, and before this one.";
    error_far: "Det er for langt ude i fremtiden.", "That is too far away.";
    error_grace: "Mails kan ikke stoppe, før målingen mangler.", "Mails cannot stop before the measurement is overdue.";
    error_repeats: "Den kan gentages 1 til 60 gange.", "It can be repeated 1 to 60 times.";
    error_stands: "Den næste skal ligge efter den forrige: skriv måneder eller dage.", "The next must come after the last: write months or days.";
    error_twice: "Det samme skema er valgt to gange.", "The same questionnaire is chosen twice.";
    error_instrument: "Skemaet findes ikke her, eller der kan ikke spørges med det.", "The questionnaire is not here, or cannot be asked.";
    error_kind: "Målingens slags kan ikke ændres. Fjern den, og tilføj en ny.", "The kind cannot be changed. Remove it and add a new one.";
    error_mails: "Højst 3 mails om en måling.", "At most 3 mails about a measurement.";
    error_steps: "Mails ligger for tæt. Der skal være mindst det antal dage mellem dem, som står nedenfor.",
                 "Mails are too close. There must be at least as many days between them as it says below.";
    error_between: "Der skal være mindst én dag mellem to mails.", "There must be at least one day between two mails.";
    error_night: "De stille timer skal dække natten, fra midnat til mindst kl. 6.", "The quiet hours must cover the night, from midnight to six or later.";
    error_send: "Mails skal begynde efter de stille timer, og mindst en time før de næste.", "Mails must begin after the quiet hours, and an hour or more before the next.";
    error_name: "Navnet er for langt eller har linjeskift.", "The name is too long or has line breaks.";
    error_address: "Det ligner ikke en e-mailadresse.", "This does not look like an e-mail address.";
    error_other: "Det kan ikke bruges her.", "This cannot be used here.";

    // Who is affected
    look_title: "Se efter, før du gemmer", "Look before you save";
    look: "Se hvem det berører", "See who is affected";
    looking: "Ser efter …", "Looking …";
    unchanged: "Du har ikke ændret noget endnu.", "You have not changed anything yet.";
    unreadable: "Et felt kan ikke læses endnu. Ret det først.", "A field cannot be read yet. Correct it first.";
    stale: "Du har ændret noget siden. Se igen, hvem det berører, før du gemmer.", "You have changed something since. See again who is affected before you save.";
    effect_title: "Det betyder ændringen", "What the change means";
    effect_none: "Ingen målinger bliver ændret for dem, der er med nu. Planen gælder dem, der kommer til.",
                 "No measurement changes for those who take part now. The plan holds for those who come.";
    effect_reminders: "Påmindelserne bliver ændret for alle målinger, der ikke er besvaret endnu. Mails, der er sendt, bliver ikke sendt igen.",
                      "Reminders change for all measurements that are not answered yet. Mails that were sent are not sent again.";
    effect_people: "{n} personer bliver berørt.", "{n} people are affected.";
    effect_person: "1 person bliver berørt.", "1 person is affected.";
    effect_held: "For {n} personer bliver noget ikke ændret.", "For {n} people something is not changed.";
    effect_held_one: "For 1 person bliver noget ikke ændret.", "For 1 person something is not changed.";
    by_occasion: "Måling for måling", "Measurement by measurement";
    measurement: "Måling", "Measurement";
    added: "Nye", "New";
    moved: "Får andre dage", "Get other days";
    removed_count: "Forsvinder", "Disappear";
    asks_count: "Spørger om andet", "Ask something else";
    kept_due: "Urørt: fristen er nået", "Untouched: due already";
    kept_begun: "Urørt: besvarelsen er begyndt", "Untouched: answering has begun";
    who: "Hvem", "Who";
    who_open: "Se dem én for én", "See them one by one";
    who_first: "Viser de første {n} efter kode.", "Showing the first {n} by code.";
    person: "Person", "Person";
    before_now: "Nu", "Now";
    after_then: "Efter ændringen", "After the change";
    none_now: "Har den ikke", "Does not have it";
    none_then: "Forsvinder", "Disappears";
    no_day: "Dagen kendes ikke endnu", "The day is not known yet";
    days_from_to: "{opens} til {due}", "{opens} to {due}";
    asks_then: "Spørger om andet", "Asks something else";
    not_changed: "Ændres ikke: {why}", "Not changed: {why}";
    why_due: "fristen er nået", "it is due already";
    why_begun: "besvarelsen er begyndt", "answering has begun";
    retro_legend: "Nogle målingers frist er nået allerede. Skal de også ændres?", "Some measurements are due already. Should they be changed, too?";
    retro_text: "Svarer du ja, kan folk få mails eller opkald om dage, der er gået.", "If you say yes, people may get mails or calls about days gone by.";
    retro_no: "Nej, lad dem være", "No, leave them as they are";
    retro_yes: "Ja, ændr dem bagud i tid", "Yes, change them back in time";
    retro_missing: "Svar først på, om målinger, hvis frist er nået, også skal ændres.", "First say whether measurements that are due already should be changed, too.";
    save: "Gem planen", "Save the plan";
    saving: "Gemmer …", "Saving …";
    saved: "Planen er gemt. {n} personer blev berørt.", "The plan is saved. {n} people were affected.";
    not_saved: "Intet er gemt, og det, du har skrevet, står her stadig.", "Nothing is saved, and what you typed is still here.";
    overtaken_title: "En anden har gemt en ny plan, mens du skrev", "Somebody else saved a new plan while you were writing";
    overtaken_now: "Sådan er den gemte plan nu:", "The saved plan is now:";
    overtaken_mine: "Fortsæt med mit udkast, og se hvem det berører", "Go on with my draft and see who is affected";
    overtaken_theirs: "Hent den gemte plan i stedet for mit udkast", "Load the saved plan instead of my draft";
    occasion_due: "{name}: frist {due}", "{name}: due {due}";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::words::Lang;

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        crate::staff::words::assert_same_places(PAIRS);
        assert_ne!(Words::of(Lang::Da).title, Words::of(Lang::En).title);
    }
}
