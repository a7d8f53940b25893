//! Many requests at once: gathered with labels, under a common deadline, or sent to many servers.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::{CallError, Pending, Request, send_request};
use crate::{Destination, Sleep, sleep};

/// Requests that have been sent, each with a label by which its answer is known.
///
/// Answers are taken in the order in which they come. What is in it is looked through at each
/// wake-up, so it is made for hundreds, not for hundred thousands. Dropped, it gives up what has
/// not been answered.
///
/// ```
/// use kerosene::prelude::*;
/// use kerosene::otp::{Requests, send_request};
///
/// struct Price;
///
/// impl Request for Price {
///     type Reply = u64;
/// }
///
/// kerosene::run(async {
///     let shop = |price: u64, delay| spawn(async move {
///         receive! { Call { request: Price, reply_to } => {
///             sleep(Duration::from_millis(delay)).await;
///             reply_to.reply(price);
///         } }
///     });
///     let mut requests = Requests::new();
///     requests.add("slow", send_request(shop(3, 20), Price));
///     requests.add("fast", send_request(shop(5, 1), Price));
///     requests.within(Duration::from_millis(10));
///     assert_eq!(requests.next().await, Some(("fast", Ok(5))));
///     assert_eq!(requests.next().await, Some(("slow", Err(CallError::Timeout))));
///     assert_eq!(requests.next().await, None);
/// });
/// ```
///
/// In Erlang: the request id collections of `gen_server`.
pub struct Requests<L, T> {
    pending: VecDeque<(L, Pending<T>)>,
    deadline: Option<Sleep>,
    /// The deadline has passed.
    is_over: bool,
}

impl<L, T: Send + 'static> Requests<L, T> {
    /// None yet, and no deadline.
    #[must_use]
    pub fn new() -> Self {
        Self { pending: VecDeque::new(), deadline: None, is_over: false }
    }

    /// Adds a request.
    pub fn add(&mut self, label: L, request: Pending<T>) {
        self.pending.push_back((label, request));
    }

    /// Sets a common deadline, counted from now: requests that are not answered then have failed
    /// with [`CallError::Timeout`]. Set again, it replaces the one before.
    pub fn within(&mut self, timeout: Duration) {
        self.deadline = Some(sleep(timeout));
        self.is_over = false;
    }

    /// How many have not been taken out.
    pub fn len(&self) -> usize {
        self.pending.len()
    }

    /// Whether there are none left.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Waits for the next answer, or failure, and takes its request out. `None` when there is none
    /// left.
    ///
    /// It is cancel-safe: dropped while it waits, it has taken nothing out.
    ///
    /// In Erlang: `gen_server:receive_response/3`, where none left is `no_request`.
    pub async fn next(&mut self) -> Option<(L, Result<T, CallError>)> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<(L, Result<T, CallError>)>> {
        for index in 0..self.pending.len() {
            let outcome = Pin::new(&mut self.pending[index].1).poll(cx);
            if let Poll::Ready(outcome) = outcome {
                let taken = self.pending.remove(index);
                return Poll::Ready(taken.map(|(label, _)| (label, outcome)));
            }
        }
        if let Some(deadline) = &mut self.deadline
            && !self.is_over
        {
            self.is_over = Pin::new(deadline).poll(cx).is_ready();
        }
        if self.pending.is_empty() || self.is_over {
            let late = self.pending.pop_front();
            return Poll::Ready(late.map(|(label, mut request)| (label, request.give_up())));
        }
        Poll::Pending
    }
}

impl<L, T: Send + 'static> Default for Requests<L, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: fmt::Debug, T> fmt::Debug for Requests<L, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.pending.iter().map(|(label, _)| label)).finish()
    }
}

/// Asks many processes the same at once, and waits for all answers, but no longer than `timeout`.
///
/// The results come in the order of the destinations, each with its own: those that failed or were
/// too late keep nobody from the answers of the others.
///
/// ```
/// use kerosene::prelude::*;
/// use kerosene::otp::multi_call;
///
/// #[derive(Clone)]
/// struct Ping;
///
/// impl Request for Ping {
///     type Reply = &'static str;
/// }
///
/// kerosene::run(async {
///     let server = spawn(async {
///         receive! { Call { request: Ping, reply_to } => reply_to.reply("pong") }
///     });
///     register("server", server)?;
///     let results = multi_call(["server", "nobody"], Ping, Duration::from_secs(1)).await;
///     assert_eq!(results, [
///         ("server", Ok("pong")),
///         ("nobody", Err(CallError::NoProc)),
///     ]);
///     Ok::<(), RegisterError>(())
/// });
/// ```
///
/// In Erlang: `gen_server:multi_call/4`, which asks the processes of one name on many nodes.
pub async fn multi_call<D, R>(
    dests: impl IntoIterator<Item = D>,
    request: R,
    timeout: Duration,
) -> Vec<(D, Result<R::Reply, CallError>)>
where
    D: Destination,
    R: Request + Clone,
{
    let mut requests = Requests::new();
    let mut results: Vec<(D, Option<_>)> = Vec::new();
    for (index, dest) in dests.into_iter().enumerate() {
        requests.add(index, send_request(&dest, request.clone()));
        results.push((dest, None));
    }
    requests.within(timeout);
    while let Some((index, result)) = requests.next().await {
        results[index].1 = Some(result);
    }
    let settled = |result: Option<_>| result.unwrap_or(Err(CallError::Timeout));
    results.into_iter().map(|(dest, result)| (dest, settled(result))).collect()
}
