//! What each callback is, and which cannot be one.
//!
//! * A1: all callbacks belong to one state, whose type is a name in this module.
//! * A2: there is one `#[init]` at most, and one `#[terminate]`.
//! * A3: a request takes `self` by reference, and what it carries is owned and has a name.
//! * A4: what answers a call is one thing: what the method returns, or the `ReplyTo` at the end of
//!   its parameters.
//!
//! After a mistake the expansion only makes what the user's other code mentions, so a request or an
//! initialisation that is refused stays, as well as it could be read.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, Pat, Type};

use super::habits::{OF_REFERENCES, refuse_options};
use super::signature::{ReplyToType, is_named, output, owned, parameters, receiver};
use super::{
    Actor, Answer, Argument, Init, Kind, Method, Receiver, Request, Terminate, Written, messages,
    options, signature,
};
use crate::diagnostics::Diagnostics;

/// Checks all callbacks. `None` if there is no state to speak of.
pub(super) fn check(written: &Written, diagnostics: &mut Diagnostics) -> Option<Actor> {
    let state = state_of(written, diagnostics)?;
    let mut actor = Actor {
        module: written.module.ident.clone(),
        state,
        init: None,
        requests: Vec::new(),
        infos: Vec::new(),
        continues: Vec::new(),
        terminate: None,
    };
    let mut once: Vec<&Method> = Vec::new();
    for method in &written.methods {
        let is_single = matches!(method.kind, Kind::Init | Kind::Terminate);
        if is_single && once.iter().any(|before| before.kind == method.kind) {
            let name = method.kind.name();
            let text = format!("a second `#[{name}]`: an actor has one, so make one of the two");
            diagnostics.report(&method.attribute, text);
            continue;
        }
        once.push(method);
        if signature::refuse_unusable(&method.function.sig, diagnostics) {
            add(&mut actor, method, diagnostics);
        }
    }
    messages::refuse_unreachable(&actor.infos, Kind::Info, diagnostics);
    messages::refuse_unreachable(&actor.continues, Kind::ContinueWith, diagnostics);
    Some(actor)
}

fn add(actor: &mut Actor, method: &Method, diagnostics: &mut Diagnostics) {
    let state = actor.state.clone();
    match method.kind {
        Kind::Init => actor.init = Some(init(method, &state, diagnostics)),
        Kind::Call | Kind::Cast => actor.requests.extend(request(method, &state, diagnostics)),
        Kind::Info => actor.infos.extend(messages::handler(method, diagnostics)),
        Kind::ContinueWith => actor.continues.extend(messages::handler(method, diagnostics)),
        Kind::Terminate => actor.terminate = terminate(method, diagnostics),
    }
}

/// The type of the state (A1).
fn state_of(written: &Written, diagnostics: &mut Diagnostics) -> Option<Ident> {
    let Some(first) = written.methods.first() else {
        if diagnostics.is_empty() {
            let text = "nothing can be asked of this actor: write `#[call]`, `#[cast]` or \
                        `#[info]` on methods of its state";
            diagnostics.report(&written.module.ident, text);
        }
        return None;
    };
    let name = |ty: &Type| match ty {
        Type::Path(path) => path.path.get_ident().cloned(),
        _ => None,
    };
    let Some(state) = name(&first.state) else {
        let text = "the state of an actor is a type without parameters, named here by one word: \
                    `impl Counter`";
        diagnostics.report(&first.state, text);
        return None;
    };
    let stranger = written.methods.iter().find(|m| name(&m.state).as_ref() != Some(&state));
    if let Some(stranger) = stranger {
        let text = format!(
            "the callbacks above are of `{state}`, and an actor has one state: move \
             `{}` into a module of its own, or its callbacks to `{state}`",
            stranger.state.to_token_stream()
        );
        diagnostics.report(&stranger.state, text);
    }
    Some(state)
}

