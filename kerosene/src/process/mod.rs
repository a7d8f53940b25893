//! One process: its slot in the table, its state, its run, its end.
//!
//! Read in this order: [`slot`] (what a process consists of, and who may touch what), [`state`]
//! (when it runs), [`table`] (how a pid finds its slot), [`deliver`] (the single door through which
//! signals come in), [`reception`] (what they do when they are received), [`run`] (one turn of a
//! process) and [`terminate`] (its end, in numbered steps).
//!
//! The layer knows the scheduler only as [`Schedule`], the one seam upward.

mod atomic_slot;
mod body;
mod cells;
mod current;
mod deliver;
#[cfg(all(test, kerosene_loom))]
mod loom_tests;
mod own;
mod reception;
mod registry;
mod report;
mod run;
mod schedule;
mod slot;
mod state;
mod table;
mod terminate;
mod waker;

pub(crate) use atomic_slot::AtomicSlot;
pub(crate) use body::{Birth, Moment};
pub(crate) use current::{
    Current, are_children_below, current, current_pid, on_behalf_of, set_simulated, slice_is_spent,
    slice_is_used_up, spend, spend_slice, suppressed,
};
pub(crate) use deliver::{
    deliver, has_ended, send_exit, send_message, send_to, send_value, try_send,
};
pub(crate) use own::{EndedBy, Entry, Own};
pub(crate) use reception::{Errands, info, receive_signals, register_inner_waker};
pub use registry::{RegisterError, UnregisterError};
pub(crate) use report::install_panic_hook;
pub(crate) use run::{ExitRequest, Ran, panic_info, run};
pub(crate) use schedule::{Schedule, Scheduled, TimerKey, TimersAt};
pub(crate) use slot::{Shared, Slot, Spawn};
pub(crate) use table::{Simulation, Table, slot_of, table_here};
pub(crate) use waker::is_woken_as_whole;
