//! Layers: code names only its own layer and earlier ones, so the crate can be read from the top.
//!
//! A path that starts at the crate's root (`crate::x`, or `super::x` out of a layer's own root)
//! must name a layer, and that layer must not come later than the one the path stands in. Going
//! through a re-export of `lib.rs` is refused too: `lib.rs` knows every layer, so through it every
//! layer would know every other. `otp` is the exception that proves the public interface: it uses
//! only what the crate root exports, as a user does.

use crate::source::{Breach, Source, Token, Tree, reads};

/// The layers of `kerosene/src`, from the one that knows nothing to the one that may know all.
const LAYERS: &[&str] = &[
    "sync",          // locks and atomics, loom's or the standard library's
    "term",          // values that travel
    "signal",        // what a signal means
    "mailbox",       // in transit, received, scanned
    "process",       // one process, the table of all, the door to each
    "scheduler",     // who runs next
    "context",       // the functions a process calls
    "otp",           // patterns built on the public interface alone
    "macro_support", // what expansions call
];

/// The layer that may use only what a user could.
const OUTSIDE_LAYER: &str = "otp";

/// The files that belong to no layer: they gather names for the user.
const GATHERING_FILES: &[&str] = &["lib", "prelude", "guide"];

const SOURCES: &str = "kerosene/src/";

const RULE: &str = "layers";

pub(crate) fn check_all(tree: &Tree) -> Vec<Breach> {
    tree.rust().filter(|source| source.path.starts_with(SOURCES)).flat_map(check).collect()
}

/// Checks one file of `kerosene/src`.
fn check(source: &Source) -> Vec<Breach> {
    let module = module_path(&source.path);
    let own = module.first().map_or("", String::as_str);
    if GATHERING_FILES.contains(&own) {
        return Vec::new();
    }
    let Some(own_rank) = rank(own) else {
        let what = format!("`{own}` is not in LAYERS (tests/tidy/layers.rs): say where it belongs");
        return vec![source.breach(1, RULE, what)];
    };
    root_references(&source.tokens(), module.clone())
        .into_iter()
        .filter_map(|(line, name)| {
            let what = refusal(own, own_rank, &name)?;
            Some(source.breach(line, RULE, what))
        })
        .collect()
}

fn rank(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == name)
}

/// Why layer `own` may not name `crate::name`, if it may not.
fn refusal(own: &str, own_rank: usize, name: &str) -> Option<String> {
    match rank(name) {
        _ if name == own => None,
        Some(_) if own == OUTSIDE_LAYER => Some(format!(
            "`{own}` uses only what a user could: take it from the crate root, not from `{name}`"
        )),
        Some(rank) if rank > own_rank => Some(format!("`{own}` names the later layer `{name}`")),
        None if own != OUTSIDE_LAYER => {
            Some(format!("`crate::{name}` goes through lib.rs: name the layer it comes from"))
        }
        _ => None,
    }
}

