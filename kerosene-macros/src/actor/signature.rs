//! What the parameters of a callback mean, and which cannot be.
//!
//! What a request carries travels to another process, in one field of an enum for each parameter:
//! so it is owned, its type has a name, and there is a name for it.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    FnArg, GenericArgument, Lifetime, Pat, PathArguments, Receiver as SynReceiver, ReceiverKind,
    ReturnType, Safety, Signature, Type, TypeImplTrait, TypePath, TypeReference,
};

use super::{Argument, Receiver};
use crate::diagnostics::Diagnostics;

/// How the method takes the state.
pub(super) fn receiver(signature: &Signature) -> Receiver {
    match signature.inputs.first() {
        Some(FnArg::Receiver(receiver)) => kind_of(receiver),
        _ => Receiver::None,
    }
}

fn kind_of(receiver: &SynReceiver) -> Receiver {
    match &receiver.kind {
        ReceiverKind::Reference(_, _, Some(_)) => Receiver::Mutable,
        ReceiverKind::Reference(_, _, None) => Receiver::Shared,
        ReceiverKind::Typed(_, ty) => match &**ty {
            Type::Reference(reference) if reference.mutability.is_some() => Receiver::Mutable,
            Type::Reference(_) => Receiver::Shared,
            _ => Receiver::Value,
        },
        _ => Receiver::Value,
    }
}

/// The parameters behind `self`.
pub(super) fn parameters(signature: &Signature) -> impl Iterator<Item = (&Pat, &Type)> {
    signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some((&*typed.pat, &*typed.ty)),
        FnArg::Receiver(_) => None,
    })
}

/// Refuses what no callback can be. Returns whether it is fine.
pub(super) fn refuse_unusable(signature: &Signature, diagnostics: &mut Diagnostics) -> bool {
    let name = &signature.ident;
    let mut is_fine = true;
    if !signature.generics.params.is_empty() || signature.generics.where_clause.is_some() {
        let text = format!(
            "`{name}` cannot be generic: what it takes travels in a message, which has one type; \
             name the types, or box what differs"
        );
        let generics = &signature.generics;
        let clause = generics.where_clause.as_ref().map(ToTokens::to_token_stream);
        let tokens = if generics.params.is_empty() { clause } else { None };
        diagnostics.report(tokens.unwrap_or_else(|| generics.to_token_stream()), text);
        is_fine = false;
    }
    if let Safety::Unsafe(keyword) = &signature.safety {
        diagnostics.report(keyword, "a callback is called by the server, so it cannot be `unsafe`");
        is_fine = false;
    }
    is_fine
}

/// The argument that a parameter of a request or an initialisation stands for, also if it is none.
pub(super) fn argument(
    index: usize,
    pattern: &Pat,
    ty: &Type,
    state: &Ident,
    diagnostics: &mut Diagnostics,
) -> Argument {
    let ty = owned(ty, state, diagnostics).unwrap_or_else(|| spelled_out(ty, state));
    let numbered = |place: Span| {
        let place = Span::mixed_site().located_at(place);
        Ident::new(&format!("argument{index}"), place)
    };
    let name = match pattern {
        Pat::Ident(name) if name.subpat.is_none() => name.ident.clone(),
        Pat::Wild(wild) => numbered(wild.underscore_token.span),
        other => {
            let text = "an argument needs a name, under which it is passed: write `pair: (A, B)`, \
                        and take it apart in the body";
            diagnostics.report(other, text);
            numbered(other.span())
        }
    };
    Argument { name, ty }
}

/// The type, if it can travel; with `Self` spelled out.
pub(super) fn owned(ty: &Type, state: &Ident, diagnostics: &mut Diagnostics) -> Option<Type> {
    let mut search = Search(None);
    search.visit_type(ty);
    match search.0 {
        None => Some(spelled_out(ty, state)),
        Some((span, text)) => {
            diagnostics.report_at(span, text);
            None
        }
    }
}

