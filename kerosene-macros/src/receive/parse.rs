//! Reading the arms of a `receive!`.
//!
//! The grammar is `match`'s, with a type after the pattern and a time-out at the end:
//!
//! ```text
//! arm  = attribute* pattern [":" type] ["if" guard] "=>" body
//!      | "after" time "=>" body
//! body = block [","] | expression ("," | end)
//! ```
//!
//! `after` is an ordinary name everywhere but at the head of an arm, and even there when `:`, `@`
//! or `|` follows, for then it can only be a pattern. `r#after` is always a name.
//!
//! After a mistake the reader goes on where the user most likely meant it to: what people bring
//! from Erlang and Elixir (`->`, `when`, `;`, `end`) is read as what it stands for, and a part
//! that cannot be read is skipped ([`super::recover`]). Every turn of the loop over arms consumes a
//! token, so it ends.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, Expr, Pat, Token, Type, token};

use super::recover::{
    arm_has_arrow, ends_arm, ends_head, erlang_end, found, mend, skip, skip_arm, skip_body,
    skip_head, skip_to_arrow,
};
use super::{MessageArm, TimeoutArm, Written};
use crate::diagnostics::{Diagnostics, Either};

/// Reads all arms.
pub(super) fn parse(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Written> {
    let mut written = Vec::new();
    let read = |input: ParseStream| {
        while !input.is_empty() {
            let start = input.cursor();
            written.extend(arm(input, diagnostics));
            if input.cursor() == start {
                skip(input);
            }
        }
        Ok(())
    };
    if let Err(error) = read.parse2(tokens) {
        diagnostics.push(error);
    }
    written
}

fn arm(input: ParseStream, diagnostics: &mut Diagnostics) -> Option<Written> {
    if let Some(end) = erlang_end(input) {
        let text = "there is no `end`: the closing brace of `receive!` ends it";
        diagnostics.report(end, text);
        return None;
    }
    let attributes = match input.call(Attribute::parse_outer) {
        Ok(attributes) => attributes,
        Err(error) => {
            diagnostics.push(error);
            skip_arm(input);
            return None;
        }
    };
    if begins_timeout(input) {
        timeout_arm(input, attributes, diagnostics)
    } else {
        message_arm(input, attributes, diagnostics)
    }
}

/// Whether `after` is the next token, and not as the name of a binding.
fn begins_timeout(input: ParseStream) -> bool {
    let fork = input.fork();
    let is_after = fork.call(Ident::parse_any).is_ok_and(|name| name == "after");
    let is_name = fork.peek(Token![:]) && !fork.peek(Token![::])
        || fork.peek(Token![@])
        || fork.peek(Token![|]) && !fork.peek(Token![||]);
    is_after && !is_name
}

fn timeout_arm(
    input: ParseStream,
    attributes: Vec<Attribute>,
    diagnostics: &mut Diagnostics,
) -> Option<Written> {
    let after = input.call(Ident::parse_any).ok()?;
    let time = time(input, &after, diagnostics);
    if let Some(keyword) = guard_keyword(input) {
        let text = "`after` takes no guard: choose the time instead, or decide in the body";
        diagnostics.report(keyword, text);
        skip_to_arrow(input);
    }
    let body = body_after_arrow(input, after.span(), diagnostics);
    separator(input, body.as_ref().ok(), diagnostics);
    Some(Written::Timeout(TimeoutArm { attributes, after, time, body }))
}

fn time(input: ParseStream, after: &Ident, diagnostics: &mut Diagnostics) -> Either<Expr> {
    let fork = input.fork();
    if ends_head(input) {
        let text = "`after` needs a time, as in `after Duration::from_secs(1) => ...`; \
                    to receive any message under the name `after`, write `after @ _`";
        return Err(Error::new(after.span(), text));
    }
    match fork.parse::<Expr>() {
        Ok(time) => {
            input.advance_to(&fork);
            Ok(time)
        }
        Err(_) if input.peek(Token![if]) => {
            skip_to_arrow(input);
            let text = "`after` takes no guard, and it needs a time, as in \
                        `after Duration::from_secs(1) => ...`; to receive any message under the \
                        name `after`, write `after @ _ if ...`";
            Err(Error::new(after.span(), text))
        }
        Err(error) => mend(skip_head(input), error, diagnostics),
    }
}

fn message_arm(
    input: ParseStream,
    attributes: Vec<Attribute>,
    diagnostics: &mut Diagnostics,
) -> Option<Written> {
    let start = input.span();
    let mut pattern = pattern(input);
    if pattern.is_err() {
        skip_to_arrow(input);
    }
    let ty = ty(input);
    let guard = guard(input, diagnostics);
    let is_bare = ty.is_none() && guard.is_none();
    if is_bare && !ends_head(input) && arm_has_arrow(input) {
        // What follows belongs to the pattern, which thus is not what was meant.
        let text = "expected `:`, `if` or `=>` after the pattern, found";
        pattern = Err(input.error(format!("{text} {}", found(input))));
        skip_to_arrow(input);
    }
    let body = match &pattern {
        Ok(_) => body_after_arrow(input, start, diagnostics),
        // One error stands for the arm.
        Err(_) => body_after_arrow(input, start, &mut Diagnostics::default()),
    };
    separator(input, body.as_ref().ok(), diagnostics);
    match pattern {
        Ok(pattern) => {
            let arm = MessageArm { attributes, pattern, ty, guard, body };
            Some(Written::Message(arm))
        }
        Err(error) => {
            diagnostics.push(error);
            None
        }
    }
}

fn pattern(input: ParseStream) -> Either<Pat> {
    let fork = input.fork();
    if input.peek(token::Brace) {
        let text = "expected a pattern, found `{`: a message is matched by its Rust type, \
                    as in `Ping(from) => ...` or `Deposit { amount, .. } => ...`";
        return Err(Error::new(input.span(), text));
    }
    match Pat::parse_multi_with_leading_vert(&fork) {
        Ok(pattern) => {
            input.advance_to(&fork);
            Ok(pattern)
        }
        // The parser's own words list every token that may begin a pattern.
        Err(_) if fork.cursor() == input.cursor() => {
            let text = format!("expected a pattern, found {}", found(input));
            Err(Error::new(input.span(), text))
        }
        Err(error) => Err(Error::new(error.span(), format!("this is no pattern: {error}"))),
    }
}

fn ty(input: ParseStream) -> Option<Either<Type>> {
    let colon: Token![:] = if input.peek(Token![::]) { None } else { input.parse().ok() }?;
    let fork = input.fork();
    if let Ok(ty) = fork.parse() {
        input.advance_to(&fork);
        return Some(Ok(ty));
    }
    let text = format!("expected a type after `:`, found {}", found(input));
    while !(ends_head(input) || input.peek(Token![if])) {
        skip(input);
    }
    Some(Err(Error::new(colon.span, text)))
}

/// `if` or, by mistake, Erlang's `when`.
fn guard_keyword(input: ParseStream) -> Option<Ident> {
    let fork = input.fork();
    let keyword = fork.call(Ident::parse_any).ok()?;
    if keyword != "if" && keyword != "when" {
        return None;
    }
    input.advance_to(&fork);
    Some(keyword)
}

fn guard(input: ParseStream, diagnostics: &mut Diagnostics) -> Option<Expr> {
    let keyword = guard_keyword(input)?;
    if keyword == "when" {
        diagnostics.report(&keyword, "`when` is Erlang's: a guard is written `if`, as in `match`");
    }
    if ends_head(input) {
        diagnostics.report(&keyword, "expected a condition after `if`");
        return None;
    }
    let fork = input.fork();
    match fork.parse() {
        Ok(guard) => {
            input.advance_to(&fork);
            Some(guard)
        }
        Err(error) => {
            let mended = mend(skip_head(input), error, diagnostics);
            mended.map_err(|error| diagnostics.push(error)).ok()
        }
    }
}

/// Reads `=>` and a body. `start` is where the arm begins.
fn body_after_arrow(
    input: ParseStream,
    start: Span,
    diagnostics: &mut Diagnostics,
) -> Either<Expr> {
    let arrow = input.span();
    if input.parse::<Option<Token![=>]>>()?.is_some() {
        return body(input, arrow, diagnostics);
    }
    if ends_arm(input) {
        let place = if input.is_empty() { start } else { arrow };
        let text = format!("expected `=>` and a body after the pattern, found {}", found(input));
        return Err(Error::new(place, text));
    }
    if let Some(arrow) = input.parse::<Option<Token![->]>>()? {
        diagnostics.report(arrow, "`->` is Erlang's arrow: write `=>`");
    } else if let Some(equals) = input.parse::<Option<Token![=]>>()? {
        diagnostics.report(equals, "expected `=>`, found `=`");
    } else {
        diagnostics.report_at(arrow, format!("expected `=>`, found {}", found(input)));
        if arm_has_arrow(input) {
            skip_to_arrow(input);
            let _ = input.parse::<Option<Token![=>]>>();
        }
    }
    body(input, arrow, diagnostics)
}

fn body(input: ParseStream, arrow: Span, diagnostics: &mut Diagnostics) -> Either<Expr> {
    if ends_arm(input) {
        let text = "this arm has no body: write `=> {}` to do nothing";
        return Err(Error::new(arrow, text));
    }
    let fork = input.fork();
    match Expr::parse_with_earlier_boundary_rule(&fork) {
        Ok(body) => {
            input.advance_to(&fork);
            Ok(body)
        }
        Err(error) => mend(skip_body(input), error, diagnostics),
    }
}

/// What stands between two arms.
fn separator(input: ParseStream, body: Option<&Expr>, diagnostics: &mut Diagnostics) {
    if let Ok(semicolon) = input.parse::<Token![;]>() {
        diagnostics.report(semicolon, "arms are separated by `,`, as in `match`, not by `;`");
        return;
    }
    let is_separated = input.is_empty() || input.parse::<Token![,]>().is_ok();
    if is_separated || !body.is_some_and(needs_comma) || erlang_end(&input.fork()).is_some() {
        return;
    }
    if arm_has_arrow(input) && !input.peek(Token![=>]) {
        let text = format!("expected `,` between two arms, found {}", found(input));
        diagnostics.report_at(input.span(), text);
    } else {
        let text = format!("expected `,` after the body, found {}", found(input));
        diagnostics.report_at(input.span(), text);
        skip_arm(input);
        let _ = input.parse::<Option<Token![,]>>();
    }
}

/// Whether `match` too would want a comma after this body.
fn needs_comma(body: &Expr) -> bool {
    !matches!(
        body,
        Expr::Block(_)
            | Expr::Unsafe(_)
            | Expr::If(_)
            | Expr::Match(_)
            | Expr::While(_)
            | Expr::Loop(_)
            | Expr::ForLoop(_)
            | Expr::TryBlock(_)
            | Expr::Const(_)
    )
}
