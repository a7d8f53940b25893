//! How the reader of arms finds its way after a mistake.
//!
//! An arm ends at a `,` or `;`, its head at an arrow. Groups are single tokens here, so what is in
//! brackets never misleads. Every `skip` consumes a token or is at the end of the input.

use proc_macro2::{Delimiter, Ident, TokenTree};
use syn::Token;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;

/// Erlang's `end` (perhaps with its full stop) when nothing follows it; consumes it.
pub(super) fn erlang_end(input: ParseStream) -> Option<Ident> {
    let fork = input.fork();
    let end: Ident = fork.parse().ok().filter(|name| name == "end")?;
    let _ = fork.parse::<Option<Token![.]>>();
    let _ = fork.parse::<Option<Token![,]>>();
    let _ = fork.parse::<Option<Token![;]>>();
    if !fork.is_empty() {
        return None;
    }
    input.advance_to(&fork);
    Some(end)
}

pub(super) fn ends_arm(input: ParseStream) -> bool {
    input.is_empty() || input.peek(Token![,]) || input.peek(Token![;])
}

/// Whether what comes before an arm's body ends here, rightly or by mistake.
pub(super) fn ends_head(input: ParseStream) -> bool {
    ends_arm(input) || input.peek(Token![=>]) || input.peek(Token![->])
}

/// Whether an `=>` comes before the next `,`.
pub(super) fn arm_has_arrow(input: ParseStream) -> bool {
    let fork = input.fork();
    skip_to_arrow(&fork);
    fork.peek(Token![=>]) || fork.peek(Token![->])
}

pub(super) fn skip_to_arrow(input: ParseStream) {
    while !ends_head(input) {
        skip(input);
    }
}

pub(super) fn skip_arm(input: ParseStream) {
    while !ends_arm(input) {
        skip(input);
    }
}

/// Skips one token; at the end there is none, which is as good.
pub(super) fn skip(input: ParseStream) {
    let _ = input.parse::<TokenTree>();
}

/// The next token, for a message.
pub(super) fn found(input: ParseStream) -> String {
    match input.fork().parse::<TokenTree>() {
        Err(_) => "the end".to_owned(),
        Ok(TokenTree::Group(group)) => match group.delimiter() {
            Delimiter::Parenthesis => "`(`".to_owned(),
            Delimiter::Brace => "`{`".to_owned(),
            Delimiter::Bracket => "`[`".to_owned(),
            Delimiter::None => format!("`{group}`"),
        },
        Ok(_) if input.peek(Token![=>]) => "`=>`".to_owned(),
        Ok(_) if input.peek(Token![->]) => "`->`".to_owned(),
        Ok(token) => format!("`{token}`"),
    }
}
