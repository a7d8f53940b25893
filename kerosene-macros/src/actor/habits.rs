//! What people write who come from Erlang, Elixir or other frameworks, or who mistype: recognised,
//! and told what it is here.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Attribute, ImplItemFn, Item, Meta};

use super::Kind;
use crate::diagnostics::{Diagnostics, did_you_mean, listed};

/// What the module gets from us, and must not have already.
const GENERATED: [&str; 7] =
    ["Ref", "Callback", "start", "start_link", "start_monitor", "start_named", "child_spec"];

/// The methods that every reference has.
pub(super) const OF_REFERENCES: [&str; 5] = ["pid", "from_pid", "named", "by_name", "stop"];

/// Names of callbacks elsewhere, and what they are here.
const ELSEWHERE: [(&str, &str); 10] = [
    ("handle_call", "each request is a method of its own, with `#[call]`"),
    ("handle_cast", "each request is a method of its own, with `#[cast]`"),
    ("handle_info", "each type of message has a method of its own, with `#[info]`"),
    ("handle_continue", "write `#[continue_with]` on a method that takes what to go on with"),
    ("handle", "each request is a method of its own, with `#[call]` or `#[cast]`"),
    ("message", "each request is a method of its own, with `#[call]` or `#[cast]`"),
    ("post_stop", "write `#[terminate]` on a method that takes `self` and the reason"),
    ("pre_start", "write `#[init]` on a function that returns the state"),
    ("started", "write `#[init]` on a function that returns the state"),
    ("stopped", "write `#[terminate]` on a method that takes `self` and the reason"),
];

/// `#[actor]` takes no arguments.
pub(super) fn refuse_arguments(arguments: &TokenStream, diagnostics: &mut Diagnostics) {
    if arguments.is_empty() {
        return;
    }
    let text = arguments.to_string();
    let hint = if text.contains("name") {
        "a name is given when the actor is started: `counter::start_named(\"counter\", ..)`"
    } else if text.contains("trap") {
        "call `trap_exit(true)` in `#[init]`"
    } else if text.contains("timeout") {
        "a time-out belongs to a request: `#[call(timeout = \"30s\")]`"
    } else {
        "what there is to say stands on the methods"
    };
    diagnostics.report(arguments, format!("`#[kerosene::actor]` takes no arguments: {hint}"));
}

/// Refuses an attribute that means to be one of ours. Returns whether it did.
pub(super) fn refuse_attribute(attribute: &Attribute, diagnostics: &mut Diagnostics) -> bool {
    let Some(name) = attribute.path().get_ident().map(Ident::to_string) else {
        return false;
    };
    if let Some((_, instead)) = ELSEWHERE.iter().find(|(elsewhere, _)| *elsewhere == name) {
        diagnostics.report(attribute, format!("there is no `#[{name}]`: {instead}"));
        return true;
    }
    // Attributes of Rust's that are a slip away from ours.
    if ["inline", "cold", "doc"].contains(&name.as_str()) {
        return false;
    }
    let known = Kind::ALL.map(Kind::name);
    let Some(meant) = did_you_mean(&name, &known) else {
        return false;
    };
    let has = listed(&known);
    let text =
        format!("there is no `#[{name}]`; did you mean `#[{meant}]`? The callbacks are {has}");
    diagnostics.report(attribute, text);
    true
}

/// Refuses a method without an attribute that means to be a callback.
pub(super) fn refuse_name(function: &ImplItemFn, diagnostics: &mut Diagnostics) {
    let name = &function.sig.ident;
    let callbacks = &ELSEWHERE[..4];
    if let Some((_, instead)) = callbacks.iter().find(|(elsewhere, _)| name == elsewhere) {
        diagnostics.report(name, format!("nobody calls `{name}`: {instead}"));
    } else if let Some(kind) = [Kind::Init, Kind::Terminate].into_iter().find(|k| name == k.name())
    {
        let text = format!("nobody calls `{name}`: write `#[{}]` above it", kind.name());
        diagnostics.report(name, text);
    }
}

/// Refuses an item with a name that the module gets from us. Returns whether it did.
pub(super) fn refuse_reserved(item: &Item, diagnostics: &mut Diagnostics) -> bool {
    let name = match item {
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Const(item) => &item.ident,
        Item::Static(item) => &item.ident,
        Item::Mod(item) => &item.ident,
        _ => return false,
    };
    let is_taken = GENERATED.iter().any(|generated| name == generated);
    if is_taken {
        let text = format!(
            "`#[kerosene::actor]` makes a `{name}` in this module: give this one another name"
        );
        diagnostics.report(name, text);
    }
    is_taken
}

/// Refuses arguments of an attribute that takes none.
pub(super) fn refuse_options(attribute: &Attribute, kind: Kind, diagnostics: &mut Diagnostics) {
    if !matches!(attribute.meta, Meta::Path(_)) {
        let name = kind.name();
        let text = format!("`#[{name}]` takes no arguments: write `#[{name}]`");
        diagnostics.report(attribute.meta.to_token_stream(), text);
    }
}
