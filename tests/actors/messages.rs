//! `#[info]` and `#[continue_with]`: which method a message goes to.

use kerosene::prelude::*;

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

#[kerosene::actor]
mod sorter {
    use kerosene::prelude::*;

    pub(crate) enum Shape {
        Circle(u64),
        Square { side: u64 },
        Empty,
    }

    #[derive(Default)]
    pub(crate) struct Sorter {
        pub(crate) seen: Vec<String>,
    }

    impl Sorter {
        #[call]
        pub(crate) fn seen(&mut self) -> Vec<String> {
            std::mem::take(&mut self.seen)
        }

        #[info]
        fn circle(&mut self, Shape::Circle(r): Shape) {
            self.seen.push(format!("circle {r}"));
        }

        #[info(if side > 10)]
        async fn large(&mut self, Shape::Square { side }: Shape) {
            self.seen.push(format!("large square {side}"));
        }

        #[info]
        fn shape(&mut self, shape: Shape) {
            let text = match shape {
                Shape::Square { side } => format!("square {side}"),
                Shape::Circle(_) | Shape::Empty => "another shape".to_owned(),
            };
            self.seen.push(text);
        }

        #[info]
        fn small(&mut self, n @ 1..=9: u64) {
            self.seen.push(format!("small {n}"));
        }

        #[info(if text.starts_with('!'))]
        fn command(&mut self, mut text: String) {
            text.remove(0);
            self.seen.push(format!("command {text}"));
        }

        #[info]
        fn hello(&mut self, "hello": &'static str) {
            self.seen.push("hello".to_owned());
        }

        #[info]
        fn down(&mut self, Down { reason, .. }: Down) {
            self.seen.push(format!("down {reason}"));
        }

        #[info]
        fn other(&mut self, message: Message) -> Next {
            if message.is::<()>() {
                return Next::continue_with(3_u8);
            }
            self.seen.push(format!("other {}", message.type_name()));
            Next::Continue
        }

        #[continue_with]
        fn count_down(&mut self, n: u8) -> Next {
            self.seen.push(format!("{n}"));
            if n == 0 { Next::Continue } else { Next::continue_with(n - 1) }
        }
    }
}

use sorter::Shape;

#[kerosene::test]
async fn info_methods_are_tried_from_top_to_bottom() -> Outcome {
    let sorter = sorter::start_link().await?;
    send(sorter, Shape::Circle(3));
    send(sorter, Shape::Square { side: 11 });
    send(sorter, Shape::Square { side: 10 });
    send(sorter, Shape::Empty);
    send(sorter, 5_u64);
    send(sorter, 10_u64);
    send(sorter, "!go".to_owned());
    send(sorter, "go".to_owned());
    send(sorter, "hello");
    send(sorter, "bye");
    assert_eq!(
        sorter.seen().await?,
        [
            "circle 3",
            "large square 11",
            "square 10",
            "another shape",
            "small 5",
            "other u64",
            "command go",
            "other alloc::string::String",
            "hello",
            "other &str",
        ]
    );
    Ok(())
}

#[kerosene::test]
async fn a_continue_runs_before_the_next_message_and_chains() -> Outcome {
    let sorter = sorter::start_link().await?;
    send(sorter, ());
    send(sorter, 1_u64);
    assert_eq!(sorter.seen().await?, ["3", "2", "1", "0", "small 1"]);
    Ok(())
}

/// No `#[info]` at all: whatever comes is dropped, and the actor goes on.
#[kerosene::actor]
mod deaf {
    #[derive(Default)]
    pub(crate) struct Deaf;

    impl Deaf {
        #[call]
        pub(crate) fn ping(&self) -> &'static str {
            "pong"
        }
    }
}

#[kerosene::test]
async fn what_no_callback_takes_is_dropped() -> Outcome {
    let deaf = deaf::start_link().await?;
    for n in 0..10 {
        send(deaf, n);
        send(deaf, "text");
    }
    assert_eq!(deaf.ping().await?, "pong");
    let info = process_info(deaf.pid()).await.expect("alive");
    assert_eq!(info.mailbox_len, 0);
    Ok(())
}
