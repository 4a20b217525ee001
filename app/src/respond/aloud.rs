//! Reading aloud with the voices that lie on the phone.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{SpeechSynthesisUtterance, SpeechSynthesisVoice};

use crate::i18n::Lang;

fn speech() -> Option<web_sys::SpeechSynthesis> {
    let window = web_sys::window()?;
    let present = Reflect::get(&window, &"speechSynthesis".into()).is_ok_and(|s| s.is_object());
    if present {
        window.speech_synthesis().ok()
    } else {
        None
    }
}

/// A voice of the phone itself: others send what they read to a server.
fn voice(lang: Lang) -> Option<SpeechSynthesisVoice> {
    let voices = speech()?.get_voices();
    voices
        .iter()
        .map(JsCast::unchecked_into::<SpeechSynthesisVoice>)
        .find(|v| v.local_service() && Lang::parse(&v.lang().to_ascii_lowercase()) == Some(lang))
}

/// Whether this phone can read that language aloud, without a network.
#[must_use]
pub fn can_speak(lang: Lang) -> bool {
    voice(lang).is_some()
}

/// Calls back when the phone's voices are known; some browsers load them late.
pub fn when_voices_change(callback: &js_sys::Function) {
    if let Some(speech) = speech() {
        let _ = Reflect::set(&speech, &"onvoiceschanged".into(), callback);
    }
}

/// Reads a text aloud.
pub fn speak(lang: Lang, text: &str) {
    if let (Some(speech), Ok(utterance)) = (speech(), SpeechSynthesisUtterance::new_with_text(text))
    {
        speech.cancel();
        utterance.set_lang(lang.code());
        utterance.set_voice(voice(lang).as_ref());
        speech.speak(&utterance);
    }
}

/// Ends the reading.
pub fn stop_speaking() {
    if let Some(speech) = speech()
        && (speech.speaking() || speech.pending())
    {
        speech.cancel();
    }
}
