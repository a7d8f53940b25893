//! `#[actor]`: parse -> check -> expand.
//!
//! * [`parse`] finds the callbacks of the module and takes their attributes off.
//! * [`check`] decides what each callback is: its arguments, its answer, and whether it can be one.
//!   It calls on [`signature`] (what the parameters mean), [`options`] (what stands in the
//!   attribute) and [`habits`] (what people write who come from elsewhere).
//! * [`expand`] writes the `impl GenServer`, with [`messages`] for those that are no requests, and
//!   [`client`] the reference and the functions that start the actor.
//!
//! The user's items stay as they are, but for attributes of ours. How a server works is
//! `kerosene::otp`'s matter: the expansion only says which callback is run by what.

mod check;
mod client;
mod expand;
mod habits;
mod messages;
mod options;
mod parse;
mod signature;

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Expr, ImplItemFn, ItemMod, Pat, Token, Type, Visibility};

use crate::diagnostics::Diagnostics;

/// Expands `#[actor]`.
pub(crate) fn actor(arguments: &TokenStream, item: &TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    habits::refuse_arguments(arguments, &mut diagnostics);
    match parse::module(item.clone(), &mut diagnostics) {
        Ok(written) => {
            let actor = check::check(&written, &mut diagnostics);
            let actor = actor.filter(|_| !written.has_taken_names);
            expand::expand(written.module, actor, &diagnostics)
        }
        Err(error) => {
            diagnostics.push(error);
            expand::untouched(item, &diagnostics)
        }
    }
}

/// The attributes that make a method a callback.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Init,
    Call,
    Cast,
    Info,
    ContinueWith,
    Terminate,
}

impl Kind {
    const ALL: [Kind; 6] =
        [Kind::Init, Kind::Call, Kind::Cast, Kind::Info, Kind::ContinueWith, Kind::Terminate];

    /// The name of the attribute.
    fn name(self) -> &'static str {
        match self {
            Kind::Init => "init",
            Kind::Call => "call",
            Kind::Cast => "cast",
            Kind::Info => "info",
            Kind::ContinueWith => "continue_with",
            Kind::Terminate => "terminate",
        }
    }
}

/// A module as it was written, with its callbacks beside it.
struct Written {
    /// Without our attributes.
    module: ItemMod,
    methods: Vec<Method>,
    /// It has items with names of ours, so there is no place for ours.
    has_taken_names: bool,
}

/// A method with an attribute of ours.
struct Method {
    kind: Kind,
    attribute: Attribute,
    /// The type of the `impl` block it stands in.
    state: Type,
    function: ImplItemFn,
}

/// A checked actor.
struct Actor {
    module: Ident,
    /// The type of its state.
    state: Ident,
    init: Option<Init>,
    /// Calls and casts.
    requests: Vec<Request>,
    infos: Vec<Handler>,
    continues: Vec<Handler>,
    terminate: Option<Terminate>,
}

/// `#[init]`.
struct Init {
    name: Ident,
    visibility: Visibility,
    is_async: bool,
    arguments: Vec<Argument>,
    output: Type,
}

/// `#[call]` or `#[cast]`.
struct Request {
    fn_token: Token![fn],
    name: Ident,
    /// The variant of the generated enum.
    variant: Ident,
    visibility: Visibility,
    /// Docs and `#[deprecated]`, for the method of the reference.
    attributes: Vec<Attribute>,
    /// `#[cfg]`s, for everything that comes from the method.
    conditions: Vec<Attribute>,
    is_async: bool,
    receiver: Receiver,
    arguments: Vec<Argument>,
    answer: Answer,
    /// Where the method says what it returns, if it returns something.
    returns: Option<Span>,
    timeout: Option<Duration>,
}

/// How a method takes the state.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Receiver {
    None,
    Value,
    Shared,
    Mutable,
}

/// How a request is answered.
enum Answer {
    /// It is a cast.
    Never,
    /// By what the method returns.
    Returned(Type),
    /// By the first part of what the method returns; the other says what the server does next.
    ReturnedWithNext(Type),
    /// By a `ReplyTo`, the last argument.
    Deferred(Type),
    /// By what the method returns, in a process of its own.
    Spawned(Type),
}

/// A parameter of a callback.
struct Argument {
    name: Ident,
    ty: Type,
}

/// `#[info]` or `#[continue_with]`.
struct Handler {
    name: Ident,
    conditions: Vec<Attribute>,
    is_async: bool,
    /// Where the method says what it returns, if it returns something.
    returns: Option<Span>,
    pattern: Pat,
    ty: Type,
    guard: Option<Expr>,
    /// The pattern may not fit every value of the type.
    is_refutable: bool,
    /// It takes every message.
    is_catch_all: bool,
}

/// `#[terminate]`.
struct Terminate {
    name: Ident,
    is_async: bool,
    receiver: Receiver,
    takes_reason: bool,
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::actor;
    use crate::diagnostics::nonsense;

    /// What modules are made of, whole and broken.
    const PIECES: [&str; 30] = [
        "impl Counter {",
        "impl Counter {",
        "}",
        "}",
        "#[call]",
        "#[cast]",
        "#[init]",
        "#[info]",
        "#[info(if n > 3)]",
        "#[terminate]",
        "#[continue_with]",
        "#[call(spawn)]",
        "#[call(timeout = 5)]",
        "fn add(&mut self, n: u64) -> u64 { n }",
        "fn tick(&mut self, Tick(n): Tick) {}",
        "fn wait(&mut self, reply: ReplyTo<u8>) {}",
        "fn wait(&mut self, reply: ReplyTo, n: u8) {}",
        "async fn new(n: u64) -> Self { todo() }",
        "fn bye(self, reason: &ExitReason) {}",
        "fn r#type(&self, x: &str, _: u8) -> (u8, Next) { x }",
        "struct Counter;",
        "fn",
        "pub",
        "<T>",
        "const X: u8 = 1;",
        "use super::*;",
        "enum Callback {}",
        "#[handle_call]",
        "impl Drop for Counter { #[call] fn drop(&mut self) {} }",
        ";",
    ];

    /// Invariant D3, on a fixed sequence of nonsense.
    #[test]
    fn no_input_panics_or_loops() {
        for text in nonsense(&PIECES) {
            let module = format!("pub mod counter {{ {text} }}");
            let Ok(input) = module.parse::<TokenStream>() else { continue };
            assert!(!actor(&TokenStream::new(), &input).is_empty(), "{text:?}");
        }
    }
}
