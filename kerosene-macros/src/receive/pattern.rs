//! What can be read off a pattern without knowing any type: the names it binds, whether it says
//! which type it matches, and whether `receive!` can apply it.
//!
//! A bare name is a binding or a path (a unit struct, a constant) by its first letter, as rustc's
//! own lint on the matter assumes: rustc can look the name up, a macro cannot. `Name { field }`
//! always binds `field`.
//!
//! Patterns are applied **by value**: the message leaves the mailbox and its parts become the
//! body's. What contradicts that (`ref`, `&` without a type) and what hides names from the macro
//! (macros) is refused here.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Error, Expr, FieldPat, Lit, Pat, PatIdent, PatOr, Token};

use super::Binding;
use crate::diagnostics::Diagnostics;

/// Whether a bare name in a pattern is a path.
fn is_path(name: &Ident) -> bool {
    name.to_string().starts_with(char::is_uppercase)
}

/// Whether an identifier pattern binds its name.
fn binds(pattern: &PatIdent) -> bool {
    let is_bare =
        pattern.by_ref.is_none() && pattern.mutability.is_none() && pattern.subpat.is_none();
    !(is_bare && is_path(&pattern.ident))
}

/// Whether the pattern takes any message: `_`, a bare name, `name @ _`.
pub(super) fn is_catch_all(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) => true,
        Pat::Paren(inner) => is_catch_all(&inner.pat),
        Pat::Ident(name) => {
            binds(name) && name.subpat.as_ref().is_none_or(|(_, inner)| is_catch_all(inner))
        }
        _ => false,
    }
}

/// Upper-case names that are the whole pattern, or a whole alternative of it.
pub(super) fn constants(pattern: &Pat) -> Vec<Ident> {
    match pattern {
        Pat::Ident(name) if !binds(name) => vec![name.ident.clone()],
        Pat::Ident(PatIdent { subpat: Some((_, inner)), .. }) => constants(inner),
        Pat::Paren(inner) => constants(&inner.pat),
        Pat::Or(PatOr { cases, .. }) => cases.iter().flat_map(constants).collect(),
        _ => Vec::new(),
    }
}

/// The names that the pattern binds, each once, in the order of their first appearance.
pub(super) fn bindings(pattern: &Pat) -> Vec<Binding> {
    struct Names(Vec<Binding>);

    impl Names {
        fn add(&mut self, pattern: &PatIdent) {
            let mutability = pattern.mutability;
            if let Some(known) = self.0.iter_mut().find(|known| known.name == pattern.ident) {
                known.mutability = known.mutability.or(mutability);
            } else {
                let name = pattern.ident.clone();
                self.0.push(Binding { name, mutability, is_guarded: false });
            }
        }
    }

    impl<'ast> Visit<'ast> for Names {
        fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
            if binds(pattern) {
                self.add(pattern);
            }
            visit::visit_pat_ident(self, pattern);
        }

        fn visit_field_pat(&mut self, field: &'ast FieldPat) {
            match (&field.colon_token, &*field.pat) {
                (None, Pat::Ident(pattern)) => self.add(pattern),
                _ => visit::visit_field_pat(self, field),
            }
        }

        fn visit_expr(&mut self, _: &'ast Expr) {}
    }

    let mut names = Names(Vec::new());
    names.visit_pat(pattern);
    names.0
}

/// The pattern as the mailbox applies it: nothing is `mut` or `ref`, and names that the guard does
/// not see are ours, spelled as the user's, so that the compiler speaks of the user's names but
/// its lints see each of them once, in the body.
pub(super) fn applied(mut pattern: Pat, bindings: &[Binding]) -> Pat {
    struct Applied<'a>(&'a [Binding]);

    impl Applied<'_> {
        fn change(&self, pattern: &mut PatIdent) -> bool {
            pattern.mutability = None;
            pattern.by_ref = None;
            let is_guarded =
                self.0.iter().any(|known| known.is_guarded && known.name == pattern.ident);
            if !is_guarded {
                pattern.ident = ours(&pattern.ident);
            }
            !is_guarded
        }
    }

    impl VisitMut for Applied<'_> {
        fn visit_pat_ident_mut(&mut self, pattern: &mut PatIdent) {
            if binds(pattern) {
                self.change(pattern);
            }
            visit_mut::visit_pat_ident_mut(self, pattern);
        }

        fn visit_field_pat_mut(&mut self, field: &mut FieldPat) {
            match (field.colon_token, &mut *field.pat) {
                (None, Pat::Ident(pattern)) => {
                    if self.change(pattern) {
                        field.colon_token = Some(Token![:](Span::mixed_site()));
                    }
                }
                _ => visit_mut::visit_field_pat_mut(self, field),
            }
        }

        fn visit_expr_mut(&mut self, _: &mut Expr) {}
    }

    Applied(bindings).visit_pat_mut(&mut pattern);
    pattern
}

/// The same word at the same place in the macro's own name space.
pub(super) fn ours(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(Span::mixed_site().located_at(name.span()));
    name
}

