//! Reading what stands in the attributes and in the module.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, Ident, Item, ItemMod, LitInt, LitStr, Meta, Path, Token};

use super::{Argument, Value, Written, WrittenChild, habits};
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
        let text = "expected an argument, as in `restart = transient` or `significant`";
        Error::new(error.span(), text)
    })?;
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(Argument { name, value: Value::None });
    }
    // Elixir's keyword list, `restart: :transient`.
    if input.peek(Token![:]) {
        let text = format!("an argument is written with `=`: `{name} = ...`");
        return Err(Error::new(input.span(), text));
    }
    if input.parse::<Option<Token![=]>>()?.is_none() {
        let text = format!("expected `=` or `,` after `{name}`");
        return Err(Error::new(input.span(), text));
    }
    let value = value(input);
    if let Value::None = value {
        let text = format!("`{name} =` has no value");
        return Err(Error::new(name.span(), text));
    }
    Ok(Argument { name, value })
}

/// Reads up to the next `,`.
fn value(input: ParseStream) -> Value {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        match input.parse::<TokenTree>() {
            Ok(token) => tokens.extend([token]),
            Err(_) => break,
        }
    }
    if tokens.is_empty() {
        return Value::None;
    }
    if let Ok(word) = syn::parse2::<Ident>(tokens.clone()) {
        return Value::Word(word);
    }
    if let Ok(text) = syn::parse2::<LitStr>(tokens.clone()) {
        return Value::Text(text);
    }
    if let Ok(number) = syn::parse2::<LitInt>(tokens.clone()) {
        return Value::Number(number);
    }
    let meant = atom(&tokens).or_else(|| last_of_path(&tokens));
    Value::Other(tokens, meant)
}

/// The word of Elixir's `:word`.
fn atom(tokens: &TokenStream) -> Option<String> {
    let read = |input: ParseStream| {
        input.parse::<Token![:]>()?;
        input.call(Ident::parse_any)
    };
    read.parse2(tokens.clone()).ok().map(|word| word.to_string())
}

fn last_of_path(tokens: &TokenStream) -> Option<String> {
    let path: Path = syn::parse2(tokens.clone()).ok()?;
    path.segments.last().map(|segment| segment.ident.to_string())
}

/// Reads the module, and takes the children out of it; their functions stay in it.
pub(super) fn module(item: TokenStream, diagnostics: &mut Diagnostics) -> Either<Written> {
    let mut module: ItemMod =
        syn::parse2(item.clone()).map_err(|error| not_a_module(item, error))?;
    let Some((_, items)) = &mut module.content else {
        let text = "`#[supervisor]` has to see the module: write its items here, in `{ ... }`";
        return Err(Error::new_spanned(&module, text));
    };
    let mut children = Vec::new();
    for item in items {
        let Some(attributes) = attributes_of(item) else { continue };
        let Some(attribute) = take_child(attributes, diagnostics) else { continue };
        match item {
            Item::Fn(function) => {
                let arguments = child_arguments(&attribute, diagnostics);
                children.push(WrittenChild { function: function.clone(), arguments });
            }
            _ => diagnostics.report(&attribute, "`#[child]` goes on a function"),
        }
    }
    Ok(Written { module, children })
}

fn not_a_module(item: TokenStream, error: Error) -> Error {
    let means_a_module = item
        .clone()
        .into_iter()
        .any(|token| matches!(token, TokenTree::Ident(word) if word == "mod"));
    if means_a_module {
        return error;
    }
    let first: TokenStream = item.into_iter().take(1).collect();
    Error::new_spanned(first, "`#[supervisor]` goes on a module: `mod shop { ... }`")
}

/// Takes `#[child]` off, and what was meant to be it.
fn take_child(attributes: &mut Vec<Attribute>, diagnostics: &mut Diagnostics) -> Option<Attribute> {
    let mut taken: Option<Attribute> = None;
    attributes.retain(|attribute| {
        let Some(name) = attribute.path().get_ident().map(Ident::to_string) else { return true };
        if name != "child" && !habits::means_child(&name) {
            return true;
        }
        if name != "child" {
            let text = format!("there is no `#[{name}]`; did you mean `#[child]`?");
            diagnostics.report(attribute, text);
        }
        if taken.is_some() {
            diagnostics.report(attribute, "this is a child already: leave this `#[child]` out");
        }
        taken.get_or_insert_with(|| attribute.clone());
        false
    });
    taken
}

fn child_arguments(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Vec<Argument> {
    match &attribute.meta {
        Meta::Path(_) => Vec::new(),
        Meta::List(list) => arguments(list.tokens.clone(), diagnostics),
        Meta::NameValue(pair) => {
            let value = pair.value.to_token_stream();
            let text = format!("the arguments stand in parentheses: `#[child(id = {value})]`");
            diagnostics.report(attribute, text);
            Vec::new()
        }
    }
}

fn attributes_of(item: &mut Item) -> Option<&mut Vec<Attribute>> {
    Some(match item {
        Item::Fn(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        Item::Const(item) => &mut item.attrs,
        Item::Static(item) => &mut item.attrs,
        Item::Impl(item) => &mut item.attrs,
        Item::Mod(item) => &mut item.attrs,
        Item::Type(item) => &mut item.attrs,
        Item::Use(item) => &mut item.attrs,
        _ => return None,
    })
}
