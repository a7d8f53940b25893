//! Agents: a state behind functions, what a function that panics does, and supervision.

use kerosene::otp::{StartError, StartOptions};
use kerosene::prelude::*;

type Anything = Box<dyn std::error::Error + Send + Sync>;

/// Waits until a process has ended.
async fn ended(pid: Pid) -> ExitReason {
    let watch = monitor(pid);
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

#[kerosene::test(seeds = 50)]
async fn functions_run_on_the_state_in_the_agent_in_order() -> Result<(), Anything> {
    let agent = Agent::start(StartOptions::new(), || vec![pid()]).await?;
    assert_eq!(agent.get(Vec::clone).await?, [agent.pid()]);
    assert_eq!(agent.get(|_| pid()).await?, agent.pid());

    let one = pid();
    agent.cast(move |state| state[0] = one);
    agent.update(|state| state.push(pid())).await?;
    let taken = agent.get_and_update(Vec::pop).await?;
    assert_eq!(taken, Some(agent.pid()));
    assert_eq!(agent.get(Vec::clone).await?, [one]);
    agent.stop().await?;
    assert_eq!(agent.get(Vec::len).await, Err(CallError::NoProc));
    agent.cast(Vec::clear);
    Ok(())
}

#[kerosene::test(seeds = 100)]
async fn updates_of_many_processes_are_all_there() -> Result<(), Anything> {
    let agent = Agent::start_link(StartOptions::new(), || 0).await?;
    let tasks = (0..20).map(|_| {
        Task::spawn(async move {
            // Read and write are one step only inside the agent.
            agent.update(|count| *count += 1).await
        })
    });
    kerosene::otp::task::await_many(tasks.collect::<Vec<_>>(), Duration::MAX).await?;
    assert_eq!(agent.get(|count| *count).await?, 20);
    Ok(())
}

#[kerosene::test(seeds = 50)]
async fn a_function_that_panics_ends_the_agent_and_tells_the_caller() -> Result<(), Anything> {
    let agent = Agent::start(StartOptions::new(), || 1).await?;
    let failed = agent.get(|n| if *n == 1 { panic!("oh") } else { 2 }).await;
    let Err(CallError::Exited(ExitReason::Panic(info))) = failed else { panic!("{failed:?}") };
    assert_eq!(info.message, "oh");
    assert!(!is_alive(agent.pid()).await);
    Ok(())
}

#[kerosene::test(seeds = 50)]
async fn a_call_waits_as_long_as_it_is_told() -> Result<(), Anything> {
    let agent = Agent::start_link(StartOptions::new(), || 1).await?;
    kerosene::otp::sys::suspend(agent).await?;
    let late = agent.get(|n| *n).timeout(Duration::from_millis(10)).await;
    assert_eq!(late, Err(CallError::Timeout));
    kerosene::otp::sys::resume(agent).await?;
    assert_eq!(agent.get(|n| *n).await, Ok(1));
    Ok(())
}

#[kerosene::test(seeds = 50)]
async fn a_start_that_panics_fails_and_a_taken_name_is_told() -> Result<(), Anything> {
    let failed = Agent::<u8>::start(StartOptions::new().name("agent"), || panic!("no")).await;
    let Err(StartError::Failed(ExitReason::Panic(_))) = failed else { panic!("{failed:?}") };
    let agent = Agent::start(StartOptions::new().name("agent"), || 1).await?;
    let taken = Agent::start(StartOptions::new().name("agent"), || 2).await;
    assert_eq!(taken, Err(StartError::AlreadyStarted(agent.pid())));
    assert_eq!(Agent::named("agent"), Ok(agent));
    assert_eq!(Agent::<u8>::named("nobody"), Err(CallError::NoProc));
    Ok(())
}

#[kerosene::test(seeds = 50)]
async fn an_agent_is_started_anew_by_its_supervisor() -> Result<(), Anything> {
    let spec = Agent::child_spec("counter", || 40);
    Supervisor::new(Strategy::OneForOne).child(spec).start_link().await?;
    let counter = Agent::named("counter")?;
    counter.update(|count| *count += 2).await?;
    assert_eq!(counter.get(|count: &i32| *count).await?, 42);

    exit_signal(counter.pid(), ExitReason::Kill);
    ended(counter.pid()).await;
    let second = whereis_or_wait("counter", Duration::from_secs(1)).await;
    let second: Agent<i32> = second.expect("it is started again").into();
    assert_ne!(second, counter);
    assert_eq!(second.get(|count| *count).await?, 40);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_handle_of_another_type_gets_no_answer() -> Result<(), Anything> {
    let agent = Agent::start_link(StartOptions::new(), || 1_u8).await?;
    let mistaken = Agent::<String>::from(agent.pid());
    assert_eq!(mistaken.get(String::len).await, Err(CallError::NoReply));
    assert_eq!(agent.get(|n| *n).await, Ok(1));
    Ok(())
}
