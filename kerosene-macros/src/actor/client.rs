//! What the users of an actor use: its reference, with a method for each request, and the functions
//! that start it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Type, Visibility};

use super::{Actor, Answer, Request};
use crate::duration;

/// Writes the reference and the starting functions. Of a refused actor only their signatures
/// matter.
pub(super) fn client(actor: &Actor, is_refused: bool) -> TokenStream {
    let reference = reference(actor, is_refused);
    let starts = starts(actor, is_refused);
    quote_spanned!(Span::mixed_site()=> #reference #starts)
}

fn reference(actor: &Actor, is_refused: bool) -> TokenStream {
    let site = Span::mixed_site();
    let methods = actor.requests.iter().map(|request| method(request, is_refused));
    let made = made();
    let conversions = conversions();
    let summary = format!("A reference to a running [`{}`]: what can be asked of it.", actor.state);
    quote_spanned! {site=>
        #[doc = #summary]
        #[doc = ""]
        #[doc = "It holds a pid, or a name that is looked up for each request."]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct Ref<D = ::kerosene::Pid>(D);

        impl<D: ::kerosene::Destination> Ref<D> {
            #(#methods)*

            /// Stops the actor in good order, and waits until it has ended.
            ///
            /// # Errors
            ///
            /// An error if it was not alive, or ended for another reason than this.
            pub async fn stop(&self) -> ::core::result::Result<(), ::kerosene::CallError> {
                let reason = ::kerosene::ExitReason::Normal;
                ::kerosene::otp::sys::stop(&self.0, reason, ::core::time::Duration::MAX).await
            }
        }

        #made
        #conversions
    }
}

/// How references are made.
fn made() -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        impl Ref {
            /// A reference to a process that is such an actor.
            pub fn from_pid(pid: ::kerosene::Pid) -> Self {
                Self(pid)
            }

            /// A reference to the process that has a name now.
            ///
            /// # Errors
            ///
            /// `NoProc` if nobody has the name.
            pub fn named(name: &str) -> ::core::result::Result<Self, ::kerosene::CallError> {
                ::kerosene::whereis(name).map(Self).ok_or(::kerosene::CallError::NoProc)
            }

            /// A reference to whoever has a name when something is asked.
            pub fn by_name(
                name: impl ::core::convert::Into<::kerosene::Name>,
            ) -> Ref<::kerosene::Name> {
                Ref(name.into())
            }

            /// The pid of the actor.
            pub fn pid(self) -> ::kerosene::Pid {
                self.0
            }
        }
    }
}

/// References as destinations and as pids.
fn conversions() -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        impl<D: ::kerosene::Destination> ::kerosene::Destination for Ref<D> {
            fn dest(&self) -> ::kerosene::Dest<'_> {
                self.0.dest()
            }
        }

        impl ::core::convert::From<Ref> for ::kerosene::Pid {
            fn from(reference: Ref) -> Self {
                reference.0
            }
        }

        impl ::core::convert::From<::kerosene::Pid> for Ref {
            fn from(pid: ::kerosene::Pid) -> Self {
                Self(pid)
            }
        }
    }
}