fn init(method: &Method, state: &Ident, diagnostics: &mut Diagnostics) -> Init {
    refuse_options(&method.attribute, method.kind, diagnostics);
    let function = &method.function;
    let name = function.sig.ident.clone();
    if let Some(first @ FnArg::Receiver(_)) = function.sig.inputs.first() {
        let text = format!(
            "`#[init]` makes the state, so there is no `self` yet: leave it out, as in \
             `fn {name}(limit: u64) -> Self`"
        );
        diagnostics.report(first, text);
    }
    let output = output(&function.sig);
    if output.is_none() {
        let text = format!(
            "`#[init]` returns the state: write `-> Self` or `-> Result<Self, E>` \
                            behind `{name}(..)`"
        );
        diagnostics.report(&name, text);
    }
    let output = output.and_then(|output| owned(output, state, diagnostics));
    Init {
        name,
        visibility: function.vis.clone(),
        is_async: function.sig.asyncness.is_some(),
        arguments: arguments(parameters(&function.sig), state, diagnostics),
        output: output.unwrap_or_else(unknown),
    }
}

fn arguments<'a>(
    parameters: impl Iterator<Item = (&'a Pat, &'a Type)>,
    state: &Ident,
    diagnostics: &mut Diagnostics,
) -> Vec<Argument> {
    parameters
        .enumerate()
        .map(|(index, (pattern, ty))| signature::argument(index, pattern, ty, state, diagnostics))
        .collect()
}

fn request(method: &Method, state: &Ident, diagnostics: &mut Diagnostics) -> Option<Request> {
    let options = if method.kind == Kind::Call {
        options::of_call(&method.attribute, diagnostics)
    } else {
        refuse_options(&method.attribute, method.kind, diagnostics);
        options::CallOptions::default()
    };
    let function = &method.function;
    let signature = &function.sig;
    let name = signature.ident.clone();
    let receiver = receiver(signature);
    check_receiver(method, receiver, options.spawn.as_ref(), diagnostics);
    let is_nameable = check_name(&name, diagnostics);
    let mut parameters: Vec<(&Pat, &Type)> = parameters(signature).collect();
    let deferred = reply_to(method, &mut parameters, diagnostics);
    let arguments = arguments(parameters.into_iter(), state, diagnostics);
    let answer = answer(method, deferred, options.spawn, state, diagnostics);
    if !is_nameable {
        return None;
    }
    let (conditions, rest): (Vec<Attribute>, Vec<Attribute>) =
        function.attrs.iter().cloned().partition(|attribute| attribute.path().is_ident("cfg"));
    let is_carried = |a: &Attribute| ["doc", "deprecated"].iter().any(|n| a.path().is_ident(n));
    Some(Request {
        fn_token: signature.fn_token,
        variant: signature::variant_of(&name),
        name,
        visibility: function.vis.clone(),
        attributes: rest.into_iter().filter(is_carried).collect(),
        conditions,
        is_async: signature.asyncness.is_some(),
        receiver,
        arguments,
        answer,
        returns: output(signature).map(Spanned::span),
        timeout: options.timeout,
    })
}

/// A3.
fn check_receiver(
    method: &Method,
    receiver: Receiver,
    spawn: Option<&Ident>,
    diagnostics: &mut Diagnostics,
) {
    let signature = &method.function.sig;
    let kind = method.kind.name();
    let text = match (receiver, spawn) {
        (Receiver::Mutable, Some(_)) => {
            "a handler that runs in a process of its own cannot change the state: take `&self`, \
             which is a clone there, or leave `self` out"
                .to_owned()
        }
        (_, Some(_)) | (Receiver::Shared | Receiver::Mutable, None) => return,
        (Receiver::None, None) => format!(
            "`#[{kind}]` runs on the state of the actor: write `&mut self` as the first parameter"
        ),
        (Receiver::Value, None) => format!(
            "`#[{kind}]` borrows the state, which the actor goes on with: write `&mut self`; to \
             end the actor, return `Next::Stop`"
        ),
    };
    match signature.inputs.first() {
        Some(first @ FnArg::Receiver(_)) => diagnostics.report(first, text),
        _ => diagnostics.report(&signature.ident, text),
    }
}

fn check_name(name: &Ident, diagnostics: &mut Diagnostics) -> bool {
    let is_taken = OF_REFERENCES.iter().any(|taken| name == taken);
    if is_taken {
        let text =
            format!("every reference to an actor has a `{name}` already: choose another name");
        diagnostics.report(name, text);
    }
    !is_taken
}

