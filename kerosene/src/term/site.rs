//! Where a process waits: kept as addresses of constants, and made into text only when asked for.

use std::fmt;
use std::panic::Location;

/// A `receive!` in the source: where it is, and what its arms ask for.
#[derive(Debug)]
pub struct Site {
    file: &'static str,
    line: u32,
    column: u32,
    arms: &'static str,
}

impl Site {
    /// Made by the expansion of `receive!`.
    pub const fn new(file: &'static str, line: u32, column: u32, arms: &'static str) -> Self {
        Self { file, line, column, arms }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}, receive! {{ {} }}", self.file, self.line, self.column, self.arms)
    }
}

/// What a process was last seen waiting for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum WaitsAt {
    /// Nothing of ours: it has not waited yet, or awaits something foreign.
    #[default]
    Elsewhere,
    Receive(&'static Site),
    Sleep(&'static Location<'static>),
}

impl WaitsAt {
    /// For people to read.
    pub(crate) fn text(self) -> Option<String> {
        match self {
            Self::Elsewhere => None,
            Self::Receive(site) => Some(site.to_string()),
            Self::Sleep(at) => Some(format!("{at}, sleep")),
        }
    }
}
