//! The function that stands in the user's place, with the user's inside.
//!
//! ```text
//! #[attributes] fn main() -> ExitCode {
//!     async fn main() -> R { ... }            // as it was written
//!     run_main(Runtime::builder().worker_threads(2), main())
//! }
//! ```
//!
//! The user's function is kept whole instead of cut into a block, so its return type, `?` in its
//! body and every span are its own. Attributes and docs move to the outer function, where the test
//! harness and rustdoc look for them; lint attributes there reach inward.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{FnArg, ReturnType, Token};

use super::{Entry, Function, Settings};
use crate::diagnostics::Diagnostics;
use crate::duration;

/// Writes the function, with everything that was reported.
pub(super) fn expand(
    entry: Entry,
    settings: &Settings,
    function: &Function,
    diagnostics: &Diagnostics,
) -> TokenStream {
    if !diagnostics.is_empty() {
        return refused(function, diagnostics);
    }
    match entry {
        Entry::Main => main(settings, function),
        Entry::Test => test(settings, function),
    }
}

/// The item as it was, beside the reports.
pub(super) fn untouched(item: &TokenStream, diagnostics: &Diagnostics) -> TokenStream {
    let site = Span::mixed_site();
    quote_spanned!(site=> #diagnostics #item)
}

/// A function that is never called, so that the body is still type-checked.
fn refused(function: &Function, diagnostics: &Diagnostics) -> TokenStream {
    let site = Span::mixed_site();
    let (attributes, visibility) = (&function.attrs, &function.vis);
    let (fn_token, name) = (function.sig.fn_token, &function.sig.ident);
    let mut inner = inner(function);
    inner.sig.asyncness.get_or_insert_with(|| Token![async](fn_token.span));
    // `self` means something only where the function was written.
    let has_self = matches!(inner.sig.inputs.first(), Some(FnArg::Receiver(_)));
    let inner = (!has_self).then_some(inner);
    let attributes = attributes.iter().filter(|attribute| !attribute.path().is_ident("test"));
    quote_spanned! {site=>
        #diagnostics
        #(#attributes)*
        #[allow(dead_code, reason = "refused")]
        #visibility #fn_token #name() {
            #[allow(clippy::unused_async, reason = "an entry is async even if it never waits")]
            #inner
        }
    }
}

fn main(settings: &Settings, function: &Function) -> TokenStream {
    let site = Span::mixed_site();
    let (attributes, visibility) = (&function.attrs, &function.vis);
    let (fn_token, name) = (function.sig.fn_token, &function.sig.ident);
    let inner = inner(function);
    let called = called(function);
    let call = quote_spanned!(place(function)=> #called());
    let worker_threads =
        settings.worker_threads.map(|number| quote_spanned!(site=> .worker_threads(#number)));
    let spare_cores =
        settings.spare_cores.map(|number| quote_spanned!(site=> .spare_cores(#number)));
    let runtime_name = settings.name.as_ref().map(|name| quote_spanned!(site=> .name(#name)));
    let busy_wait = settings.busy_wait.map(duration::tokens);
    let busy_wait = busy_wait.map(|time| quote_spanned!(site=> .busy_wait(#time)));
    let stop_deadline = settings.stop_deadline.map(duration::tokens);
    let stop_deadline = stop_deadline.map(|time| quote_spanned!(site=> .stop_deadline(#time)));
    let run = if settings.is_application { "run_application" } else { "run_main" };
    let run = Ident::new(run, site);
    quote_spanned! {site=>
        #(#attributes)*
        #visibility #fn_token #name() -> ::std::process::ExitCode {
            #[allow(clippy::unused_async, reason = "an entry is async even if it never waits")]
            #inner
            ::kerosene::macro_support::#run(
                ::kerosene::Runtime::builder()
                    #worker_threads #spare_cores #busy_wait #runtime_name #stop_deadline,
                #call,
            )
        }
    }
}

fn test(settings: &Settings, function: &Function) -> TokenStream {
    let site = Span::mixed_site();
    let (attributes, visibility) = (&function.attrs, &function.vis);
    let (fn_token, name) = (function.sig.fn_token, &function.sig.ident);
    let inner = inner(function);
    let called = called(function);
    let text = name.unraw().to_string();
    let seeds = option(settings.seeds);
    let real = settings.is_real;
    let worker_threads = option(settings.worker_threads);
    quote_spanned! {site=>
        #[::core::prelude::v1::test]
        #(#attributes)*
        #visibility #fn_token #name() {
            #[allow(clippy::unused_async, reason = "an entry is async even if it never waits")]
            #inner
            ::kerosene::macro_support::run_test(
                ::kerosene::macro_support::TestOptions {
                    name: ::core::concat!(::core::module_path!(), "::", #text),
                    seeds: #seeds,
                    real: #real,
                    worker_threads: #worker_threads,
                },
                #called,
            )
        }
    }
}

/// The user's function without what moves outward.
fn inner(function: &Function) -> Function {
    let mut inner = function.clone();
    inner.attrs.clear();
    inner.vis = syn::Visibility::Inherited;
    inner
}

/// Where our call of the user's function stands, for the compiler: what it finds wrong with the
/// future concerns the return type.
fn place(function: &Function) -> Span {
    let place = match &function.sig.output {
        ReturnType::Default => function.sig.ident.span(),
        ReturnType::Type(_, ty) => ty.to_token_stream().span(),
    };
    Span::mixed_site().located_at(place)
}

/// The name of the user's function where we call it.
fn called(function: &Function) -> Ident {
    let mut name = function.sig.ident.clone();
    name.set_span(place(function));
    name
}

fn option<T: ToTokens>(value: Option<T>) -> TokenStream {
    let site = Span::mixed_site();
    value.map_or_else(
        || quote_spanned!(site=> ::core::option::Option::None),
        |value| quote_spanned!(site=> ::core::option::Option::Some(#value)),
    )
}
