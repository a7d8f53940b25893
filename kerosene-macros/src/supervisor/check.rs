//! What the arguments mean, and which functions can be children.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{FnArg, GenericArgument, Item, ItemFn, ItemMod, LitStr, PathArguments, ReturnType, Type};

use super::{
    Argument, Child, Flags, Options, Shutdown, Source, Value, Written, WrittenChild, habits,
    parameters,
};
use crate::diagnostics::{Diagnostics, did_you_mean, listed};

/// The arguments of `#[supervisor]`.
const FLAGS: [&str; 5] = ["strategy", "intensity", "period", "name", "auto_shutdown"];

/// The arguments of `#[child]`.
const OPTIONS: [&str; 7] = ["id", "name", "restart", "shutdown", "kind", "significant", "blocking"];

const STRATEGIES: [&str; 3] = ["one_for_one", "rest_for_one", "one_for_all"];
const AUTO_SHUTDOWNS: [&str; 3] = ["never", "any_significant", "all_significant"];
const RESTARTS: [&str; 3] = ["permanent", "transient", "temporary"];
const KINDS: [&str; 2] = ["worker", "supervisor"];
const SHUTDOWNS: [&str; 2] = ["brutal", "infinity"];

/// The functions that the expansion adds to the module.
pub(super) const ADDED: [&str; 4] = ["start", "start_link", "child_spec", "supervisor"];

/// Reads the arguments of `#[supervisor]`.
pub(super) fn flags(arguments: &[Argument], diagnostics: &mut Diagnostics) -> Flags {
    let mut flags = Flags::default();
    for argument in known(arguments, "supervisor", &FLAGS, diagnostics) {
        match argument.name.to_string().as_str() {
            "strategy" => flags.strategy = argument.word(&STRATEGIES, diagnostics),
            "intensity" => flags.intensity = argument.number(diagnostics),
            "period" => flags.period = argument.time(diagnostics),
            "name" => flags.name = argument.text("shop", diagnostics),
            _ => flags.auto_shutdown = argument.word(&AUTO_SHUTDOWNS, diagnostics),
        }
    }
    flags
}

/// Finds out what the children are.
pub(super) fn children(
    written: &Written,
    flags: &Flags,
    diagnostics: &mut Diagnostics,
) -> Vec<Child> {
    check_module(written, diagnostics);
    let mut ids: Vec<String> = Vec::new();
    let mut children = Vec::new();
    for written in &written.children {
        let options = options(&written.arguments, diagnostics);
        let name = &written.function.sig.ident;
        let id = options.id.as_ref().map_or_else(|| name.to_string(), LitStr::value);
        if ids.contains(&id) {
            let text = format!("two children have the id `{id}`: give one `id = \"...\"`");
            match &options.id {
                Some(id) => diagnostics.report(id, text),
                None => diagnostics.report(name, text),
            }
        }
        ids.push(id);
        check_significant(written, &options, flags, diagnostics);
        children.extend(child(written, options, diagnostics));
    }
    children
}

fn check_module(written: &Written, diagnostics: &mut Diagnostics) {
    let module = &written.module;
    if written.children.is_empty() {
        let text = match functions(module).find(|function| function.sig.ident == "init") {
            Some(_) => "a supervisor has no `init`: its children are the functions with `#[child]`",
            None => "a supervisor has children: write `#[child]` on the functions that make them",
        };
        diagnostics.report(&module.ident, text);
    }
    for function in functions(module) {
        let name = &function.sig.ident;
        if ADDED.iter().any(|added| name == added) {
            let text = format!("`#[supervisor]` adds a function `{name}` itself: rename this one");
            diagnostics.report(name, text);
        }
    }
}

/// The functions of a module, whatever they are.
pub(super) fn functions(module: &ItemMod) -> impl Iterator<Item = &ItemFn> {
    let items = module.content.iter().flat_map(|(_, items)| items);
    items.filter_map(|item| if let Item::Fn(function) = item { Some(function) } else { None })
}

fn options(arguments: &[Argument], diagnostics: &mut Diagnostics) -> Options {
    let mut options = Options::default();
    for argument in known(arguments, "child", &OPTIONS, diagnostics) {
        match argument.name.to_string().as_str() {
            "id" => options.id = argument.text("ticker", diagnostics),
            "name" => options.name = argument.text("ticker", diagnostics),
            "restart" => options.restart = argument.word(&RESTARTS, diagnostics),
            "shutdown" => options.shutdown = shutdown(argument, diagnostics),
            "kind" => options.kind = argument.word(&KINDS, diagnostics),
            "significant" => options.is_significant = argument.flag(diagnostics),
            _ => options.is_blocking = argument.flag(diagnostics),
        }
    }
    options
}

/// A time, or a word.
fn shutdown(argument: &Argument, diagnostics: &mut Diagnostics) -> Option<Shutdown> {
    if let Value::Text(_) | Value::Number(_) | Value::None = argument.value {
        return argument.time(diagnostics).map(Shutdown::After);
    }
    argument.word(&SHUTDOWNS, diagnostics).map(|word| match word {
        "brutal" => Shutdown::Brutal,
        _ => Shutdown::Infinity,
    })
}

/// The arguments that there are, each once.
fn known<'a>(
    arguments: &'a [Argument],
    attribute: &str,
    names: &[&str],
    diagnostics: &mut Diagnostics,
) -> Vec<&'a Argument> {
    let mut seen: Vec<&Ident> = Vec::new();
    let mut known = Vec::new();
    for argument in arguments {
        let name = argument.name.to_string();
        if seen.contains(&&argument.name) {
            let text = format!("`{name}` is given twice: leave one out");
            diagnostics.report(&argument.name, text);
        } else if names.contains(&name.as_str()) {
            known.push(argument);
        } else {
            diagnostics.report(&argument.name, unknown(attribute, &name, names));
        }
        seen.push(&argument.name);
    }
    known
}

