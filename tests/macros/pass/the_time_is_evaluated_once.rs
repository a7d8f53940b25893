//! `after` takes any expression, evaluates it once, and outside all closures.
#![deny(warnings)]

use std::time::Instant;

use kerosene::prelude::*;

struct Never;

async fn pause(evaluated: &mut u32) -> Result<Duration, String> {
    *evaluated += 1;
    std::future::ready(Ok(Duration::from_millis(20))).await
}

async fn wait(evaluated: &mut u32) -> Result<&'static str, String> {
    let text = receive! {
        Never => "never",
        after pause(evaluated).await? => "late",
    };
    Ok(text)
}

#[kerosene::main]
async fn main() -> Result<(), String> {
    let (start, mut evaluated) = (Instant::now(), 0);
    send(pid(), 1_u64);
    assert_eq!(wait(&mut evaluated).await?, "late");
    assert!(start.elapsed() >= Duration::from_millis(20));
    assert_eq!(evaluated, 1);

    send(pid(), Never);
    assert_eq!(wait(&mut evaluated).await?, "never");
    assert_eq!(evaluated, 2);
    Ok(())
}
