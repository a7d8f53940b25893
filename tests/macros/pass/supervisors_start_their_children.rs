//! Each kind of child, and each argument.

use kerosene::otp::{StartError, Stopping};
use kerosene::prelude::*;

struct Started(&'static str);

#[kerosene::supervisor(
    strategy = rest_for_one,
    intensity = 3,
    period = "5s",
    name = "shop",
    auto_shutdown = any_significant
)]
pub mod shop {
    use super::{ChildSpec, Started, Stopping, inner, receive, send, sleep};

    const HOURS: std::time::Duration = std::time::Duration::from_secs(3600);

    #[child]
    async fn plain() {
        send("test", Started("plain"));
        sleep(HOURS).await;
    }

    /// Documented, and with everything that can be said.
    #[child(
        id = "named",
        name = "till",
        restart = transient,
        shutdown = "2s",
        kind = worker,
        significant
    )]
    async fn with_options() -> Result<(), std::fmt::Error> {
        send("test", Started("named"));
        receive! { "close" => Ok(()) }
    }

    #[child(kind = supervisor, shutdown = infinity)]
    fn r#in() -> ChildSpec {
        inner::child_spec()
    }

    #[child(blocking, shutdown = brutal, restart = temporary)]
    fn thread(stopping: &Stopping) {
        while !stopping.is_set() {
            std::thread::yield_now();
        }
    }
}

#[kerosene::supervisor]
mod inner {
    #[child]
    async fn leaf() {
        super::send("test", super::Started("leaf"));
        super::receive! { () => () }
    }
}

#[kerosene::main]
async fn main() -> Result<(), StartError> {
    register("test", pid()).expect("the name is free");
    trap_exit(true);
    let shop = shop::start_link().await?;
    for _ in 0..3 {
        receive! { Started(child) => assert!(["plain", "named", "leaf"].contains(&child)) }
    }
    let children = shop.which_children().await.expect("it runs");
    let ids: Vec<_> = children.iter().map(|child| child.id.as_str()).collect();
    assert_eq!(ids, ["plain", "named", "in", "thread"]);
    assert_eq!(whereis("shop"), Some(shop.pid()));
    assert_eq!(whereis("till"), shop.child("named").await);
    send("till", "close");
    receive! { Exit { pid, reason } if pid == shop.pid() => {
        assert_eq!(reason, ExitReason::Shutdown);
    } }
    let again = shop::supervisor().name("again").start_link().await?;
    again.stop().await;
    Ok(())
}