/// Finds what cannot travel.
struct Search(Option<(Span, String)>);

impl Search {
    fn found(&mut self, span: Span, text: String) {
        self.0.get_or_insert((span, text));
    }
}

impl<'ast> Visit<'ast> for Search {
    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        let is_static = reference.lifetime.as_ref().is_some_and(|life| life.ident == "static");
        if is_static {
            return visit::visit_type(self, &reference.elem);
        }
        let inner = reference.elem.to_token_stream().to_string();
        let owned = match inner.as_str() {
            "str" => "String".to_owned(),
            "Path" => "PathBuf".to_owned(),
            _ => match &*reference.elem {
                Type::Slice(slice) => format!("Vec<{}>", slice.elem.to_token_stream()),
                _ => inner,
            },
        };
        let text = format!(
            "what is asked and answered travels to another process, so it is owned: write `{owned}`"
        );
        self.found(reference.and_token.span, text);
    }

    fn visit_type_impl_trait(&mut self, ty: &'ast TypeImplTrait) {
        let text = "a message needs a type with a name, and `impl` hides it: name the type, or use \
                    `Box<dyn ..>`";
        self.found(ty.impl_token.span, text.to_owned());
    }

    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        if lifetime.ident != "static" {
            let text = "what is asked and answered travels to another process and cannot borrow: \
                        leave the lifetime out, and pass what is owned";
            self.found(lifetime.span(), text.to_owned());
        }
    }
}

/// Replaces `Self` by the type of the state.
fn spelled_out(ty: &Type, state: &Ident) -> Type {
    struct SelfToState<'a>(&'a Ident);

    impl VisitMut for SelfToState<'_> {
        fn visit_type_path_mut(&mut self, path: &mut TypePath) {
            for segment in &mut path.path.segments {
                if segment.ident == "Self" {
                    segment.ident = Ident::new(&self.0.to_string(), segment.ident.span());
                }
            }
            visit_mut::visit_type_path_mut(self, path);
        }
    }

    let mut ty = ty.clone();
    SelfToState(state).visit_type_mut(&mut ty);
    ty
}

/// Whether the last part of the type's path is `name`.
pub(super) fn is_named(ty: &Type, name: &str) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == name)
}

/// Whether a parameter is the right to answer.
pub(super) enum ReplyToType<'a> {
    /// It is something else.
    No,
    /// A `ReplyTo` that does not say what for.
    Untyped,
    Typed(&'a Type),
}

/// Looks at the type of a parameter.
pub(super) fn reply_to(ty: &Type) -> ReplyToType<'_> {
    let Type::Path(path) = ty else { return ReplyToType::No };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == "ReplyTo") else {
        return ReplyToType::No;
    };
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(ty)) => ReplyToType::Typed(ty),
            _ => ReplyToType::Untyped,
        },
        _ => ReplyToType::Untyped,
    }
}

/// The place for the type of a `ReplyTo` that has none.
pub(super) fn untyped_reply_to(ty: &mut Type) -> Option<&mut PathArguments> {
    if !matches!(reply_to(ty), ReplyToType::Untyped) {
        return None;
    }
    let Type::Path(path) = ty else { return None };
    path.path.segments.last_mut().map(|last| &mut last.arguments)
}

/// What a function returns; `None` is nothing.
pub(super) fn output(signature: &Signature) -> Option<&Type> {
    match &signature.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => match &**ty {
            Type::Tuple(tuple) if tuple.elems.is_empty() => None,
            ty => Some(ty),
        },
    }
}

/// `snake_case` as `CamelCase`, where the name was written.
pub(super) fn variant_of(name: &Ident) -> Ident {
    let mut variant = String::new();
    for word in name.unraw().to_string().split('_').filter(|word| !word.is_empty()) {
        let mut letters = word.chars();
        variant.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        variant.extend(letters);
    }
    if variant.is_empty() || variant == "Self" {
        variant.push('_');
    }
    Ident::new(&variant, name.span())
}
