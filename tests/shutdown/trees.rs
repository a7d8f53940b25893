//! In which order a runtime stops the processes of supervision trees: from the top down.
//!
//! Processes write into a log when they are told to stop, `-a`, and some when they have finished,
//! `/a`. In the simulated tests the log is the mailbox of the test, which is told to stop as all
//! are, and goes on until it has seen enough.

use std::sync::{Arc, Mutex, mpsc};

use kerosene::otp::{
    self, Application, Applications, Restart, Shutdown, StartError, StartOptions, Starting,
};
use kerosene::prelude::*;
use kerosene::{IntoExitReason, parent, stop, stops_children};
use tokio::time::Instant;

use super::{LONG, runtime};

/// What a process writes down.
struct Note(String);

/// Where it is written.
#[derive(Clone)]
enum Log {
    Mailbox(Pid),
    Shared(Arc<Mutex<Vec<String>>>),
}

impl Log {
    fn here() -> Self {
        Self::Mailbox(pid())
    }

    fn shared() -> Self {
        Self::Shared(Arc::default())
    }

    fn write(&self, text: impl Into<String>) {
        match self {
            Self::Mailbox(pid) => send(*pid, Note(text.into())),
            Self::Shared(lines) => lines.lock().expect("no panic").push(text.into()),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Mailbox(_) => panic!("that is read by `notes`"),
            Self::Shared(lines) => lines.lock().expect("no panic").join(" "),
        }
    }
}

/// As many notes as that.
async fn notes(count: usize) -> String {
    let mut notes = Vec::new();
    for _ in 0..count {
        notes.push(receive! { Note(note) => note });
    }
    notes.join(" ")
}

/// The next order to stop.
async fn told() -> ExitReason {
    receive! { Exit { reason, .. } => reason }
}

/// A child that traps exits from the beginning, and writes down when it is told.
fn logged(log: &Log, id: &'static str) -> ChildSpec {
    let log = log.clone();
    let body = move || {
        let log = log.clone();
        async move {
            let reason = told().await;
            log.write(format!("-{id}"));
            // So that siblings would overtake it, if they could.
            yield_now().await;
            reason
        }
    };
    trapping(id, body)
}

/// A child that traps exits from the beginning.
fn trapping<F, B>(id: &'static str, body: F) -> ChildSpec
where
    F: Fn() -> B + Clone + Send + Sync + 'static,
    B: Future<Output: IntoExitReason> + Send + 'static,
{
    ChildSpec::new(id, move || {
        let body = body();
        let run = |starting: Starting| {
            starting.ready();
            body
        };
        otp::start_link(StartOptions::new().trap_exit(), run)
    })
}

/// a, inner (b, c), sessions (d), e
async fn start_tree(log: &Log) -> Result<SupervisorRef, StartError> {
    let inner =
        Supervisor::new(Strategy::RestForOne).children(["b", "c"].map(|id| logged(log, id)));
    let top = Supervisor::new(Strategy::OneForAll)
        .child(logged(log, "a"))
        .child(inner.child_spec("inner"))
        .child(DynamicSupervisor::new().child_spec("sessions"))
        .child(logged(log, "e"))
        .start_link()
        .await?;
    let sessions = top.child("sessions").await.expect("it runs");
    let session = DynamicSupervisorRef::from(sessions).start_child(logged(log, "d")).await;
    session.expect("it starts");
    Ok(top)
}

const TREE_IN_ORDER: &str = "-e -d -c -b -a";

#[kerosene::test(seeds = 200)]
async fn a_tree_stops_from_the_top_in_its_order() -> Result<(), StartError> {
    trap_exit(true);
    let top = start_tree(&Log::here()).await?;
    stop();
    assert_eq!(notes(5).await, TREE_IN_ORDER);
    receive! { Exit { pid, reason } if pid == top.pid() => {
        assert_eq!(reason, ExitReason::Shutdown);
    } }
    Ok(())
}

/// Runs a program whose first process ends when it has started something. Says how long it took.
fn run_and_end(start: impl Future<Output = ()> + Send + 'static) -> Duration {
    let begun = std::time::Instant::now();
    let stopped = runtime().run(start);
    assert_eq!((stopped.killed, stopped.abandoned), (0, 0));
    assert_eq!(stopped.exit_code(), 0);
    begun.elapsed()
}

#[test]
fn a_tree_stops_in_its_order_when_the_first_process_ends() {
    for _ in 0..20 {
        let log = Log::shared();
        let of_tree = log.clone();
        run_and_end(async move {
            start_tree(&of_tree).await.expect("it starts");
        });
        assert_eq!(log.text(), TREE_IN_ORDER);
    }
}

#[test]
fn applications_stop_one_after_the_other_whoever_runs_them() {
    for _ in 0..20 {
        let log = Log::shared();
        let part = |name: &'static str, children: [&'static str; 2]| {
            let log = log.clone();
            Application::new(name, move || {
                Supervisor::default().children(children.map(|id| logged(&log, id))).start_link()
            })
        };
        let shop = part("shop", ["till", "door"]).depends_on(part("disk", ["heads", "motor"]));
        run_and_end(async {
            spawn(async {
                while process_count() < 11 {
                    yield_now().await;
                }
                stop();
            });
            let reason = Applications::new().with(shop).run("shop").await;
            assert_eq!(reason, ExitReason::Shutdown);
        });
        assert_eq!(log.text(), "-door -till -motor -heads");
    }
}