/// The method of the reference for one request.
fn method(request: &Request, is_refused: bool) -> TokenStream {
    let site = Span::mixed_site();
    let Request { fn_token, name, variant, visibility, attributes, conditions, .. } = request;
    let names: Vec<&Ident> = request.arguments.iter().map(|argument| &argument.name).collect();
    let types: Vec<&Type> = request.arguments.iter().map(|argument| &argument.ty).collect();
    let head = |output: Option<TokenStream>| {
        quote_spanned! {site=>
            #(#conditions)* #(#attributes)*
            #visibility #fn_token #name(&self, #(#names: #types),*) #output
        }
    };
    let (support, answer, is_in_turn) = match &request.answer {
        Answer::Never => {
            let head = head(None);
            let fields = (!names.is_empty()).then(|| quote_spanned!(site=> (#(#names),*)));
            let cast = quote_spanned! {site=>
                ::kerosene::otp::cast(&self.0, Callback::#variant #fields);
            };
            let cast = (!is_refused).then_some(cast);
            return quote_spanned!(site=> #head { #cast });
        }
        Answer::Returned(ty) | Answer::ReturnedWithNext(ty) => ("call", ty, true),
        Answer::Deferred(ty) | Answer::Spawned(ty) => ("call_with", ty, false),
    };
    // So that the compiler points at an answer that cannot be sent.
    let place = site.located_at(answer.span());
    let head = head(Some(quote_spanned!(place=> -> ::kerosene::otp::Calling<#answer>)));
    if is_refused {
        return quote_spanned!(site=> #head { ::core::unreachable!() });
    }
    let function = Ident::new(support, site);
    let function = if is_in_turn {
        quote_spanned!(site=> ::kerosene::macro_support::#function)
    } else {
        quote_spanned!(site=> ::kerosene::otp::#function)
    };
    let message = if names.is_empty() {
        quote_spanned!(site=> Callback::#variant)
    } else {
        quote_spanned!(site=> |reply_to| Callback::#variant(#(#names,)* reply_to))
    };
    let timeout = request.timeout.map(duration::tokens);
    let timeout = timeout.map(|time| quote_spanned!(site=> .timeout(#time)));
    quote_spanned!(site=> #head { #function(&self.0, #message) #timeout })
}

/// `start`, `start_link`, `start_monitor`, `start_named`.
fn starts(actor: &Actor, is_refused: bool) -> TokenStream {
    let site = Span::mixed_site();
    let starts = [
        Start::new("start", "Starts a `{}` without a link, and waits until it is ready."),
        Start::new(
            "start_link",
            "Starts a `{}` that is linked to the current process, and waits until it is ready.",
        ),
        Start::new(
            "start_monitor",
            "Starts a `{}` that the current process monitors, and waits until it is ready.",
        ),
        Start::new(
            "start_named",
            "Starts a `{}` that has a name from before it is initialised, and is linked to the \
             current process. Waits until it is ready.",
        ),
    ];
    let functions = starts.iter().map(|start| start.function(actor, is_refused));
    let child_spec = child_spec(actor, is_refused);
    quote_spanned!(site=> #(#functions)* #child_spec)
}

/// `child_spec`, for supervisors. The arguments must be `Clone` only if it is called, which is what
/// the `for<'a>` is for: the compiler looks at such a bound when somebody relies on it.
fn child_spec(actor: &Actor, is_refused: bool) -> TokenStream {
    let site = Span::mixed_site();
    let (visibility, names, types) = parameters(actor);
    let (id, state) = (actor.module.unraw().to_string(), &actor.state);
    let summary = format!("How a supervisor starts a `{}`, by the id `{id}`.", actor.state);
    let body = if is_refused {
        quote_spanned!(site=> ::core::unreachable!())
    } else {
        quote_spanned! {site=>
            let caller = ::core::panic::Location::caller();
            ::kerosene::otp::ChildSpec::new(#id, move || {
                let options = ::kerosene::otp::StartOptions::new().label(#id).spawned_at(caller);
                ::kerosene::otp::gen_server::start_link::<#state>(options, (#(#names.clone(),)*))
            })
        }
    };
    let bounds = types
        .iter()
        .map(|ty| quote_spanned!(site=> for<'a> #ty: ::core::clone::Clone + ::core::marker::Sync));
    let bounds = (!types.is_empty()).then(|| quote_spanned!(site=> where #(#bounds),*));
    quote_spanned! {site=>
        #[doc = #summary]
        #[doc = ""]
        #[doc = "It starts the actor with the same arguments each time."]
        #[track_caller]
        #visibility fn child_spec(#(#names: #types),*) -> ::kerosene::otp::ChildSpec #bounds {
            #body
        }
    }
}

struct Start {
    name: &'static str,
    summary: &'static str,
}

impl Start {
    fn new(name: &'static str, summary: &'static str) -> Self {
        Self { name, summary }
    }

    fn function(&self, actor: &Actor, is_refused: bool) -> TokenStream {
        let site = Span::mixed_site();
        let state = &actor.state;
        let name = format_ident!("{}", self.name, span = site);
        let summary = self.summary.replace("{}", &state.to_string());
        let (visibility, names, types) = parameters(actor);
        let (is_named, is_monitor) = (self.name == "start_named", self.name == "start_monitor");
        let name_parameter = is_named
            .then(|| quote_spanned!(site=> name: impl ::core::convert::Into<::kerosene::Name>,));
        let output = if is_monitor {
            quote_spanned!(site=> (Ref, ::kerosene::Monitor))
        } else {
            quote_spanned!(site=> Ref)
        };
        let output = quote_spanned! {site=>
            ::core::result::Result<#output, ::kerosene::otp::StartError>
        };
        let parameters = quote_spanned!(site=> #name_parameter #(#names: #types),*);
        let function = if is_refused {
            quote_spanned! {site=>
                #visibility async fn #name(#parameters) -> #output { ::core::unreachable!() }
            }
        } else {
            let function = if is_named { "start_link" } else { self.name };
            let function = Ident::new(function, site);
            let label = actor.module.unraw().to_string();
            let naming = is_named.then(|| quote_spanned!(site=> .name(name)));
            let map = if is_monitor {
                quote_spanned!(site=> .map(|(pid, monitor)| (Ref(pid), monitor)))
            } else {
                quote_spanned!(site=> .map(Ref))
            };
            // Not an `async fn`, which would not know the line that reports are to name.
            quote_spanned! {site=>
                #[track_caller]
                #visibility fn #name(
                    #parameters
                ) -> impl ::core::future::Future<Output = #output> + ::core::marker::Send {
                    let options = ::kerosene::otp::StartOptions::new().label(#label) #naming;
                    let starting =
                        ::kerosene::otp::gen_server::#function::<#state>(options, (#(#names,)*));
                    async move { starting.await #map }
                }
            }
        };
        quote_spanned! {site=>
            #[doc = #summary]
            #[doc = ""]
            #[doc = "# Errors"]
            #[doc = ""]
            #[doc = "`StartError`, if it did not start. The process is dead then."]
            #function
        }
    }
}

/// Who may start the actor, and with which arguments.
fn parameters(actor: &Actor) -> (Visibility, Vec<&Ident>, Vec<&Type>) {
    let Some(init) = &actor.init else {
        return (syn::parse_quote!(pub), Vec::new(), Vec::new());
    };
    let names = init.arguments.iter().map(|argument| &argument.name).collect();
    let types = init.arguments.iter().map(|argument| &argument.ty).collect();
    (init.visibility.clone(), names, types)
}
