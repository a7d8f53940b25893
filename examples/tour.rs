//! A tour of Kerosene: each feature once, in order, with what it prints.
//!
//! ```text
//! cargo run --example tour
//! ```
//!
//! Each function is one stop of the tour, and can be read alone. Watch how a failure is an event
//! that somebody gets as a message, never something that takes the program along. The crashes are
//! on purpose; their reports go to standard error.

use std::time::Instant;

use kerosene::otp::application::StartType;
use kerosene::otp::events::{Event, Subscribe};
use kerosene::otp::{
    Application, Applications, GenStatem, Registry, StartError, StartOptions, Topic, Transition,
    gen_statem, pg, sys, task,
};
use kerosene::prelude::*;

const SOON: Duration = Duration::from_millis(20);

#[kerosene::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    processes().await;
    selective_receive().await;
    links_and_monitors().await;
    timers_and_names().await;
    calls().await?;
    actors().await?;
    supervisors().await?;
    state_machines().await?;
    tasks_and_agents().await?;
    groups_registries_topics().await?;
    applications().await?;
    looking_at_a_running_system().await?;
    println!("\nThat was the tour. Every function above is a process' ordinary code.");
    Ok(())
}

fn stop(name: &str) {
    println!("\n== {name}");
}

/// Processes share nothing and send each other values of any type.
async fn processes() {
    stop("processes");
    let echo = spawn(async {
        receive! { (from, text): (Pid, String) => send(from, text.to_uppercase()) }
    });
    send(echo, (pid(), String::from("hello")));
    receive! { answer: String => println!("{echo} answered {answer}") }

    let begin = Instant::now();
    let many = 100_000;
    for _ in 0..many {
        let parent = pid();
        spawn(async move { send(parent, 1_u64) });
    }
    let mut sum = 0;
    for _ in 0..many {
        receive! { one: u64 => sum += one }
    }
    println!("{sum} processes lived and died in {:?}", begin.elapsed());
}

struct Low(u32);
struct High(u32);

/// A receive takes the oldest message that one of its arms wants; the others wait.
async fn selective_receive() {
    stop("receive!");
    for n in 1..=3 {
        send(pid(), Low(n));
    }
    send(pid(), High(9));
    receive! { High(n) => println!("first what is urgent: {n}") }
    receive! { Low(n) if n > 1 => println!("then the first low one above 1: {n}") }
    for _ in 0..2 {
        receive! { Low(n) => println!("then what was passed over: {n}") }
    }
    receive! {
        Low(n) => println!("{n}: cannot be"),
        after SOON => println!("and nothing is left"),
    }
}

/// A link makes two processes end together; a monitor tells of an end.
async fn links_and_monitors() {
    stop("links and monitors");
    let (child, watch) = spawn_monitor(async { panic!("the child fails") });
    receive! {
        Down { monitor, reason, .. } if monitor == watch => println!("{child} is down: {reason}"),
    }

    // A process that traps exits gets them as messages.
    let before = trap_exit(true);
    let partner = spawn_link(async { Err::<(), _>("no coffee") });
    receive! { Exit { pid, reason } if pid == partner => println!("exit signal: {reason}") }
    trap_exit(before);
}

struct Tick;

async fn timers_and_names() {
    stop("timers and names");
    register("tourist", pid()).expect("nobody else has the name");
    let later = schedule(Duration::from_hours(1), "tourist", "in an hour");
    schedule(SOON, "tourist", Tick);
    receive! { Tick => println!("a tick for {:?}, which is {:?}", "tourist", whereis("tourist")) }
    println!("cancelled with {} minutes to go", later.cancel().unwrap_or_default().as_secs() / 60);
    unregister("tourist").expect("it has the name");
}

struct Divide(i32, i32);

impl Request for Divide {
    type Reply = i32;
}

/// A call is a message with the right to answer it. Its failure is an error with the real reason.
async fn calls() -> Result<(), CallError> {
    stop("calls");
    let server = spawn(async {
        loop {
            receive! { Call { request: Divide(a, b), reply_to } => reply_to.reply(a / b) }
        }
    });
    println!("7 / 2 = {}", call(server, Divide(7, 2)).await?);
    println!("7 / 0: {}", call(server, Divide(7, 0)).await.expect_err("the server crashes"));
    println!("again: {}", call(server, Divide(7, 2)).await.expect_err("it is gone"));
    Ok(())
}

/// A module that is a server: its state, its functions, and the client made of them.
#[kerosene::actor]
mod account {
    #[derive(Debug)]
    pub(crate) struct Account {
        balance: u64,
    }

    impl Account {
        #[init]
        pub(crate) fn open(balance: u64) -> Self {
            Self { balance }
        }

        #[cast]
        pub(crate) fn deposit(&mut self, amount: u64) {
            self.balance += amount;
        }

        /// An error is an answer like any other.
        #[call]
        pub(crate) fn withdraw(&mut self, amount: u64) -> Result<u64, String> {
            match self.balance.checked_sub(amount) {
                Some(rest) => self.balance = rest,
                None => return Err(format!("only {} left", self.balance)),
            }
            Ok(self.balance)
        }
    }
}

async fn actors() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    stop("actors");
    let account = account::start_link(100).await?;
    account.deposit(20);
    println!("after a withdrawal: {:?}", account.withdraw(50).await?);
    println!("after another: {:?}", account.withdraw(500).await?);
    account.stop().await?;
    Ok(())
}

