//! What makes the arms of a `receive!` work together, and each by itself.
//!
//! * C1: an arm says which messages it takes: by its pattern, by a type after it, or by being a
//!   catch-all. A macro cannot ask the compiler, so what names no type by itself is refused with
//!   the type written in, not guessed.
//! * C2: nothing stands behind a catch-all without a guard: it could never run.
//! * C3: there is at most one time-out, and it comes last.
//!
//! What is refused keeps its place with its error in it, so that bodies are still type-checked.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::{Error, Expr, ExprLit, ExprPath, Lit, Pat, Type};

use super::pattern::{self, Untyped};
use super::{Arm, MessageArm, Receive, Takes, TimeoutArm, Written, guard, text};
use crate::diagnostics::{Diagnostics, Either};
use crate::duration;

/// Checks all arms.
pub(super) fn check(written: Vec<Written>, diagnostics: &mut Diagnostics) -> Receive {
    if written.is_empty() && diagnostics.is_empty() {
        let text = "`receive!` without an arm would wait for ever: \
                    write an arm, as in `message => ...`, or `std::future::pending().await`";
        diagnostics.report_at(Span::call_site(), text);
    }
    check_order(&written, diagnostics);
    let mut receive = Receive { arms: Vec::new(), timeout: None, text: String::new() };
    for entry in written {
        match entry {
            Written::Message(arm) => receive.arms.extend(check_arm(arm, diagnostics)),
            Written::Timeout(arm) if receive.timeout.is_none() => {
                receive.timeout = Some(check_timeout(arm, diagnostics));
            }
            Written::Timeout(_) => {}
        }
    }
    receive.text = text::text(&receive);
    receive
}

/// Reports what breaks C2 and C3.
fn check_order(written: &[Written], diagnostics: &mut Diagnostics) {
    let mut catch_all = None;
    let mut is_behind_reported = false;
    let mut after: Option<(usize, &Ident)> = None;
    for (index, entry) in written.iter().enumerate() {
        match entry {
            Written::Message(arm) => {
                if let (Some(name), false) = (&catch_all, is_behind_reported) {
                    is_behind_reported = true;
                    let text = format!(
                        "this arm can never run, because `{name}` above takes every message: \
                         move the catch-all `{name}` behind it, or give it a guard or a type"
                    );
                    diagnostics.report(&arm.pattern, text);
                } else if is_final(arm) {
                    catch_all = Some(text::compact(arm.pattern.to_token_stream()));
                }
            }
            Written::Timeout(arm) if after.is_some() => {
                diagnostics.report(
                    &arm.after,
                    "a second `after`: a `receive!` has one time-out; take the shorter time",
                );
            }
            Written::Timeout(arm) => after = Some((index, &arm.after)),
        }
    }
    let last_message = written.iter().rposition(|entry| matches!(entry, Written::Message(_)));
    if let Some((index, after)) = after
        && last_message.is_some_and(|last_message| index < last_message)
    {
        let text = "`after` comes last: move it behind the arms for messages; \
                    as the name of a binding it is written `after @ _`";
        diagnostics.report(after, text);
    }
}

/// Whether nothing can stand behind the arm. One that may be configured away is not final.
fn is_final(arm: &MessageArm) -> bool {
    pattern::is_catch_all(&arm.pattern)
        && arm.ty.is_none()
        && arm.guard.is_none()
        && !arm.attributes.iter().any(|attribute| attribute.path().is_ident("cfg"))
}

fn check_arm(arm: MessageArm, diagnostics: &mut Diagnostics) -> Option<Arm> {
    let MessageArm { attributes, pattern, ty, guard, body } = arm;
    let is_readable = pattern::refuse_unusable(&pattern, diagnostics);
    let is_usable = guard.as_ref().is_none_or(|guard| guard::refuse_unusable(guard, diagnostics));
    if !is_readable {
        return None;
    }
    let takes = takes(&pattern, ty);
    let mut bindings = pattern::bindings(&pattern);
    for binding in &mut bindings {
        binding.is_guarded =
            guard.as_ref().is_some_and(|guard| guard::mentions(guard, &binding.name));
    }
    let (conditions, attributes) =
        attributes.into_iter().partition(|attribute| attribute.path().is_ident("cfg"));
    Some(Arm {
        conditions,
        attributes,
        takes,
        constants: pattern::constants(&pattern),
        pattern: pattern::applied(pattern, &bindings),
        bindings,
        guard: guard.filter(|_| is_usable),
        body,
    })
}

