//! Reading what stands in and under the attribute.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, Lit, Token};

use super::{Argument, Entry, Function};
use crate::arguments;
use crate::diagnostics::{Diagnostics, Either};

/// Reads `name, name = value, ...`.
pub(super) fn arguments(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Argument> {
    let mut arguments = Vec::new();
    arguments::each(tokens, diagnostics, |input| {
        arguments.push(argument(input)?);
        Ok(())
    });
    arguments
}

fn argument(input: ParseStream) -> Either<Argument> {
    let name = input.call(Ident::parse_any).map_err(|error| {
        Error::new(error.span(), "expected an argument, as in `name = \"shop\"`")
    })?;
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return if input.is_empty() || input.peek(Token![,]) {
            Ok(Argument { name, value: None })
        } else {
            let text = format!("expected `=` or `,` after `{name}`");
            Err(Error::new(input.span(), text))
        };
    }
    let value: Lit = input.parse().map_err(|_| {
        let text = format!(
            "the value of `{name}` is a literal; a program that computes it builds its `Runtime` \
             with `Runtime::builder()`"
        );
        if input.is_empty() { Error::new(name.span(), text) } else { input.error(text) }
    })?;
    Ok(Argument { name, value: Some(value) })
}

/// Reads the function under the attribute.
pub(super) fn function(entry: Entry, item: TokenStream) -> Either<Function> {
    syn::parse2(item.clone()).map_err(|error| {
        if is_function(item.clone()) {
            return error;
        }
        let text = format!("`{}` goes on an `async fn`", entry.attribute());
        Error::new_spanned(first_of(item), text)
    })
}

/// Whether the item means to be a function, however broken: `fn` stands outside all brackets.
fn is_function(item: TokenStream) -> bool {
    item.into_iter().any(|token| matches!(token, TokenTree::Ident(word) if word == "fn"))
}

fn first_of(item: TokenStream) -> TokenStream {
    item.into_iter().take(1).collect()
}
