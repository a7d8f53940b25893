//! What callbacks return: which state comes next, and what is to be done on the way.

use std::fmt;
use std::time::Duration;

use super::timeouts::{Action, Kind};
use crate::otp::{Answer, ReplyTo};
use crate::{ExitReason, Name};

/// What becomes of the state.
#[derive(Debug)]
pub(super) enum Change<S> {
    Keep,
    Repeat,
    To(S),
    Stop(ExitReason),
}

/// What a state machine does with an event: the state that comes next, and actions.
///
/// It begins with one of [`keep`](Self::keep), [`to`](Self::to), [`repeat`](Self::repeat) and
/// [`stop`](Self::stop), and goes on with any number of actions. Whatever the order in which they
/// are written, this is the order in which they happen:
///
/// 1. replies are sent, in their order;
/// 2. if the state changes, [`enter`](super::GenStatem::enter) is called;
/// 3. the event is postponed;
/// 4. if the state has changed, all postponed events are brought back;
/// 5. events are inserted before these, in their order;
/// 6. time-outs are set and cancelled, in their order, those of `enter` last.
///
/// ```
/// use kerosene::otp::gen_statem::Transition;
/// use kerosene::prelude::*;
///
/// #[derive(PartialEq)]
/// enum State {
///     Locked,
///     Open,
/// }
///
/// enum Event {
///     Unlock(ReplyTo<bool>),
///     Lock,
/// }
///
/// fn unlock(reply_to: ReplyTo<bool>) -> Transition<State, Event> {
///     Transition::to(State::Open)
///         .reply(reply_to, true)
///         .state_timeout(Duration::from_secs(10), Event::Lock)
/// }
/// # let _ = (unlock, State::Locked, Event::Unlock, Event::Lock);
/// ```
///
/// In Erlang: `{next_state, State, Data, Actions}` and its relatives, without the data, which stays
/// where it is.
#[must_use]
pub struct Transition<S, E> {
    pub(super) change: Change<S>,
    pub(super) answers: Vec<Answer>,
    pub(super) postponed: Option<E>,
    pub(super) inserted: Vec<E>,
    pub(super) timeouts: Vec<Action<E>>,
}

/// What a state machine does when it has entered a state: nothing, mostly, or time-outs, or it
/// stops.
///
/// In Erlang: what a state enter call returns. What that must not do, change the state, postpone or
/// insert events, cannot be written here.
#[must_use]
pub struct Entered<E> {
    pub(super) stop: Option<ExitReason>,
    pub(super) timeouts: Vec<Action<E>>,
}

impl<S, E> Transition<S, E> {
    fn new(change: Change<S>) -> Self {
        Self {
            change,
            answers: Vec::new(),
            postponed: None,
            inserted: Vec::new(),
            timeouts: Vec::new(),
        }
    }

    /// Keeps the state.
    ///
    /// In Erlang: `keep_state_and_data`, `{keep_state, Data}`.
    pub fn keep() -> Self {
        Self::new(Change::Keep)
    }

    /// Goes to a state. To the one that is there already, by its `PartialEq`, it is the same as
    /// [`keep`](Self::keep).
    ///
    /// In Erlang: `{next_state, State, Data}`.
    pub fn to(state: S) -> Self {
        Self::new(Change::To(state))
    }

    /// Keeps the state, and calls [`enter`](super::GenStatem::enter) as if it had been entered
    /// anew. Neither are postponed events brought back nor time-outs cancelled.
    ///
    /// In Erlang: `repeat_state_and_data`.
    pub fn repeat() -> Self {
        Self::new(Change::Repeat)
    }

    /// Ends the machine, after the replies. Other actions have no effect then; who waits for an
    /// answer that is postponed or in the mailbox hears the reason.
    ///
    /// In Erlang: `{stop, Reason}`, and with replies `{stop_and_reply, Reason, Replies}`.
    pub fn stop(reason: impl Into<ExitReason>) -> Self {
        Self::new(Change::Stop(reason.into()))
    }

