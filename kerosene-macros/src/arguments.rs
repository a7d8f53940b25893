//! Lists of arguments in attributes: `name, name = value, ...`.

use proc_macro2::{TokenStream, TokenTree};
use syn::Token;
use syn::parse::{ParseStream, Parser};

use crate::diagnostics::{Diagnostics, Either};

/// Reads arguments one by one with `read`. A broken one is reported and skipped up to the next `,`.
pub(crate) fn each(
    tokens: TokenStream,
    diagnostics: &mut Diagnostics,
    mut read: impl FnMut(ParseStream) -> Either<()>,
) {
    let read_all = |input: ParseStream| {
        while !input.is_empty() {
            if let Err(error) = read(input) {
                diagnostics.push(error);
            }
            while !input.is_empty() && !input.peek(Token![,]) {
                let _ = input.parse::<TokenTree>();
            }
            let _ = input.parse::<Option<Token![,]>>();
        }
        Ok(())
    };
    if let Err(error) = read_all.parse2(tokens) {
        diagnostics.push(error);
    }
}
