//! Supervisors are spawned where somebody starts them or makes specs of them; plain processes below
//! them where their specs are made; what starts itself, at the line that does.

use kerosene::otp::{
    self, Application, Applications, PartitionSupervisor, Probe, Scope, StartError, StartOptions,
    gen_server, gen_statem,
};
use kerosene::prelude::*;

use super::{Machine, Server, Tested, check_place, ready, waits};

fn blocks(stopping: &otp::Stopping) {
    while !stopping.is_set() {
        std::thread::yield_now();
    }
}

/// Starts a child of each spec, and checks that they are spawned at consecutive lines.
async fn check_children(specs: impl IntoIterator<Item = ChildSpec>, line: u32) -> Tested {
    let supervisor = DynamicSupervisor::new().start_link().await?;
    for (spec, line) in specs.into_iter().zip(line..) {
        let child = supervisor.start_child(spec).await?;
        check_place(child, file!(), line).await;
    }
    supervisor.stop().await;
    Ok(())
}

#[kerosene::test(seeds = 10)]
async fn a_supervisor_is_spawned_at_its_start() -> Tested {
    let spec = |_| ChildSpec::process("child", waits);
    let line = line!() + 1;
    let alone = Supervisor::default().start().await?.pid();
    let linked = Supervisor::default().start_link().await?.pid();
    let dynamic = DynamicSupervisor::new().start().await?.pid();
    let linked_dynamic = DynamicSupervisor::new().start_link().await?.pid();
    let partitions = PartitionSupervisor::new(2, spec).start_link().await?.pid();
    for (supervisor, line) in
        [alone, linked, dynamic, linked_dynamic, partitions].into_iter().zip(line..)
    {
        check_place(supervisor, file!(), line).await;
    }
    Ok(())
}

#[kerosene::test(seeds = 10)]
async fn a_plain_child_is_spawned_where_its_spec_is_made() -> Tested {
    let line = line!() + 1;
    let process = ChildSpec::process("process", waits);
    let once = ChildSpec::once("once", waits());
    let named = ChildSpec::process("named", waits).name("named");
    let blocking = ChildSpec::blocking("blocking", blocks);
    check_children([process, once, named, blocking], line).await
}

#[kerosene::test(seeds = 10)]
async fn a_child_that_is_started_again_is_spawned_where_its_spec_was_made() -> Tested {
    let line = line!() + 1;
    let spec = ChildSpec::process("child", waits);
    let supervisor = Supervisor::default().child(spec).start_link().await?;
    let first = supervisor.child("child").await.expect("it runs");
    send(first, "end");
    sleep(Duration::from_secs(1)).await;
    let second = supervisor.child("child").await.expect("it runs again");
    assert_ne!(first, second);
    check_place(second, file!(), line).await;
    Ok(())
}

#[kerosene::test(seeds = 10)]
async fn a_child_that_starts_itself_is_spawned_at_the_line_that_does() -> Tested {
    let options = StartOptions::new;
    let line = line!() + 1;
    let plain = ChildSpec::new("plain", || otp::start_link(StartOptions::new(), ready));
    let server = gen_server::child_spec::<Server>("server", options(), ());
    let machine = gen_statem::child_spec::<Machine>("machine", options(), ());
    let agent = Agent::child_spec("agent", || 0);
    let groups = Scope::named("groups").child_spec();
    check_children([plain, server, machine, agent, groups], line).await
}

#[kerosene::test(seeds = 10)]
async fn a_supervisor_below_another_is_spawned_where_its_spec_is_made() -> Tested {
    let child = |_| ChildSpec::process("child", waits);
    let application =
        Application::new("app", || async { Ok::<_, StartError>(spawn_link(waits())) });
    let applications = Applications::new().with(application);
    let line = line!() + 1;
    let supervisor = Supervisor::default().child_spec("supervisor");
    let dynamic = DynamicSupervisor::new().child_spec("dynamic");
    let partitions = PartitionSupervisor::new(2, child).child_spec("partitions");
    let applications = applications.child_spec("applications", "app");
    check_children([supervisor, dynamic, partitions, applications], line).await
}

#[kerosene::test(seeds = 10)]
async fn who_asks_a_child_whether_it_is_well_is_spawned_where_the_probe_is_made() -> Tested {
    let test = pid();
    let tells = move |_| async move {
        send(test, pid());
        true
    };
    let line = line!() + 1;
    let probe = Probe::new(tells);
    let spec = ChildSpec::process("child", waits).probe(probe);
    Supervisor::default().child(spec).start_link().await?;
    let prober = receive! { prober: Pid => prober };
    check_place(prober, file!(), line).await;
    Ok(())
}
