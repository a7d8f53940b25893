//! Which settings the arguments make, and which functions can be an entry.

use std::time::Duration;

use proc_macro2::Ident;
use syn::{Attribute, Lit, LitStr};

use super::{Argument, Entry, Function, Settings};
use crate::diagnostics::{Diagnostics, did_you_mean, listed};
use crate::duration;

/// Turns arguments into settings, reporting those that make none.
pub(super) fn settings(
    entry: Entry,
    arguments: &[Argument],
    diagnostics: &mut Diagnostics,
) -> Settings {
    let mut settings = Settings::default();
    let mut seen: Vec<&Ident> = Vec::new();
    for argument in arguments {
        if seen.contains(&&argument.name) {
            let text = format!("`{}` is given twice: leave one out", argument.name);
            diagnostics.report(&argument.name, text);
            continue;
        }
        seen.push(&argument.name);
        set(entry, &mut settings, argument, diagnostics);
    }
    match entry {
        Entry::Main => check_threads(&seen, diagnostics),
        Entry::Test => check_combination(&seen, &settings, diagnostics),
    }
    settings
}

fn set(entry: Entry, settings: &mut Settings, argument: &Argument, diagnostics: &mut Diagnostics) {
    let name = argument.name.to_string();
    if !entry.arguments().contains(&name.as_str()) {
        diagnostics.report(&argument.name, unknown(entry, &name));
        return;
    }
    match name.as_str() {
        "worker_threads" => settings.worker_threads = number(argument, 2, diagnostics),
        "spare_cores" => settings.spare_cores = number(argument, 1, diagnostics),
        "seeds" => settings.seeds = number(argument, 200, diagnostics),
        "name" => settings.name = string(argument, "shop", diagnostics),
        "busy_wait" => settings.busy_wait = time(argument, "50us", diagnostics),
        "stop_deadline" => settings.stop_deadline = time(argument, "5s", diagnostics),
        // Those that are left are flags, `real` and `app`.
        flag => {
            settings.is_real = flag == "real";
            settings.is_application = flag == "app";
            if let Some(value) = &argument.value {
                diagnostics.report(value, format!("`{name}` takes no value: write `{name}`"));
            }
        }
    }
}

fn unknown(entry: Entry, name: &str) -> String {
    let attribute = entry.attribute();
    if entry.other().arguments().contains(&name) {
        let other = entry.other().attribute();
        return format!("`{name}` is an argument of `{other}`, not of `{attribute}`");
    }
    let rest = did_you_mean(name, entry.arguments()).map_or_else(
        || format!("it has {}", listed(entry.arguments())),
        |meant| format!("did you mean `{meant}`?"),
    );
    format!("`{attribute}` has no argument `{name}`; {rest}")
}

/// The value as a number of at least one.
fn number<N>(argument: &Argument, example: usize, diagnostics: &mut Diagnostics) -> Option<N>
where
    N: TryFrom<u64>,
{
    let name = &argument.name;
    let Some(Lit::Int(literal)) = &argument.value else {
        let text = format!("`{name}` takes a number: write `{name} = {example}`");
        match &argument.value {
            Some(value) => diagnostics.report(value, text),
            None => diagnostics.report(name, text),
        }
        return None;
    };
    match literal.base10_parse::<u64>() {
        Ok(0) => {
            diagnostics.report(literal, format!("`{name}` must be at least 1"));
            None
        }
        Ok(number) => N::try_from(number).ok(),
        Err(error) => {
            diagnostics.push(error);
            None
        }
    }
}

fn string(argument: &Argument, example: &str, diagnostics: &mut Diagnostics) -> Option<LitStr> {
    let name = &argument.name;
    let text = format!("`{name}` takes a string: write `{name} = \"{example}\"`");
    match &argument.value {
        Some(Lit::Str(literal)) => return Some(literal.clone()),
        Some(value) => diagnostics.report(value, text),
        None => diagnostics.report(name, text),
    }
    None
}

fn time(argument: &Argument, example: &str, diagnostics: &mut Diagnostics) -> Option<Duration> {
    let text = string(argument, example, diagnostics)?;
    duration::parse(&text.value()).map_err(|error| diagnostics.report(&text, error)).ok()
}

/// Refuses two ways to say one thing.
fn check_threads(seen: &[&Ident], diagnostics: &mut Diagnostics) {
    let given = |name: &str| seen.iter().find(|seen| **seen == name);
    if let (Some(spare), Some(_)) = (given("spare_cores"), given("worker_threads")) {
        let text = "`worker_threads` says how many threads there are: leave out `spare_cores`, \
                    or `worker_threads`";
        diagnostics.report(spare, text);
    }
}

/// Refuses what the simulated or the real scheduler has no use for.
fn check_combination(seen: &[&Ident], settings: &Settings, diagnostics: &mut Diagnostics) {
    for name in seen {
        if settings.is_real && **name == "seeds" {
            let text = "the real scheduler has no seeds: leave out `seeds` or `real`";
            diagnostics.report(name, text);
        }
        if !settings.is_real && **name == "worker_threads" {
            let text = "the simulated scheduler has one thread: leave out `worker_threads`, \
                        or add `real`";
            diagnostics.report(name, text);
        }
    }
}

/// Reports why the function cannot be an entry.
pub(super) fn function(entry: Entry, function: &Function, diagnostics: &mut Diagnostics) {
    let signature = &function.sig;
    let (attribute, name) = (entry.attribute(), &signature.ident);
    if signature.asyncness.is_none() {
        let text = format!("`{attribute}` needs an `async fn`: write `async fn {name}`");
        diagnostics.report(signature.fn_token, text);
    }
    if !signature.inputs.is_empty() {
        let text = match entry {
            Entry::Main => {
                format!(
                    "nobody passes arguments to `{name}`: leave the parameters out, \
                         and read `std::env::args()` in the body"
                )
            }
            Entry::Test => format!("nobody passes arguments to `{name}`: leave the parameters out"),
        };
        diagnostics.report(&signature.inputs, text);
    }
    let generics = &signature.generics;
    if !generics.params.is_empty() {
        let text = format!("`{name}` cannot be generic: nobody would name its types");
        diagnostics.report(generics, text);
    } else if let Some(clause) = &generics.where_clause {
        diagnostics.report(clause, format!("`{name}` cannot be generic: leave the `where` out"));
    }
    let second = function.attrs.iter().find(|attribute| is_test(attribute));
    if let (Entry::Test, Some(second)) = (entry, second) {
        let text = format!("`{attribute}` makes this a test already: leave this one out");
        diagnostics.report(second, text);
    }
}

/// Whether the attribute makes a test of the function too: `#[test]`, `#[tokio::test]`.
fn is_test(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == "test")
}
