//! Sizes: a file is read in one sitting, a function on one screen, a line without scrolling.

use crate::source::{Breach, Source, Token};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;
const LINE_CHARS_MAX: usize = 100;

pub(crate) fn check_lines(source: &Source) -> Vec<Breach> {
    let count = source.lines().count();
    let too_long = (count > FILE_LINES_MAX).then(|| {
        let what = format!("{count} lines, at most {FILE_LINES_MAX}: split it by idea");
        source.breach(FILE_LINES_MAX + 1, "file length", what)
    });
    let wide = source.lines().filter_map(|(number, line)| {
        let chars = line.chars().count();
        let what = format!("{chars} characters, at most {LINE_CHARS_MAX}");
        // An address cannot be broken.
        let is_wide = chars > LINE_CHARS_MAX && !line.contains("://");
        is_wide.then(|| source.breach(number, "line length", what))
    });
    too_long.into_iter().chain(wide).collect()
}

/// A function is measured from its `fn` to its closing brace.
pub(crate) fn check_functions(source: &Source) -> Vec<Breach> {
    let tokens = source.tokens();
    let functions = (0..tokens.len()).filter_map(|at| function_at(&tokens, at));
    functions
        .filter(|function| function.lines > FUNCTION_LINES_MAX)
        .map(|Function { name, line, lines }| {
            let what = format!("`{name}` has {lines} lines, at most {FUNCTION_LINES_MAX}");
            source.breach(line, "function length", what)
        })
        .collect()
}

struct Function {
    name: String,
    line: usize,
    lines: usize,
}

/// The function with a body that starts at `at`, if one does.
fn function_at(tokens: &[Token], at: usize) -> Option<Function> {
    let name = tokens.get(at + 1).filter(|name| name.is_word() && tokens[at].is("fn"))?;
    let mut next = at + 2;
    while let Some(token) = tokens.get(next) {
        match token.close {
            _ if token.is(";") => return None,
            Some(close) if token.is("{") => {
                let (line, last) = (tokens[at].line, tokens[close].line);
                return Some(Function { name: name.text.clone(), line, lines: last - line + 1 });
            }
            close => next = close.unwrap_or(next) + 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_and_a_wide_line_are_found() {
        let long = Source::new("a.rs", &"x\n".repeat(401));
        assert_eq!(check_lines(&long)[0].line, 401);
        assert!(check_lines(&Source::new("a.rs", &"x\n".repeat(400))).is_empty());
        let wide = Source::new("a.rs", &format!("a\n{}\n", "ä".repeat(101)));
        assert_eq!(check_lines(&wide)[0].line, 2);
        let address = format!("// https://example.com/{}", "a".repeat(100));
        assert!(check_lines(&Source::new("a.rs", &address)).is_empty());
    }

    #[test]
    fn a_long_function_is_found_and_a_signature_is_none() {
        let body = |lines: usize| {
            format!("trait T {{ fn s(); }}\nfn f() {{\n{}}}\n", "a;\n".repeat(lines))
        };
        let found = check_functions(&Source::new("a.rs", &body(69)));
        assert_eq!((found[0].line, found.len()), (2, 1));
        assert!(found[0].what.contains("`f` has 71 lines"), "{}", found[0]);
        assert!(check_functions(&Source::new("a.rs", &body(68))).is_empty());
    }
}
