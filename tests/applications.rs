//! Applications: order of starts and stops (APP-1), failed starts (APP-2), start types (APP-3),
//! values (APP-4), whole programs (APP-5).

use kerosene::otp::application::{
    self, Application, ApplicationEnded, ApplicationError, Applications, ApplicationsRef, StartType,
};
use kerosene::otp::{StartError, StartOptions, Starting, Strategy, Supervisor, start_link};
use kerosene::prelude::*;

/// Says what happens, in the order in which it does.
struct Note(String);

/// A worker that says when it begins and ends, and ends as it is told.
async fn worker(log: Pid, name: &'static str, starting: Starting) -> ExitReason {
    send(log, Note(format!("+{name}")));
    starting.ready();
    let reason = receive! { reason: ExitReason => reason, Exit { reason, .. } => reason };
    send(log, Note(format!("-{name}")));
    reason
}

/// An application with one worker of the same name, which is not restarted. The tree ends with it.
fn app(name: &'static str, dependencies: &[&str]) -> Application {
    app_of(pid(), name, dependencies)
}

fn app_of(log: Pid, name: &'static str, dependencies: &[&str]) -> Application {
    let tree = move || {
        let options = StartOptions::new().name(name).trap_exit();
        start_link(options, move |starting| worker(log, name, starting))
    };
    dependencies.iter().fold(Application::new(name, tree), |app, name| app.depends_on(*name))
}

/// `shop` and `blog` stand on `database`, and that on `disk`.
async fn four() -> ApplicationsRef {
    Applications::new()
        .with(app("shop", &["database"]))
        .with(app("blog", &["disk", "database"]))
        .with(app("database", &["disk"]))
        .with(app("disk", &[]))
        .start_link()
        .await
        .expect("it does not fail")
}

/// Everything written down so far, as in `"+a +b -b"`.
async fn notes() -> String {
    let mut notes = Vec::new();
    loop {
        receive! {
            Note(note) => notes.push(note),
            after Duration::from_millis(1) => return notes.join(" "),
        }
    }
}

async fn running(applications: ApplicationsRef) -> Vec<String> {
    let running = applications.which().await.expect("it runs");
    running.into_iter().map(|info| info.name.to_string()).collect()
}

#[kerosene::test(seeds = 50)]
async fn what_is_depended_on_starts_first() {
    let applications = four().await;
    assert_eq!(notes().await, "");
    let started = applications.start("shop", StartType::Temporary).await;
    assert_eq!(started, Ok(vec!["disk".into(), "database".into(), "shop".into()]));
    assert_eq!(notes().await, "+disk +database +shop");
    let started = applications.start("blog", StartType::Temporary).await;
    assert_eq!(started, Ok(vec!["blog".into()]));
    assert_eq!(applications.start("disk", StartType::Temporary).await, Ok(vec![]));
    assert_eq!(running(applications).await, ["disk", "database", "shop", "blog"]);
}

#[kerosene::test(seeds = 50)]
async fn what_depends_on_it_stops_first() {
    let applications = four().await;
    for name in ["shop", "blog"] {
        applications.start(name, StartType::Permanent).await.expect("they start");
    }
    notes().await;
    let stopped = applications.stop("database").await;
    assert_eq!(stopped, Ok(vec!["blog".into(), "shop".into(), "database".into()]));
    assert_eq!(notes().await, "-blog -shop -database");
    assert_eq!(running(applications).await, ["disk"]);
    let not_running = Err(ApplicationError::NotRunning("shop".into()));
    assert_eq!(applications.stop("shop").await, not_running);
    applications.start("shop", StartType::Permanent).await.expect("it starts again");
    assert_eq!(notes().await, "+database +shop");
}

#[kerosene::test(seeds = 50)]
async fn all_stop_in_the_reverse_order_when_the_parent_ends() {
    let log = pid();
    let parent = spawn(async move {
        let applications = Applications::new()
            .with(app_of(log, "b", &["a"]))
            .with(app_of(log, "a", &[]))
            .start_link()
            .await
            .expect("it does not fail");
        applications.start("b", StartType::Temporary).await.expect("they start");
        receive! { "end" => () }
    });
    assert_eq!(notes().await, "+a +b");
    send(parent, "end");
    assert_eq!(notes().await, "-b -a");
}

