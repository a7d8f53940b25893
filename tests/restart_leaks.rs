//! Restarts leave nothing behind: no process, no name, no memory. A file of its own, because it
//! looks at the memory of the whole program.

use std::alloc::System;
use std::error::Error;

use kerosene::otp::{self, StartOptions};
use kerosene::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How often each child is restarted.
const CYCLES: usize = 10_000;

/// What may be there more after all those cycles than after the first hundred: far less than one
/// allocation for each.
const GROWTH_MAX: usize = CYCLES * 16;

fn allocated() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

/// The process that has this name, as soon as there is one.
async fn found(name: &str) -> Pid {
    loop {
        match whereis(name) {
            Some(pid) => return pid,
            None => yield_now().await,
        }
    }
}

/// Ends the child that has this name, again and again.
async fn crash(name: &str, cycles: usize) {
    for cycle in 0..cycles {
        if cycle % 50 == 0 {
            // The window of restarts moves on.
            sleep(Duration::from_millis(10)).await;
        }
        let child = found(name).await;
        let watch = monitor(child);
        send(child, "crash");
        receive! { Down { monitor, .. } if monitor == watch => () }
    }
}

async fn crashes() -> ExitReason {
    receive! { "crash" => ExitReason::NoProc }
}

async fn started() -> Result<Pid, otp::StartError> {
    let options = StartOptions::new().name("started");
    otp::start_link(options, |starting| {
        starting.ready();
        crashes()
    })
    .await
}

#[kerosene::test]
async fn ten_thousand_restarts_leak_nothing() -> Result<(), Box<dyn Error + Send + Sync>> {
    tracing::subscriber::set_global_default(tracing::subscriber::NoSubscriber::new())?;
    let intensity = (u32::MAX, Duration::from_millis(5));
    let supervisor = Supervisor::new(Strategy::OneForAll)
        .intensity(intensity.0, intensity.1)
        .child(ChildSpec::process("plain", crashes).name("plain"))
        .child(ChildSpec::new("started", started))
        .start_link()
        .await?;
    let dynamic = DynamicSupervisor::new().intensity(intensity.0, intensity.1).start_link().await?;
    dynamic.start_child(ChildSpec::process("dynamic", crashes).name("dynamic")).await?;
    let names = ["plain", "started", "dynamic"];
    for name in names {
        crash(name, 100).await;
    }
    sleep(Duration::from_secs(1)).await;
    let before = (process_count(), allocated());
    for name in names {
        crash(name, CYCLES).await;
    }
    sleep(Duration::from_secs(1)).await;
    assert_eq!(process_count(), before.0);
    let growth = allocated().saturating_sub(before.1);
    assert!(growth < GROWTH_MAX, "{growth} bytes more");
    supervisor.stop().await;
    dynamic.stop().await;
    assert_eq!(process_count(), 1);
    Ok(())
}
