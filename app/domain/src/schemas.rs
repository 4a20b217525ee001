//! Schemas of the journal's words for the OpenAPI document, where deriving them would say less. Only with the feature `openapi`.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use crate::consent::{Channel, Purpose, Scope};
use crate::journal::Answer;
use crate::time::DeviceTime;

/// A string that is one of these, as serde writes them.
fn words(description: &str, values: impl IntoIterator<Item = impl Serialize>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .enum_values(Some(values.into_iter().map(|v| serde_json::json!(v))))
        .into()
}

impl PartialSchema for Purpose {
    fn schema() -> RefOr<Schema> {
        words(
            "What the answers or the address may be used for; each is asked on its own.",
            Self::ALL,
        )
    }
}

impl PartialSchema for Scope {
    fn schema() -> RefOr<Schema> {
        words(
            "How far a withdrawal goes; a wider one includes the narrower. `erase` cannot be taken back.",
            [Self::StopAsking, Self::StopUsing, Self::Erase],
        )
    }
}

impl PartialSchema for Channel {
    fn schema() -> RefOr<Schema> {
        words(
            "How a decision was taken: by the person on a screen, on paper, or said aloud to a witness.",
            [Self::Screen, Self::Paper, Self::Spoken],
        )
    }
}

impl PartialSchema for DeviceTime {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some(
                "A moment by the clock of a device, with its offset, from the year 1970 to the year 9999.",
            ))
            .into()
    }
}

impl PartialSchema for Answer {
    fn schema() -> RefOr<Schema> {
        let code = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .description(Some("An option's code."));
        let word = words(
            "Passed over on purpose, or \"not relevant to me\".",
            [Self::Skipped, Self::NotRelevant],
        );
        OneOfBuilder::new().item(code).item(word).into()
    }
}

macro_rules! named {
    ($($name:ident)+) => {
        $(impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        })+
    };
}

named!(Purpose Scope Channel DeviceTime Answer);
