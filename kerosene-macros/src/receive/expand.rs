//! The code that a `receive!` becomes.
//!
//! ```text
//! {
//!     enum Selected<A0, A1> { Arm0(A0), Arm1(A1), After }
//!     match {
//!         let after = TIME;
//!         let mut receive = Receive::with_timeout(&SITE, after);
//!         loop {
//!             if let Some(selected) = receive.select(|candidate| {
//!                 if let Some(bindings) = candidate.arm(|message| match message {
//!                     PATTERN if guard(|| GUARD) => Ok((x, y)),
//!                     message => Err(message),
//!                 }) {
//!                     return Some(Selected::Arm0(bindings));
//!                 }
//!                 ...
//!                 None
//!             }) {
//!                 break selected;
//!             }
//!             if let Wait::TimedOut = receive.wait().await { break Selected::After }
//!         }
//!     } {
//!         Selected::Arm0((x, mut y)) => BODY,
//!         Selected::Arm1((z,)) => BODY,
//!         Selected::After => BODY,
//!     }
//! }
//! ```
//!
//! * X1: the user's bodies and the time stand outside every loop and closure of ours, so `return`,
//!   `break`, `continue`, `?` and `.await` mean what they say.
//! * X2: the `Receive` is dropped before a body runs, so a body may receive again.
//! * X3: every binding is written once with the user's token where the body sees it, so that lints
//!   speak once; names in the mailbox's closure are ours unless the guard needs them.
//! * X4: the only name of ours that the user's code could see is the enum's, because items have no
//!   hygiene; it is spelled so that nobody has it.
//! * X5: what is reported comes last. An editor that completes a word expands the arms with and
//!   without it, and finds its way by how much text comes before; so a part that lacks its last
//!   word is written as if that were all ([`super::recover::mend`]).

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::spanned::Spanned;

use super::{Arm, Binding, Receive, Takes, TimeoutArm, pattern};
use crate::diagnostics::{Diagnostics, tokens_of};

