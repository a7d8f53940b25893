//! What the macros say when something is wrong.
//!
//! A mistake must cost the user one message, at the token to change, that says what was found, what
//! was expected and how to write it. So no pass stops at its first error: each reports to the one
//! `Diagnostics` of its macro and goes on with the best reading of what is there, and the expansion
//! carries all reports beside code that still type-checks. Three invariants:
//!
//! * D1: every report becomes exactly one `compile_error!`.
//! * D2: whatever was reported is expanded to something of any type (an [`Either`] of code or its
//!   error), so that no second message follows from the first.
//! * D3: nothing in this crate panics on any input.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Error;

/// The mistakes found so far, in the order in which they were found.
#[derive(Default)]
pub(crate) struct Diagnostics {
    errors: Vec<Error>,
}

impl Diagnostics {
    /// Reports a mistake that `tokens` show.
    pub(crate) fn report(&mut self, tokens: impl ToTokens, text: impl Display) {
        self.errors.push(Error::new_spanned(tokens, text));
    }

    /// Reports a mistake at a place that is not a whole syntax node.
    pub(crate) fn report_at(&mut self, span: Span, text: impl Display) {
        self.errors.push(Error::new(span, text));
    }

    pub(crate) fn push(&mut self, error: Error) {
        self.errors.push(error);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }
}

impl ToTokens for Diagnostics {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for error in &self.errors {
            tokens.extend(error.to_compile_error());
        }
    }
}

/// A part of the input, or the error that stands in its place (D2): in an expression's position
/// a `compile_error!` has every type.
pub(crate) type Either<T> = Result<T, Error>;

/// The tokens of `part`, or its error's.
pub(crate) fn tokens_of<T: ToTokens>(part: &Either<T>) -> TokenStream {
    match part {
        Ok(part) => part.to_token_stream(),
        Err(error) => error.to_compile_error(),
    }
}

/// The name of `known` that `found` was probably meant to be.
pub(crate) fn did_you_mean<'a>(found: &str, known: &[&'a str]) -> Option<&'a str> {
    // Two slips in a long word, one in a short one: more would guess.
    let slips_max = |name: &str| if name.len() > 4 { 2 } else { 1 };
    known
        .iter()
        .copied()
        .map(|name| (edit_distance(found, name), name))
        .filter(|(distance, name)| *distance <= slips_max(name))
        .min()
        .map(|(_, name)| name)
        .or_else(|| known.iter().copied().find(|name| shares_a_word(found, name)))
}

/// `names` as prose: "`a`, `b` and `c`".
pub(crate) fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => format!("`{}` and `{last}`", first.join("`, `")),
    }
}

/// Whether one is a whole word of the other, as `threads` of `worker_threads`.
fn shares_a_word(found: &str, name: &str) -> bool {
    name.split('_').any(|word| word == found) || found.split('_').any(|word| word == name)
}

/// The number of letters to insert, delete, change or swap with their neighbour.
fn edit_distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut rows = vec![(0..=right.len()).collect::<Vec<usize>>()];
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let changed = rows[i][j] + usize::from(a != b);
            let mut least = changed.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && left[i - 1] == *b && *a == right[j - 1] {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

/// A fixed sequence of nonsense made of `pieces`, to test D3.
#[cfg(test)]
pub(crate) fn nonsense(pieces: &[&str]) -> impl Iterator<Item = String> {
    let mut state = 17_u64;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    (0..5000).map(move |_| {
        let length = 1 + next(12);
        (0..length).map(|_| pieces[next(pieces.len())]).collect::<Vec<_>>().join(" ")
    })
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, listed};

    const KNOWN: [&str; 3] = ["worker_threads", "name", "stop_deadline"];

    #[test]
    fn a_slip_is_recognised() {
        assert_eq!(did_you_mean("worker_thread", &KNOWN), Some("worker_threads"));
        assert_eq!(did_you_mean("nmae", &KNOWN), Some("name"));
        assert_eq!(did_you_mean("deadline", &KNOWN), Some("stop_deadline"));
    }

    #[test]
    fn another_word_is_not() {
        assert_eq!(did_you_mean("flavor", &KNOWN), None);
        assert_eq!(did_you_mean("", &KNOWN), None);
    }

    #[test]
    fn names_are_listed_as_prose() {
        assert_eq!(listed(&KNOWN), "`worker_threads`, `name` and `stop_deadline`");
        assert_eq!(listed(&["real"]), "`real`");
    }
}