#[kerosene::test(seeds = 50)]
async fn end_stops_all_and_leaves_nothing() {
    let applications = four().await;
    applications.start("blog", StartType::Permanent).await.expect("they start");
    notes().await;
    applications.end().await;
    assert_eq!(notes().await, "-blog -database -disk");
    assert_eq!(applications.which().await, Err(CallError::NoProc));
    assert_eq!(process_count(), 1);
}

#[kerosene::test(seeds = 50)]
async fn a_start_that_fails_is_undone() {
    let broken =
        Application::new("broken", || async { Err::<Pid, _>(StartError::Failed("no ink".into())) });
    let applications = Applications::new()
        .with(app("disk", &[]))
        .with(app("database", &["disk"]))
        .with(broken.depends_on("database"))
        .with(app("printer", &["broken"]))
        .start_link()
        .await
        .expect("it does not fail");
    applications.start("disk", StartType::Permanent).await.expect("it starts");
    let error = StartError::Failed("no ink".into());
    let error = ApplicationError::Start { name: "broken".into(), error };
    assert_eq!(applications.start("printer", StartType::Permanent).await, Err(error));
    assert_eq!(notes().await, "+disk +database -database");
    assert_eq!(running(applications).await, ["disk"]);
}

#[kerosene::test(seeds = 50)]
async fn a_tree_that_panics_in_its_start_has_failed() {
    let broken = Application::new("broken", || async {
        assert!(pid().is_nobody(), "no paper");
        Ok::<_, StartError>(pid())
    });
    let applications = Applications::new().with(broken).start_link().await.expect("it runs");
    let started = applications.start("broken", StartType::Permanent).await;
    let text = started.expect_err("it panics").to_string();
    assert!(text.contains("no paper"), "{text}");
    assert_eq!(running(applications).await, [""; 0]);
}

#[kerosene::test]
async fn what_does_not_exist_or_depends_on_itself_is_an_error() {
    let applications = Applications::new()
        .with(app("a", &["b"]))
        .with(app("b", &["c"]))
        .with(app("c", &["b"]))
        .with(app("d", &["nothing"]))
        .start_link()
        .await
        .expect("it does not fail");
    let started = applications.start("a", StartType::Temporary).await;
    assert_eq!(started, Err(ApplicationError::Cycle(vec!["b".into(), "c".into()])));
    let started = applications.start("d", StartType::Temporary).await;
    assert_eq!(started, Err(ApplicationError::Unknown("nothing".into())));
    assert_eq!(notes().await, "");
}

#[kerosene::test(seeds = 20)]
async fn the_start_type_says_what_an_end_means() {
    use StartType::{Permanent, Temporary, Transient};
    let table = [
        (Permanent, ExitReason::Normal, true),
        (Permanent, "boom".into(), true),
        (Transient, ExitReason::Normal, false),
        (Transient, ExitReason::Shutdown, false),
        (Transient, "boom".into(), true),
        (Temporary, "boom".into(), false),
    ];
    trap_exit(true);
    for (start_type, reason, ends_all) in table {
        let applications = four().await;
        applications.start("blog", Temporary).await.expect("they start");
        applications.start("shop", start_type).await.expect("they start");
        notes().await;
        send("shop", reason.clone());
        if ends_all {
            assert_eq!(notes().await, "-shop -blog -database -disk", "{start_type:?} {reason}");
            let ended = receive! { Exit { pid, reason } if pid == applications.pid() => reason };
            let ExitReason::Error(error) = &ended else { panic!("{ended}") };
            let error = error.downcast_ref::<ApplicationEnded>().expect("what has ended");
            assert_eq!((error.name.as_str(), &error.reason), ("shop", &reason));
        } else {
            assert_eq!(notes().await, "-shop", "{start_type:?} {reason}");
            assert_eq!(running(applications).await, ["disk", "database", "blog"]);
            applications.end().await;
            notes().await;
        }
    }
}

