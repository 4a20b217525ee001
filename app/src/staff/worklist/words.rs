//! What the worklist and the board say, Danish first and English beside it. Words for codes are in `terms.rs` of the staff screens.

use crate::staff::words::words;

words! {
    // The list
    title: "Arbejdsliste", "Worklist";
    lead: "Her står alle, der mangler et næste skridt fra jer. Ingen skal forsvinde i stilhed: enten bliver der svaret, eller der står en grund.",
          "Everybody who needs a next step from you is here. Nobody should be lost by silence: there is an answer, or a reason.";
    not_yours: "Arbejdslisten er til dem, der ringer til folk og følger op på dem: projektledere, hjælpere og administratorer. Den viser navne, og din rolle arbejder uden navne. Derfor har du ingen arbejdsliste.",
               "The worklist is for those who call people and follow up on them: project leaders, helpers and administrators. It shows names, and your role works without names. So you have no worklist.";
    not_yours_instead: "I overblikket kan du se programmer, måleplaner og hvad der blev af målingerne.",
                       "In the overview you can see programmes, measurement plans, and what became of the measurements.";
    all_projects: "Alle mine projekter", "All my projects";
    nothing: "Der er ikke noget at gøre lige nu.", "There is nothing to do at the moment.";
    count_calls_one: "1 person at ringe til", "1 person to call";
    count_calls: "{n} personer at ringe til", "{n} people to call";
    count_overdue_one: "1 måling, der mangler", "1 measurement overdue";
    count_overdue: "{n} målinger, der mangler", "{n} measurements overdue";
    count_due_one: "1 måling, der skal besvares nu", "1 measurement due now";
    count_due: "{n} målinger, der skal besvares nu", "{n} measurements due now";
    count_ends_one: "1 spørgsmål om et forløb", "1 question about a course";
    count_ends: "{n} spørgsmål om forløb", "{n} questions about courses";
    count_erasures_one: "1 person, der skal slettes", "1 person to be erased";
    count_erasures: "{n} personer, der skal slettes", "{n} people to be erased";
    capped: "Viser de første {n} af {total}.", "Showing the first {n} of {total}.";
    more: "Vis flere under “{title}”", "Show more under “{title}”";
    section: "{title} ({n})", "{title} ({n})";
    measurement: "Måling", "Measurement";
    numbered: "{kind} {n}", "{kind} {n}";
    due: "Frist", "Due";
    due_late: "{due}, {n} dage over", "{due}, {n} days over";
    due_late_one: "{due}, 1 dag over", "{due}, 1 day over";
    owner: "Hvem tager den", "Who takes it";
    nobody: "Ingen endnu", "Nobody yet";
    me: "Dig", "You";
    next_step: "Næste skridt", "Next step";
    no_step: "Ikke aftalt", "Not agreed";
    paused_until: "Påmindelser er sat på pause til {day}", "Reminders pause until {day}";
    paused: "Påmindelser er sat på pause, til nogen slår dem til igen", "Reminders pause until somebody turns them on again";

    // Due and overdue
    overdue_title: "Mangler", "Overdue";
    due_title: "Skal besvares nu", "Due now";
    waiting_caption: "{title}, med frist, ansvarlig og næste skridt", "{title}, with due day, owner and next step";
    pick: "Vælg", "Select";
    pick_one: "Vælg {code}, {kind}", "Select {code}, {kind}";
    reason_title: "Angiv en grund for de valgte", "Give a reason for those selected";
    reason_text: "Brug det kun, når målingen ikke længere kan blive til noget. Grunden kan tages tilbage.",
                 "Use it only when the measurement can no longer be made. The reason can be taken back.";
    reason_field: "Hvorfor bliver målingen ikke til noget?", "Why will the measurement not be made?";
    reason_choose: "Vælg en grund", "Choose a reason";
    reason_submit: "Gem grunden for {n} valgte", "Save the reason for {n} selected";
    reason_none: "Vælg først dem, grunden gælder, i listerne ovenfor.", "First select in the lists above those the reason holds for.";
    reason_saved: "Grunden er gemt for {n}.", "The reason is saved for {n}.";

    reopen: "Tag grunden tilbage", "Take the reason back";

    // The end of a course
    ends_title: "Er forløbet slut?", "Has the course ended?";
    ends_text: "Ingen har sagt, om forløbet er slut. Det afgør, hvornår eftermålingen skal besvares.",
               "Nobody has said whether the course has ended. It decides when the exit is to be answered.";
    ends_caption: "Forløb, hvor slutningen ikke er kendt", "Courses whose end is not known";
    started: "Start", "Start";
    end_planned: "Planlagt slut", "Planned end";
    last_known: "Sidst set i forløbet", "Last known to be enrolled";
    answer: "Svar", "Answer";
    about: "om {code}", "about {code}";
    end_dialog: "Hvad ved du om {code}s forløb?", "What do you know of the course of {code}?";
    end_legend: "Er forløbet slut?", "Has the course ended?";
    end_today: "Ja, det slutter i dag", "Yes, it ends today";
    end_other: "Ja, det sluttede en anden dag", "Yes, it ended on another day";
    end_still: "Nej, personen er stadig i forløb", "No, the person is still enrolled";
    end_cannot: "Det kan ingen sige", "Nobody can say";
    end_day: "Sidste dag", "Last day";
    end_saved: "Svaret om {code} er gemt.", "The answer about {code} is saved.";
    choose_one: "Vælg et af svarene.", "Choose one of the answers.";
    save: "Gem", "Save";

    // Calls
    calls_title: "Ring til", "Call";
    calls_text: "Hver person står her én gang med de målinger, der mangler. De tælles ikke med i listerne nedenfor.",
                "Each person is here once, with the measurements that are missing. They are not counted in the lists below.";
    missing: "Det mangler", "What is missing";
    calls_caption: "Opkald, de ældste først", "Calls, the oldest first";
    try_on: "Ring igen", "Call again";
    tries: "Forsøg", "Tries";
    tries_last: "{n}, sidst: {outcome}", "{n}, last: {outcome}";
    take: "Tag opgaven", "Take it";
    give: "Giv til en anden", "Give to somebody";
    give_dialog: "Hvem skal ringe til {code}?", "Who calls {code}?";
    give_legend: "Hvem tager opgaven?", "Who takes the task?";
    give_me: "Mig selv ({email})", "Me ({email})";
    give_nobody: "Ingen endnu", "Nobody yet";
    given: "Opgaven om {code} er nu hos {email}.", "The task about {code} is now with {email}.";
    record: "Notér opkald", "Record a call";
    call_dialog: "Opkald til {code}", "Call to {code}";
    script_title: "Forslag til, hvad du kan sige", "What you could say";
    script_1: "Sig, hvem du er, og spørg, om det passer at tale nu.", "Say who you are and ask whether it is a good time.";
    script_2: "Fortæl, at der ligger spørgsmål klar, at det er frivilligt, og at man kan holde pause undervejs.",
              "Tell them that questions are waiting, that it is voluntary, and that one can pause on the way.";
    script_3: "Spørg, om I skal gøre det sammen, og aftal en dag. Et nej er et svar, og det er i orden.",
              "Ask whether to do it together and agree on a day. A no is an answer, and it is all right.";
    call_legend: "Hvordan gik det?", "How did it go?";
    call_next: "Hvad sker der nu?", "What happens next?";
    call_again: "Der prøves igen", "It is tried again";
    call_try_day: "Prøv igen den", "Try again on";
    call_agreed_day: "Aftalt dag", "Agreed day";
    call_day_hint: "I dag eller en af de næste 31 dage.", "Today or one of the next 31 days.";
    call_day_wrong: "Vælg en dag fra i dag og 31 dage frem.", "Choose a day from today and 31 days on.";
    call_saved: "Opkaldet til {code} er noteret.", "The call to {code} is recorded.";
    taken: "Opgaven om {code} er din.", "The task about {code} is yours.";
    given_back: "Opgaven om {code} er givet fri.", "The task about {code} is free again.";

    // The board
    board_title: "Hvad blev der af målingerne?", "What became of the measurements?";
    board_lead: "{n} er begyndt på et forløb. For {unknown} af dem ved ingen, om forløbet er slut.",
                "{n} have begun a course. Of {unknown} of them nobody knows whether the course has ended.";
    board_none: "Ingen er begyndt endnu.", "Nobody has begun yet.";
    board_kind: "{kind}: {n} i alt", "{kind}: {n} in all";
    board_answered: "{kind}: {n} af {total} besvaret", "{kind}: {n} of {total} answered";
    board_on_time: "Besvaret til tiden", "Answered in time";
    board_late: "Besvaret senere", "Answered later";
    board_open: "Kan besvares", "Open";
    board_due: "Skal besvares nu", "Due now";
    board_overdue: "Mangler", "Overdue";
    board_planned: "Ikke begyndt endnu", "Not yet open";
    board_end_unknown: "Forløbets slutning er ukendt", "End of the course unknown";
    board_missed: "Blev ikke til noget: {reason}", "Not made: {reason}";
    board_declined: "Sagde nej til at deltage", "Said no to taking part";
    board_withdrawn: "Trak sig", "Withdrew";
    board_of: "{n} af {total}", "{n} of {total}";
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
