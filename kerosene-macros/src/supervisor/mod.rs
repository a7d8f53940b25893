//! `#[supervisor]`: parse -> check -> expand.
//!
//! * [`parse`] reads the arguments, finds the children of the module and takes their attributes
//!   off.
//! * [`check`] decides what each argument means and what each child is, and refuses what cannot
//!   work. It calls on [`values`] (what an argument's value may be), [`parameters`] (what children
//!   are started with) and [`habits`] (what people write who come from Erlang or Elixir).
//! * [`expand`] writes the functions that start the supervisor behind the user's items.
//!
//! The user's items stay as they are. How a supervisor works is `kerosene::otp`'s matter: the
//! expansion only makes a `Supervisor` with its children.

mod check;
mod expand;
mod habits;
mod parameters;
mod parse;
mod values;

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use syn::{ItemFn, ItemMod, LitInt, LitStr};

use self::parameters::Parameter;
use crate::diagnostics::Diagnostics;

/// Expands `#[supervisor]`.
pub(crate) fn supervisor(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let arguments = parse::arguments(arguments, &mut diagnostics);
    match parse::module(item.clone(), &mut diagnostics) {
        Ok(written) => {
            let flags = check::flags(&arguments, &mut diagnostics);
            let children = check::children(&written, &flags, &mut diagnostics);
            let parameters = parameters::collect(&written, &mut diagnostics);
            expand::expand(&written.module, &flags, &children, &parameters, &diagnostics)
        }
        Err(error) => {
            diagnostics.push(error);
            expand::untouched(item, &diagnostics)
        }
    }
}

/// `name` or `name = value`.
struct Argument {
    name: Ident,
    value: Value,
}

/// What stands behind the `=`.
enum Value {
    /// Nothing, not even the `=`.
    None,
    /// `one_for_one`.
    Word(Ident),
    /// `"5s"`.
    Text(LitStr),
    /// `3`.
    Number(LitInt),
    /// Anything else, and the word that may be meant by it: `:permanent`, `Restart::Permanent`.
    Other(TokenStream, Option<String>),
}

/// A module as it was written, with its children beside it.
struct Written {
    /// Without our attributes.
    module: ItemMod,
    children: Vec<WrittenChild>,
}

/// A function with `#[child]`.
struct WrittenChild {
    function: ItemFn,
    arguments: Vec<Argument>,
}

impl WrittenChild {
    /// What the function is, as far as can be seen: a mistake is reported elsewhere.
    fn source(&self) -> Source {
        let is_blocking = self.arguments.iter().any(|argument| argument.name == "blocking");
        match (self.function.sig.asyncness.is_some(), is_blocking) {
            (true, _) => Source::Process,
            (false, true) => Source::Blocking,
            (false, false) => Source::Spec,
        }
    }
}

/// What the arguments of `#[supervisor]` say. What is `None` is left to the library.
#[derive(Default)]
struct Flags {
    strategy: Option<&'static str>,
    intensity: Option<u32>,
    period: Option<Duration>,
    name: Option<LitStr>,
    auto_shutdown: Option<&'static str>,
}

/// A child that can be expanded.
struct Child {
    function: Ident,
    /// Where mistakes in what the function returns are reported.
    returned: TokenStream,
    source: Source,
    /// What it is started with.
    parameters: Vec<Parameter>,
    options: Options,
}

/// What the function of a child is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// `fn child() -> ChildSpec`.
    Spec,
    /// `async fn child()`: the body of a process.
    Process,
    /// `fn child(stopping: &Stopping)` that blocks its thread.
    Blocking,
}

/// What the arguments of `#[child]` say.
#[derive(Default)]
struct Options {
    id: Option<LitStr>,
    name: Option<LitStr>,
    restart: Option<&'static str>,
    shutdown: Option<Shutdown>,
    kind: Option<&'static str>,
    is_significant: bool,
    is_blocking: bool,
}

#[derive(Clone, Copy)]
enum Shutdown {
    Brutal,
    After(Duration),
    Infinity,
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::supervisor;

    const PIECES: [&str; 26] = [
        "strategy",
        "=",
        "=",
        "one_for_one",
        "OneForOne",
        ":permanent",
        "\"5s\"",
        "3",
        ",",
        ",",
        "significant",
        "#[child]",
        "#[child(restart = x)]",
        "fn a()",
        "{}",
        "async",
        "mod m",
        "{",
        "}",
        "->",
        "ChildSpec",
        "#",
        "(x: u8)",
        "(x: &str, (a, b): T)",
        "(mut x: u8, x: u16)",
        "'",
    ];

    /// Invariant D3, on a fixed sequence of nonsense.
    #[test]
    fn no_input_panics() {
        let mut state = 17_u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(state >> 33).unwrap_or(0) % below
        };
        for _ in 0..3000 {
            let mut text = || {
                let length = next(10);
                (0..length).map(|_| PIECES[next(PIECES.len())]).collect::<Vec<_>>().join(" ")
            };
            let (arguments, body) = (text(), text());
            let tokens = |text: &str| text.parse::<TokenStream>().unwrap_or_default();
            supervisor(tokens(&arguments), &tokens(&body));
            supervisor(tokens(&arguments), &tokens(&format!("mod m {{ {body} }}")));
        }
    }
}
