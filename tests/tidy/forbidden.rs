//! What is never written: tests that do not run, code that is not there, sleeping for good luck,
//! lints switched off without a word.
//!
//! A place that must be an exception says so in a comment above it:
//! `// tidy-allow(thread::sleep): the reason`.

use crate::source::{Breach, Source, Token, reads};

/// A sequence of tokens that no file may hold.
struct Forbidden {
    name: &'static str,
    tokens: &'static [&'static str],
    instead: &'static str,
}

const FORBIDDEN: &[Forbidden] = &[
    Forbidden {
        name: "#[ignore]",
        tokens: &["#", "[", "ignore"],
        instead: "a test that does not run guards nothing: mend it or delete it",
    },
    Forbidden {
        name: "#[should_panic]",
        tokens: &["#", "[", "should_panic"],
        instead: "catch the panic where it is expected and look at it",
    },
    Forbidden { name: "todo!", tokens: &["todo", "!"], instead: "finish it, or return an error" },
    Forbidden {
        name: "unimplemented!",
        tokens: &["unimplemented", "!"],
        instead: "finish it, or return an error",
    },
    Forbidden { name: "dbg!", tokens: &["dbg", "!"], instead: "use tracing, or nothing" },
    Forbidden {
        name: "thread::sleep",
        tokens: &["thread", "::", "sleep"],
        instead: "wait for the event or use virtual time, or say why: tidy-allow(thread::sleep)",
    },
];

/// A benchmark may sleep to let the machine settle.
const MAY_SLEEP: &str = "benches/";

pub(crate) fn check(source: &Source) -> Vec<Breach> {
    let tokens = source.tokens();
    let mut breaches = Vec::new();
    for at in 0..tokens.len() {
        for forbidden in FORBIDDEN {
            let line = tokens[at].line;
            if reads(&tokens, at, forbidden.tokens) && !is_allowed(source, line, forbidden.name) {
                breaches.push(source.breach(line, forbidden.name, forbidden.instead));
            }
        }
        breaches.extend(check_lint_attribute(source, &tokens, at));
    }
    breaches
}

fn is_allowed(source: &Source, line: usize, name: &str) -> bool {
    let comment = source.comment_at(line);
    let allowance = comment.split_once(&format!("tidy-allow({name}):"));
    let has_reason = allowance.is_some_and(|(_, reason)| !reason.trim().is_empty());
    has_reason || (name == "thread::sleep" && source.path.starts_with(MAY_SLEEP))
}

/// `#[allow(..)]` is `#[expect(.., reason = "..")]`. Inside `quote!` an expectation could not
/// know whether it will be met, so there an `allow` with a reason stands.
fn check_lint_attribute(source: &Source, tokens: &[Token], at: usize) -> Option<Breach> {
    let open = if reads(tokens, at, &["#", "["]) {
        at + 1
    } else if reads(tokens, at, &["#", "!", "["]) {
        at + 2
    } else {
        return None;
    };
    let attribute = &tokens[open + 1..tokens[open].close?];
    let kind = attribute.first()?;
    if !["allow", "expect", "cfg_attr"].iter().any(|name| kind.is(name)) {
        return None;
    }
    let gives_reason = attribute.iter().any(|token| token.is("reason"));
    let allows = attribute.iter().any(|token| token.is("allow"));
    let expects = attribute.iter().any(|token| token.is("expect"));
    let what = if allows && !is_quoted(tokens, at) {
        "write `#[expect(lint, reason = \"...\")]`"
    } else if (allows || expects) && !gives_reason {
        "give the reason: `reason = \"...\"`"
    } else {
        return None;
    };
    Some(source.breach(kind.line, "lint attribute", what))
}

/// Whether the token is inside the brackets of a `quote!` or one of its kin.
fn is_quoted(tokens: &[Token], at: usize) -> bool {
    (0..at).any(|start| {
        let is_quote = ["quote", "quote_spanned", "parse_quote", "parse_quote_spanned"]
            .iter()
            .any(|name| reads(tokens, start, &[name, "!"]));
        is_quote && tokens.get(start + 2).and_then(|open| open.close).is_some_and(|end| end > at)
    })
}

/// Documentation examples compile: no fence says `ignore`.
pub(crate) fn check_doc_tests(source: &Source) -> Vec<Breach> {
    source
        .lines()
        .filter(|(_, line)| {
            let text = line.trim_start().trim_start_matches(['/', '!']).trim_start();
            let fence = text.strip_prefix("```").unwrap_or("");
            fence.split(',').any(|word| word.trim() == "ignore")
        })
        .map(|(number, _)| {
            source.breach(number, "doc test", "examples compile: use `no_run` or make it run")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(usize, &'static str)> {
        let breaches = check(&Source::new(path, text));
        breaches.into_iter().map(|breach| (breach.line, breach.rule)).collect()
    }

    #[test]
    fn each_forbidden_thing_is_found_in_code_and_not_in_text() {
        let text = "#[ignore]\n#[should_panic]\nfn f() { todo!() }\nfn g() { unimplemented!() }\n\
                    fn h() { dbg!(1); }\nfn i() { std::thread::sleep(d); }\n";
        let names: Vec<_> = FORBIDDEN.iter().map(|f| f.name).zip(1..).collect();
        let expected: Vec<_> = names.into_iter().map(|(name, line)| (line, name)).collect();
        assert_eq!(found("tests/a.rs", text), expected);
        assert!(found("tests/a.rs", "// todo!()\nconst A: &str = \"dbg!\";").is_empty());
    }

    #[test]
    fn an_exception_gives_its_reason() {
        let call = "thread::sleep(d);";
        let allowed = format!("// tidy-allow(thread::sleep): a thread that blocks\n{call}");
        assert!(found("tests/a.rs", &allowed).is_empty());
        let bare = format!("// tidy-allow(thread::sleep):\n{call}");
        assert_eq!(found("tests/a.rs", &bare).len(), 1);
        assert!(found("benches/a.rs", call).is_empty());
    }

    #[test]
    fn lints_are_expected_with_a_reason() {
        assert_eq!(found("a.rs", "#![allow(dead_code)]").len(), 1);
        assert_eq!(found("a.rs", "#[allow(dead_code, reason = \"x\")]\nfn f() {}").len(), 1);
        assert_eq!(found("a.rs", "#[expect(dead_code)]\nfn f() {}").len(), 1);
        assert_eq!(found("a.rs", "#[cfg_attr(loom, allow(dead_code))]\nfn f() {}").len(), 1);
        assert!(found("a.rs", "#[expect(dead_code, reason = \"x\")]\nfn f() {}").is_empty());
        assert!(found("a.rs", "quote! { #[allow(unused, reason = \"x\")] }").is_empty());
        assert_eq!(found("a.rs", "quote! { #[allow(unused)] }").len(), 1);
    }

    #[test]
    fn an_ignored_example_is_found() {
        let text = "/// ```ignore\n/// ```\n//! ```rust,ignore\n```no_run\n/// ```text\n";
        let lines: Vec<_> =
            check_doc_tests(&Source::new("a.rs", text)).iter().map(|b| b.line).collect();
        assert_eq!(lines, [1, 3]);
    }
}
