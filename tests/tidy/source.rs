//! The tree as the rules see it: files with their paths, their lines and their tokens.
//!
//! Tokens are a flat list in which every opening bracket knows its closing one, and `::` is one
//! token: rules are then searches for short sequences. Comments are not tokens; rules that want
//! them read the lines above a token.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::str::FromStr;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// One place that breaks one rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Breach {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) rule: &'static str,
    pub(crate) what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.path, self.line, self.rule, self.what)
    }
}

/// A text file, named by its path from the root of the repository, with `/` between the parts.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    pub(crate) fn breach(
        &self,
        line: usize,
        rule: &'static str,
        what: impl Into<String>,
    ) -> Breach {
        Breach { path: self.path.clone(), line, rule, what: what.into() }
    }

    /// Lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl DoubleEndedIterator<Item = (usize, &str)> {
        self.text.lines().collect::<Vec<_>>().into_iter().enumerate().map(|(i, l)| (i + 1, l))
    }

    /// Whether this is a compile-pass or compile-fail case of the macros, not a test itself.
    pub(crate) fn is_trybuild_case(&self) -> bool {
        self.path.starts_with("tests/macros/") && self.path.split('/').count() > 3
    }

    /// Whether rules may read tokens: a compile-fail case need not even lex.
    pub(crate) fn is_lexed(&self) -> bool {
        !(self.is_trybuild_case() && self.path.contains("/fail/"))
    }

    /// # Panics
    ///
    /// Where the text is not a sequence of Rust tokens.
    pub(crate) fn tokens(&self) -> Vec<Token> {
        let stream = TokenStream::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{} does not lex: {error}", self.path));
        let mut tokens = Vec::new();
        flatten(stream, &mut tokens);
        tokens
    }

    /// The comment that belongs to the code at `line`: the one behind it, and the block of `//`
    /// lines above the statement or item that `line` is part of.
    pub(crate) fn comment_at(&self, line: usize) -> String {
        const HEAD_LINES_MAX: usize = 6; // attributes and the first lines of a long statement
        let lines: Vec<&str> = self.text.lines().collect();
        let is_comment = |l: &str| l.trim_start().starts_with("//");
        let own = lines[line - 1].split_once("//").map_or("", |(_, comment)| comment);
        let above = || lines[..line - 1].iter().rev();
        let heads = above()
            .take_while(|l| !is_comment(l) && !ends_statement(l))
            .take(HEAD_LINES_MAX)
            .count();
        let mut block: Vec<&str> =
            above().skip(heads).copied().take_while(|l| is_comment(l)).collect();
        block.reverse();
        block.push(own);
        block.join("\n")
    }
}

/// Whether a line of code cannot be the head of the statement that follows it.
fn ends_statement(line: &str) -> bool {
    let line = line.trim_end();
    line.is_empty() || [';', '{', '}', ','].iter().any(|&end| line.ends_with(end))
}

/// A token; for an opening bracket `close` is the index of its closing one.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
    pub(crate) close: Option<usize>,
}

impl Token {
    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub(crate) fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// Whether the tokens from `at` on read exactly as `wanted`.
pub(crate) fn reads(tokens: &[Token], at: usize, wanted: &[&str]) -> bool {
    tokens.len() >= at + wanted.len() && wanted.iter().zip(&tokens[at..]).all(|(w, t)| t.is(w))
}

fn flatten(stream: TokenStream, out: &mut Vec<Token>) {
    let mut colon_is_open = false; // the previous token is a `:` that the next `:` joins
    for tree in stream {
        let line = tree.span().start().line;
        let mut joins = false;
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = brackets(group.delimiter());
                let at = out.len();
                out.push(Token { text: open.to_owned(), line, close: None });
                flatten(group.stream(), out);
                out[at].close = Some(out.len());
                let line = group.span_close().start().line;
                out.push(Token { text: close.to_owned(), line, close: None });
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' && colon_is_open => {
                out.last_mut().expect("a colon precedes").text.push(':');
            }
            TokenTree::Punct(punct) => {
                joins = punct.as_char() == ':' && punct.spacing() == Spacing::Joint;
                out.push(Token { text: punct.to_string(), line, close: None });
            }
            other => out.push(Token { text: other.to_string(), line, close: None }),
        }
        colon_is_open = joins;
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

/// Every text file of the repository that git would track.
pub(crate) struct Tree {
    files: BTreeMap<String, Source>,
}

impl Tree {
    /// Reads the repository this test was compiled in.
    pub(crate) fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = BTreeMap::new();
        read_folder(root, "", &mut files);
        assert!(files.contains_key("Cargo.toml"), "{} is no repository", root.display());
        Self { files }
    }

    /// A tree made of `(path, text)`, for the tests of the rules.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let sources = files.iter().map(|(path, text)| Source::new(path, text));
        Self { files: sources.map(|source| (source.path.clone(), source)).collect() }
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &Source> {
        self.files.values()
    }

    pub(crate) fn rust(&self) -> impl Iterator<Item = &Source> {
        self.files().filter(|source| has_extension(&source.path, "rs"))
    }

    pub(crate) fn get(&self, path: &str) -> Option<&Source> {
        self.files.get(path)
    }

    /// Whether `path` is a file, or a folder with a file in it.
    pub(crate) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&folder))
    }
}

pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// Folders that are built or belong to tools. `wip` is where trybuild leaves new messages.
const SKIPPED_FOLDERS: &[&str] = &["target", "wip"];

/// The only hidden folders whose files are the project's.
const HIDDEN_FOLDERS: &[&str] = &[".ci", ".cargo"];

/// A folder, but in a worktree a file that says where the folder is.
const GIT: &str = ".git";

fn read_folder(root: &Path, folder: &str, files: &mut BTreeMap<String, Source>) {
    let entries = fs::read_dir(root.join(folder)).expect("the folder can be read");
    for entry in entries.map(|entry| entry.expect("the folder can be read")) {
        let name = entry.file_name().into_string().expect("names are UTF-8");
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let kind = entry.file_type().expect("the kind of a file is known");
        if kind.is_dir() {
            let is_foreign = name.starts_with('.') && !HIDDEN_FOLDERS.contains(&name.as_str());
            if !is_foreign && !SKIPPED_FOLDERS.contains(&name.as_str()) {
                read_folder(root, &path, files);
            }
        } else if kind.is_file() && name != GIT {
            // What is not UTF-8 is no text; what vanishes meanwhile was no source.
            if let Ok(text) = fs::read_to_string(entry.path()) {
                files.insert(path.clone(), Source { path, text });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_know_lines_brackets_and_double_colons() {
        let tokens = Source::new("a.rs", "// unsafe\nuse a::b;\nfn f() {\n    \"unsafe\"\n}\n");
        let tokens = tokens.tokens();
        assert!(reads(&tokens, 0, &["use", "a", "::", "b", ";", "fn", "f", "(", ")", "{"]));
        assert_eq!(tokens[0].line, 2);
        let close = tokens[9].close.expect("the brace closes");
        assert_eq!((tokens[close].text.as_str(), tokens[close].line), ("}", 5));
        assert!(!tokens.iter().any(|token| token.is("unsafe")));
    }

    #[test]
    fn a_comment_belongs_to_the_statement_below_it() {
        let source = Source::new("a.rs", "// one\nlet a =\n    b;\nc();\n// two\n#[x]\nd();\n");
        assert_eq!(source.comment_at(3), "// one\n");
        assert_eq!(source.comment_at(4), "");
        assert_eq!(source.comment_at(7), "// two\n");
    }
}