/// Takes the `ReplyTo` off the parameters (A4), if there is one, and returns what it is for.
fn reply_to(
    method: &Method,
    parameters: &mut Vec<(&Pat, &Type)>,
    diagnostics: &mut Diagnostics,
) -> Option<Type> {
    let found: Vec<usize> = (0..parameters.len())
        .filter(|index| !matches!(signature::reply_to(parameters[*index].1), ReplyToType::No))
        .collect();
    let first = *found.first()?;
    let ty = parameters[first].1;
    if method.kind == Kind::Cast {
        let text = "nobody waits for the answer to a cast: make it a `#[call]`";
        diagnostics.report(ty, text);
    } else if let Some(second) = found.get(1) {
        let text = "a call is answered once: leave one `ReplyTo` out";
        diagnostics.report(parameters[*second].1, text);
    } else if first + 1 != parameters.len() {
        let text = "the `ReplyTo` comes last, behind what the caller passes: move it to the end";
        diagnostics.report(ty, text);
    }
    parameters.retain(|(_, ty)| matches!(signature::reply_to(ty), ReplyToType::No));
    if let ReplyToType::Typed(answer) = signature::reply_to(ty) {
        return Some(answer.clone());
    }
    if method.kind == Kind::Call {
        let text = "nothing says what the call is answered with: write `ReplyTo<u64>`";
        diagnostics.report(ty, text);
    }
    Some(unknown())
}

/// The type of what nothing is known of. A value of it is a value of any type.
fn unknown() -> Type {
    syn::parse_quote!(::kerosene::macro_support::Unknown)
}

fn answer(
    method: &Method,
    deferred: Option<Type>,
    spawn: Option<Ident>,
    state: &Ident,
    diagnostics: &mut Diagnostics,
) -> Answer {
    let returned = output(&method.function.sig);
    if let (Some(_), Some(spawn)) = (&deferred, &spawn) {
        let text = "a handler in a process of its own answers with what it returns: leave \
                    `spawn` or the `ReplyTo` out";
        diagnostics.report(spawn, text);
    }
    let mut owned = |ty: &Type| owned(ty, state, diagnostics).unwrap_or_else(unknown);
    let nothing = || syn::parse_quote!(());
    match (deferred, spawn) {
        (Some(ty), _) => Answer::Deferred(owned(&ty)),
        (None, _) if method.kind == Kind::Cast => Answer::Never,
        (None, Some(_)) => Answer::Spawned(returned.map_or_else(nothing, owned)),
        (None, None) => match with_next(returned) {
            Some(ty) => Answer::ReturnedWithNext(owned(ty)),
            None => Answer::Returned(returned.map_or_else(nothing, owned)),
        },
    }
}

/// The answer in `-> (Answer, Next)`.
fn with_next(ty: Option<&Type>) -> Option<&Type> {
    let Type::Tuple(tuple) = ty? else { return None };
    let mut parts = tuple.elems.iter();
    match (parts.next(), parts.next(), parts.next()) {
        (Some(answer), Some(next), None) if is_named(next, "Next") => Some(answer),
        _ => None,
    }
}

fn terminate(method: &Method, diagnostics: &mut Diagnostics) -> Option<Terminate> {
    refuse_options(&method.attribute, method.kind, diagnostics);
    let signature = &method.function.sig;
    let name = signature.ident.clone();
    let receiver = receiver(signature);
    let parameters: Vec<(&Pat, &Type)> = parameters(signature).collect();
    let is_reason = |ty: &Type| match ty {
        Type::Reference(reference) => is_named(&reference.elem, "ExitReason"),
        _ => false,
    };
    let takes_reason = match parameters.as_slice() {
        [] => false,
        [(_, ty)] if is_reason(ty) => true,
        [(_, ty), ..] => {
            refuse_terminate(ty.span(), &name, diagnostics);
            return None;
        }
    };
    if receiver == Receiver::None {
        refuse_terminate(name.span(), &name, diagnostics);
        return None;
    }
    Some(Terminate { name, is_async: signature.asyncness.is_some(), receiver, takes_reason })
}

fn refuse_terminate(span: Span, name: &Ident, diagnostics: &mut Diagnostics) {
    let text = format!(
        "`#[terminate]` takes the state and the reason: write \
         `fn {name}(self, reason: &ExitReason)`"
    );
    diagnostics.report_at(span, text);
}