#[test]
fn trees_of_two_runtimes_stop_apart() {
    for _ in 0..20 {
        let (ours, theirs) = (Log::shared(), Log::shared());
        let (of_ours, of_theirs) = (ours.clone(), theirs.clone());
        let (started, has_started) = mpsc::channel();
        let neighbour = runtime();
        neighbour.spawn(async move {
            start_tree(&of_theirs).await.expect("it starts");
            started.send(()).expect("the test listens");
            sleep(Duration::MAX).await;
        });
        assert!(has_started.recv().is_ok());
        run_and_end(async move {
            start_tree(&of_ours).await.expect("it starts");
        });
        assert_eq!((ours.text(), theirs.text()), (TREE_IN_ORDER.to_owned(), String::new()));
        let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let stopped = tokio.expect("a runtime").block_on(neighbour.stop());
        assert_eq!((stopped.killed, theirs.text()), (0, TREE_IN_ORDER.to_owned()));
    }
}

/// A worker with a helper, from which it wants an answer when it is told to stop.
async fn worker_with_helper(log: Log, is_local: bool) {
    let helper = async || {
        loop {
            receive! { to: ReplyTo<&'static str> => to.reply("here"), "end" => break }
        }
    };
    let helper = if is_local { spawn_local(helper) } else { spawn_link(helper()) };
    link(helper);
    told().await;
    let answer = call_with(helper, |to: ReplyTo<&str>| to).await;
    log.write(format!("/worker {answer:?}"));
    send(helper, "end");
}

fn worker(log: &Log, is_local: bool) -> ChildSpec {
    let log = log.clone();
    trapping("worker", move || worker_with_helper(log.clone(), is_local))
}

#[kerosene::test(seeds = 200)]
async fn helpers_of_a_worker_are_there_until_it_has_ended() -> Result<(), StartError> {
    trap_exit(true);
    let log = Log::here();
    Supervisor::default().child(worker(&log, false)).start_link().await?;
    sleep(Duration::from_millis(1)).await;
    stop();
    assert_eq!(notes(1).await, "/worker Ok(\"here\")");
    Ok(())
}

#[test]
fn helpers_on_a_thread_of_their_own_are_there_until_their_worker_has_ended() {
    for _ in 0..20 {
        let log = Log::shared();
        let of_tree = log.clone();
        run_and_end(async move {
            let top = Supervisor::default().child(worker(&of_tree, true)).start_link().await;
            top.expect("it starts");
        });
        assert_eq!(log.text(), "/worker Ok(\"here\")");
    }
}

/// A child that starts a process which it is not linked to, and ends.
fn parent_of_orphan(log: &Log) -> ChildSpec {
    let log = log.clone();
    let body = move || {
        let log = log.clone();
        async move {
            spawn_opt(SpawnOptions::new().trap_exit(), async move {
                log.write("+orphan");
                let reason = told().await;
                log.write(format!("-orphan {reason}"));
            });
        }
    };
    ChildSpec::process("parent", body).restart(Restart::Transient)
}

#[test]
fn an_orphan_is_told_when_the_trees_have_ended() {
    for _ in 0..20 {
        let log = Log::shared();
        let of_tree = log.clone();
        let time = run_and_end(async move {
            let children = [parent_of_orphan(&of_tree), logged(&of_tree, "a")];
            Supervisor::default().children(children).start_link().await.expect("it starts");
            while of_tree.text() != "+orphan" {
                yield_now().await;
            }
        });
        assert_eq!(log.text(), "+orphan -a -orphan shutdown");
        assert!(time < LONG / 2, "it is not the deadline that has told it: {time:?}");
    }
}

#[kerosene::test(seeds = 50)]
async fn who_was_left_behind_by_a_killed_supervisor_is_told_late() -> Result<(), StartError> {
    trap_exit(true);
    let log = Log::here();
    let loose = trapping("loose", move || {
        let log = log.clone();
        async move {
            sleep(Duration::from_millis(1)).await; // until the supervisor has linked it
            unlink(parent().expect("its supervisor"));
            told().await;
            log.write("-loose");
        }
    });
    let top = Supervisor::default().child(loose).start_link().await?;
    sleep(Duration::from_secs(1)).await;
    exit_signal(top.pid(), ExitReason::Kill);
    assert_eq!(told().await, ExitReason::Killed);
    let begun = Instant::now();
    stop();
    assert_eq!(notes(1).await, "-loose");
    assert_eq!(begun.elapsed().as_secs(), 30, "half of a minute, as this process waits for it");
    Ok(())
}

#[kerosene::test(seeds = 50)]
async fn who_refuses_holds_its_siblings_until_half_of_the_deadline() -> Result<(), StartError> {
    trap_exit(true);
    let log = Log::here();
    let refuses = async || {
        loop {
            told().await;
        }
    };
    Supervisor::default()
        .child(logged(&log, "a"))
        .child(trapping("refuses", refuses).shutdown(Shutdown::Infinity))
        .child(logged(&log, "c"))
        .start_link()
        .await?;
    let begun = Instant::now();
    stop();
    assert_eq!(notes(1).await, "-c");
    assert_eq!(begun.elapsed().as_secs(), 0);
    assert_eq!(notes(1).await, "-a");
    assert_eq!(begun.elapsed().as_secs(), 30);
    Ok(())
}

#[kerosene::test(seeds = 100)]
async fn who_is_spawned_below_while_the_runtime_stops_is_left_to_those_above()
-> Result<(), StartError> {
    trap_exit(true);
    let log = Log::here();
    let calls_for_help = trapping("calls for help", move || {
        let log = log.clone();
        async move {
            told().await;
            let helper = spawn_link(async {
                receive! { to: ReplyTo<u8> => to.reply(7) }
            });
            sleep(Duration::from_secs(1)).await;
            log.write(format!("{:?}", call_with(helper, |to: ReplyTo<u8>| to).await));
        }
    });
    Supervisor::default().child(calls_for_help).start_link().await?;
    sleep(Duration::from_secs(1)).await;
    stop();
    assert_eq!(notes(1).await, "Ok(7)");
    // This process is under no supervisor, and so is who it spawns.
    let (_, watch) = spawn_monitor(sleep(Duration::MAX));
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::Shutdown);
    } }
    Ok(())
}

