//! The values of arguments: words, texts, numbers, times.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::LitStr;

use super::{Argument, Value, habits};
use crate::diagnostics::{Diagnostics, did_you_mean, listed};
use crate::duration;

impl Argument {
    /// The value as one of some words, which is what a child or a supervisor is configured with.
    pub(super) fn word(
        &self,
        words: &[&'static str],
        diagnostics: &mut Diagnostics,
    ) -> Option<&'static str> {
        let name = &self.name;
        let (found, is_word) = match &self.value {
            Value::Word(word) => (Some(word.to_string()), true),
            Value::Text(text) => (Some(text.value()), false),
            Value::Other(_, meant) => (meant.clone(), false),
            Value::None | Value::Number(_) => (None, false),
        };
        let is = |word: &&&str| found.as_deref() == Some(**word);
        if let (true, Some(word)) = (is_word, words.iter().find(is)) {
            return Some(word);
        }
        let snake = found.as_deref().map(habits::snake_case).unwrap_or_default();
        let text = if let Some(hint) = habits::value(&name.to_string(), &snake) {
            hint
        } else if let Some(meant) = words.iter().find(|word| **word == snake) {
            format!("`{name}` takes a plain word: write `{name} = {meant}`")
        } else if let Some(meant) = did_you_mean(&snake, words) {
            format!("`{name}` has no value `{snake}`; did you mean `{name} = {meant}`?")
        } else {
            format!("`{name}` is one of {}", listed(words))
        };
        diagnostics.report(self.place(), text);
        None
    }

    /// The value as text.
    pub(super) fn text(&self, example: &str, diagnostics: &mut Diagnostics) -> Option<LitStr> {
        if let Value::Text(text) = &self.value {
            return Some(text.clone());
        }
        let name = &self.name;
        let text = format!("`{name}` takes a string: write `{name} = \"{example}\"`");
        diagnostics.report(self.place(), text);
        None
    }

    /// The value as a span of time.
    pub(super) fn time(&self, diagnostics: &mut Diagnostics) -> Option<Duration> {
        let name = &self.name;
        let text = match &self.value {
            Value::Text(text) => match duration::parse(&text.value()) {
                Ok(time) => return Some(time),
                Err(error) => error,
            },
            Value::Number(number) => {
                // Erlang's shutdowns are milliseconds, its periods are seconds.
                let is_ms = number.base10_parse::<u64>().is_ok_and(|number| number >= 500);
                let unit = if is_ms { "ms" } else { "s" };
                format!("`{name} = {number}` has no unit: write `{name} = \"{number}{unit}\"`")
            }
            _ => format!("`{name}` is a time: write `{name} = \"5s\"`"),
        };
        diagnostics.report(self.place(), text);
        None
    }

    /// The value as a number, which may be zero.
    pub(super) fn number(&self, diagnostics: &mut Diagnostics) -> Option<u32> {
        let name = &self.name;
        let text = match &self.value {
            Value::Number(number) => match number.base10_parse() {
                Ok(number) => return Some(number),
                Err(error) => format!("`{name}` is out of range: {error}"),
            },
            Value::Word(word) => habits::value(&name.to_string(), &word.to_string())
                .unwrap_or_else(|| format!("`{name}` takes a number: write `{name} = 3`")),
            _ => format!("`{name}` takes a number: write `{name} = 3`"),
        };
        diagnostics.report(self.place(), text);
        None
    }

    /// That there is no value.
    pub(super) fn flag(&self, diagnostics: &mut Diagnostics) -> bool {
        if !matches!(self.value, Value::None) {
            let name = &self.name;
            let text = format!("`{name}` takes no value: write `{name}`, or leave it out");
            diagnostics.report(self.place(), text);
        }
        true
    }

    /// Where a mistake in the value is reported.
    pub(super) fn place(&self) -> TokenStream {
        match &self.value {
            Value::None => self.name.to_token_stream(),
            Value::Word(word) => word.to_token_stream(),
            Value::Text(text) => text.to_token_stream(),
            Value::Number(number) => number.to_token_stream(),
            Value::Other(tokens, _) => tokens.clone(),
        }
    }
}
