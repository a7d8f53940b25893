//! Values inside exit reasons: shared, printable, comparable.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A value that explains an exit: any type that is `Debug`, `PartialEq`, `Send` and `Sync`.
///
/// One exit may be told to many processes, so the value is shared, not copied.
///
/// ```
/// use kerosene::{ExitReason, Term};
///
/// #[derive(Debug, PartialEq)]
/// struct OutOfPaper { tray: u32 }
///
/// let reason = ExitReason::other(OutOfPaper { tray: 2 });
/// let ExitReason::Other(term) = &reason else { unreachable!() };
/// assert_eq!(term.downcast_ref(), Some(&OutOfPaper { tray: 2 }));
/// assert_eq!(reason, ExitReason::Other(Term::new(OutOfPaper { tray: 2 })));
/// ```
///
/// In Erlang: any term.
#[derive(Clone)]
pub struct Term(Arc<dyn Value>);

trait Value: Any + fmt::Debug + Send + Sync {
    fn equals(&self, other: &dyn Any) -> bool;
}

impl<T: Any + fmt::Debug + PartialEq + Send + Sync> Value for T {
    fn equals(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<T>().is_some_and(|other| self == other)
    }
}

impl Term {
    /// Wraps a value. Text is better wrapped with `from`, which always makes it a `String`.
    pub fn new<T: Any + fmt::Debug + PartialEq + Send + Sync>(value: T) -> Self {
        Self(Arc::new(value))
    }

    /// The value, if it is a `T`. Text is kept as `String`, however it was given.
    pub fn downcast_ref<T: Any>(&self) -> Option<&T> {
        let value: &dyn Any = &*self.0;
        value.downcast_ref()
    }
}

impl From<&str> for Term {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl From<String> for Term {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl PartialEq for Term {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(&*other.0)
    }
}

/// Text as it is, anything else as its `Debug`.
impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let owned = self.downcast_ref::<String>().map(String::as_str);
        match owned.or_else(|| self.downcast_ref::<&str>().copied()) {
            Some(text) => f.write_str(text),
            None => self.0.fmt(f),
        }
    }
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
