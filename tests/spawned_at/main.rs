//! Where a process counts as spawned: whichever way it was started, reports name the line of the
//! user's that started it, and never one of the library.
//!
//! | file | what starts the processes |
//! |---|---|
//! | this one | functions that are called |
//! | `macros` | what `#[actor]` and `#[supervisor]` add to a module |
//! | `supervisors` | child specs and builders |

mod macros;
mod supervisors;

use kerosene::otp::application::StartType;
use kerosene::otp::{
    self, Application, Applications, GenServer, GenStatem, Scope, StartError, StartOptions,
    Transition, gen_server, gen_statem, task,
};
use kerosene::prelude::*;

/// Whether a test goes on after a fallible step.
type Tested = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// Checks where a process was spawned, by what `process_info` tells of it.
#[track_caller]
fn check_place(process: Pid, file: &'static str, line: u32) -> impl Future<Output = ()> {
    let at = std::panic::Location::caller();
    async move {
        let info = process_info(process).await.expect("it is alive");
        let place = (info.spawned_at.file(), info.spawned_at.line());
        assert_eq!(place, (file, line), "a process checked at {at}");
    }
}

/// The only process that a process is linked to.
async fn linked_to(process: Pid) -> Pid {
    let info = process_info(process).await.expect("it is alive");
    let [other] = info.links[..] else { panic!("{process} has several links: {:?}", info.links) };
    other
}

async fn waits() {
    receive! { "end" => () }
}

async fn ready(starting: otp::Starting) {
    starting.ready();
    waits().await;
}

struct Server;

impl GenServer for Server {
    type Args = ();
    type Request = ();

    async fn init((): ()) -> gen_server::Init<Self> {
        gen_server::Init::Ready(Self)
    }

    async fn handle_request(&mut self, (): ()) -> Next {
        Next::Continue
    }
}

struct Machine;

impl GenStatem for Machine {
    type Args = ();
    type State = ();
    type Event = ();

    async fn init((): ()) -> gen_statem::Init<Self> {
        gen_statem::Init::Ready((), Self)
    }

    async fn handle_event(&mut self, (): &(), (): ()) -> Transition<(), ()> {
        Transition::keep()
    }
}

#[kerosene::test(seeds = 10)]
async fn a_spawned_process_is_spawned_at_its_spawn() {
    let line = line!() + 1;
    let plain = spawn(waits());
    let linked = spawn_link(waits());
    let (watched, _) = spawn_monitor(waits());
    let optional = spawn_opt(SpawnOptions::new(), waits()).pid;
    let local = spawn_local(waits);
    for (process, line) in [plain, linked, watched, optional, local].into_iter().zip(line..) {
        check_place(process, file!(), line).await;
    }
}

#[test]
fn the_first_process_is_spawned_where_the_runtime_runs() {
    let line = line!() + 1;
    kerosene::run(async move { check_place(pid(), file!(), line).await });
}

const TEST: u32 = line!() + 2;

#[kerosene::test]
async fn the_first_process_of_a_test_is_spawned_at_the_attribute_of_the_test() {
    check_place(pid(), file!(), TEST).await;
}

#[kerosene::test(seeds = 10)]
async fn a_process_is_spawned_where_its_options_say() {
    let here = std::panic::Location::caller();
    let spawned = spawn_opt(SpawnOptions::new().spawned_at(here), waits()).pid;
    let options = || StartOptions::new().spawned_at(here);
    let started = otp::start(options(), ready).await.expect("it starts");
    let server = gen_server::start::<Server>(options(), ()).await.expect("it starts");
    for process in [spawned, started, server] {
        check_place(process, here.file(), here.line()).await;
    }
}

#[kerosene::test(seeds = 10)]
async fn a_started_process_is_spawned_at_its_start() -> Tested {
    let options = StartOptions::new;
    let line = line!() + 1;
    let plain = otp::start(options(), ready).await?;
    let linked = otp::start_link(options(), ready).await?;
    let (watched, _) = otp::start_monitor(options(), ready).await?;
    let server = gen_server::start::<Server>(options(), ()).await?;
    let linked_server = gen_server::start_link::<Server>(options(), ()).await?;
    let (watched_server, _) = gen_server::start_monitor::<Server>(options(), ()).await?;
    let machine = gen_statem::start::<Machine>(options(), ()).await?;
    let linked_machine = gen_statem::start_link::<Machine>(options(), ()).await?;
    let (watched_machine, _) = gen_statem::start_monitor::<Machine>(options(), ()).await?;
    let agent = Agent::start(options(), || 0).await?.pid();
    let linked_agent = Agent::start_link(options(), || 0).await?.pid();
    let groups = Scope::named("groups").start_link().await?;
    let plains = [plain, linked, watched, server, linked_server, watched_server];
    let others = [machine, linked_machine, watched_machine, agent, linked_agent, groups];
    for (process, line) in plains.into_iter().chain(others).zip(line..) {
        check_place(process, file!(), line).await;
    }
    Ok(())
}

#[kerosene::test(seeds = 10)]
async fn a_started_process_is_spawned_where_it_was_asked_for_not_where_it_is_awaited() -> Tested {
    let line = line!() + 1;
    let starting = gen_server::start::<Server>(StartOptions::new(), ());
    let server = starting.await?;
    check_place(server, file!(), line).await;
    Ok(())
}

#[kerosene::test(seeds = 10)]
async fn a_task_is_spawned_where_it_is_begun() -> Tested {
    let tasks = DynamicSupervisor::new().start_link().await?;
    let line = line!() + 1;
    let linked = Task::spawn(waits());
    let alone = Task::spawn_nolink(waits());
    let child = Task::spawn_under(tasks, waits()).await?;
    for (process, line) in [linked.pid(), alone.pid(), child.pid()].into_iter().zip(line..) {
        check_place(process, file!(), line).await;
    }
    Ok(())
}

#[kerosene::test(seeds = 10)]
async fn the_tasks_of_a_stream_are_spawned_where_the_stream_is_made() -> Tested {
    let line = line!() + 1;
    let mut linked = task::stream(0..3, 2, |_| async { process_info(pid()).await });
    let mut alone = task::stream(0..3, 2, |_| async { process_info(pid()).await }).nolink();
    while let (Some(first), Some(second)) = (linked.next().await, alone.next().await) {
        for (info, line) in [first?, second?].into_iter().zip(line..) {
            let info = info.expect("a process that runs is alive");
            assert_eq!((info.spawned_at.file(), info.spawned_at.line()), (file!(), line));
        }
    }
    Ok(())
}

async fn tree() -> Result<Pid, StartError> {
    Ok(spawn_link(waits()))
}

#[kerosene::test(seeds = 10)]
async fn an_application_is_spawned_where_it_is_made_and_the_process_above_where_it_is_started()
-> Tested {
    let line = line!() + 1;
    let application = Application::new("app", tree);
    let applications = Applications::new().with(application).start_link().await?;
    applications.start("app", StartType::Temporary).await?;
    let master = applications.which().await?[0].master;
    check_place(master, file!(), line).await;
    check_place(applications.pid(), file!(), line + 1).await;
    Ok(())
}

#[kerosene::test(seeds = 10)]
async fn applications_that_are_run_are_spawned_where_they_are_run() {
    let applications = Applications::new().with(Application::new("app", tree));
    let line = line!() + 1;
    let runner = spawn(async { applications.run("app").await });
    sleep(Duration::from_secs(1)).await;
    check_place(linked_to(runner).await, file!(), line).await;
}
