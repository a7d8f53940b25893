//! Which siblings a restart concerns, in which order: SUP-7 and SUP-8.

use kerosene::otp::{Restart, StartError, Strategy, Supervisor, SupervisorRef};
use kerosene::prelude::*;

use super::{End, down, end, logged, notes, restarted, running, secs};

async fn four(strategy: Strategy) -> SupervisorRef {
    let me = pid();
    let children = ["a", "b", "c", "d"].map(|id| logged(me, id));
    let supervisor = Supervisor::new(strategy).children(children).start_link().await;
    let supervisor = supervisor.expect("its children start");
    assert_eq!(notes().await, "+a +b +c +d");
    supervisor
}

/// What is written down when `b` fails.
async fn when_b_fails(strategy: Strategy) -> String {
    let supervisor = four(strategy).await;
    let old = end("b", "boom").await;
    restarted(supervisor, "b", old).await;
    assert_eq!(running(supervisor).await, ["a", "b", "c", "d"]);
    notes().await
}

#[kerosene::test(seeds = 20)]
async fn one_for_one_restarts_the_one_that_failed() {
    assert_eq!(when_b_fails(Strategy::OneForOne).await, "+b");
}

#[kerosene::test(seeds = 20)]
async fn rest_for_one_restarts_it_and_those_after_it() {
    assert_eq!(when_b_fails(Strategy::RestForOne).await, "-d -c +b +c +d");
}

#[kerosene::test(seeds = 20)]
async fn one_for_all_restarts_all() {
    assert_eq!(when_b_fails(Strategy::OneForAll).await, "-d -c -a +a +b +c +d");
}

#[kerosene::test(seeds = 20)]
async fn a_group_restart_starts_siblings_that_were_stopped() -> Result<(), StartError> {
    let me = pid();
    let finished = logged(me, "finished").restart(Restart::Transient);
    let supervisor = Supervisor::new(Strategy::OneForAll)
        .children([logged(me, "a"), finished, logged(me, "stopped")])
        .start_link()
        .await?;
    end("finished", ExitReason::Normal).await;
    supervisor.terminate_child("stopped").await.expect("it is there");
    assert_eq!(running(supervisor).await, ["a"]);
    notes().await;
    let old = end("a", "boom").await;
    restarted(supervisor, "a", old).await;
    assert_eq!(notes().await, "+a +finished +stopped");
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_group_restart_forgets_temporary_siblings() -> Result<(), StartError> {
    let me = pid();
    let temporary = logged(me, "temporary").restart(Restart::Temporary);
    let supervisor = Supervisor::new(Strategy::OneForAll)
        .children([logged(me, "a"), temporary, logged(me, "c")])
        .start_link()
        .await?;
    notes().await;
    let old = end("a", "boom").await;
    restarted(supervisor, "a", old).await;
    assert_eq!(notes().await, "-c -temporary +a +c");
    let children = supervisor.which_children().await.expect("it runs");
    let ids: Vec<_> = children.iter().map(|child| child.id.as_str()).collect();
    assert_eq!(ids, ["a", "c"]);
    Ok(())
}

/// Lets three children end before their supervisor sees any of it.
async fn end_three_at_once() {
    let three = ["a", "b", "c"].map(|id| whereis(id).expect("it runs"));
    let watches = three.map(monitor);
    for pid in three {
        send(pid, End("boom".into()));
    }
    for watch in watches {
        down(watch).await;
    }
}

#[kerosene::test(seeds = 100)]
async fn a_group_restart_absorbs_simultaneous_ends() {
    // A child that is slow to start holds the supervisor, so that the others end meanwhile.
    let supervisor = four(Strategy::OneForAll).await;
    let watch = monitor(supervisor);
    unlink(supervisor.pid());
    let slow = ChildSpec::new("slow", || async {
        sleep(secs(5)).await;
        Err::<Pid, _>(StartError::Ignored)
    });
    spawn(async move {
        let _ = supervisor.start_child(slow).await;
    });
    sleep(secs(1)).await;
    end_three_at_once().await;
    sleep(secs(60)).await;
    // With intensity 1, a second restart would have been too many.
    assert_eq!(running(supervisor).await, ["a", "b", "c", "d"]);
    assert!(demonitor_flush(watch));
}

#[kerosene::test(seeds = 20)]
async fn without_a_group_each_end_counts() {
    let supervisor = four(Strategy::OneForOne).await;
    let watch = monitor(supervisor);
    unlink(supervisor.pid());
    end_three_at_once().await;
    assert_eq!(down(watch).await, ExitReason::Shutdown);
}
