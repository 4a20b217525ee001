//! Errors on the wire: RFC 9457 problem details with a stable code. The app translates codes, never `detail`.

use serde::{Deserialize, Serialize};

/// The body of every answer with a status of 400 or more, as `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `/problems/` and the code.
    #[serde(rename = "type")]
    pub problem_type: String,
    /// Stable and dotted.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "auth.secret_unknown"))]
    pub code: Code,
    /// A few English words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// English and safe to show to anybody; may be empty.
    #[serde(default)]
    pub detail: String,
    /// The request's id, to be found in the log.
    #[serde(default)]
    pub instance: String,
    /// What is wrong with the input, field by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// JSON pointer to the field.
    pub pointer: String,
    /// Stable code of what is wrong, such as `required` or `taken`.
    pub code: String,
    /// With `changed`: what the field holds now; nothing if it is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $status:literal, $title:literal;)+) => {
        /// What went wrong. Codes may be added, never removed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code { $($(#[doc = $doc])+ #[serde(rename = $code)] $name,)+ }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $code),+ } }

            /// The HTTP status it goes with.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status),+ } }

            /// A few English words.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$name => $title),+ } }
        }
    };
}

codes! {
    /// The body is not the JSON that the path takes.
    RequestMalformed = "request.malformed", 400, "The request cannot be read";
    /// The JSON is right but its content is not; `errors` says where.
    InputInvalid = "input.invalid", 422, "Something in the input is not right";
    /// The body's type is not one the path takes.
    RequestMediaType = "request.media_type", 415, "The media type is not supported";
    /// The body is larger than allowed.
    RequestTooLarge = "request.too_large", 413, "The request is too large";
    /// The request took too long.
    RequestTimeout = "request.timeout", 408, "The request took too long";
    /// Another request was sent under this id before.
    RequestKeyReused = "request.key_reused", 422, "This id was used for something else";
    /// It was done when it was sent the first time, and the answer is not there any more.
    RequestDoneBefore = "request.done_before", 409, "This was done already";
    /// No such path.
    RouteUnknown = "route.unknown", 404, "There is nothing here";
    /// The path does not take this method.
    RouteMethod = "route.method", 405, "The method is not allowed here";
    /// No secret and no session came with the request.
    AuthMissing = "auth.missing", 401, "Log in or open your link first";
    /// The secret is unknown.
    AuthSecretUnknown = "auth.secret_unknown", 401, "This link is not known";
    /// The secret has expired or was replaced.
    AuthSecretExpired = "auth.secret_expired", 401, "This link has expired";
    /// The way in was ended: by staff, by the person, or by a newer one.
    AuthSecretEnded = "auth.secret_ended", 401, "This link was ended; ask for a new one";
    /// Reading back and erasing take a device that is known.
    DeviceUnknown = "device.unknown", 403, "This device is not known; it can answer, but not read what was answered before";
    /// The PIN is not that of the person, or none was chosen.
    DevicePinWrong = "device.pin_wrong", 403, "The PIN is wrong";
    /// Too many wrong PINs, until a known device was here again.
    DevicePinBlocked = "device.pin_blocked", 403, "Too many wrong PINs; open Bedring on the device that is known";
    /// The session has ended.
    AuthSessionEnded = "auth.session_ended", 401, "You have been logged out";
    /// Unknown account or wrong password: never told apart.
    AuthFailed = "auth.failed", 401, "E-mail address or password is wrong";
    /// The request came from another site.
    AuthCrossSite = "auth.cross_site", 403, "The request came from another site";
    /// Logged in, but not allowed to.
    AccessDenied = "access.denied", 403, "You do not have access to this";
    /// Does not exist, or not for this account.
    NotFound = "not_found", 404, "It does not exist, or you do not have access to it";
    /// The short code is unknown, used or expired.
    CodeUnknown = "code.unknown", 404, "The code is not known, was used already, or has expired";
    /// Stands in the way of something that exists.
    Conflict = "conflict", 409, "It conflicts with something that exists already";
    /// Somebody changed it since it was looked at; `errors` has what it is now.
    ChangedMeanwhile = "changed_meanwhile", 409, "Somebody changed it meanwhile";
    /// The person was registered by mistake and discarded.
    PersonDiscarded = "person.discarded", 409, "This registration was discarded";
    /// There are answers, which must not be lost with a registration.
    PersonHasAnswers = "person.has_answers", 409, "This person has answered";
    /// It was asked already that everything about the person be erased.
    ErasureOpen = "erasure.open", 409, "It was asked for already, and waits for a second person";
    /// The request was answered meanwhile: taken back, or ended with the registration.
    ErasureClosed = "erasure.closed", 409, "The request does not wait any more";
    /// Whoever asked cannot confirm.
    ErasureSecondPerson = "erasure.second_person", 403, "Somebody else has to confirm it";
    /// The person said no or has withdrawn: nobody may ask, invite or remind them.
    PersonUnwilling = "person.unwilling", 409, "This person does not want to be asked";
    /// Everything about the person was erased.
    PersonErased = "person.erased", 410, "Everything about this person was erased";
    /// Too many tries.
    TooManyRequests = "too_many_requests", 429, "Too many tries; wait a little";
    /// The database is busy or the server is shutting down.
    Unavailable = "unavailable", 503, "The server is busy; try again in a moment";
    /// The disk is full.
    StorageFull = "storage.full", 507, "The server cannot store anything more at the moment";
    /// Our fault; it is in the log.
    Internal = "internal", 500, "Something went wrong on the server";
}
