//! What servers say through `tracing`: messages they do not know, and, when asked to, those they
//! handle.

use kerosene::otp::{StartError, sys};
use kerosene::prelude::*;

use crate::reporter;

fn install_reporter() {
    reporter::install(&["kerosene::unknown_message", "kerosene::sys"]);
}

/// Takes the reports about messages whose type has this name at its end.
fn messages_reported(target: &str, type_name: &str) -> usize {
    reporter::take(|it| it["target"] == target && it["message"].ends_with(type_name)).len()
}

#[kerosene::actor]
mod puzzled {
    pub(crate) struct Riddle;
    pub(crate) struct Puzzle;

    #[derive(Default)]
    pub(crate) struct Puzzled;

    impl Puzzled {
        #[call]
        pub(crate) fn ping(&self, _: u64) {}

        #[info]
        fn puzzle(&mut self, Puzzle: Puzzle) {}
    }
}

use puzzled::{Puzzle, Riddle};

#[kerosene::test]
async fn what_no_callback_takes_is_reported_once_for_its_type() -> Result<(), StartError> {
    install_reporter();
    for _ in 0..2 {
        let puzzled = puzzled::start_link().await?;
        for _ in 0..3 {
            send(puzzled, Riddle);
            send(puzzled, Puzzle);
        }
        assert_eq!(puzzled.ping(1).await, Ok(()));
    }
    assert_eq!(messages_reported("kerosene::unknown_message", "Riddle"), 1);
    assert_eq!(messages_reported("kerosene::unknown_message", "Puzzle"), 0);
    Ok(())
}

#[kerosene::test]
async fn a_server_that_is_traced_reports_each_message() -> Result<(), CallError> {
    install_reporter();
    let puzzled = puzzled::start_link().await.expect("it starts");
    puzzled.ping(1).await?;
    sys::trace(puzzled, true).await?;
    puzzled.ping(2).await?;
    puzzled.ping(3).await?;
    sys::trace(puzzled, false).await?;
    puzzled.ping(4).await?;
    assert_eq!(messages_reported("kerosene::sys", "puzzled::Callback"), 2);
    Ok(())
}
