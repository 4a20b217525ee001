//! Bedring on the phone.

#![deny(unsafe_code)]

pub mod api;
pub mod device;
pub mod i18n;
pub mod json;
pub mod locales;
pub mod respond;
pub mod staff;
pub mod sync;
pub mod ui;
mod when;
