//! What the expansions of `#[supervisor]` call.

use crate::otp::ChildSpec;
use crate::term::Name;

/// The child that a function without `async` makes, under its id.
pub fn child(made: impl IntoChildSpec, id: impl Into<Name>) -> ChildSpec {
    made.into_child_spec().with_id(id)
}

/// What such a function may return.
#[diagnostic::on_unimplemented(
    message = "a child cannot be made of `{Self}`",
    label = "expected the function to return a `ChildSpec`",
    note = "an actor has one, as `counter::child_spec(3)`, and so has a supervisor, as \
            `Supervisor::new(..).child_spec(\"id\")`; what a function of your own starts gets one \
            by `ChildSpec::new(\"id\", || start_link())`",
    note = "a plain process needs none: write `async fn`, and what the process does"
)]
pub trait IntoChildSpec {
    /// The spec.
    fn into_child_spec(self) -> ChildSpec;
}

impl IntoChildSpec for ChildSpec {
    fn into_child_spec(self) -> ChildSpec {
        self
    }
}
