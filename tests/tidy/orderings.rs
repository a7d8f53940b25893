//! Orderings: `SeqCst` and fences say why acquire and release are not enough.
//!
//! They are the orderings whose need cannot be seen at the place where they stand: the reason is
//! another thread's code. Imports are not uses.

use crate::source::{Breach, Source, Token};

/// How far above a use its reason may stand: a statement of some lines, or a small group.
const REASON_LINES_MAX: usize = 6;

pub(crate) fn check(source: &Source) -> Vec<Breach> {
    let tokens = source.tokens();
    let mut breaches = Vec::new();
    let mut is_import = false;
    for (at, token) in tokens.iter().enumerate() {
        is_import = token.is("use") || (is_import && !token.is(";"));
        let is_use = !is_import && (token.is("SeqCst") || is_fence_call(&tokens, at));
        if is_use && !has_reason(source, token.line) {
            let what = format!("`{}` without a comment that says why it is needed", token.text);
            breaches.push(source.breach(token.line, "ordering", what));
        }
    }
    breaches
}

fn is_fence_call(tokens: &[Token], at: usize) -> bool {
    let is_call = tokens[at].is("fence") && tokens.get(at + 1).is_some_and(|next| next.is("("));
    is_call && !(at > 0 && tokens[at - 1].is("fn"))
}

/// Whether a comment on the line, or on the lines just above it, speaks of the ordering.
fn has_reason(source: &Source, line: usize) -> bool {
    let near = source.lines().filter(|(at, _)| *at <= line && at + REASON_LINES_MAX >= line);
    near.filter_map(|(_, text)| text.split_once("//"))
        .any(|(_, comment)| comment.contains("SeqCst") || comment.contains("fence"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        check(&Source::new("a.rs", text)).into_iter().map(|breach| breach.line).collect()
    }

    #[test]
    fn a_use_needs_its_reason_and_an_import_none() {
        let text = "\
use std::sync::atomic::{fence, Ordering::SeqCst};

fn f() {
    a.load(SeqCst);
    fence(Acquire);
}
";
        assert_eq!(lines(text), [4, 5]);
        let reasoned =
            "// SeqCst: both threads write, then read the other's flag.\na.load(SeqCst);";
        assert!(lines(reasoned).is_empty());
        let far = format!("// SeqCst: too far away.\n{}a.load(SeqCst);", "b();\n".repeat(6));
        assert_eq!(lines(&far), [8]);
    }

    #[test]
    fn the_reason_is_a_comment_not_the_use_itself() {
        assert_eq!(lines("a.load(SeqCst); // as above"), [1]);
        assert!(lines("fence(Acquire); // fence: pairs with the one in `wake`").is_empty());
    }
}
