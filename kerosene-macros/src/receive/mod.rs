//! `receive!`: parse -> check -> expand.
//!
//! * [`parse`] reads arms, and with [`recover`] goes on after mistakes; it knows the syntax and
//!   nothing else.
//! * [`check`] decides what each arm receives and refuses what cannot work. It calls on
//!   [`pattern`] (which names a pattern binds, which type it names) and [`guard`] (what a guard
//!   may do).
//! * [`expand`] writes the code; [`text`] writes the arms as people read them.
//!
//! The types below are what passes from one to the next: what was written ([`Written`]), then what
//! will be expanded ([`Receive`]). Nothing here knows how a mailbox works: that is
//! `kerosene::macro_support`, and the expansion only calls it.

mod check;
mod expand;
mod guard;
mod parse;
mod pattern;
mod recover;
mod text;

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Error, Expr, Pat, Token, Type};

use crate::diagnostics::{Diagnostics, Either};

/// Expands one `receive!`.
pub(crate) fn receive(input: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let written = parse::parse(input, &mut diagnostics);
    let receive = check::check(written, &mut diagnostics);
    expand::expand(&receive, &diagnostics)
}

/// One arm as it was written.
#[expect(clippy::large_enum_variant, reason = "a few of them live for one expansion")]
enum Written {
    Message(MessageArm),
    Timeout(TimeoutArm),
}

/// `#[attributes] pattern: type if guard => body`.
struct MessageArm {
    attributes: Vec<Attribute>,
    pattern: Pat,
    ty: Option<Either<Type>>,
    guard: Option<Expr>,
    body: Either<Expr>,
}

/// `#[attributes] after time => body`.
struct TimeoutArm {
    attributes: Vec<Attribute>,
    after: Ident,
    time: Either<Expr>,
    body: Either<Expr>,
}

/// A checked `receive!`: arms in order, at most one time-out.
struct Receive {
    arms: Vec<Arm>,
    timeout: Option<TimeoutArm>,
    /// The arms as `process_info` shows them.
    text: String,
}

/// A checked arm for messages.
struct Arm {
    /// `#[cfg]`s, which decide whether the arm exists at all.
    conditions: Vec<Attribute>,
    /// The other attributes, which concern the body.
    attributes: Vec<Attribute>,
    takes: Takes,
    /// The pattern as the mailbox applies it: by value, never `mut`.
    pattern: Pat,
    /// Upper-case names that are the whole pattern, or a whole alternative of it.
    constants: Vec<Ident>,
    bindings: Vec<Binding>,
    guard: Option<Expr>,
    body: Either<Expr>,
}

/// Which messages an arm is offered.
#[expect(clippy::large_enum_variant, reason = "one for each arm of one expansion")]
enum Takes {
    /// Every message, as a `Message`.
    Any,
    /// Those of the type that the compiler infers from the pattern.
    Inferred,
    /// Those of the type written after the pattern.
    Typed(Type),
    /// None: nothing says which, and this is the error.
    Unknown(Error),
}

/// A name that a pattern binds and the body may use.
struct Binding {
    name: Ident,
    mutability: Option<Token![mut]>,
    /// Whether the guard mentions it.
    is_guarded: bool,
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::receive;
    use crate::diagnostics::nonsense;

    /// What arms are made of, whole and broken.
    const PIECES: [&str; 40] = [
        "Ping",
        "(n)",
        "{ n, .. }",
        "=>",
        "=>",
        "->",
        "=",
        ",",
        ",",
        ";",
        "if",
        "when",
        "after",
        "after",
        "end",
        "_",
        "other",
        ":",
        "::",
        "u64",
        "1",
        "1.5",
        "\"text\"",
        "'c'",
        "'life",
        "|",
        "&",
        "@",
        "..",
        "..=",
        "#[cfg(x)]",
        "#",
        "ref",
        "mut",
        "box",
        "[a, ..]",
        "(a, b)",
        "{}",
        ".await",
        "?",
    ];

    /// Invariant D3, on a fixed sequence of nonsense.
    #[test]
    fn no_input_panics_or_loops() {
        for text in nonsense(&PIECES) {
            let input: TokenStream = text.parse().expect("tokens of this test");
            assert!(!receive(input).is_empty(), "{text:?}");
        }
    }
}
