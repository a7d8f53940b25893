//! What children are started with: the parameters of their functions, which together are those of
//! `start_link`.
//!
//! A parameter is known by its name. Several children may have the same one; it is passed once, and
//! each start of a child gets a clone.

use proc_macro2::Ident;
use quote::{ToTokens, format_ident};
use syn::{FnArg, ItemFn, Pat, PatType, Type, TypeReference};

use super::{Source, Written};
use crate::diagnostics::Diagnostics;

/// A parameter of a child's function.
#[derive(Clone)]
pub(super) struct Parameter {
    pub(super) name: Ident,
    pub(super) ty: Type,
}

/// The parameters of all children, each once, in the order in which they appear.
pub(super) struct Parameters {
    pub(super) all: Vec<Parameter>,
    /// They can be passed to the functions of the children. If not, that was reported.
    pub(super) are_sound: bool,
}

/// What the function of a child takes, beside what the library passes.
pub(super) fn of_function(function: &ItemFn, source: Source) -> impl Iterator<Item = &PatType> {
    let passed = usize::from(source == Source::Blocking);
    let typed = function.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    typed.skip(passed)
}

/// The parameter, whether or not it is a sound one.
pub(super) fn parameter(written: &PatType) -> Parameter {
    let name = name(written).unwrap_or_else(|| format_ident!("_unnamed"));
    Parameter { name, ty: (*written.ty).clone() }
}

/// Collects the parameters of all children.
pub(super) fn collect(written: &Written, diagnostics: &mut Diagnostics) -> Parameters {
    let mut parameters = Parameters { all: Vec::new(), are_sound: true };
    let mut owners: Vec<&Ident> = Vec::new();
    for child in &written.children {
        let source = child.source();
        for written in of_function(&child.function, source) {
            let mistake = mistake(written);
            if let Some(text) = &mistake {
                diagnostics.report(written, text);
            }
            let new = parameter(written);
            let known = parameters.all.iter().position(|known| known.name == new.name);
            match known {
                Some(known) if mistake.is_none() => {
                    let (owner, known) = (owners[known], &parameters.all[known]);
                    if text_of(&known.ty) != text_of(&new.ty) {
                        let text = format!(
                            "`{}` is another type in `{owner}`: what has one name is one argument \
                             of `start_link`, so give it one type, or two names",
                            new.name,
                        );
                        diagnostics.report(&written.ty, text);
                        parameters.are_sound = false;
                    }
                }
                Some(_) => {}
                None => {
                    parameters.all.push(new);
                    owners.push(&child.function.sig.ident);
                }
            }
            parameters.are_sound &= mistake.is_none();
        }
    }
    parameters
}

/// What is wrong with a parameter.
fn mistake(written: &PatType) -> Option<String> {
    let Some(name) = name(written) else {
        return Some(
            "`start_link` passes this by its name: write a name, not a pattern".to_owned(),
        );
    };
    match &*written.ty {
        Type::Reference(reference) if !is_static(reference) => {
            let owned = owned(&reference.elem);
            Some(format!(
                "`{name}` is kept for when the child is started again: take it by value, `{name}: \
                 {owned}`"
            ))
        }
        Type::ImplTrait(_) => {
            Some(format!("`{name}` needs a type that can be written down, in `start_link`"))
        }
        _ => None,
    }
}

fn name(written: &PatType) -> Option<Ident> {
    match &*written.pat {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
            Some(pattern.ident.clone())
        }
        _ => None,
    }
}

fn is_static(reference: &TypeReference) -> bool {
    reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static")
}

/// The type that owns what is borrowed.
fn owned(borrowed: &Type) -> String {
    match text_of(borrowed).as_str() {
        "str" => "String".to_owned(),
        "Path" => "PathBuf".to_owned(),
        other => match borrowed {
            Type::Slice(slice) => format!("Vec<{}>", text_of(&slice.elem)),
            _ => other.to_owned(),
        },
    }
}

fn text_of(ty: &Type) -> String {
    ty.to_token_stream().to_string()
}
