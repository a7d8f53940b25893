//! How the reader of arms finds its way after a mistake.
//!
//! An arm ends at a `,` or `;`, its head at an arrow. Groups are single tokens here, so what is in
//! brackets never misleads. Every `skip` consumes a token or is at the end of the input.

use std::iter::Peekable;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree, token_stream};
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::{Error, Expr, Token, token};

use crate::diagnostics::{Diagnostics, Either};

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
    let _ = skip_head(input);
}

/// The tokens up to the arrow.
pub(super) fn skip_head(input: ParseStream) -> TokenStream {
    skip_until(input, ends_head)
}

pub(super) fn skip_arm(input: ParseStream) {
    let _ = skip_until(input, ends_arm);
}

/// The tokens up to the end of an arm whose body cannot be read.
pub(super) fn skip_body(input: ParseStream) -> TokenStream {
    if input.peek(token::Brace) {
        input.parse::<TokenTree>().into_iter().collect()
    } else {
        skip_until(input, ends_arm)
    }
}

fn skip_until(input: ParseStream, is_end: fn(ParseStream) -> bool) -> TokenStream {
    let mut skipped = TokenStream::new();
    while !is_end(input) {
        skipped.extend(input.parse::<TokenTree>());
    }
    skipped
}

/// Skips one token; at the end there is none, which is as good.
pub(super) fn skip(input: ParseStream) {
    let _ = input.parse::<TokenTree>();
}

/// An expression of tokens that are none, for `error`: if all that it lacks is what follows a dot
/// or a `::`, as while somebody writes and asks the editor what may come, it is the expression
/// without these. An editor compares the expansions with and without a name there, and knows what
/// may come if they are the same up to there.
pub(super) fn mend(
    tokens: TokenStream,
    error: Error,
    diagnostics: &mut Diagnostics,
) -> Either<Expr> {
    let Ok(expression) = syn::parse2(without_loose_ends(tokens)) else {
        return Err(error);
    };
    diagnostics.push(error);
    Ok(expression)
}

fn without_loose_ends(tokens: TokenStream) -> TokenStream {
    let mut whole = TokenStream::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        match token {
            TokenTree::Group(group) => {
                let inner = without_loose_ends(group.stream());
                let mut mended = Group::new(group.delimiter(), inner);
                mended.set_span(group.span());
                whole.extend([TokenTree::Group(mended)]);
            }
            TokenTree::Punct(punct) if ".:".contains(punct.as_char()) => {
                let mut all = vec![TokenTree::Punct(punct.clone())];
                while let Some(next) = rest.next_if(|next| is_punct(next, punct.as_char())) {
                    all.push(next);
                }
                let is_joiner = matches!((punct.as_char(), all.len()), ('.', 1) | (':', 2));
                if !(is_joiner && nothing_follows(&mut rest)) {
                    whole.extend(all);
                }
            }
            other => whole.extend([other]),
        }
    }
    whole
}

fn nothing_follows(rest: &mut Peekable<token_stream::IntoIter>) -> bool {
    rest.peek().is_none_or(|next| is_punct(next, ';') || is_punct(next, ','))
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
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

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::without_loose_ends;

    fn mended(text: &str) -> String {
        let tokens: TokenStream = text.parse().expect("tokens of this test");
        without_loose_ends(tokens).to_string()
    }

    #[test]
    fn what_nothing_follows_is_left_out() {
        let same = |text: &str| text.parse::<TokenStream>().expect("tokens").to_string();
        assert_eq!(mended("order."), same("order"));
        assert_eq!(
            mended("{ let x = order.lines.; f(x., Duration::) }"),
            same("{ let x = order.lines; f(x, Duration) }")
        );
        for whole in
            ["order.lines", "a::<b>::c", "0..", "..", "f(0.., ..=1)", "x: u64", "..., x", "[..]"]
        {
            assert_eq!(mended(whole), same(whole));
        }
    }
}
