//! The server: the user's module, the enum of requests, and the `impl GenServer` that runs the
//! callbacks.
//!
//! ```text
//! pub mod counter {
//!     ...                                          // as it was written, without our attributes
//!     pub enum Callback { Add(u64, ReplyTo<u64>), Reset }
//!     impl GenServer for Counter { ... }
//!     pub struct Ref<D = Pid>(D);                  // see `client`
//!     pub async fn start_link(limit: u64) -> Result<Ref, StartError> { ... }
//! }
//! ```
//!
//! After a mistake everything the user's other code may name is made all the same, but nothing that
//! would have the compiler look at callbacks that were refused.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, ImplItem, ImplItemFn, Item, ItemMod, PathArguments, Type};

use super::{Actor, Answer, Handler, Receiver, Request, client, messages, signature};
use crate::diagnostics::Diagnostics;

/// Writes the module, with everything that was reported.
pub(super) fn expand(
    mut module: ItemMod,
    actor: Option<Actor>,
    diagnostics: &Diagnostics,
) -> TokenStream {
    let site = Span::mixed_site();
    let is_refused = !diagnostics.is_empty();
    if let Some(actor) = &actor {
        move_patterns(&mut module, actor);
    }
    if is_refused {
        replace_untyped(&mut module);
    }
    let generated = actor.map(|actor| {
        let client = client::client(&actor, is_refused);
        let server = (!is_refused).then(|| server(&actor));
        quote_spanned!(site=> #server #client)
    });
    let ItemMod { attrs, vis, mod_token, ident, content, .. } = module;
    let items = content.map(|(_, items)| items).unwrap_or_default();
    let quiet = is_refused
        .then(|| quote_spanned!(site=> #[allow(unused, reason = "the callbacks were refused")]));
    quote_spanned! {site=>
        #diagnostics
        #(#attrs)*
        #quiet
        #vis #mod_token #ident {
            #(#items)*
            #generated
        }
    }
}

/// The item as it was, beside the reports.
pub(super) fn untouched(item: &TokenStream, diagnostics: &Diagnostics) -> TokenStream {
    let site = Span::mixed_site();
    quote_spanned!(site=> #diagnostics #item)
}

/// Moves the patterns of `#[info]` methods that are no parameters into their bodies.
fn move_patterns(module: &mut ItemMod, actor: &Actor) {
    for function in methods(module) {
        let handlers = actor.infos.iter().chain(&actor.continues);
        let is_it = |handler: &Handler| handler.is_refutable && handler.name == function.sig.ident;
        if handlers.into_iter().any(is_it) {
            messages::move_pattern_inward(function);
        }
    }
}

/// Gives a type to each `ReplyTo` that has none, which was reported, and no body to its method,
/// which may answer with anything: so the compiler finds nothing that follows from it.
fn replace_untyped(module: &mut ItemMod) {
    for function in methods(module) {
        let untyped = function.sig.inputs.iter_mut().filter_map(|input| match input {
            FnArg::Typed(typed) => signature::untyped_reply_to(&mut typed.ty),
            FnArg::Receiver(_) => None,
        });
        let count = untyped.map(|arguments| {
            *arguments = PathArguments::AngleBracketed(
                syn::parse_quote!(<::kerosene::macro_support::Unknown>),
            );
        });
        if count.count() > 0 {
            function.block = syn::parse_quote!({ ::core::unreachable!() });
        }
    }
}

/// The methods of a module that belong to no trait.
fn methods(module: &mut ItemMod) -> impl Iterator<Item = &mut ImplItemFn> {
    let items = module.content.iter_mut().flat_map(|(_, items)| items);
    let blocks = items.filter_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() => Some(block),
        _ => None,
    });
    blocks.flat_map(|block| &mut block.items).filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    })
}

