//! The functions that stand behind the user's items.
//!
//! ```text
//! mod shop {
//!     ...                                     // as it was written, without our attributes
//!     pub fn supervisor() -> Supervisor { Supervisor::new(..).intensity(..).child(..)... }
//!     pub fn start_link() -> impl Future<..> { supervisor().start_link() }
//!     pub fn start() -> ...
//!     pub fn child_spec() -> ChildSpec { supervisor().child_spec("shop") }
//! }
//! ```
//!
//! All four take what the functions of the children take, and pass clones on. The user's functions
//! are called by paths, since a parameter may have the name of a function.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{ItemMod, LitStr};

use super::parameters::{Parameter, Parameters};
use super::{Child, Flags, Shutdown, Source, check};
use crate::diagnostics::Diagnostics;
use crate::duration;

/// The item as it was, beside the reports.
pub(super) fn untouched(item: &TokenStream, diagnostics: &Diagnostics) -> TokenStream {
    quote! { #diagnostics #item }
}

/// Writes the module, with everything that was reported. The added functions are there also after
/// a mistake, so that calls of them are no mistakes as well (D2).
pub(super) fn expand(
    module: &ItemMod,
    flags: &Flags,
    children: &[Child],
    parameters: &Parameters,
    diagnostics: &Diagnostics,
) -> TokenStream {
    let site = Span::mixed_site();
    let (attributes, visibility, name) = (&module.attrs, &module.vis, &module.ident);
    let items = module.content.iter().flat_map(|(_, items)| items);
    // A function of the user's that has the name of one of ours was reported; one is enough.
    let is_taken = check::functions(module).any(|f| check::ADDED.iter().any(|a| f.sig.ident == a));
    let added = (!is_taken).then(|| added(name, flags, children, parameters));
    quote_spanned! {site=>
        #diagnostics
        #(#attributes)*
        #visibility mod #name {
            #(#items)*
            #added
        }
    }
}

fn added(name: &Ident, flags: &Flags, children: &[Child], parameters: &Parameters) -> TokenStream {
    let site = Span::mixed_site();
    let id = name.unraw().to_string();
    let strategy = camel_case(flags.strategy.unwrap_or("one_for_one"));
    let flags = flag_calls(flags);
    let children = children.iter().map(child);
    let doc = |text: &str| format!("{text} `{id}`.");
    let (made, linked) = (doc("Makes the supervisor"), doc("Starts the supervisor"));
    let (alone, spec) =
        (doc("Starts, without a link, the supervisor"), doc("Makes a child of the supervisor"));
    let names: Vec<&Ident> = parameters.all.iter().map(|parameter| &parameter.name).collect();
    let taken: Vec<TokenStream> = parameters.all.iter().map(taken).collect();
    let allowed = allowed();
    let started = quote_spanned! {site=>
        ::core::result::Result<::kerosene::otp::SupervisorRef, ::kerosene::otp::StartError>
    };
    let supervisor = if parameters.are_sound {
        quote_spanned! {site=>
            ::kerosene::otp::Supervisor::new(::kerosene::otp::Strategy::#strategy)
                #(#flags)*
                #(.child(#children))*
        }
    } else {
        quote_spanned! {site=>
            let _ = (#(&#names,)*);
            ::core::unreachable!("this does not compile")
        }
    };
    quote_spanned! {site=>
        #[doc = #made]
        #allowed
        pub fn supervisor(#(#taken),*) -> ::kerosene::otp::Supervisor {
            #supervisor
        }

        #[doc = #linked]
        ///
        /// # Errors
        ///
        /// If a child does not start.
        #allowed
        #[track_caller]
        pub fn start_link(
            #(#taken),*
        ) -> impl ::core::future::Future<Output = #started> + ::core::marker::Send {
            self::supervisor(#(#names),*).start_link()
        }

        #[doc = #alone]
        ///
        /// # Errors
        ///
        /// If a child does not start.
        #allowed
        #[track_caller]
        pub fn start(
            #(#taken),*
        ) -> impl ::core::future::Future<Output = #started> + ::core::marker::Send {
            self::supervisor(#(#names),*).start()
        }

        #[doc = #spec]
        #allowed
        #[track_caller]
        pub fn child_spec(#(#taken),*) -> ::kerosene::otp::ChildSpec {
            self::supervisor(#(#names),*).child_spec(#id)
        }
    }
}

fn allowed() -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        #[allow(
            dead_code,
            unreachable_pub,
            clippy::needless_pass_by_value,
            clippy::too_many_arguments,
            reason = "one of several ways to use the module"
        )]
    }
}

