//! Where things are. Both sides name paths through these, so they cannot drift apart.

/// The header of a request that changes something: a UUID made by whoever sends it. Sent again with the same one, it is done once and gets
/// the same answer.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// `POST` a delivery of entries.
pub const JOURNAL: &str = "/api/v1/journal";
/// `GET` version, capabilities, public key and time.
pub const META: &str = "/api/v1/meta";
/// `GET` all that a phone needs for one person.
pub const OCCASION: &str = "/api/v1/occasion";
/// `GET` what the server holds about the person who asks.
pub const MINE: &str = "/api/v1/mine";
/// `PUT` the key of a device, get its token.
pub const DEVICE: &str = "/api/v1/device";
/// `PUT` a new PIN, `POST` a PIN that vouches for a device.
pub const DEVICE_PIN: &str = "/api/v1/device/pin";
/// `POST`: a way in for another device of the same person.
pub const DEVICE_ANOTHER: &str = "/api/v1/device/another";
/// `DELETE` a device of one's own.
pub const DEVICE_ONE: &str = "/api/v1/device/{device}";
/// `GET` the ways in and the devices, `DELETE` all ways in but the one in use.
pub const WAYS: &str = "/api/v1/ways";
/// `DELETE` one way in.
pub const WAYS_ONE: &str = "/api/v1/ways/{way}";
/// `POST`: an erasure that waits is taken back.
pub const ERASURE_TAKE_BACK: &str = "/api/v1/erasure/take-back";
/// `POST` a short code, get a secret.
pub const EXCHANGE: &str = "/api/v1/exchange";
/// `POST` log in, `GET` who am I, `DELETE` log out.
pub const SESSION: &str = "/api/v1/session";
/// `GET` what the account chose for itself, `POST` a change of it.
pub const ACCOUNT_CHOICES: &str = "/api/v1/account/choices";
/// `GET` programmes with their projects.
pub const PROGRAMMES: &str = "/api/v1/staff/programmes";
/// `GET` a project's people, `POST` a new person.
pub const PROJECT_PERSONS: &str = "/api/v1/staff/projects/{project}/persons";
/// `GET` one person with occasions and scores.
pub const PERSON: &str = "/api/v1/staff/persons/{person}";
/// `POST` a new link, QR and short code.
pub const PERSON_INVITATION: &str = "/api/v1/staff/persons/{person}/invitation";
/// `GET` a person's ways in and devices, `DELETE` all ways in.
pub const PERSON_WAYS: &str = "/api/v1/staff/persons/{person}/ways";
/// `DELETE` one way in of a person.
pub const PERSON_WAYS_ONE: &str = "/api/v1/staff/persons/{person}/ways/{way}";
/// `POST` the telephone number of a person, or that there is none any more.
pub const PERSON_PHONE: &str = "/api/v1/staff/persons/{person}/phone";
/// `POST` corrections of what is known of a person.
pub const PERSON_FACTS: &str = "/api/v1/staff/persons/{person}/facts";
/// `POST` the project to which a person belongs.
pub const PERSON_PROJECT: &str = "/api/v1/staff/persons/{person}/project";
/// `POST`: the person was registered by mistake; `DELETE`: that is taken back.
pub const PERSON_DISCARD: &str = "/api/v1/staff/persons/{person}/discard";
/// `POST`: another registration is the same person.
pub const PERSON_MERGE: &str = "/api/v1/staff/persons/{person}/merge";
/// `GET` whether it was asked that everything about a person be erased, and what that would be; `POST` asks for it.
pub const PERSON_ERASURE: &str = "/api/v1/staff/persons/{person}/erasure";
/// `DELETE`: the request is taken back.
pub const PERSON_ERASURE_ONE: &str = "/api/v1/staff/persons/{person}/erasure/{request}";
/// `POST`: a second account confirms the request, and everything is erased.
pub const PERSON_ERASURE_CONFIRM: &str = "/api/v1/staff/persons/{person}/erasure/{request}/confirm";
/// `DELETE`: a device of a person is ended.
pub const PERSON_DEVICES_ONE: &str = "/api/v1/staff/persons/{person}/devices/{device}";
/// `POST` the last day of a person's course.
pub const PERSON_END: &str = "/api/v1/staff/persons/{person}/end";
/// `POST`: this response is the one that counts for its occasion.
pub const RESPONSE_PRIMARY: &str = "/api/v1/staff/responses/{response}/primary";
/// `GET` what is kept apart, with reasons.
pub const QUARANTINE: &str = "/api/v1/staff/quarantine";
/// `POST` what to do with one of them.
pub const QUARANTINE_RESOLUTION: &str = "/api/v1/staff/quarantine/{entry}/resolution";
/// `GET` whose entries are kept apart, with counts.
pub const QUARANTINE_PEOPLE: &str = "/api/v1/staff/quarantine/people";
/// `GET` what is kept apart of one person, or of all whom nobody knows (`unknown`).
pub const QUARANTINE_PERSON: &str = "/api/v1/staff/quarantine/people/{whose}";
/// `POST` what to do with all of it.
pub const QUARANTINE_PERSON_RESOLUTION: &str = "/api/v1/staff/quarantine/people/{whose}/resolution";
/// `GET` what became of an entry, by the receipt a person shows.
pub const RECEIPT: &str = "/api/v1/staff/receipts/{receipt}";
/// `GET` the editions that were published here.
pub const INSTRUMENTS: &str = "/api/v1/staff/instruments";
/// `GET` what somebody has to do: due, overdue, open ends, calls.
pub const WORKLIST: &str = "/api/v1/worklist";
/// `POST` why occasions will never be made.
pub const OCCASIONS_MISSED: &str = "/api/v1/occasions/missed";
/// `POST`: the reason of this occasion is taken back.
pub const OCCASION_REOPEN: &str = "/api/v1/occasions/{occasion}/reopen";
/// `GET` what happens next about a person, `POST` what is known of the end of the course.
pub const PERSON_COURSE: &str = "/api/v1/persons/{person}/course";
/// `GET` what was done and said about a person.
pub const PERSON_HISTORY: &str = "/api/v1/persons/{person}/history";
/// `POST`: reminders pause; `DELETE`: they go on.
pub const PERSON_PAUSE: &str = "/api/v1/persons/{person}/pause";
/// `POST` whom the person named to be reminded instead, `DELETE` them.
pub const PERSON_CONTACT: &str = "/api/v1/persons/{person}/contact";
/// `GET` who may take calls in a project.
pub const PROJECT_COLLEAGUES: &str = "/api/v1/projects/{project}/colleagues";
/// `POST` what became of a call; `DELETE` takes back what was written down last.
pub const CALL_ATTEMPT: &str = "/api/v1/calls/{call}/attempt";
/// `POST` who makes a call.
pub const CALL_OWNER: &str = "/api/v1/calls/{call}/owner";
/// `GET` what became of a project's measurements, in numbers.
pub const PROJECT_BOARD: &str = "/api/v1/projects/{project}/board";
/// `POST`: whether a project takes part, and from which day.
pub const PROJECT_STATUS: &str = "/api/v1/projects/{project}/status";
/// `GET` the plan of a programme, `POST` an edit of it.
pub const PROGRAMME_PLAN: &str = "/api/v1/programmes/{programme}/plan";
/// `GET` the address of one's own calendar, `POST`: a new one.
pub const CALENDAR: &str = "/api/v1/calendar";
/// `GET` a calendar; the token ends in `.ics`. Stands in other programs, so it must never change.
pub const CALENDAR_FEED: &str = "/api/v1/calendar/{token}";
/// `POST` a mail that came back.
pub const BOUNCES: &str = "/api/v1/bounces";
/// `GET` how sending goes.
pub const OPERATIONS: &str = "/api/v1/operations";
/// A page for people: what they want of mails. Stands in every mail, so it is short and must never change.
pub const MAIL: &str = "/m/{token}";
/// `GET` the OpenAPI document.
pub const OPENAPI: &str = "/api/v1/openapi.json";
