//! Spans of time as attributes write them: `"50us"`, `"500ms"`, `"5s"`, `"1m"`, `"2h"`.
//!
//! A whole number and one unit, nothing else: `"1.5s"` is `"1500ms"` and `"1m30s"` is `"90s"`. One
//! way to write a time needs no explanation.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// The units, smallest first, with their length in microseconds.
const UNITS: [(&str, u64); 5] =
    [("us", 1), ("ms", 1000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000)];

/// Reads `text`, or says what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    if number.is_empty() {
        return Err(format!("`{text}` is not a time: {EXPECTED}"));
    }
    let Some((_, unit_us)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(if unit.is_empty() {
            format!("`{text}` has no unit: {EXPECTED}")
        } else {
            format!("`{unit}` is not a unit of time: {EXPECTED}")
        });
    };
    number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(*unit_us))
        .map(Duration::from_micros)
        .ok_or_else(|| format!("`{text}` is longer than can be counted"))
}

/// The time as code of the user's crate.
pub(crate) fn tokens(time: Duration) -> TokenStream {
    let (secs, nanos) = (time.as_secs(), time.subsec_nanos());
    quote_spanned!(Span::mixed_site()=> ::core::time::Duration::new(#secs, #nanos))
}

const EXPECTED: &str = "write a whole number and a unit, `us`, `ms`, `s`, `m` or `h`, as in \"5s\"";

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse;

    #[test]
    fn each_unit_is_read() {
        assert_eq!(parse("50us"), Ok(Duration::from_micros(50)));
        assert_eq!(parse("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(parse("1m").map(|time| time.as_secs()), Ok(60));
        assert_eq!(parse("2h").map(|time| time.as_secs()), Ok(7200));
        assert_eq!(parse("0s"), Ok(Duration::ZERO));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "5", "s", "5 s", "5sec", "1.5s", "-1s", "1m30s", "99999999999999999999s"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&format!("{}h", u64::MAX)).is_err());
    }
}
