//! What `#[actor]` writes is clean under the pedantic lints, whatever the callbacks look like. This
//! file is also a module of the tests, so that clippy reads it.

#![deny(warnings)]

use kerosene::prelude::*;

/// Everything an actor may have.
#[kerosene::actor]
pub(crate) mod everything {
    use kerosene::prelude::*;

    /// A message.
    #[derive(Debug)]
    pub(crate) enum Shape {
        /// Round.
        Circle(u64),
        /// Not round.
        Square,
    }

    /// The state.
    #[derive(Debug, Clone)]
    pub(crate) struct Everything {
        count: u64,
        last: Option<String>,
    }

    impl Everything {
        /// Makes it.
        ///
        /// # Errors
        ///
        /// With too large a number.
        #[init]
        pub(crate) fn new(count: u64) -> Result<(Self, Next), &'static str> {
            if count > 100 {
                return Err("too many");
            }
            Ok((Self { count, last: None }, Next::continue_with("first")))
        }

        /// Adds.
        #[call]
        pub(crate) fn add(&mut self, by: u64) -> u64 {
            self.count += by;
            self.count
        }

        /// Nothing in, nothing out.
        #[call]
        pub(crate) fn nothing(&self) {}

        /// Waits.
        #[call(timeout = "1s")]
        pub(crate) async fn wait(&mut self) -> Option<String> {
            yield_now().await;
            self.last.clone()
        }

        /// Answers later.
        #[call]
        pub(crate) fn later(&mut self, reply_to: ReplyTo<u64>) {
            reply_to.reply(self.count);
        }

        /// Answers and stops.
        #[call]
        pub(crate) fn last(&mut self) -> (u64, Next) {
            (self.count, Next::Stop(ExitReason::Normal))
        }

        /// In a process of its own.
        #[call(spawn)]
        pub(crate) async fn beside(&self, n: u64) -> u64 {
            sleep(Duration::ZERO).await;
            self.count + n
        }

        /// In a process of its own, without the state.
        #[call(spawn)]
        pub(crate) fn apart(a: u64, b: u64) -> u64 {
            a + b
        }

        /// Sets back.
        #[cast]
        pub(crate) fn reset(&mut self) {
            self.count = 0;
        }

        /// May fail.
        ///
        /// # Errors
        ///
        /// If it is empty.
        #[cast]
        pub(crate) async fn remember(&mut self, text: String) -> Result<Next, String> {
            yield_now().await;
            if text.is_empty() {
                return Err(text);
            }
            self.last = Some(text);
            Ok(Next::Continue)
        }

        #[info]
        fn circle(&mut self, Shape::Circle(r): Shape) {
            self.count += r;
        }

        #[info(if n > 3)]
        async fn number(&mut self, n: u32) -> Next {
            self.count += u64::from(n);
            yield_now().await;
            Next::Continue
        }

        #[info]
        fn shape(&mut self, shape: Shape) {
            self.last = Some(format!("{shape:?}"));
        }

        #[info]
        fn other(&mut self, message: Message) {
            self.last = Some(message.type_name().to_owned());
        }

        #[continue_with]
        fn begin(&mut self, what: &'static str) {
            self.last = Some(what.to_owned());
        }

        #[terminate]
        fn end(self, reason: &ExitReason) {
            assert!(!reason.is_abnormal(), "{:?}", self.last);
        }
    }
}

/// Runs it.
///
/// # Errors
///
/// If something does not work.
#[kerosene::main]
pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let actor = everything::start_link(1).await?;
    assert_eq!(actor.wait().await?.as_deref(), Some("first"));
    assert_eq!(actor.add(2).await?, 3);
    actor.nothing().await?;
    assert_eq!(actor.later().await?, 3);
    assert_eq!(actor.beside(4).await?, 7);
    assert_eq!(actor.apart(4, 5).await?, 9);
    actor.remember("text".to_owned());
    assert_eq!(actor.wait().await?.as_deref(), Some("text"));
    send(actor, everything::Shape::Square);
    assert_eq!(actor.wait().await?.as_deref(), Some("Square"));
    send(actor, 3_u32);
    assert_eq!(actor.wait().await?.as_deref(), Some("u32"));
    actor.reset();
    send(actor, everything::Shape::Circle(5));
    send(actor, 4_u32);
    assert_eq!(actor.last().await?, 9);
    Ok(())
}
