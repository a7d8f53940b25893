//! The macros of Kerosene: [`receive!`], [`#[main]`](macro@main) and [`#[test]`](macro@test).
//!
//! Use them through `kerosene`, which re-exports them; they expand to calls into
//! `kerosene::macro_support`, where the logic is. Each macro parses, checks and expands in modules
//! of its own, reports all mistakes at once through `diagnostics`, and after a mistake still
//! expands the rest to typed code.

#![forbid(unsafe_code)]

mod diagnostics;
mod duration;
mod entry;
mod receive;

use proc_macro::TokenStream;

use entry::Entry;

/// docs
#[proc_macro]
pub fn receive(input: TokenStream) -> TokenStream {
    receive::receive(input.into()).into()
}

/// docs
#[proc_macro_attribute]
pub fn main(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::entry(Entry::Main, arguments.into(), item.into()).into()
}

/// docs
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::entry(Entry::Test, arguments.into(), item.into()).into()
}