fn takes(pattern: &Pat, ty: Option<Either<Type>>) -> Takes {
    if let Some(error) = pattern::unequal_alternatives(pattern) {
        return Takes::Unknown(error);
    }
    match ty {
        Some(Ok(ty)) => Takes::Typed(ty),
        Some(Err(error)) => Takes::Unknown(error),
        None if pattern::is_catch_all(pattern) => Takes::Any,
        None => match pattern::names_its_type(pattern) {
            Ok(()) => Takes::Inferred,
            Err(untyped) => Takes::Unknown(no_type(pattern, &untyped)),
        },
    }
}

/// The error for a pattern that breaks C1.
fn no_type(pattern: &Pat, untyped: &Untyped) -> Error {
    let found = text::compact(pattern.to_token_stream());
    let text = match untyped {
        Untyped::Integer => {
            let ty = if found.contains('-') { "i64" } else { "u64" };
            format!("nothing says which type of integer `{found}` is: write `{found}: {ty}`")
        }
        Untyped::Float => {
            format!("nothing says which type of number `{found}` is: write `{found}: f64`")
        }
        Untyped::Bytes(length) => format!(
            "`{found}` may be an array or a slice: write `{found}: &[u8]` or \
             `{found}: &[u8; {length}]`"
        ),
        Untyped::Tuple(length) => {
            let types = ["A", "B", "C", "D", "E"].get(..*length).map(|types| types.join(", "));
            let types = types.map_or("A, B, ..".to_owned(), |types| types);
            format!(
                "nothing names the type of `{found}`: write `{found}: ({types})` with the types \
                 of its parts, or send a struct"
            )
        }
        Untyped::Slice => format!(
            "nothing names the type of `{found}`: write `{found}: [T; N]` with the type and the \
             number of its parts"
        ),
        Untyped::Reference => format!(
            "messages are received by value: leave out the `&`, \
             or name the type of a `'static` reference, as in `{found}: &u64`"
        ),
        Untyped::Generic(ty) => {
            format!("nothing names the whole type of `{found}`: write `{found}: {ty}`")
        }
        Untyped::Name => {
            format!("nothing names the type of `{found}`: write `{found}: Type`, or `_` for any")
        }
    };
    Error::new_spanned(pattern, text)
}

fn check_timeout(mut arm: TimeoutArm, diagnostics: &mut Diagnostics) -> TimeoutArm {
    if let Some(attribute) =
        arm.attributes.iter().find(|attribute| attribute.path().is_ident("cfg"))
    {
        let text = "a time-out cannot be conditional: choose its time instead, \
                    `Duration::MAX` for never";
        diagnostics.report(attribute, text);
        arm.attributes.retain(|attribute| !attribute.path().is_ident("cfg"));
    }
    arm.time = arm.time.and_then(check_time);
    arm
}

/// Refuses what Erlang writes for a time.
fn check_time(time: Expr) -> Either<Expr> {
    let text = match &time {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => format!(
            "`after` takes a `Duration`, not a number: write `Duration::from_millis({})`",
            number.base10_digits()
        ),
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => format!(
            "`after` takes a `Duration`, not a number: write `Duration::from_secs_f64({})`",
            number.base10_digits()
        ),
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            let time = duration::parse(&text.value()).unwrap_or(std::time::Duration::from_secs(1));
            let (unit, number) = match time.as_micros() {
                micros if micros % 1000 == 0 => ("millis", micros / 1000),
                micros => ("micros", micros),
            };
            format!(
                "`after` takes a `Duration`, not a string: write `Duration::from_{unit}({number})`"
            )
        }
        Expr::Path(ExprPath { path, .. }) if path.is_ident("infinity") => {
            "`infinity` is Erlang's: write `Duration::MAX`, or leave `after` out".to_owned()
        }
        _ => return Ok(time),
    };
    Err(Error::new_spanned(&time, text))
}
