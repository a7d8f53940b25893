//! What a process body may return, and which exit reason it becomes.

use std::error::Error;

use super::ExitReason;

/// The output of a process body, as the reason the process ends with.
///
/// | output | reason |
/// |---|---|
/// | `()` | [`Normal`](ExitReason::Normal) |
/// | [`ExitReason`] | itself |
/// | `Ok(output)` | the output's |
/// | `Err(error)` | [`Error`](ExitReason::Error), which keeps the error |
/// | `!` | never |
///
/// ```
/// use kerosene::{ExitReason, IntoExitReason};
///
/// let failed: Result<(), _> = "x".parse::<u8>().map(drop);
/// assert_eq!(failed.into_exit_reason().to_string(), "error: invalid digit found in string");
/// assert_eq!(().into_exit_reason(), ExitReason::Normal);
/// ```
///
/// The error may be anything that converts into `Box<dyn Error + Send + Sync>`, text too.
///
/// In Erlang a body that returns ends with `normal`, whatever it returns; failing is `exit/1` or a
/// crash. Here a returned `Err` is a failure, as Rust programs mean it.
#[diagnostic::on_unimplemented(
    message = "a process body cannot end with `{Self}`",
    label = "expected the body to return `()`, `Result<(), E>` or an `ExitReason`",
    note = "end the body with `;`, or send the value to whoever wants it"
)]
pub trait IntoExitReason {
    /// The reason.
    fn into_exit_reason(self) -> ExitReason;
}

impl IntoExitReason for () {
    #[inline]
    fn into_exit_reason(self) -> ExitReason {
        ExitReason::Normal
    }
}

impl IntoExitReason for ExitReason {
    fn into_exit_reason(self) -> ExitReason {
        self
    }
}

impl<T: IntoExitReason, E: Into<Box<dyn Error + Send + Sync>>> IntoExitReason for Result<T, E> {
    fn into_exit_reason(self) -> ExitReason {
        match self {
            Ok(output) => output.into_exit_reason(),
            Err(error) => ExitReason::error(error),
        }
    }
}

/// Names the type `!`, which cannot be written on a stable compiler: a body that is one endless
/// loop has it as its output.
trait Returned {
    type Output;
}

impl<R> Returned for fn() -> R {
    type Output = R;
}

#[diagnostic::do_not_recommend]
#[expect(private_interfaces, reason = "the trait only spells the type `!`")]
impl IntoExitReason for <fn() -> ! as Returned>::Output {
    fn into_exit_reason(self) -> ExitReason {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoExitReason for std::convert::Infallible {
    fn into_exit_reason(self) -> ExitReason {
        match self {}
    }
}
