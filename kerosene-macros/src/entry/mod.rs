//! `#[main]` and `#[test]`: parse -> check -> expand.
//!
//! * [`parse`] reads the arguments and the function.
//! * [`check`] turns arguments into settings and refuses functions that cannot be an entry.
//! * [`expand`] writes a plain function around the user's, which stays as it was written.

mod check;
mod expand;
mod parse;

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use syn::{ItemFn, Lit, LitStr};

use crate::diagnostics::Diagnostics;

/// Which of the two attributes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Main,
    Test,
}

impl Entry {
    /// The attribute as the user writes it.
    fn attribute(self) -> &'static str {
        match self {
            Entry::Main => "#[kerosene::main]",
            Entry::Test => "#[kerosene::test]",
        }
    }

    /// The names of its arguments.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Entry::Main => {
                &["worker_threads", "spare_cores", "busy_wait", "name", "stop_deadline", "app"]
            }
            Entry::Test => &["seeds", "real", "worker_threads"],
        }
    }

    fn other(self) -> Entry {
        match self {
            Entry::Main => Entry::Test,
            Entry::Test => Entry::Main,
        }
    }
}

/// Expands `#[main]` or `#[test]`.
pub(crate) fn entry(entry: Entry, arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let arguments = parse::arguments(arguments, &mut diagnostics);
    let settings = check::settings(entry, &arguments, &mut diagnostics);
    match parse::function(entry, item.clone()) {
        Ok(function) => {
            check::function(entry, &function, &mut diagnostics);
            expand::expand(entry, &settings, &function, &diagnostics)
        }
        Err(error) => {
            diagnostics.push(error);
            // The item is none of ours: left alone, it reports its own mistakes.
            expand::untouched(item, &diagnostics)
        }
    }
}

/// `name` or `name = value`.
struct Argument {
    name: Ident,
    value: Option<Lit>,
}

/// What the arguments say.
#[derive(Default)]
struct Settings {
    worker_threads: Option<usize>,
    spare_cores: Option<usize>,
    busy_wait: Option<Duration>,
    name: Option<LitStr>,
    stop_deadline: Option<Duration>,
    seeds: Option<u64>,
    is_real: bool,
    /// What the function returns is to be run.
    is_application: bool,
}

/// The user's function.
type Function = ItemFn;