fn server(actor: &Actor) -> TokenStream {
    let site = Span::mixed_site();
    let state = &actor.state;
    let callback = callback(actor);
    let init = init(actor);
    let requests = actor.requests.iter().map(run);
    let argument = if actor.requests.is_empty() {
        // An enum without variants: there is nothing to match.
        quote_spanned!(site=> match callback {})
    } else {
        quote_spanned!(site=> match callback { #(#requests)* })
    };
    let info = handler("handle_info", &actor.infos);
    let continues = handler("handle_continue", &actor.continues);
    let terminate = terminate(actor);
    quote_spanned! {site=>
        #callback

        impl ::kerosene::otp::GenServer for #state {
            #init

            type Request = Callback;

            async fn handle_request(&mut self, callback: Callback) -> ::kerosene::otp::Next {
                #argument
            }

            #info
            #continues
            #terminate

            fn describe(&self) -> ::std::string::String {
                use ::kerosene::macro_support::{DescribedByDebug as _, DescribedByName as _};
                (&::kerosene::macro_support::Described(self)).describe()
            }
        }
    }
}

/// The enum of requests.
fn callback(actor: &Actor) -> TokenStream {
    let site = Span::mixed_site();
    let variants = actor.requests.iter().map(|request| {
        let Request { variant, conditions, .. } = request;
        let types = request.arguments.iter().map(|argument| argument.ty.to_token_stream());
        let reply_to = match &request.answer {
            Answer::Never => None,
            Answer::Returned(ty)
            | Answer::ReturnedWithNext(ty)
            | Answer::Deferred(ty)
            | Answer::Spawned(ty) => {
                // So that the compiler points at an answer that cannot be sent.
                let place = site.located_at(ty.span());
                Some(quote_spanned!(place=> ::kerosene::otp::ReplyTo<#ty>))
            }
        };
        let fields: Vec<TokenStream> = types.chain(reply_to).collect();
        let fields = (!fields.is_empty()).then(|| quote_spanned!(site=> (#(#fields),*)));
        quote_spanned!(site=> #(#conditions)* #variant #fields,)
    });
    quote_spanned! {site=>
        #[doc = "What a reference asks for: which callback, with which arguments."]
        #[doc(hidden)]
        #[allow(
            private_interfaces,
            clippy::large_enum_variant,
            clippy::type_complexity,
            reason = "the arguments are what the callbacks take"
        )]
        pub enum Callback { #(#variants)* }
    }
}

fn init(actor: &Actor) -> TokenStream {
    let site = Span::mixed_site();
    let Some(init) = &actor.init else {
        // So that the compiler points at the state when it has no `Default`.
        let default_site = site.located_at(actor.state.span());
        let default = quote_spanned!(default_site=> <Self as ::core::default::Default>::default());
        return quote_spanned! {site=>
            type Args = ();

            async fn init((): ()) -> ::kerosene::otp::Init<Self> {
                ::kerosene::otp::Init::Ready(#default)
            }
        };
    };
    let name = &init.name;
    // So that the compiler points at the result when it is none of a state.
    let returned = Ident::new("returned", site.located_at(init.output.span()));
    let names: Vec<&Ident> = init.arguments.iter().map(|argument| &argument.name).collect();
    let types: Vec<&Type> = init.arguments.iter().map(|argument| &argument.ty).collect();
    let wait = init.is_async.then(|| quote_spanned!(site=> .await));
    // So that the compiler points at the initialisation when one of its types is private.
    let args = quote_spanned!(site.located_at(name.span())=> type Args = (#(#types,)*););
    quote_spanned! {site=>
        #args

        async fn init((#(#names,)*): Self::Args) -> ::kerosene::otp::Init<Self> {
            let #returned = Self::#name(#(#names),*) #wait;
            ::kerosene::otp::IntoInit::<Self>::into_init(#returned)
        }
    }
}

/// The arm that runs the callback of a request.
fn run(request: &Request) -> TokenStream {
    let site = Span::mixed_site();
    let Request { name, variant, conditions, .. } = request;
    let names: Vec<&Ident> = request.arguments.iter().map(|argument| &argument.name).collect();
    let wait = request.is_async.then(|| quote_spanned!(site=> .await));
    let next = quote_spanned!(site=> ::kerosene::otp::Next::Continue);
    let into_next = |call: TokenStream| {
        let returned = request.returns.map(|place| messages::into_next(place, &call));
        returned.unwrap_or_else(|| quote_spanned!(site=> #call; #next))
    };
    // By its path: a callback may have the name of a method of `GenServer`.
    let call = quote_spanned!(site=> Self::#name(self, #(#names),*) #wait);
    let body = match &request.answer {
        Answer::Never => into_next(call),
        Answer::Deferred(_) => {
            into_next(quote_spanned!(site=> Self::#name(self, #(#names,)* reply_to) #wait))
        }
        Answer::Returned(_) if request.returns.is_some() => {
            quote_spanned!(site=> reply_to.reply(#call); #next)
        }
        Answer::Returned(_) => quote_spanned!(site=> #call; reply_to.reply(()); #next),
        Answer::ReturnedWithNext(_) => quote_spanned! {site=>
            let (answer, next) = #call;
            ::kerosene::macro_support::answer(reply_to, answer, next)
        },
        Answer::Spawned(_) => spawned(request, &names),
    };
    let mut fields: Vec<TokenStream> = names.iter().map(ToTokens::to_token_stream).collect();
    if !matches!(request.answer, Answer::Never) {
        fields.push(quote_spanned!(site=> reply_to));
    }
    let fields = (!fields.is_empty()).then(|| quote_spanned!(site=> (#(#fields),*)));
    quote_spanned!(site=> #(#conditions)* Callback::#variant #fields => { #body })
}

/// Runs the callback in a process of its own, on a clone of the state if it wants one.
fn spawned(request: &Request, names: &[&Ident]) -> TokenStream {
    let site = Span::mixed_site();
    let name = &request.name;
    let wait = request.is_async.then(|| quote_spanned!(site=> .await));
    let state = (request.receiver != Receiver::None).then(|| {
        let place = site.located_at(name.span());
        quote_spanned!(place=> let state = ::core::clone::Clone::clone(&*self);)
    });
    let call = if state.is_some() {
        quote_spanned!(site=> state.#name(#(#names),*) #wait)
    } else {
        quote_spanned!(site=> Self::#name(#(#names),*) #wait)
    };
    let arguments = quote_spanned!(site=> reply_to, async move { #call });
    // At the callback, whose line reports name as that where the process was spawned.
    let answering = quote_spanned! {name.span()=>
        ::kerosene::macro_support::answer_from_a_process(#arguments)
    };
    quote_spanned! {site=>
        #state
        #answering;
        ::kerosene::otp::Next::Continue
    }
}

/// `handle_info` or `handle_continue`; nothing if the default will do.
fn handler(name: &str, handlers: &[Handler]) -> Option<TokenStream> {
    if handlers.is_empty() {
        return None;
    }
    let site = Span::mixed_site();
    let name = Ident::new(name, site);
    let attempts = handlers.iter().map(messages::attempt);
    let is_complete = handlers.iter().any(|h| h.is_catch_all && h.conditions.is_empty());
    let unknown = (!is_complete).then(|| {
        quote_spanned! {site=>
            ::kerosene::macro_support::unknown_message::<Self>(&message);
            ::kerosene::otp::Next::Continue
        }
    });
    let returns = is_complete
        .then(|| quote_spanned!(site=> #[allow(clippy::needless_return, reason = "the last one")]));
    Some(quote_spanned! {site=>
        #returns
        async fn #name(&mut self, message: ::kerosene::Message) -> ::kerosene::otp::Next {
            #(#attempts)*
            #unknown
        }
    })
}

fn terminate(actor: &Actor) -> Option<TokenStream> {
    let site = Span::mixed_site();
    let terminate = actor.terminate.as_ref()?;
    let name = &terminate.name;
    let mutability = (terminate.receiver == Receiver::Mutable).then(|| quote_spanned!(site=> mut));
    let receiver = match terminate.receiver {
        Receiver::Mutable => quote_spanned!(site=> &mut self),
        Receiver::Shared => quote_spanned!(site=> &self),
        Receiver::Value | Receiver::None => quote_spanned!(site=> self),
    };
    let wait = terminate.is_async.then(|| quote_spanned!(site=> .await));
    let (parameter, argument) = if terminate.takes_reason {
        (quote_spanned!(site=> reason), Some(quote_spanned!(site=> reason)))
    } else {
        (quote_spanned!(site=> _), None)
    };
    Some(quote_spanned! {site=>
        async fn terminate(#mutability self, #parameter: &::kerosene::ExitReason) {
            Self::#name(#receiver, #argument) #wait;
        }
    })
}
