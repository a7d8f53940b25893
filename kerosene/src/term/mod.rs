//! Values that travel between processes, and nothing that makes them travel.
//!
//! Everything here is data: it can be made, compared, printed, sent. No type of this layer knows
//! a process, a mailbox or a scheduler. The one piece of state is the node of the running thread
//! ([`node`]), which lets a simulated run print and draw the same values every time.

pub(crate) mod node;

mod alias;
mod destination;
mod exit_reason;
mod into_exit_reason;
mod message;
mod name;
mod pid;
mod process_info;
mod quiet;
mod reference;
mod site;
mod system;
mod term_value;

pub use alias::{Alias, AliasMode};
pub use destination::{Dest, Destination};
pub use exit_reason::{ExitReason, PanicInfo};
pub use into_exit_reason::IntoExitReason;
pub use message::Message;
pub(crate) use message::same;
pub use name::Name;
pub use pid::{ParsePidError, Pid};
pub use process_info::{ProcessInfo, ProcessStatus};
pub(crate) use quiet::quietly;
pub use reference::{Monitor, Reference, Timer};
pub use site::Site;
pub(crate) use site::WaitsAt;
pub use system::{Down, Exit, Timeout};
pub use term_value::Term;