#[kerosene::test(seeds = 100)]
async fn any_process_may_say_that_it_stops_its_children() {
    trap_exit(true);
    let spawn_two = || {
        // One of them by way of another process.
        let me = pid();
        spawn_link(async move { send(me, spawn(sleep(Duration::MAX))) });
        spawn(sleep(Duration::MAX))
    };
    let early = spawn_two();
    let grandchild = receive! { grandchild: Pid => grandchild };
    assert!(!stops_children(true));
    let late = spawn_two();
    let late_grandchild = receive! { grandchild: Pid => grandchild };
    assert!(stops_children(false));
    let last = spawn_two();
    let last_grandchild = receive! { grandchild: Pid => grandchild };

    let all = [early, grandchild, last, last_grandchild, late, late_grandchild];
    let watches = all.map(monitor);
    stop();
    for watch in &watches[..4] {
        receive! { Down { monitor, .. } if monitor == *watch => {} }
    }
    sleep(Duration::from_secs(10)).await;
    assert!(is_alive(late).await && is_alive(late_grandchild).await);
    let begun = Instant::now();
    for watch in &watches[4..] {
        receive! { Down { monitor, .. } if monitor == *watch => {} }
    }
    assert_eq!(begun.elapsed().as_secs(), 20, "at half of the minute that all have");
}

#[kerosene::test(real)]
async fn who_is_spawned_on_behalf_of_a_process_has_the_place_of_its_children() {
    trap_exit(true);
    stops_children(true);
    let helper = blocking(|| spawn(sleep(Duration::MAX))).await.expect("no panic");
    stops_children(false);
    let (_, watch) = spawn_monitor(sleep(Duration::MAX));
    stop();
    receive! { Down { monitor, .. } if monitor == watch => {} }
    assert!(is_alive(helper).await, "the other was told before this one is");
}