fn taken(Parameter { name, ty }: &Parameter) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #name: #ty)
}

/// What the arguments of the supervisor say, as calls.
fn flag_calls(flags: &Flags) -> Vec<TokenStream> {
    let site = Span::mixed_site();
    let mut calls = Vec::new();
    if flags.intensity.is_some() || flags.period.is_some() {
        let intensity = flags.intensity.unwrap_or(1);
        let period = duration::tokens(flags.period.unwrap_or(Duration::from_secs(5)));
        calls.push(quote_spanned!(site=> .intensity(#intensity, #period)));
    }
    if let Some(name) = &flags.name {
        calls.push(quote_spanned!(site=> .name(#name)));
    }
    if let Some(word) = flags.auto_shutdown.map(camel_case) {
        let call = quote_spanned!(site=> .auto_shutdown(::kerosene::otp::AutoShutdown::#word));
        calls.push(call);
    }
    calls
}

/// The spec of a child.
fn child(child: &Child) -> TokenStream {
    let site = Span::mixed_site();
    // What the compiler finds wrong with the child concerns what its function returns.
    let place = Span::mixed_site().located_at(child.returned.span());
    let mut function = child.function.clone();
    function.set_span(place);
    let options = &child.options;
    let own_id = child.function.unraw().to_string();
    let id = options.id.as_ref().map_or_else(|| own_id, LitStr::value);
    let names: Vec<&Ident> = child.parameters.iter().map(|parameter| &parameter.name).collect();
    let clones: Vec<TokenStream> = child.parameters.iter().map(clone_of).collect();
    // What is moved into the function that starts the child.
    let kept =
        (!clones.is_empty()).then(|| quote_spanned!(site=> let (#(#names,)*) = (#(#clones,)*);));
    let called = quote_spanned!(place=> self::#function);
    let process = Ident::new("process", child.returned.span());
    let blocking = Ident::new("blocking", child.returned.span());
    let spec = match child.source {
        Source::Spec => {
            let made = quote_spanned!(place=> #called(#(#clones),*));
            quote_spanned!(place=> ::kerosene::macro_support::child(#made, #id))
        }
        Source::Process if kept.is_none() => made(&process, &id, &called),
        Source::Process => {
            let made = made(&process, &id, &quote_spanned!(place=> move || #called(#(#clones),*)));
            quote_spanned!(place=> { #kept #made })
        }
        Source::Blocking if kept.is_none() => made(&blocking, &id, &called),
        Source::Blocking => {
            let work = quote_spanned!(place=> move |stopping| #called(stopping, #(#clones),*));
            let made = made(&blocking, &id, &work);
            quote_spanned!(place=> { #kept #made })
        }
    };
    let name = options.name.as_ref().map(|name| quote_spanned!(site=> .name(#name)));
    let restart = options.restart.map(camel_case);
    let restart =
        restart.map(|word| quote_spanned!(site=> .restart(::kerosene::otp::Restart::#word)));
    let kind = options.kind.map(camel_case);
    let kind = kind.map(|word| quote_spanned!(site=> .kind(::kerosene::otp::ChildKind::#word)));
    let shutdown = options.shutdown.map(|shutdown| match shutdown {
        Shutdown::Brutal => quote_spanned!(site=> .shutdown(::kerosene::otp::Shutdown::Brutal)),
        Shutdown::Infinity => quote_spanned!(site=> .shutdown(::kerosene::otp::Shutdown::Infinity)),
        Shutdown::After(after) => {
            let after = duration::tokens(after);
            quote_spanned!(site=> .shutdown(#after))
        }
    });
    let significant = options.is_significant.then(|| quote_spanned!(site=> .significant()));
    quote_spanned!(site=> #spec #name #restart #kind #shutdown #significant)
}

/// Makes the spec of a plain process where the child's function says what it returns: that is the
/// line which reports name as the one where the process was spawned.
fn made(kind: &Ident, id: &str, work: &TokenStream) -> TokenStream {
    quote_spanned!(kind.span()=> ::kerosene::otp::ChildSpec::#kind(#id, #work))
}

/// What the compiler finds wrong with it concerns the type of the parameter.
fn clone_of(Parameter { name, ty }: &Parameter) -> TokenStream {
    let place = Span::mixed_site().located_at(ty.span());
    quote_spanned!(place=> ::core::clone::Clone::clone(&#name))
}

/// `one_for_one` as the variant `OneForOne`.
fn camel_case(word: &str) -> Ident {
    let capitalised = word.split('_').map(|part| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
    });
    let text: String = capitalised.flatten().collect();
    Ident::new(&text, Span::mixed_site())
}