/// `kerosene/src/mailbox/scan.rs` is the module `mailbox::scan`.
fn module_path(path: &str) -> Vec<String> {
    let inside = path.trim_start_matches(SOURCES).trim_end_matches(".rs");
    let mut parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

/// The names that follow the crate's root in paths, with their lines.
fn root_references(tokens: &[Token], mut module: Vec<String>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut inline_modules: Vec<usize> = Vec::new(); // where each open `mod name { .. }` closes
    for at in 0..tokens.len() {
        if inline_modules.last() == Some(&at) {
            inline_modules.pop();
            module.pop();
        }
        if tokens[at].is("mod") && tokens.get(at + 2).is_some_and(|token| token.is("{")) {
            module.push(tokens[at + 1].text.clone());
            inline_modules.extend(tokens[at + 2].close);
        }
        let starts_path = at == 0 || !tokens[at - 1].is("::");
        if starts_path && reads(tokens, at, &["crate", "::"]) {
            found.extend(names_at(tokens, at + 2));
        }
        if starts_path && reads(tokens, at, &["super", "::"]) {
            let mut supers = 1;
            while reads(tokens, at + 2 * supers, &["super", "::"]) {
                supers += 1;
            }
            if supers == module.len() {
                found.extend(names_at(tokens, at + 2 * supers));
            }
        }
    }
    found
}

/// The first names of a path's rest: one, or one for each element of `{a, b::c}`.
fn names_at(tokens: &[Token], at: usize) -> Vec<(usize, String)> {
    let Some(first) = tokens.get(at) else {
        return Vec::new();
    };
    let Some(close) = first.close else {
        return vec![(first.line, first.text.clone())];
    };
    let mut names = Vec::new();
    let mut next = at + 1;
    let mut starts_element = true;
    while next < close {
        let token = &tokens[next];
        if starts_element {
            names.push((token.line, token.text.clone()));
        }
        starts_element = token.is(",");
        next = token.close.unwrap_or(next) + 1;
    }
    names
}

/// Checks that `prelude.rs` is made of `pub use` only, and that `lib.rs` exports every name too.
pub(crate) fn check_prelude(prelude: &Source, lib: &Source) -> Vec<Breach> {
    let exported: Vec<String> =
        public_names(&lib.tokens()).into_iter().map(|(_, name)| name).collect();
    let tokens = prelude.tokens();
    let mut breaches: Vec<Breach> = public_names(&tokens)
        .into_iter()
        .filter(|(_, name)| !exported.contains(name) && !exported.iter().any(|e| e == "*"))
        .map(|(line, name)| {
            prelude.breach(line, "prelude", format!("lib.rs does not export `{name}`"))
        })
        .collect();
    for (at, token) in tokens.iter().enumerate() {
        if token.is("use") && !(at > 0 && tokens[at - 1].is("pub")) {
            breaches.push(prelude.breach(token.line, "prelude", "every item is a `pub use`"));
        }
    }
    breaches
}

/// The last names of every `pub use`, but those from the standard library.
fn public_names(tokens: &[Token]) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    for at in 0..tokens.len() {
        if !reads(tokens, at, &["pub", "use"]) {
            continue;
        }
        let path: Vec<&Token> =
            tokens[at + 2..].iter().take_while(|token| !token.is(";")).collect();
        let is_foreign = path.iter().any(|token| token.is("std") || token.is("core"));
        for (place, token) in path.iter().enumerate() {
            let next = path.get(place + 1).map_or("", |next| next.text.as_str());
            let is_leaf = matches!(next, "" | "," | "}") && (token.is_word() || token.is("*"));
            if is_leaf && !is_foreign {
                names.push((token.line, token.text.clone()));
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(path: &str, text: &str) -> Vec<(usize, String)> {
        let found = check(&Source::new(path, text));
        found.into_iter().map(|breach| (breach.line, breach.what)).collect()
    }

    #[test]
    fn a_later_layer_is_refused_wherever_it_is_named() {
        let text = "use crate::term::Pid;\nuse crate::scheduler::Run;\n";
        let found = breaches("kerosene/src/mailbox/scan.rs", text);
        assert_eq!(found, [(2, "`mailbox` names the later layer `scheduler`".to_owned())]);
        let inside_a_macro = "fn f() {\n    assert!(crate::context::pid());\n}";
        assert_eq!(breaches("kerosene/src/mailbox/mod.rs", inside_a_macro)[0].0, 2);
        let grouped = "use crate::{\n    term::Pid,\n    process::{Table, deliver},\n};";
        assert_eq!(breaches("kerosene/src/signal/exit.rs", grouped)[0].0, 3);
    }

    #[test]
    fn super_is_followed_out_of_the_layer() {
        let text = "use super::super::context::pid;\nuse super::queue::Queue;";
        assert_eq!(breaches("kerosene/src/mailbox/scan.rs", text)[0].0, 1);
        let tests = "mod tests {\n    use super::super::super::context::pid;\n}\nuse super::x;";
        assert_eq!(breaches("kerosene/src/mailbox/scan.rs", tests)[0].0, 2);
        assert_eq!(breaches("kerosene/src/mailbox/scan.rs", tests).len(), 1);
        assert_eq!(breaches("kerosene/src/mailbox/mod.rs", "use super::context::pid;").len(), 1);
    }

    #[test]
    fn reaching_through_the_crate_root_is_refused() {
        let found = breaches("kerosene/src/context/send.rs", "use crate::Pid;");
        assert!(found[0].1.contains("goes through lib.rs"), "{found:?}");
    }

    #[test]
    fn otp_uses_only_the_crate_root() {
        let path = "kerosene/src/otp/call.rs";
        assert!(breaches(path, "use crate::{Pid, prelude::*};\nuse crate::otp::Call;").is_empty());
        assert_eq!(breaches(path, "use crate::process::Table;").len(), 1);
    }

    #[test]
    fn comments_strings_and_docs_are_not_imports() {
        let text =
            "/// [`crate::context::pid`]\n// crate::context\nconst A: &str = \"crate::test\";";
        assert!(breaches("kerosene/src/term/pid.rs", text).is_empty());
    }

    #[test]
    fn an_unknown_module_must_be_placed() {
        assert_eq!(breaches("kerosene/src/misc.rs", "").len(), 1);
        assert!(breaches("kerosene/src/lib.rs", "pub use crate::context::*;").is_empty());
    }

    #[test]
    fn the_prelude_exports_what_the_root_exports() {
        let lib = Source::new("lib.rs", "pub use crate::term::{Pid, name::Name};");
        let prelude = "pub use crate::{Pid, Name};\npub use std::time::Duration;";
        assert!(check_prelude(&Source::new("prelude.rs", prelude), &lib).is_empty());
        let private = "pub use crate::{Pid, Slot};\nuse crate::term::Name;";
        let found = check_prelude(&Source::new("prelude.rs", private), &lib);
        assert_eq!(found.iter().map(|breach| breach.line).collect::<Vec<_>>(), [1, 2]);
    }
}