fn unknown(attribute: &str, name: &str, names: &[&str]) -> String {
    let (habit, other, others): (_, _, &[&str]) = match attribute {
        "child" => (habits::child_argument(name), "supervisor", &FLAGS),
        _ => (habits::supervisor_argument(name), "child", &OPTIONS),
    };
    if let Some(habit) = habit {
        return habit.to_owned();
    }
    if others.contains(&name) {
        return format!("`{name}` is an argument of `#[{other}]`, not of `#[{attribute}]`");
    }
    let rest = did_you_mean(name, names).map_or_else(
        || format!("it has {}", listed(names)),
        |meant| format!("did you mean `{meant}`?"),
    );
    format!("`#[{attribute}]` has no argument `{name}`; {rest}")
}

/// What the library would refuse when the supervisor starts is refused here.
fn check_significant(
    written: &WrittenChild,
    options: &Options,
    flags: &Flags,
    diagnostics: &mut Diagnostics,
) {
    let significant = written.arguments.iter().find(|argument| argument.name == "significant");
    let Some(significant) = significant else { return };
    if matches!(flags.auto_shutdown, None | Some("never")) {
        let text = "a significant child means something to a supervisor that shuts down by \
                    itself: add `auto_shutdown = any_significant` to `#[supervisor]`";
        diagnostics.report(&significant.name, text);
    }
    // A spec may say itself that it is transient.
    let is_process = written.function.sig.asyncness.is_some() || options.is_blocking;
    if options.restart == Some("permanent") || (options.restart.is_none() && is_process) {
        let text = "a permanent child never ends for good, so it cannot be significant: add \
                    `restart = transient` or `restart = temporary`";
        diagnostics.report(&significant.name, text);
    }
}

/// The child that a function makes, unless it cannot make one.
fn child(written: &WrittenChild, options: Options, diagnostics: &mut Diagnostics) -> Option<Child> {
    let function = &written.function;
    let signature = &function.sig;
    let name = &signature.ident;
    let source = written.source();
    if source == Source::Process && options.is_blocking {
        let text = "an `async fn` does not block its thread: leave out `async` or `blocking`";
        diagnostics.report(signature.asyncness, text);
        return None;
    }
    let is_sound = check_parameters(function, source, diagnostics);
    if source == Source::Spec && matches!(signature.output, ReturnType::Default) {
        let text = format!(
            "`{name}` says neither how a child is started nor what it does: return a `ChildSpec`, \
             or write `async fn {name}` for a plain process"
        );
        diagnostics.report(name, text);
        return None;
    }
    if let Some(text) = wrong_spec(name, &signature.output, source) {
        diagnostics.report(returned(function), text);
        return None;
    }
    if let (Source::Spec, Some(given)) = (source, &options.name) {
        let text = format!(
            "an actor takes its name where it is started: write \
             `ChildSpec::new(\"{name}\", move || {name}::start_named({}, ..))`; `name` here is for \
             plain processes, `async fn`",
            given.to_token_stream()
        );
        diagnostics.report(given, text);
        return None;
    }
    is_sound.then(|| Child {
        function: name.clone(),
        returned: returned(function),
        source,
        parameters: parameters::of_function(function, source).map(parameters::parameter).collect(),
        options,
    })
}

/// What is wrong with a function that seems to make a spec, but not as one does.
fn wrong_spec(name: &Ident, output: &ReturnType, source: Source) -> Option<String> {
    let ReturnType::Type(_, ty) = output else { return None };
    let inner = fallible(ty);
    match source {
        Source::Spec if inner.is_some() => Some(format!(
            "making a spec does not fail, so return the `ChildSpec` itself; what may fail is the \
             start of the child: `ChildSpec::new(\"{name}\", || async {{ .. }})`"
        )),
        Source::Process if is_named(inner.unwrap_or(ty), "ChildSpec") => Some(format!(
            "an `async fn` is what a plain process does, and this one makes a spec: write \
             `fn {name}(..) -> ChildSpec`, without `async`"
        )),
        _ => None,
    }
}

/// What is in a `Result` or an `Option`.
fn fallible(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if last.ident == "Result" || last.ident == "Option" => {
            Some(inner)
        }
        _ => None,
    }
}

fn is_named(ty: &Type, name: &str) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == name)
}

/// Whether the function can be called as it is going to be.
fn check_parameters(function: &ItemFn, source: Source, diagnostics: &mut Diagnostics) -> bool {
    let signature = &function.sig;
    let name = &signature.ident;
    if !signature.generics.params.is_empty() {
        let text = format!("`{name}` cannot be generic: nobody would name its types");
        diagnostics.report(&signature.generics, text);
        return false;
    }
    if let Some(FnArg::Receiver(_)) = signature.inputs.first() {
        return false; // the compiler itself says that there is no `self` here
    }
    let is_told = |first: &FnArg| matches!(first, FnArg::Typed(typed) if is_reference(&typed.ty));
    if source == Source::Blocking && !signature.inputs.first().is_some_and(is_told) {
        let text =
            format!("a blocking child is told when to stop: `fn {name}(stopping: &Stopping)`");
        diagnostics.report(name, text);
        return false;
    }
    true
}

fn is_reference(ty: &Type) -> bool {
    matches!(ty, Type::Reference(_))
}

/// The tokens that say what the function returns.
fn returned(function: &ItemFn) -> TokenStream {
    match &function.sig.output {
        ReturnType::Default => function.sig.ident.to_token_stream(),
        ReturnType::Type(_, ty) => ty.to_token_stream(),
    }
}
