//! Reading the module: its callbacks, with our attributes taken off, so that the compiler does not
//! meet them.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Error, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, Type, parse_quote};

use super::{Kind, Method, Written, habits};
use crate::diagnostics::{Diagnostics, Either};

/// Reads the module under the attribute.
pub(super) fn module(item: TokenStream, diagnostics: &mut Diagnostics) -> Either<Written> {
    let mut module: ItemMod = syn::parse2(item.clone()).map_err(|error| {
        if item.clone().into_iter().any(|token| token.to_string() == "mod") {
            return error;
        }
        let text = "`#[kerosene::actor]` goes on a module that holds the state and its \
                    callbacks: write `pub mod counter { pub struct Counter; impl Counter { .. } }`";
        Error::new_spanned(item.into_iter().take(1).collect::<TokenStream>(), text)
    })?;
    let Some((_, items)) = &mut module.content else {
        let text = "`#[kerosene::actor]` has to see the module: write its contents here, in `{ }`; \
                    a file can hold the module as a whole";
        return Err(Error::new_spanned(&module, text));
    };
    let mut methods = Vec::new();
    let mut has_taken_names = false;
    for item in items {
        match item {
            Item::Impl(block) => read_block(block, &mut methods, diagnostics),
            Item::Fn(function) => refuse_callback_outside(&mut function.attrs, diagnostics),
            _ => {}
        }
        has_taken_names |= habits::refuse_reserved(item, diagnostics);
    }
    Ok(Written { module, methods, has_taken_names })
}

fn read_block(block: &mut ItemImpl, methods: &mut Vec<Method>, diagnostics: &mut Diagnostics) {
    let mut found = Vec::new();
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item {
            found.extend(read_function(function, &block.self_ty, diagnostics));
        }
    }
    if let (Some(first), true) = (found.first(), block.trait_.is_some()) {
        let text = format!(
            "a method of a trait cannot be a callback: write `#[{}]` on a method of `impl {}`",
            first.kind.name(),
            block.self_ty.to_token_stream(),
        );
        diagnostics.report(&first.attribute, text);
        return;
    }
    let generics = &block.generics;
    if !found.is_empty() && !generics.params.is_empty() {
        let text = "an actor cannot be generic: its messages have one type, so name the types, \
                    or box what differs";
        diagnostics.report(generics, text);
        return;
    }
    if !found.is_empty() {
        block.attrs.push(what_callbacks_may());
    }
    methods.append(&mut found);
}

/// Takes our attributes off a method. Without one it is none of ours.
fn read_function(
    function: &mut ImplItemFn,
    state: &Type,
    diagnostics: &mut Diagnostics,
) -> Option<Method> {
    let mut ours = Vec::new();
    function.attrs.retain(|attribute| {
        let kind = kind_of(attribute);
        let is_habit = kind.is_none() && habits::refuse_attribute(attribute, diagnostics);
        ours.extend(kind.map(|kind| (kind, attribute.clone())));
        kind.is_none() && !is_habit
    });
    if let Some((kind, second)) = ours.get(1) {
        let text = format!(
            "a method is one callback: leave `#[{}]` or this `#[{}]` out",
            ours[0].0.name(),
            kind.name()
        );
        diagnostics.report(second, text);
    }
    let Some((kind, attribute)) = ours.into_iter().next() else {
        habits::refuse_name(function, diagnostics);
        return None;
    };
    Some(Method { kind, attribute, state: state.clone(), function: function.clone() })
}

/// What would be odd in other methods: the kind of a callback says what it takes.
fn what_callbacks_may() -> Attribute {
    parse_quote! {
        #[allow(
            clippy::needless_pass_by_value,
            clippy::unused_async,
            clippy::unused_self,
            reason = "a callback takes what its kind of callback takes"
        )]
    }
}

fn refuse_callback_outside(attributes: &mut Vec<Attribute>, diagnostics: &mut Diagnostics) {
    attributes.retain(|attribute| {
        let Some(kind) = kind_of(attribute) else { return true };
        let text = format!(
            "a callback is a method of the state: move the function into the `impl` block, \
             with `#[{}]` on it",
            kind.name()
        );
        diagnostics.report(attribute, text);
        false
    });
}

/// Which of our attributes it is.
fn kind_of(attribute: &Attribute) -> Option<Kind> {
    let name = attribute.path().get_ident()?;
    Kind::ALL.into_iter().find(|kind| name == kind.name())
}
