//! What the macros write gives no lint anything to say. Clippy reads this file as a module of the
//! test that runs it.
#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(unused, unreachable_code, unused_qualifications, unreachable_pub, missing_docs)]

use kerosene::prelude::*;

struct Ping(u64);
struct Pong;
struct Large {
    _payload: [u64; 64],
    tag: u8,
}
enum Shape {
    Circle(u64),
    Square(u64),
}

#[kerosene::supervisor(strategy = one_for_all, intensity = 3, period = "5s")]
mod shop {
    use kerosene::otp::Stopping;
    use kerosene::prelude::*;

    #[child(restart = transient, name = "till")]
    async fn till(rate: u64, currency: String) {
        receive! { "close" => assert!(rate > 0 && !currency.is_empty()) }
    }

    #[child(kind = supervisor)]
    fn customers(currency: String) -> ChildSpec {
        DynamicSupervisor::new().child_spec(currency)
    }

    #[child(blocking, shutdown = brutal)]
    fn radio(stopping: &Stopping, volume: u8) {
        assert!(volume > 0 && !stopping.is_set());
    }
}

async fn single() {
    receive! { Pong => {} }
}

async fn equal_bodies() -> u64 {
    receive! {
        Ping(n) => n,
        Shape::Circle(n) => n,
        Shape::Square(n) => n,
        n: u64 => n,
        Pong => 0,
        () => 0,
    }
}

async fn used_in_the_guard_only() -> bool {
    receive! {
        Ping(n) if n > 3 => true,
        Ping(_n) => false,
        Large { tag, .. } if tag == 1 => true,
        Large { tag: _, .. } => false,
        text: String if format!("{text}!").len() == 2 => true,
        other if other.is::<u8>() => true,
        _ => false,
    }
}

async fn side_effects(log: &mut Vec<u64>) {
    receive! {
        Ping(mut n) => {
            n += 1;
            log.push(n);
        }
        n @ 1..=9: u64 => log.push(n),
        after Duration::ZERO => log.push(0),
    }
}

async fn leaving() -> Option<u64> {
    loop {
        let n = receive! {
            Ping(n) => n.checked_sub(1)?,
            Pong => break,
            after Duration::ZERO => continue,
        };
        if n == 0 {
            return Some(n);
        }
    }
    None
}

/// The program.
#[kerosene::main]
pub async fn main() {
    send(pid(), Pong);
    single().await;
    send(pid(), Ping(3));
    assert_eq!(equal_bodies().await, 3);
    send(pid(), Shape::Circle(4));
    send(pid(), Shape::Square(5));
    assert_eq!(equal_bodies().await + equal_bodies().await, 9);
    send(pid(), Large { _payload: [0; 64], tag: 1 });
    assert!(used_in_the_guard_only().await);
    let mut log = Vec::new();
    send(pid(), Ping(1));
    send(pid(), 7_u64);
    for _ in 0..3 {
        side_effects(&mut log).await;
    }
    assert_eq!(log, [2, 7, 0]);
    send(pid(), Ping(1));
    assert_eq!(leaving().await, Some(0));
    let shop = shop::start_link(2, "crowns".to_owned(), 11).await.expect("its children start");
    shop.stop().await;
}