/// Writes the code, with everything that was reported.
pub(super) fn expand(receive: &Receive, diagnostics: &Diagnostics) -> TokenStream {
    let site = Span::mixed_site();
    if receive.arms.is_empty() && receive.timeout.is_none() {
        // The last report is the value of the block, of any type.
        return quote_spanned!(site=> { #diagnostics });
    }
    let selected = Ident::new("__KeroseneSelected", site);
    let parameters = receive.arms.iter().enumerate().map(|(index, arm)| {
        let (conditions, parameter) = (&arm.conditions, format_ident!("A{index}", span = site));
        quote_spanned!(site=> #(#conditions)* #parameter)
    });
    let variants = receive.arms.iter().enumerate().map(|(index, arm)| {
        let (conditions, parameter) = (&arm.conditions, format_ident!("A{index}", span = site));
        let variant = variant(index);
        quote_spanned!(site=> #(#conditions)* #variant(#parameter),)
    });
    let after = receive.timeout.as_ref().map(|_| quote_spanned!(site=> After,));
    let waiting = waiting(receive, &selected);
    let bodies = receive.arms.iter().enumerate().map(|(index, arm)| body(index, arm, &selected));
    let late = receive.timeout.as_ref().map(|timeout| {
        let (attributes, body) = (&timeout.attributes, tokens_of(&timeout.body));
        quote_spanned!(site=> #(#attributes)* #selected::After => #body,)
    });
    // X5.
    let reports = (!diagnostics.is_empty()).then(|| {
        quote_spanned! {site=>
            #[allow(unreachable_patterns, reason = "it holds what is reported")]
            _ => { #diagnostics }
        }
    });
    quote_spanned! {site=>
        {
            enum #selected<#(#parameters),*> { #(#variants)* #after }
            match #waiting {
                #(#bodies)*
                #late
                #reports
            }
        }
    }
}

/// The block that waits for the message or the time-out.
fn waiting(receive: &Receive, selected: &Ident) -> TokenStream {
    let site = Span::mixed_site();
    let text = &receive.text;
    let support = quote_spanned!(site=> ::kerosene::macro_support);
    let location = quote_spanned! {site=> {
        static SITE: #support::Site = #support::Site::new(
            ::core::file!(), ::core::line!(), ::core::column!(), #text,
        );
        &SITE
    }};
    let (new, wait) = if let Some(timeout) = &receive.timeout {
        let after = after(timeout);
        let new = quote_spanned! {site=>
            #after
            let mut receive = #support::Receive::with_timeout(#location, after);
        };
        let wait = quote_spanned! {site=>
            if let #support::Wait::TimedOut = receive.wait().await {
                break #selected::After;
            }
        };
        (new, wait)
    } else {
        let new = quote_spanned!(site=> let mut receive = #support::Receive::new(#location););
        (new, quote_spanned!(site=> let _ = receive.wait().await;))
    };
    let arms = receive.arms.iter().enumerate().map(|(index, arm)| candidate(index, arm, selected));
    let nothing = if receive.arms.is_empty() {
        quote_spanned!(site=> ::core::option::Option::None::<#selected>)
    } else {
        quote_spanned!(site=> ::core::option::Option::None)
    };
    quote_spanned! {site=>
        {
            #new
            loop {
                if let ::core::option::Option::Some(selected) = receive.select(|candidate| {
                    #(#arms)*
                    #nothing
                }) {
                    break selected;
                }
                #wait
            }
        }
    }
}

/// `let after: Duration = TIME;`, blaming the time when it is none.
fn after(timeout: &TimeoutArm) -> TokenStream {
    let site = Span::mixed_site();
    let time = tokens_of(&timeout.time);
    let ty = quote_spanned!(site.located_at(timeout.after.span())=> ::core::time::Duration);
    quote_spanned!(site=> let after: #ty = #time;)
}

/// The statement that offers the candidate to one arm.
fn candidate(index: usize, arm: &Arm, selected: &Ident) -> TokenStream {
    let site = Span::mixed_site();
    let (conditions, variant) = (&arm.conditions, variant(index));
    let offer = match &arm.takes {
        Takes::Unknown(error) => error.to_compile_error(),
        Takes::Any => offer(arm, &quote_spanned!(site=> any)),
        Takes::Inferred => offer(arm, &quote_spanned!(place(&arm.pattern)=> arm)),
        Takes::Typed(ty) => {
            let method = quote_spanned!(place(ty)=> arm);
            offer(arm, &quote_spanned!(site=> #method::<#ty, _>))
        }
    };
    quote_spanned! {site=>
        #(#conditions)*
        #[allow(clippy::result_large_err, reason = "what does not match goes back whole")]
        {
            if let ::core::option::Option::Some(bindings) = #offer {
                return ::core::option::Option::Some(#selected::#variant(bindings));
            }
        }
    }
}

/// `candidate.METHOD(|message| match message { ... })`.
fn offer(arm: &Arm, method: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    let pattern = &arm.pattern;
    let guard = arm.guard.as_ref().map(|guard| {
        let closure = quote_spanned!(place(guard)=> || #guard);
        quote_spanned!(site=> if ::kerosene::macro_support::guard(#closure))
    });
    let names = arm.bindings.iter().map(applied_name);
    // A misspelled constant would be a fresh name that matches everything; as a value it is an
    // unknown name, and the compiler says so.
    let values = arm.constants.iter().map(|name| {
        let name = pattern::ours(name);
        quote_spanned!(site=> if false { return ::core::result::Result::Err(#name); })
    });
    let message = Ident::new("message", place(pattern));
    quote_spanned! {site=>
        candidate.#method(|message| {
            #(#values)*
            match #message {
                #pattern #guard => ::core::result::Result::Ok((#(#names,)*)),
                #[allow(unreachable_patterns, reason = "the pattern may fit every message")]
                message => ::core::result::Result::Err(message),
            }
        })
    }
}

/// The name of a binding in the mailbox's closure (X3).
fn applied_name(binding: &Binding) -> Ident {
    if binding.is_guarded { binding.name.clone() } else { pattern::ours(&binding.name) }
}

/// The arm of the outer `match` that runs the body.
fn body(index: usize, arm: &Arm, selected: &Ident) -> TokenStream {
    let site = Span::mixed_site();
    let (conditions, attributes) = (&arm.conditions, &arm.attributes);
    let variant = variant(index);
    let names = arm.bindings.iter().map(|binding| {
        let (mutability, name) = (&binding.mutability, &binding.name);
        quote_spanned!(site=> #mutability #name)
    });
    // To a lint the guard's use of a name is no use of the body's.
    let guarded: Vec<_> =
        arm.bindings.iter().filter(|known| known.is_guarded).map(|known| &known.name).collect();
    let mut body = tokens_of(&arm.body);
    if !guarded.is_empty() {
        body = quote_spanned!(site=> { #(let _ = &#guarded;)* #body });
    }
    quote_spanned! {site=>
        #(#conditions)* #(#attributes)*
        #selected::#variant((#(#names,)*)) => #body,
    }
}

fn variant(index: usize) -> Ident {
    format_ident!("Arm{index}", span = Span::mixed_site())
}

/// Where the compiler shall point when it finds fault with our call about `tokens`.
fn place(tokens: &impl ToTokens) -> Span {
    Span::mixed_site().located_at(tokens.to_token_stream().span())
}