/// A supervisor starts its children, and starts them again.
#[kerosene::supervisor(strategy = one_for_all, intensity = 3, period = "5s")]
mod kitchen {
    use kerosene::prelude::*;

    #[child(name = "oven")]
    async fn oven() {
        println!("  the oven is on: {}", pid());
        receive! { "too hot" => panic!("the fuse blows") }
    }

    #[child(name = "cook")]
    async fn cook() {
        println!("  the cook cooks: {}", pid());
        sleep(Duration::MAX).await;
    }
}

async fn supervisors() -> Result<(), StartError> {
    stop("supervisors");
    let kitchen = kitchen::start_link().await?;
    let before = whereis("cook");
    send("oven", "too hot");
    while whereis("cook") == before {
        sleep(Duration::from_millis(1)).await;
    }
    whereis_or_wait("cook", Duration::from_secs(1)).await;
    sleep(SOON).await;
    println!("one failed, both are new; in order, and in the reverse order they stop");
    kitchen.stop().await;
    println!("the kitchen is closed: cook is {:?}", whereis("cook"));
    Ok(())
}

/// A lamp that goes out by itself: what happens is one type, and so is where it stands.
struct Lamp;

enum Happens {
    Press(ReplyTo<&'static str>),
    TimeIsOver,
}

impl GenStatem for Lamp {
    type Args = ();
    type State = &'static str;
    type Event = Happens;

    async fn init((): ()) -> gen_statem::Init<Self> {
        gen_statem::Init::Ready("dark", Self)
    }

    async fn handle_event(
        &mut self,
        state: &Self::State,
        event: Happens,
    ) -> Transition<Self::State, Happens> {
        match event {
            Happens::Press(reply_to) if *state == "dark" => {
                let light = Transition::to("light").state_timeout(SOON, Happens::TimeIsOver);
                light.reply(reply_to, "it was dark")
            }
            Happens::Press(reply_to) => Transition::keep().reply(reply_to, "it is light already"),
            Happens::TimeIsOver => Transition::to("dark"),
        }
    }
}

async fn state_machines() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    stop("state machines");
    let lamp = gen_statem::start_link::<Lamp>(StartOptions::new(), ()).await?;
    for _ in 0..2 {
        println!("pressed: {}", call_with(lamp, Happens::Press).await?);
    }
    sleep(SOON * 2).await;
    println!("later: {}", call_with(lamp, Happens::Press).await?);
    Ok(())
}

async fn tasks_and_agents() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    stop("tasks and agents");
    let slow = Task::spawn(async {
        sleep(SOON).await;
        6 * 7
    });
    println!("a task: {}", slow.await?);
    let squares = task::stream(1..=5_u64, 2, async |n| n * n).collect().await;
    let squares: Vec<_> = squares.into_iter().flatten().collect();
    println!("a stream of tasks, two at a time: {squares:?}");

    let visits = Agent::start_link(StartOptions::new(), || 0_u32).await?;
    for _ in 0..3 {
        visits.cast(|visits| *visits += 1);
    }
    println!("an agent has counted {}", visits.get(|visits| *visits).await?);
    visits.stop().await?;
    Ok(())
}

#[derive(Clone, Debug)]
struct News(&'static str);

async fn groups_registries_topics() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    stop("groups, registries, topics");
    let scope = pg::Scope::named("tour");
    scope.start_link().await?;
    scope.join("guests", pid()).await?;
    println!("told {} guest", scope.broadcast("guests", "dinner"));
    receive! { "dinner" => println!("one of them is me") }

    let rooms = Registry::unique();
    rooms.register(12, "a view of the sea").map_err(|_| "nobody else is here")?;
    println!("room 12: {:?}", rooms.lookup(&12));

    let paper = Topic::with_replay(1);
    paper.publish(News("printed before anybody read it"));
    let subscription = paper.subscribe_with(&Subscribe::new().replay(1));
    paper.publish(News("fresh"));
    for _ in 0..2 {
        receive! { Event { event: News(text), .. } => println!("news: {text}") }
    }
    subscription.cancel();
    Ok(())
}

/// Trees that are started and stopped as wholes, each behind what it depends on.
async fn applications() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    stop("applications");
    let part = |name: &'static str| {
        let child = move || ChildSpec::process(name, || sleep(Duration::MAX)).name(name);
        Application::new(name, move || Supervisor::default().child(child()).start_link())
    };
    let hotel = part("hotel").depends_on(part("boiler"));
    let applications = Applications::new().with(hotel).start_link().await?;
    println!("started {:?}", applications.start("hotel", StartType::Temporary).await?);
    println!("stopped {:?}", applications.stop("boiler").await?);
    Ok(())
}

/// What a process is doing can be asked from outside, while it runs.
async fn looking_at_a_running_system() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    stop("looking at a running system");
    let account = account::start_link(7).await?;
    println!("its state: {}", sys::get_state(account).await?);
    let waiting = spawn(async {
        receive! { "never" => () }
    });
    send(waiting, 1);
    sleep(SOON).await;
    if let Some(info) = process_info(waiting).await {
        println!("{waiting}: {:?}, {} message in its mailbox", info.status, info.mailbox_len);
    }
    println!("{} processes in all", process_count());
    Ok(())
}