#[kerosene::test(seeds = 20)]
async fn all_processes_of_an_application_read_its_values() {
    let test = pid();
    let tree = move || {
        let grandchild = move || async move {
            let values = (application::env::<u16>("port"), application::env::<&str>("greeting"));
            send(test, (application::application(), values));
            sleep(Duration::MAX).await;
        };
        let below = Supervisor::new(Strategy::OneForOne)
            .child(ChildSpec::process("grandchild", grandchild))
            .child_spec("below");
        Supervisor::new(Strategy::OneForOne).child(below).start_link()
    };
    let one = Application::new("one", tree).env("port", 1_u16).env("port", 2_u16);
    let two = Application::new("two", tree).env("greeting", "hello").env("port", "wrong type");
    let applications = Applications::new().with(one).with(two).start_link().await;
    let applications = applications.expect("it does not fail");
    for (name, values) in [("one", (Some(2), None)), ("two", (None, Some("hello")))] {
        applications.start(name, StartType::Temporary).await.expect("it starts");
        receive! {
            (app, found): (Option<Name>, (Option<u16>, Option<&str>)) => {
                assert_eq!((app.as_deref(), found), (Some(name), values));
            }
        }
    }
    assert_eq!(application::application(), None);
}

#[kerosene::test(seeds = 20)]
async fn several_know_nothing_of_each_other() {
    let (one, two) = (four().await, four().await);
    one.start("disk", StartType::Temporary).await.expect("it starts");
    assert_eq!(running(two).await, [""; 0]);
    two.end().await;
    assert_eq!(running(one).await, ["disk"]);
}

#[kerosene::test(seeds = 20)]
async fn a_program_runs_until_an_application_ends() {
    let applications = Applications::new().with(app("a", &[])).with(app("b", &["a"]));
    let (program, watch) = spawn_monitor(applications.run("b"));
    assert_eq!(notes().await, "+a +b");
    assert!(is_alive(program).await);
    send("a", ExitReason::Normal);
    assert_eq!(notes().await, "-a -b");
    let reason = receive! { Down { monitor, reason, .. } if monitor == watch => reason };
    assert_eq!(reason.to_string(), "error: the application \"a\" has ended: normal");

    let (_, watch) = spawn_monitor(Applications::new().run("b"));
    let reason = receive! { Down { monitor, reason, .. } if monitor == watch => reason };
    assert_eq!(reason.to_string(), "error: there is no application \"b\"");
}

#[kerosene::test(seeds = 20)]
async fn applications_can_be_supervised() {
    let applications = Applications::new().with(app("a", &[])).with(app("b", &["a"]));
    let supervisor = Supervisor::new(Strategy::OneForOne)
        .child(applications.child_spec("all", "b"))
        .start_link()
        .await
        .expect("they start");
    assert_eq!(notes().await, "+a +b");
    send("a", ExitReason::from("boom"));
    assert_eq!(notes().await, "-a -b +a +b");
    supervisor.stop().await;
    assert_eq!(notes().await, "-b -a");
}

#[kerosene::test(seeds = 20)]
async fn what_is_depended_on_may_be_brought_along() {
    let disk = || app("disk", &[]);
    let database = || app("database", &[]).depends_on(disk());
    let shop = app("shop", &[]).depends_on(disk()).depends_on(database());
    let applications = Applications::new().with(shop.clone()).start_link().await;
    let applications = applications.expect("it does not fail");
    let started = applications.start("shop", StartType::Temporary).await;
    assert_eq!(started, Ok(vec!["disk".into(), "database".into(), "shop".into()]));
    applications.end().await;
    notes().await;

    // What is added by itself comes before what is brought along.
    for applications in [
        Applications::new().with(shop.clone()).with(app("database", &[])),
        Applications::new().with(app("database", &[])).with(shop),
    ] {
        let applications = applications.start_link().await.expect("it does not fail");
        let started = applications.start("database", StartType::Temporary).await;
        assert_eq!(started, Ok(vec!["database".into()]));
        applications.end().await;
    }
}
