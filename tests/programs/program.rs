//! Whole programs under `#[kerosene::main]`, run by `tests/shutdown`, which looks at their exit
//! codes and at what they print. The first argument says which.

use std::convert::Infallible;
use std::env;
use std::hint::spin_loop;
use std::io;
use std::process::ExitCode;
use std::thread;

use kerosene::otp::{self, Application, StartOptions};
use kerosene::prelude::*;
use kerosene::stop;

fn main() -> ExitCode {
    let name = env::args().nth(1).expect("the name of a program");
    match name.as_str() {
        "returns" => returns(),
        "fails" => fails(),
        "panics" => panics(),
        "exits" => exits(),
        "shuts-down" => shuts_down(),
        "gives-up" => gives_up(),
        "gives-up-stubbornly" => gives_up_stubbornly(),
        "stops" => stops(),
        "waits" => waits(),
        "is-stubborn" => is_stubborn(),
        "hears-nothing" => hears_nothing(),
        "computes" => computes(),
        "blocks" => blocks(),
        "is-an-application" => is_an_application(),
        "is-a-tree" => is_a_tree(),
        "loses-an-application" => loses_an_application(),
        _ => panic!("no program {name:?}"),
    }
}

#[kerosene::main]
async fn returns() {}

#[kerosene::main]
async fn fails() -> io::Result<()> {
    Err(io::Error::other("the disk is gone"))
}

#[kerosene::main]
async fn panics() {
    panic!("the roof is on fire");
}

#[kerosene::main]
async fn exits() {
    exit("a reason of my own");
}

#[kerosene::main(worker_threads = 1, name = "quiet")]
async fn shuts_down() {
    exit(ExitReason::Shutdown);
}

/// Ends by the link to a supervisor that restarts in vain.
#[kerosene::main]
async fn gives_up() -> Result<(), otp::StartError> {
    let broken = ChildSpec::process("broken", || async { Err::<(), _>("it never works") });
    let tree = Supervisor::new(Strategy::OneForOne).intensity(0, Duration::from_secs(1));
    tree.child(broken).start_link().await?;
    sleep(Duration::MAX).await;
    Ok(())
}

/// The same, with a process that does not stop.
#[kerosene::main(stop_deadline = "50ms")]
async fn gives_up_stubbornly() {
    spawn_opt(SpawnOptions::new().trap_exit(), go_on_for_ever());
    yield_now().await;
    spawn_link(async { exit(ExitReason::Shutdown) });
    sleep(Duration::MAX).await;
}

#[kerosene::main]
async fn stops() {
    trap_exit(true);
    stop();
    receive! { Exit { reason, .. } => println!("{reason}") }
}

/// Waits for ever; a second process says what it hears, and takes its time.
#[kerosene::main(worker_threads = 2, stop_deadline = "1m")]
async fn waits() {
    let options = SpawnOptions::new().trap_exit();
    spawn_opt(options, async {
        println!("ready");
        receive! { Exit { reason, .. } => println!("heard: {reason}") }
        sleep(Duration::from_millis(10)).await;
        println!("finished");
    });
    sleep(Duration::MAX).await;
}

/// Traps exits, and takes none for an answer.
async fn go_on_for_ever() {
    println!("ready");
    loop {
        receive! { Exit { reason, .. } => println!("heard: {reason}") }
    }
}

#[kerosene::main(stop_deadline = "50ms")]
async fn is_stubborn() {
    spawn_opt(SpawnOptions::new().trap_exit(), go_on_for_ever());
    yield_now().await;
}

#[kerosene::main(stop_deadline = "1h")]
async fn hears_nothing() {
    trap_exit(true);
    go_on_for_ever().await;
}

fn compute_for_ever(parent: Pid) -> Infallible {
    send(parent, "begun");
    loop {
        spin_loop();
    }
}

#[kerosene::main(worker_threads = 2, stop_deadline = "50ms")]
async fn computes() {
    let parent = pid();
    spawn(async move { compute_for_ever(parent) });
    spawn_local(move || async move { compute_for_ever(parent) });
    for _ in 0..2 {
        receive! { "begun" => () }
    }
}

#[kerosene::main(stop_deadline = "1m")]
async fn blocks() {
    let test = pid();
    spawn(async move {
        let _ = blocking(move || {
            send(test, "begun");
            loop {
                thread::park();
            }
        })
        .await;
    });
    receive! { "begun" => () }
}

/// An application of one process, which says when it begins, and when it has ended, in its time.
fn part(name: &'static str, time: Duration) -> Application {
    let tree = move || {
        otp::start_link(StartOptions::new().name(name).trap_exit(), move |starting| async move {
            println!("{name} begins");
            starting.ready();
            receive! { Exit { .. } => {}, "end" => {} }
            sleep(time).await;
            println!("{name} has ended");
        })
    };
    Application::new(name, tree)
}

/// All have more time than the runtime would give them.
#[kerosene::main(app, stop_deadline = "10ms")]
async fn is_an_application() -> Application {
    let disk = part("disk", Duration::ZERO);
    let database = part("database", Duration::from_millis(30)).depends_on(disk.clone());
    let shop = part("shop", Duration::from_millis(60)).depends_on(database).depends_on(disk);
    let ready = || async {
        println!("ready");
        Ok::<_, otp::StartError>(spawn_link(sleep(Duration::MAX)))
    };
    Application::new("ready", ready).depends_on(shop)
}

#[kerosene::main(app)]
async fn loses_an_application() -> Application {
    schedule(Duration::from_millis(10), "disk", "end");
    part("shop", Duration::ZERO).depends_on(part("disk", Duration::ZERO))
}

/// A supervisor with two children, the second of which takes its time.
#[kerosene::main(stop_deadline = "1m")]
async fn is_a_tree() -> Result<(), otp::StartError> {
    let child = |name: &'static str, time| {
        ChildSpec::new(name, move || {
            otp::start_link(StartOptions::new().trap_exit(), move |starting| async move {
                starting.ready();
                receive! { Exit { .. } => {} }
                sleep(time).await;
                println!("{name} has ended");
            })
        })
    };
    Supervisor::default()
        .child(child("first", Duration::ZERO))
        .child(child("second", Duration::from_millis(30)))
        .start_link()
        .await?;
    println!("ready");
    sleep(Duration::MAX).await;
    Ok(())
}
