//! Reading JSON with half the code.
//!
//! What serde derives for a struct can read it from an object and from a list, and names of fields from text, bytes and numbers. Our
//! JSON has objects and text only. [`Slim`] stands between the derived code and the reader and never asks for the rest, so that the
//! compiler leaves it out: some twelve kilobytes less on the way to a phone.

use core::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

/// What a JSON text says; `None` if it is not JSON or not of this shape.
#[must_use]
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(Slim(&mut reader)).ok()?;
    reader.end().ok()?;
    Some(value)
}

/// Passes everything on, except what our JSON never has.
struct Slim<T>(T);

macro_rules! pass_on {
    ($($name:ident)+) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$name(Slim(visitor))
        })+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Slim<D> {
    type Error = D::Error;

    pass_on! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_option deserialize_unit deserialize_seq deserialize_map
        deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_unit_struct(name, Slim(visitor))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, Slim(visitor))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(len, Slim(visitor))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple_struct(name, len, Slim(visitor))
    }

    /// As an object, never as a list.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Slim(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, Slim(visitor))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Slim<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<V::Value, E> {
        self.0.visit_bool(value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<V::Value, E> {
        self.0.visit_i64(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<V::Value, E> {
        self.0.visit_u64(value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<V::Value, E> {
        self.0.visit_f64(value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<V::Value, E> {
        self.0.visit_str(value)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Slim(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Slim(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Slim(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Slim(map))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, value: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Slim(value))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Slim<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Slim(deserializer))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Slim<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Slim(seed))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Slim<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(Slim(seed))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Slim(seed))
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Slim<A> {
    type Error = A::Error;
    type Variant = Slim<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        self.0
            .variant_seed(Slim(seed))
            .map(|(value, variant)| (value, Slim(variant)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Slim<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(Slim(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(len, Slim(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.struct_variant(fields, Slim(visitor))
    }
}

#[cfg(test)]
mod tests {
    use bedring_domain::consent::Decision;
    use bedring_domain::instrument::{Definition, MissingRule};
    use bedring_domain::journal::Entry;

    use super::read;

    fn same<T: serde::de::DeserializeOwned + PartialEq + core::fmt::Debug>(text: &str) {
        let plain: T = serde_json::from_str(text).unwrap();
        assert_eq!(read::<T>(text), Some(plain), "{text}");
    }

    #[test]
    fn everything_that_travels_reads_the_same() {
        let entry = |event: &str| {
            format!(
                r#"{{"recorded_at":"1970-01-01T00:03:00+01:00","app_version":"0.1.0",{event}}}"#
            )
        };
        same::<Entry>(&entry(r#""kind":"consent_withdrawn","scope":"erase""#));
        same::<Entry>(&entry(
            r#""kind":"consent_given","purpose":"research","letter":"1","language":"da""#,
        ));
        same::<Entry>(&entry(
            r#""kind":"response_submitted","occasion":"019367b0-0000-7000-8000-000000000001","instrument":"lsns-9","edition":"demo-1",
            "language":"da","mode":"own_device","private":null,"started_at":"2026-01-02T09:50:00+01:00",
            "finished_at":"2026-01-02T10:00:00+01:00","answers":{"a":3,"b":"skipped","c":"not_relevant"}"#,
        ));
        same::<Vec<MissingRule>>(r#"["complete","half",{"at_most":2}]"#);
        same::<Vec<Decision>>(r#"["given",{"withdrawn":"stop_using"}]"#);
        same::<bedring_contract::plan::PlanView>(
            r#"{"plan":{"occasions":[{"key":"a","kind":"exit","anchor":{"from":"end_confirmed"},"after":{"days":-14}},
            {"key":"b","kind":"follow_up","anchor":{"from":"occasion","key":"a"},"after":{"months":3},"closes_after_days":40,
            "instruments":[{"instrument":"lsns-9","edition":"demo-1"}],"repeats":{"every":{"months":1,"days":0},"times":2},
            "reminders":{"after_due_days":[1,9],"quiet_from":"19:30:00"}}]},
            "reminders":{"reply_to":"a@example.org"},"instruments":[],"seen":"x"}"#,
        );
        same::<Option<bool>>("null");
        same::<Definition>(
            r#"{"format":1,"instrument":"a","edition":"b","kind":"demonstration","source":"","licence_note":"","languages":["da"],
            "title":{"da":"æ\n"},"introduction":{},"option_sets":[{"code":"o","options":[{"code":-1,"label":{}}]}],
            "items":[{"code":"i","options":"o","part":"p","reverse":true,"text":{}}],"scales":[]}"#,
        );
    }

    #[test]
    fn what_is_not_whole_or_not_of_the_shape_is_nothing() {
        for text in ["", "{", "{}x", r#"{"kind":"letter_read"}"#, "[1,2]"] {
            assert_eq!(read::<Entry>(text), None, "{text}");
        }
    }
}
