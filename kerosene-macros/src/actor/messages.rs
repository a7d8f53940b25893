//! `#[info]` and `#[continue_with]`: methods chosen by the type of a message, by a pattern and by a
//! guard, from top to bottom.
//!
//! ```text
//!   let message = match message.downcast::<Tick>() {
//!       Ok(message) => {
//!           let mut fits = false;
//!           let message = match message {
//!               PATTERN if GUARD && fit(&mut fits) => unreachable!(),   // `fit` says no
//!               message => message,
//!           };
//!           if fits { return ...self.tick(message)... }
//!           Message::new(message)
//!       }
//!       Err(message) => message,
//!   };
//! ```
//!
//! The pattern is only asked here, with the bindings by value that the guard expects; nothing is
//! moved. The method itself takes the message apart. One whose pattern may not fit every value is
//! no parameter to the compiler, so it moves into the method's body.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, ImplItemFn, Pat, Stmt, Type};

use super::habits::refuse_options;
use super::signature::{is_named, output, parameters, receiver};
use super::{Handler, Kind, Method, Receiver, options};
use crate::diagnostics::Diagnostics;

/// Reads a callback for messages.
pub(super) fn handler(method: &Method, diagnostics: &mut Diagnostics) -> Option<Handler> {
    let signature = &method.function.sig;
    let guard = if method.kind == Kind::Info {
        options::guard(&method.attribute, diagnostics)
    } else {
        refuse_options(&method.attribute, method.kind, diagnostics);
        None
    };
    let (kind, name) = (method.kind.name(), &signature.ident);
    let mut parameters = parameters(signature);
    let (message, more) = (parameters.next(), parameters.next());
    let is_borrowed = matches!(receiver(signature), Receiver::Mutable | Receiver::Shared);
    let (Some((pattern, ty)), None, true) = (message, more, is_borrowed) else {
        let text = format!(
            "`#[{kind}]` takes the state and one message: write \
             `fn {name}(&mut self, message: Type)`"
        );
        diagnostics.report(name, text);
        return None;
    };
    if let Type::Reference(reference) = ty
        && reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static")
    {
        let inner = reference.elem.to_token_stream();
        let text = format!(
            "a message belongs to who receives it: write `{inner}`, or `&'static {inner}` for what \
             was sent as that"
        );
        diagnostics.report(ty, text);
        return None;
    }
    let conditions = method.function.attrs.iter().filter(|a| a.path().is_ident("cfg")).cloned();
    let is_refutable = !is_irrefutable(pattern, ty);
    Some(Handler {
        name: name.clone(),
        conditions: conditions.collect(),
        is_async: signature.asyncness.is_some(),
        returns: output(signature).map(Spanned::span),
        is_catch_all: is_named(ty, "Message") && guard.is_none() && !is_refutable,
        pattern: pattern.clone(),
        ty: ty.clone(),
        guard,
        is_refutable,
    })
}

/// Refuses what stands behind a method that leaves nothing over.
pub(super) fn refuse_unreachable(handlers: &[Handler], kind: Kind, diagnostics: &mut Diagnostics) {
    let takes_all = |handler: &Handler| {
        !handler.is_refutable && handler.guard.is_none() && handler.conditions.is_empty()
    };
    for (index, handler) in handlers.iter().enumerate() {
        let same = |before: &&Handler| {
            takes_all(before) && (before.is_catch_all || before.ty == handler.ty)
        };
        if let Some(before) = handlers[..index].iter().find(same) {
            let what = if before.is_catch_all {
                "message".to_owned()
            } else {
                format!("`{}`", before.ty.to_token_stream())
            };
            let text = format!(
                "this can never run, because `{}` above takes every {what}: move that behind, or \
                 give it a guard, as in `#[{}(if n > 3)]`",
                before.name,
                kind.name(),
            );
            diagnostics.report(&handler.name, text);
        }
    }
}

