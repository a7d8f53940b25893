//! What stands in the attributes: `#[call(timeout = "30s", spawn)]` and `#[info(if n > 3)]`.

use std::time::Duration;

use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, Expr, Ident, Lit, Meta, Token};

use crate::arguments;
use crate::diagnostics::{Diagnostics, Either, did_you_mean};
use crate::duration;

/// The arguments of `#[call]`.
#[derive(Default)]
pub(super) struct CallOptions {
    /// `u64::MAX` is for ever.
    pub(super) timeout: Option<Duration>,
    pub(super) spawn: Option<Ident>,
}

/// Reads the arguments of `#[call]`; broken ones are reported and left out.
pub(super) fn of_call(attribute: &Attribute, diagnostics: &mut Diagnostics) -> CallOptions {
    let mut options = CallOptions::default();
    let tokens = match &attribute.meta {
        Meta::Path(_) => return options,
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(_) => {
            let text =
                "write the arguments of `#[call]` in parentheses: `#[call(timeout = \"5s\")]`";
            diagnostics.report(attribute, text);
            return options;
        }
    };
    arguments::each(tokens, diagnostics, |input| option(input, &mut options));
    options
}

fn option(input: ParseStream, options: &mut CallOptions) -> Either<()> {
    let name = input.call(Ident::parse_any).map_err(|error| {
        Error::new(error.span(), "expected an argument, as in `timeout = \"30s\"` or `spawn`")
    })?;
    match name.to_string().as_str() {
        "timeout" => {
            let example = || Error::new(name.span(), "write `timeout = \"30s\"`");
            input.parse::<Option<Token![=]>>()?.ok_or_else(example)?;
            options.timeout = Some(timeout(input)?);
        }
        "spawn" => options.spawn = Some(name),
        other => {
            let rest = did_you_mean(other, &["timeout", "spawn"]).map_or_else(
                || "it has `timeout` and `spawn`".to_owned(),
                |meant| format!("did you mean `{meant}`?"),
            );
            let text = format!("`#[call]` has no argument `{other}`; {rest}");
            return Err(Error::new(name.span(), text));
        }
    }
    Ok(())
}

/// `Duration::MAX` is for ever.
fn timeout(input: ParseStream) -> Either<Duration> {
    if let Ok(word) = input.call(Ident::parse_any) {
        let text = if word == "infinity" || word == "Infinity" {
            "write `timeout = \"infinity\"`".to_owned()
        } else {
            format!("a time is a string with a unit, not `{word}`: write `timeout = \"30s\"`")
        };
        return Err(Error::new(word.span(), text));
    }
    let expected = || Error::new(input.span(), "a time is a string with a unit, as in \"30s\"");
    match input.parse::<Lit>().map_err(|_| expected())? {
        Lit::Str(text) if text.value() == "infinity" => Ok(Duration::MAX),
        Lit::Str(text) => duration::parse(&text.value()).map_err(|e| Error::new(text.span(), e)),
        Lit::Int(number) => {
            let digits = number.base10_digits();
            let text = format!(
                "nothing says what unit `{digits}` is in: write `timeout = \"{digits}ms\"`, as in \
                 Erlang, or `\"{digits}s\"`"
            );
            Err(Error::new(number.span(), text))
        }
        other => Err(Error::new(other.span(), "a time is a string with a unit, as in \"30s\"")),
    }
}

/// Reads the guard of `#[info(if n > 3)]`.
pub(super) fn guard(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Option<Expr> {
    let tokens = match &attribute.meta {
        Meta::Path(_) => return None,
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(_) => {
            diagnostics.report(attribute, "write a guard in parentheses: `#[info(if n > 3)]`");
            return None;
        }
    };
    let read = |input: ParseStream| {
        if input.peek(Token![if]) {
            input.parse::<Token![if]>()?;
            return input.parse::<Expr>();
        }
        let is_when = input.fork().call(Ident::parse_any).is_ok_and(|word| word == "when");
        let text = if is_when {
            "a guard begins with `if`, where Erlang has `when`: write `#[info(if ..)]`"
        } else {
            "`#[info]` takes a guard and nothing else: write `#[info(if n > 3)]`; which messages \
             it is for, the parameter says"
        };
        Err(input.error(text))
    };
    read.parse2(tokens).map_err(|error| diagnostics.push(error)).ok()
}
