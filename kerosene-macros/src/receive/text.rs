//! The arms as people read them: `Ping(from) | n @ 1..=9: u64 | other if .. | after`.
//!
//! This is what `process_info` and the report of a stuck test show for a waiting process. It is
//! written from tokens, not cut from the source, so that line breaks and comments do not matter.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

use super::{Receive, Takes};

/// No arm is longer than this, in characters: the head of a pattern tells it apart.
const ARM_LENGTH_MAX: usize = 48;

/// Nor are all of them together: the text is one cell of a table.
const TEXT_LENGTH_MAX: usize = 160;

/// The text of all arms.
pub(super) fn text(receive: &Receive) -> String {
    let arms = receive.arms.iter().map(|arm| {
        let mut text = compact(arm.pattern.to_token_stream());
        if let Takes::Typed(ty) = &arm.takes {
            text = format!("{text}: {}", compact(ty.to_token_stream()));
        }
        text = shortened(&text, ARM_LENGTH_MAX);
        if arm.guard.is_some() {
            text.push_str(" if ..");
        }
        text
    });
    let after = receive.timeout.iter().map(|_| "after".to_owned());
    let text = arms.chain(after).collect::<Vec<_>>().join(" | ");
    shortened(&text, TEXT_LENGTH_MAX)
}

/// The tokens with the white space that rustfmt would give them, more or less.
pub(super) fn compact(tokens: TokenStream) -> String {
    let mut pieces = Vec::new();
    collect(tokens, &mut pieces);
    let mut text = String::new();
    let mut last = String::new();
    for piece in pieces {
        if !last.is_empty() && is_spaced(&last, &piece) {
            text.push(' ');
        }
        text.push_str(&piece);
        last = piece;
    }
    text
}

/// Words, operators, lifetimes and brackets, one piece each.
fn collect(tokens: TokenStream, pieces: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                pieces.push(open.to_owned());
                collect(group.stream(), pieces);
                pieces.push(close.to_owned());
                pieces.retain(|piece| !piece.is_empty());
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) | TokenTree::Punct(_) => {
                let piece = token.to_string();
                match pieces.last_mut() {
                    Some(last) if continues(last, &piece) => last.push_str(&piece),
                    _ => pieces.push(piece),
                }
            }
        }
    }
}

/// Whether `piece` belongs to the operator or lifetime that `last` began.
fn continues(last: &str, piece: &str) -> bool {
    last == "'" || matches!((last, piece), ("." | "..", "." | "=") | (":", ":") | ("-" | "=", ">"))
}

fn is_spaced(last: &str, next: &str) -> bool {
    let is_word =
        |piece: &str| piece.starts_with(|c: char| c.is_alphanumeric() || "_\"'".contains(c));
    let is_wide = |piece: &str| matches!(piece, "{" | "|" | "@" | "=" | "+" | "->" | "=>");
    match (last, next) {
        (_, "," | ";" | ":" | "." | "?" | "!" | ")" | "]" | ">" | "::" | "<") => false,
        (_, "}") | ("," | ";" | ":", _) => true,
        _ if is_wide(last) || is_wide(next) => true,
        (")" | "]" | ">" | "}", next) => is_word(next),
        (last, next) => is_word(last) && is_word(next),
    }
}

/// At most `length_max` characters of `text`.
fn shortened(text: &str, length_max: usize) -> String {
    if text.chars().count() <= length_max {
        return text.to_owned();
    }
    let head: String = text.chars().take(length_max - 1).collect();
    format!("{}…", head.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{compact, shortened};

    #[test]
    fn patterns_read_as_they_are_written() {
        for pattern in [
            "Ping(from)",
            "Deposit { amount, .. }",
            "n @ 1..=9",
            "kerosene::Down { pid, reason: Some(r), .. }",
            "Shape::Circle(r) | Shape::Sphere(r)",
            "(a, -1, ..)",
            "[first, .., last]",
            "\"stop\"",
            "&'static str",
            "HashMap<String, Vec<u8>>",
            "Box<dyn Fn(&str) -> u8 + Send>",
            "[u8; 4]",
            "Wrapper::<u8>(x)",
        ] {
            let tokens = pattern.parse().expect("a pattern of this test");
            assert_eq!(compact(tokens), pattern);
        }
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shortened("ééééé", 5), "ééééé");
        assert_eq!(shortened("éééééé", 5), "éééé…");
    }
}