/// The statement that tries one method.
pub(super) fn attempt(handler: &Handler) -> TokenStream {
    let site = Span::mixed_site();
    let (conditions, ty) = (&handler.conditions, &handler.ty);
    let run = run(handler);
    if handler.is_catch_all {
        return quote_spanned!(site=> #(#conditions)* { #run });
    }
    let matched = if handler.is_refutable || handler.guard.is_some() {
        let pattern = &handler.pattern;
        let guard = handler.guard.as_ref().map(|guard| quote_spanned!(site=> (#guard) &&));
        quote_spanned! {site=>
            let mut fits = false;
            #[allow(unused_variables, unused_mut, reason = "the method binds them again")]
            let message = match message {
                #pattern if #guard ::kerosene::macro_support::fit(&mut fits) => {
                    ::core::unreachable!()
                }
                message => message,
            };
            if fits { #run }
            ::kerosene::Message::new(message)
        }
    } else {
        run
    };
    quote_spanned! {site=>
        #(#conditions)*
        let message = match message.downcast::<#ty>() {
            ::core::result::Result::Ok(message) => { #matched }
            ::core::result::Result::Err(message) => message,
        };
    }
}

/// Runs the method and returns what it wants.
fn run(handler: &Handler) -> TokenStream {
    let site = Span::mixed_site();
    let name = &handler.name;
    let wait = handler.is_async.then(|| quote_spanned!(site=> .await));
    if let Some(place) = handler.returns {
        let next = into_next(place, &quote_spanned!(site=> Self::#name(self, message) #wait));
        quote_spanned!(site=> return #next;)
    } else {
        quote_spanned!(site=>
            Self::#name(self, message) #wait;
            return ::kerosene::otp::Next::Continue;)
    }
}

/// What a callback has returned as what comes next. If it cannot be that, the compiler points at
/// the place where the callback says what it returns.
pub(super) fn into_next(place: Span, call: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    let returned = Ident::new("returned", site.located_at(place));
    quote_spanned! {site=> {
        let #returned = #call;
        ::kerosene::otp::IntoNext::into_next(#returned)
    }}
}

/// Moves a pattern that may not fit out of the parameters of a method.
pub(super) fn move_pattern_inward(function: &mut ImplItemFn) {
    let site = Span::mixed_site();
    let message = Ident::new("message", site);
    let typed = function.sig.inputs.iter_mut().find_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    let Some(typed) = typed else { return };
    let pattern =
        std::mem::replace(&mut *typed.pat, Pat::Verbatim(quote_spanned!(site=> #message)));
    let take_apart = quote_spanned! {site=>
        #[allow(irrefutable_let_patterns, reason = "it may fit every value")]
        let #pattern = #message else {
            ::core::panic!("a message that the pattern of the method does not fit")
        };
    };
    function.block.stmts.insert(0, Stmt::Expr(syn::Expr::Verbatim(take_apart), None));
}

/// Whether the pattern certainly fits every value of the type: a name, or the type itself taken
/// apart. An enum's variant is named by another path than its type.
pub(super) fn is_irrefutable(pattern: &Pat, ty: &Type) -> bool {
    let names_type = |path: &syn::Path| match ty {
        Type::Path(ty) => {
            let words = |path: &syn::Path| {
                path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>()
            };
            words(path) == words(&ty.path)
        }
        _ => false,
    };
    match pattern {
        Pat::Struct(inner) => {
            names_type(&inner.path) && inner.fields.iter().all(|field| is_simple(&field.pat))
        }
        Pat::TupleStruct(inner) => names_type(&inner.path) && inner.elems.iter().all(is_simple),
        Pat::Ident(name) if is_constant(&name.ident) => is_named(ty, &name.ident.to_string()),
        Pat::Path(path) => names_type(&path.path),
        other => is_simple(other),
    }
}

/// A name, `_`, `..`, or a tuple of those.
fn is_simple(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(name) => name.subpat.is_none() && !is_constant(&name.ident),
        Pat::Wild(_) | Pat::Rest(_) => true,
        Pat::Tuple(tuple) => tuple.elems.iter().all(is_simple),
        Pat::Paren(inner) => is_simple(&inner.pat),
        _ => false,
    }
}

/// A bare name with an upper-case letter is a unit struct or a constant, as in `receive!`.
fn is_constant(name: &Ident) -> bool {
    name.to_string().starts_with(char::is_uppercase)
}
