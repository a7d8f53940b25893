//! What a guard may do.
//!
//! A guard is part of matching. It runs in a closure of ours while the message is between the
//! mailbox and the body, so that a panic in it loses nothing. Hence it may compute and look, but
//! not wait (`.await`) and not leave (`?`, `return`, `break`, `continue`): it would leave our
//! closure, not the user's function. What happens inside a closure, an `async` block or an item
//! of the guard's own is its own business.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ExprBinary, Item, Lifetime};

use crate::diagnostics::Diagnostics;

/// Reports what the guard must not do. Whether it does nothing of the kind.
pub(super) fn refuse_unusable(guard: &Expr, diagnostics: &mut Diagnostics) -> bool {
    if let Some(binding) = find_let(guard) {
        diagnostics.report(
            binding,
            "a guard cannot bind names with `let`: \
             test with `matches!(...)` here, and take the value apart in the body",
        );
        return false;
    }
    let mut guard_visit = Unusable { diagnostics, loops: Vec::new(), is_usable: true };
    guard_visit.visit_expr(guard);
    guard_visit.is_usable
}

/// Whether the guard may use `name`: a guess on the safe side, for macros and format strings hide
/// what they do with their tokens.
pub(super) fn mentions(guard: &Expr, name: &Ident) -> bool {
    let text = name.to_string();
    is_in(guard.to_token_stream(), name, text.trim_start_matches("r#"))
}

fn is_in(tokens: TokenStream, name: &Ident, text: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Literal(literal) => literal.to_string().contains(text),
        TokenTree::Group(group) => is_in(group.stream(), name, text),
        TokenTree::Punct(_) => false,
    })
}

/// A `let` of an `if let` guard, which may stand in a chain of `&&`.
fn find_let(guard: &Expr) -> Option<&Expr> {
    match guard {
        Expr::Let(_) => Some(guard),
        Expr::Binary(ExprBinary { left, op: BinOp::And(_), right, .. }) => {
            find_let(left).or_else(|| find_let(right))
        }
        _ => None,
    }
}

struct Unusable<'a> {
    diagnostics: &'a mut Diagnostics,
    /// The loops of the guard that enclose the expression, with their labels.
    loops: Vec<Option<Lifetime>>,
    is_usable: bool,
}

impl Unusable<'_> {
    fn leaves(&mut self, tokens: impl ToTokens, word: &str) {
        let text = format!(
            "`{word}` cannot leave a guard, which is part of matching: \
             compute the value before `receive!`, or decide in the body"
        );
        self.diagnostics.report(tokens, text);
        self.is_usable = false;
    }

    /// Whether a `break` or `continue` stays within a loop of the guard.
    fn stays(&self, label: Option<&Lifetime>) -> bool {
        match label {
            None => !self.loops.is_empty(),
            Some(label) => self.loops.iter().flatten().any(|known| known == label),
        }
    }

    fn within(&mut self, label: Option<&syn::Label>, visit: impl FnOnce(&mut Self)) {
        self.loops.push(label.map(|label| label.name.clone()));
        visit(self);
        self.loops.pop();
    }
}

impl<'ast> Visit<'ast> for Unusable<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Await(awaiting) => {
                let text = "a guard cannot wait: it runs in between two messages; \
                            await before `receive!`, or in the body";
                self.diagnostics.report(awaiting.await_token, text);
                self.is_usable = false;
            }
            Expr::Try(question) => self.leaves(question.question_token, "?"),
            Expr::Return(leaving) => self.leaves(leaving.return_token, "return"),
            Expr::Break(leaving) if !self.stays(leaving.label.as_ref()) => {
                self.leaves(leaving.break_token, "break");
            }
            Expr::Continue(leaving) if !self.stays(leaving.label.as_ref()) => {
                self.leaves(leaving.continue_token, "continue");
            }
            Expr::Loop(inner) => {
                let visit = |this: &mut Self| visit::visit_expr_loop(this, inner);
                return self.within(inner.label.as_ref(), visit);
            }
            Expr::While(inner) => {
                let visit = |this: &mut Self| visit::visit_expr_while(this, inner);
                return self.within(inner.label.as_ref(), visit);
            }
            Expr::ForLoop(inner) => {
                let visit = |this: &mut Self| visit::visit_expr_for_loop(this, inner);
                return self.within(inner.label.as_ref(), visit);
            }
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}
