//! English.

use crate::i18n::{Lang, PurposeTexts, ScopeTexts, Texts};

/// The English texts.
pub const EN: Texts = Texts {
    lang: Lang::En,
    language_switch: "Dansk",
    skip_to_content: "Go to the content",
    menu: "Menu",
    back: "Back",
    next: "Next",
    go_on: "Go on",
    yes: "Yes",
    no: "No",
    cancel: "Cancel",
    try_again: "Try again",
    close: "Close",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    loading: "One moment …",

    menu_mine: "My answers and choices",
    menu_contacts: "Whom can I talk to?",
    menu_list: "Show all questions on one page",
    menu_one: "Show one question at a time",
    menu_pause: "Take a break",
    menu_forget: "Forget me on this phone",
    forget_title: "Remove your things from this phone?",
    forget_body: "Your link, your drafts and the copies of your answers will be deleted on this phone. What you have already sent is not deleted. You can come back with your link.",
    forget_waiting: |n| {
        if n == 1 {
            "One thing is waiting to be sent. It is locked and stays on the phone until it has been sent.".to_owned()
        } else {
            format!(
                "{n} things are waiting to be sent. They are locked and stay on the phone until they have been sent."
            )
        }
    },
    forget_yes: "Yes, remove it",

    start_title: "Welcome",
    start_body: "If you were given a link or a QR code, open it. If you were given a code on paper, you can type it here.",
    code_label: "Your code",
    code_hint: "Ten characters, for example ABCDE-12345. Capital and small letters are the same.",
    code_open: "Open",
    code_length: |found| match found {
        0 => "Type the code from your paper. It has ten characters.".to_owned(),
        n if n < 10 => {
            format!("A little is missing: the code has ten characters, and there are {n} here.")
        }
        n => format!(
            "That is a little too much: the code has ten characters, and there are {n} here."
        ),
    },
    code_character: "There is a character that no code has. Codes have only figures and letters from A to Y.",
    code_check: "The code does not quite fit. See whether two characters changed places, or one became another.",
    code_unknown: "This code does not work. It may have been used before or be too old. Ask whoever gave it to you for a new one.",
    code_too_many: "It has been tried many times. Wait a few minutes, then try again.",
    start_no_code: "No code? Ask the person who told you about Bedring. You can also answer on paper.",

    offline_title: "There is no network right now",
    offline_body: "The first time, the phone has to fetch the questions, and that needs a network for a moment. After that you can answer without any network.",
    not_ours_title: "The network does not let us through",
    not_ours_body: "You may be on a Wi-Fi that wants you to log in first. Log in to it, or use mobile data, and try again.",
    link_title: "This link no longer works",
    link_body: "It may be too old, or you were given a new one. Ask whoever gave it to you for a new link. What you have answered stays here.",
    erased_title: "Everything has been deleted",
    erased_body: "Everything about you has been deleted, as you wished. There is nothing more for you to do.",
    server_title: "It did not work just now",
    server_body: "The server cannot answer at the moment. Try again in a little while. Nothing has been lost.",
    other_code: "Type a code instead",

    vanished: "The phone's browser has cleared what was kept here. What you have sent is safe. Answers that were not sent may be missing. You can begin again when you like.",
    quota: "There is not enough room on the phone to save. Your answers are here on the screen but not saved yet. Delete something else on the phone, some pictures for example, and press Save again. Keep the page open meanwhile.",
    blocked: "Bedring is open somewhere else on the phone and holds on to the storage. Close the other tabs with Bedring, and try again.",
    key_lost: "The phone can no longer unlock the saved answers. What you have sent is safe. You can begin afresh here.",
    corrupt: "Some of what was saved cannot be read. What you have sent is safe. Try again; if that does not help, you can begin afresh here.",
    unavailable: "The browser does not want to save anything. That often happens in private mode. Open the link in an ordinary window, so that your answers can be saved.",
    storage_title: "The phone cannot save right now",
    save_again: "Save again",
    start_over: "Begin afresh",
    start_over_explained: "What cannot be read on the phone is removed, and the questions are fetched again.",
    elsewhere_title: "The questionnaire is open in another tab",
    elsewhere_body: "Close the other tab, or go on in it. Then the answers do not get mixed up.",

    waiting: |n, age| {
        if n == 1 {
            format!("1 is waiting to be sent ({age}).")
        } else {
            format!("{n} are waiting to be sent (oldest: {age}).")
        }
    },
    send_now: "Send now",
    sending: "Sending …",
    sync_offline: "There is no network. It will be sent when there is, while the page is open.",
    sync_not_ours: "The network does not let us through. Log in to the Wi-Fi, or use mobile data.",
    sync_link: "The link no longer works, so it cannot be sent. Nothing is lost: open a new link on this phone, and it will be sent.",
    sync_erased: "Everything about you has been deleted on the server, as you wished.",
    new_version: "There is a new version of Bedring.",
    new_version_take: "Change to it",
    ago_now: "just now",
    ago_minutes: |n| format!("{n} minutes ago"),
    ago_hours: |n| format!("{n} hours ago"),
    ago_days: |n| format!("{n} days ago"),

    install_title: "Put Bedring on the home screen first",
    install_body: "On an iPhone your answers are kept more safely when Bedring is on the home screen. It is best to do this before you begin.",
    install_steps: [
        "Press the Share button at the bottom of Safari (a square with an arrow up).",
        "Choose “Add to Home Screen” and press Add.",
        "Open Bedring from the home screen. Your link comes along.",
    ],
    install_skip: "Go on here",

    letter_next: "I have read it",
    letter_edition: "Edition of the letter",
    evaluation: PurposeTexts {
        name: "Taking part in the evaluation",
        question: "Would you like to take part?",
        body: "If you say yes, you get some short questions now and again at the end of your course. You can skip anything, take breaks and say stop at any time.\n\nIf you say no, you will not be asked anything more. Nobody is told why, and it does not change the help you get.",
        yes: "Yes, I would like to",
        no: "No, thank you",
    },
    reminders: PurposeTexts {
        name: "Reminders by e-mail",
        question: "May we remind you by e-mail?",
        body: "You get at most three short mails each time there are questions for you. They say nothing about what it concerns. You can opt out in every mail.",
        yes: "Yes, remind me",
        no: "No, thank you",
    },
    leader: PurposeTexts {
        name: "Your project leader may see your answers",
        question: "May your project leader see your own answers?",
        body: "If you say yes, your project leader can open your answers and talk with you about them. If you say no, the project leader only sees that you have answered.\n\nYou can see here when somebody has opened them.",
        yes: "Yes, they may",
        no: "No, thank you",
    },
    research: PurposeTexts {
        name: "Research",
        question: "May your answers be used for research?",
        body: "If you say yes, researchers can use your answers without your name, together with those of many others. If you say no, they are used for this evaluation only.",
        yes: "Yes, they may",
        no: "No, thank you",
    },
    consent_count: |n, of| format!("Choice {n} of {of}"),
    consent_free: "Both answers are equally good. You can always change it under “My answers and choices”.",
    email_label: "Your e-mail address",
    email_hint: "It is used for the reminders only.",
    email_wrong: "Please look at the address again. It should look like name@example.com.",
    email_save: "Save the address",
    role_title: "What fits you best?",
    role_hint: "It helps us to understand the answers as a whole.",
    role_participant: "I take part",
    role_volunteer: "I volunteer and have lived experience myself",
    role_both: "Both",
    role_rather_not: "I would rather not say",
    declined_title: "Thank you for answering",
    declined_body: "Your no has been noted, and you will not be asked anything more. Nobody is told why. It does not change the help you get.",
    declined_change: "I would like to take part after all",

    welcome_back: "Good to see you again. You go on where you stopped.",
    first_saved: "Thank you. The first questionnaire is saved. Here comes the next.",
    demonstration: "Sample wording, not the real questionnaire.",
    demonstration_short: "sample wording",
    question_of: |n, of| format!("Question {n} of {of}"),
    part_of: |n, of| format!("part {n} of {of}"),
    new_part: "A new part. Take a little break if you like.",
    skip: "Skip",
    not_relevant: "Not relevant to me",
    skipped: "Skipped",
    pause: "Take a break",
    saved: "Your answers are saved",
    read_aloud: "Read aloud",
    pause_title: "Take a break – your answers are saved",
    pause_body: "You can close the page and come back another day. Open the same link on this phone, and you go on here.",
    pause_where: |n, of| format!("You have come to question {n} of {of}."),
    pause_go_on: "Go on now",
    list_body: "Answer in whatever order you like. Each answer is saved at once.",
    list_done: "Go on",
    review_title: "That was the last question",
    review_body: |n| {
        if n == 1 {
            "One question has no answer. That is quite all right. You can answer it now if you like.".to_owned()
        } else {
            format!(
                "{n} questions have no answer. That is quite all right. You can answer them now if you like."
            )
        }
    },
    review_all: "You have answered everything.",
    review_finish: "Go on without answering more",
    not_answered: "Not answered",
    alone_title: "How did you answer?",
    alone_body: "It helps us to read the answers rightly. You can skip it.",
    alone_question: "Did you answer on your own?",
    alone_yes: "Yes, on my own",
    alone_helped: "Somebody helped me",
    helper_question: "Who helped you?",
    helper_family: "Family or a friend",
    helper_volunteer: "A volunteer",
    helper_staff: "A member of staff",
    private_question: "Could you answer without others looking on?",
    private_yes: "Yes",
    private_no: "No, somebody could see",
    finish: "Finish and save",
    finish_without: "Skip this and finish",

    end_title: "Thank you for your answers",
    end_saved: "Saved on this phone",
    end_saved_body: "Will be sent when there is a network and the page is open.",
    end_received: "Received",
    end_receipt: "Your receipt",
    end_receipt_hint: "Write it down if you like. It shows that your answers have arrived.",
    end_kept_apart: "Received. A member of staff has to look at it before it counts.",
    end_gone: "Deleted on the server, as you wished.",
    end_grounding: "Perhaps the questions have set thoughts in motion. Feel your feet on the floor, and do something nice for yourself.",
    end_next: "What happens next?",
    end_next_steps: [
        "Your answers are put together with those of the others.",
        "At the end of the course you are asked again, to see what has moved.",
        "Under “My answers and choices” you can always see what you answered and change your choices.",
    ],
    not_yet_title: "There are no questions right now",
    not_yet_body: "You do not have to do anything. Keep your link, it works next time, too.",
    not_yet_from: |day| format!("The next questions are ready from {day}."),
    needs_network_title: "The questions have to be fetched",
    needs_network_body: "There are questions for you, but the phone has not fetched them yet. That needs a network for a moment.",

    contacts_title: "Whom can I talk to?",
    contacts_lead: "Here are people you can call. Everyone is shown this card.",
    contacts_none: "Call 112 if there is danger to life. Otherwise you can ask whoever gave you the link or code.",
    contacts_checked: |day| format!("Last checked {day}."),

    mine_title: "My answers and choices",
    mine_project: |name| format!("Project: {name}"),
    mine_code: |code| format!("Your code in the project: {code}"),
    mine_answers: "What I have answered",
    mine_answers_none: "There are no finished answers yet.",
    mine_consents: "What I have said yes and no to",
    mine_now: "Now:",
    mine_never_asked: "Not asked yet",
    mine_change_yes: "Say yes",
    mine_change_no: "Say no",
    mine_history: "What I have said before",
    mine_who: "Who may see my answers?",
    mine_who_body: "The evaluators see your answers without your name.",
    mine_leader_yes: "Your project leader may see your own answers, because you said yes to it.",
    mine_leader_no: "Your project leader only sees whether you have answered.",
    mine_seen: "Who has opened my page?",
    mine_seen_none: "Nobody has opened it.",
    mine_offline: "Without a network this page shows what is on the phone. The rest comes when there is one.",
    mine_contact: "Address for reminders:",
    mine_contact_none: "No address is held.",
    mine_letter: "Read the letter again",
    seen_role: |role| {
        match role {
            "project_leader" => "Project leader",
            "evaluator" => "Evaluator",
            "administrator" => "Administrator",
            "helper" => "Helper",
            other => other,
        }
        .to_owned()
    },
    seen_what: |what| {
        match what {
            "answers" => "saw your answers",
            "person" => "opened your page",
            "invitation" => "made a new link for you",
            other => other,
        }
        .to_owned()
    },
    on_paper: "on paper",
    spoken: "spoken",
    take_title: "Take my data with me",
    take_body: "You can fetch all that we hold about you: as a file for computers, or as a page to read and print.",
    take_json: "Fetch as a file (JSON)",
    take_print: "Print",
    rescue_body: "If the phone cannot send at all, you can save a locked file and give it to a member of staff. Only the server can open it.",
    rescue_button: "Save a rescue file",
    intake: "First measurement",
    exit: "Last measurement",
    follow_up: "Follow-up",
    finished_on: |when| format!("Finished {when}"),

    withdraw_title: "Withdraw",
    withdraw_body: "You can withdraw wholly or in part at any time. Nobody needs to know why, and it does not change the help you get.",
    stop_asking: ScopeTexts {
        name: "Do not ask me any more",
        body: "You get no more questions and no reminders. What you have answered goes on counting. You can change this again.",
        confirm: "Do you not want to be asked any more?",
        button: "Yes, do not ask me any more",
        done: "You will not be asked anything more. What you have answered still counts.",
    },
    stop_using: ScopeTexts {
        name: "Do not use my answers",
        body: "As above, and your answers are locked and used in no results. You can change this again.",
        confirm: "Should your answers not be used?",
        button: "Yes, do not use them",
        done: "Your answers are locked and will not be used. You will not be asked anything more.",
    },
    erase: ScopeTexts {
        name: "Delete everything about me",
        body: "Your answers and your details are deleted, here on the phone, too. This cannot be undone.",
        confirm: "Delete everything about you? This cannot be undone.",
        button: "Yes, delete everything",
        done: "Everything will be deleted as soon as the message has arrived. Keep the page open until it has been sent.",
    },
    withdrawn_title: "Your wish has been noted",
    withdrawn_change: "I would like to take part again",
};