    /// Answers a request. The answer is given before the next state is entered, and before a
    /// machine that stops terminates.
    ///
    /// In Erlang: the action `{reply, From, Reply}`.
    pub fn reply<T: Send + 'static>(mut self, reply_to: ReplyTo<T>, answer: T) -> Self {
        self.answers.push(reply_to.prepare(answer));
        self
    }

    /// Puts the event back, to be handled again when the state has changed.
    ///
    /// It is the event that is being handled which one gives back. Postponed events come back in
    /// the order in which they were postponed, before any that have not been received yet.
    ///
    /// In Erlang: the action `postpone`.
    pub fn postpone(mut self, event: E) -> Self {
        self.postponed = Some(event);
        self
    }

    /// Inserts an event, to be handled next: before postponed ones and before any that have not
    /// been received yet. Several are handled in the order in which they were inserted.
    ///
    /// In Erlang: the action `{next_event, internal, Event}`.
    pub fn next_event(mut self, event: E) -> Self {
        self.inserted.push(event);
        self
    }
}

impl<E> Entered<E> {
    /// Nothing is to be done.
    ///
    /// In Erlang: `keep_state_and_data`.
    pub fn new() -> Self {
        Self { stop: None, timeouts: Vec::new() }
    }

    /// Ends the machine.
    ///
    /// In Erlang: `{stop, Reason}`.
    pub fn stop(reason: impl Into<ExitReason>) -> Self {
        Self { stop: Some(reason.into()), timeouts: Vec::new() }
    }
}

impl<E> Default for Entered<E> {
    fn default() -> Self {
        Self::new()
    }
}

/// The actions that both may have.
macro_rules! timeout_actions {
    ($($generics:ident),* => $type:ty) => {
        impl<$($generics),*> $type {
            /// Brings an event after a time in this state, unless the state has changed by then.
            ///
            /// Set again, it replaces the one before; with [`Duration::MAX`] it is cancelled. With
            /// [`Duration::ZERO`] the event comes before any that has not been received yet, but
            /// after those that are inserted or were postponed.
            ///
            /// In Erlang: the action `{state_timeout, Time, Content}`.
            pub fn state_timeout(self, after: Duration, event: E) -> Self {
                self.about_timeout(Action::Set(Kind::State, after, event))
            }

            /// Brings an event after a time in which there was no other.
            ///
            /// In Erlang: the action `{timeout, Time, Content}`.
            pub fn event_timeout(self, after: Duration, event: E) -> Self {
                self.about_timeout(Action::Set(Kind::Event, after, event))
            }

            /// Brings an event after a time, whatever happens meanwhile. There may be any number,
            /// of different names; set again under the same name, it replaces the one before.
            ///
            /// In Erlang: the action `{{timeout, Name}, Time, Content}`.
            pub fn timeout(self, name: impl Into<Name>, after: Duration, event: E) -> Self {
                self.about_timeout(Action::Set(Kind::Named(name.into()), after, event))
            }

            /// Changes the event that the time-out of the state will bring, and not the time. If
            /// there is none, the event comes at once, as after [`Duration::ZERO`].
            ///
            /// In Erlang: the action `{state_timeout, update, Content}`.
            pub fn update_state_timeout(self, event: E) -> Self {
                self.about_timeout(Action::Update(Kind::State, event))
            }

            /// Changes the event that a named time-out will bring, and not the time. If there is
            /// none, the event comes at once, as after [`Duration::ZERO`].
            ///
            /// In Erlang: the action `{{timeout, Name}, update, Content}`.
            pub fn update_timeout(self, name: impl Into<Name>, event: E) -> Self {
                self.about_timeout(Action::Update(Kind::Named(name.into()), event))
            }

            /// Cancels the time-out of the state. Its event does not come, even if the time is
            /// over.
            ///
            /// In Erlang: the action `{state_timeout, cancel}`.
            pub fn cancel_state_timeout(self) -> Self {
                self.about_timeout(Action::Cancel(Kind::State))
            }

            /// Cancels a named time-out. Its event does not come, even if the time is over.
            ///
            /// In Erlang: the action `{{timeout, Name}, cancel}`.
            pub fn cancel_timeout(self, name: impl Into<Name>) -> Self {
                self.about_timeout(Action::Cancel(Kind::Named(name.into())))
            }

            fn about_timeout(mut self, action: Action<E>) -> Self {
                self.timeouts.push(action);
                self
            }
        }
    };
}

timeout_actions!(S, E => Transition<S, E>);
timeout_actions!(E => Entered<E>);

impl<S: fmt::Debug, E> fmt::Debug for Transition<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transition").field("change", &self.change).finish_non_exhaustive()
    }
}

impl<E> fmt::Debug for Entered<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entered").field("stop", &self.stop).finish_non_exhaustive()
    }
}