/// The error of alternatives that do not bind the same names, at the first one that lacks a name.
/// rustc would find it too, and after it the use of every such name.
pub(super) fn unequal_alternatives(pattern: &Pat) -> Option<Error> {
    struct Unequal(Option<Error>);

    impl<'ast> Visit<'ast> for Unequal {
        fn visit_pat_or(&mut self, alternatives: &'ast PatOr) {
            let all: Vec<_> = alternatives.cases.iter().flat_map(bindings).collect();
            for case in &alternatives.cases {
                let bound = bindings(case);
                let lacks = |known: &&Binding| bound.iter().all(|own| own.name != known.name);
                if let (None, Some(Binding { name, .. })) = (&self.0, all.iter().find(lacks)) {
                    let text = format!(
                        "`{name}` is bound in another alternative but not in this one: \
                         all alternatives bind the same names"
                    );
                    self.0 = Some(Error::new_spanned(case, text));
                }
            }
            visit::visit_pat_or(self, alternatives);
        }

        fn visit_expr(&mut self, _: &'ast Expr) {}
    }

    let mut unequal = Unequal(None);
    unequal.visit_pat(pattern);
    unequal.0
}

/// What a pattern is when it says nothing of its type.
pub(super) enum Untyped {
    Integer,
    Float,
    Bytes(usize),
    Tuple(usize),
    Slice,
    Reference,
    /// A variant of a generic type of the prelude, with the type to write.
    Generic(&'static str),
    Name,
}

/// Whether the compiler can infer the type from the pattern alone.
pub(super) fn names_its_type(pattern: &Pat) -> Result<(), Untyped> {
    match pattern {
        Pat::Ident(name) => match &name.subpat {
            Some((_, inner)) => names_its_type(inner),
            None if binds(name) => Err(Untyped::Name),
            None if name.ident == "None" => Err(Untyped::Generic("Option<T>")),
            None => Ok(()),
        },
        Pat::TupleStruct(variant) if variant.elems.len() == 1 => {
            let is_named = names_its_type(&variant.elems[0]).is_ok();
            match variant.path.get_ident() {
                Some(name) if name == "Some" && !is_named => Err(Untyped::Generic("Option<T>")),
                Some(name) if name == "Ok" || name == "Err" => {
                    Err(Untyped::Generic("Result<T, E>"))
                }
                _ => Ok(()),
            }
        }
        Pat::Wild(_) | Pat::Rest(_) => Err(Untyped::Name),
        Pat::Lit(literal) => literal_names_its_type(&literal.lit),
        Pat::Range(range) => {
            let bounds = [&range.start, &range.end];
            let mut bounds = bounds.into_iter().flatten().map(|bound| match &**bound {
                Expr::Lit(literal) => literal_names_its_type(&literal.lit),
                _ => Ok(()),
            });
            let first = bounds.next().unwrap_or(Err(Untyped::Integer));
            if bounds.any(|bound| bound.is_ok()) { Ok(()) } else { first }
        }
        Pat::Tuple(tuple) => {
            let is_named = tuple.elems.iter().all(|element| names_its_type(element).is_ok());
            if is_named { Ok(()) } else { Err(Untyped::Tuple(tuple.elems.len())) }
        }
        // One alternative that says it says it for all.
        Pat::Or(alternatives) => {
            let mut cases = alternatives.cases.iter().map(names_its_type);
            let first = cases.next().unwrap_or(Ok(()));
            if cases.any(|case| case.is_ok()) { Ok(()) } else { first }
        }
        Pat::Paren(inner) => names_its_type(&inner.pat),
        Pat::Slice(_) => Err(Untyped::Slice),
        Pat::Reference(_) => Err(Untyped::Reference),
        _ => Ok(()),
    }
}

fn literal_names_its_type(literal: &Lit) -> Result<(), Untyped> {
    match literal {
        Lit::Int(number) if number.suffix().is_empty() => Err(Untyped::Integer),
        Lit::Float(number) if number.suffix().is_empty() => Err(Untyped::Float),
        Lit::ByteStr(bytes) => Err(Untyped::Bytes(bytes.value().len())),
        _ => Ok(()),
    }
}

/// Reports everything in the pattern that `receive!` cannot apply. Whether there was nothing that
/// hides the names of the pattern.
pub(super) fn refuse_unusable(pattern: &Pat, diagnostics: &mut Diagnostics) -> bool {
    struct Unusable<'a> {
        diagnostics: &'a mut Diagnostics,
        is_readable: bool,
    }

    impl Unusable<'_> {
        fn unreadable(&mut self, tokens: impl ToTokens, text: &str) {
            self.diagnostics.report(tokens, text);
            self.is_readable = false;
        }
    }

    impl<'ast> Visit<'ast> for Unusable<'_> {
        fn visit_pat(&mut self, pattern: &'ast Pat) {
            match pattern {
                Pat::Macro(_) => self.unreadable(
                    pattern,
                    "`receive!` must see the names that a pattern binds: \
                     write the pattern out instead of calling a macro",
                ),
                Pat::Verbatim(tokens) if begins_with_box(tokens) => self.unreadable(
                    pattern,
                    "`box` patterns do not exist in stable Rust: name the box, as in \
                     `message: Box<Message>`, and take it apart in the body",
                ),
                Pat::Verbatim(_) | Pat::Guard(_) | Pat::Type(_) => {
                    self.unreadable(pattern, "`receive!` cannot read this pattern");
                }
                _ => visit::visit_pat(self, pattern),
            }
        }

        fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
            if let Some(by_ref) = &pattern.by_ref {
                self.diagnostics.report(
                    by_ref,
                    "a received message belongs to the body, so bindings are by value and there \
                     is nothing to borrow from: leave out `ref`",
                );
            }
            visit::visit_pat_ident(self, pattern);
        }

        fn visit_attribute(&mut self, attribute: &'ast Attribute) {
            let text = "attributes inside a pattern are not supported: \
                        write two arms, with the attribute before each";
            self.diagnostics.report(attribute, text);
        }

        fn visit_expr(&mut self, _: &'ast Expr) {}
    }

    let mut unusable = Unusable { diagnostics, is_readable: true };
    unusable.visit_pat(pattern);
    unusable.is_readable
}

fn begins_with_box(tokens: &proc_macro2::TokenStream) -> bool {
    tokens.clone().into_iter().next().is_some_and(|token| token.to_string() == "box")
}
