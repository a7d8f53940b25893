//! A type parameter in a type, a pattern or a guard.
#![deny(warnings)]

use std::any::Any;
use std::fmt::Debug;

use kerosene::prelude::*;

struct Wrapped<T> {
    value: T,
}

async fn take<T: Any + Send>() -> Option<T> {
    receive! {
        value: T => Some(value),
        after Duration::ZERO => None,
    }
}

async fn unwrap<T>(expected: &T) -> T
where
    T: Any + Send + Sync + PartialEq + Debug,
{
    receive! { Wrapped::<T> { value } if value == *expected => value }
}

struct Server<const N: usize> {
    length: usize,
}

impl<const N: usize> Server<N> {
    async fn fill(&mut self) -> [u8; N] {
        receive! {
            bytes: [u8; N] if self.length < N => {
                self.length += bytes.len();
                bytes
            }
        }
    }
}

#[kerosene::main]
async fn main() {
    send(pid(), "text");
    send(pid(), Wrapped { value: 1_u8 });
    send(pid(), Wrapped { value: 2_u8 });
    assert_eq!(take::<u64>().await, None);
    assert_eq!(take::<&str>().await, Some("text"));
    assert_eq!(unwrap(&2_u8).await, 2);

    send(pid(), [1_u8, 2, 3]);
    let mut server = Server::<3> { length: 0 };
    assert_eq!(server.fill().await, [1, 2, 3]);
    assert_eq!(server.length, 3);
}
