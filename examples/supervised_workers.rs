//! Workers that fail, and a tree that goes on: watch who is restarted, and what is lost.
//!
//! ```text
//! cargo run --example supervised_workers
//! ```
//!
//! The tree of this program:
//!
//! ```text
//! workshop (rest_for_one)
//! ├── store       keeps results; if it fails, those below it are restarted, too
//! ├── workers     a dynamic supervisor: one process for each job, forgotten when it has ended
//! └── clerk       takes jobs, and hands each to a worker
//! ```
//!
//! Some jobs are broken. Their workers crash, which is reported on standard error and harms nobody
//! else. Then the store itself crashes: its results are gone, it and all that depends on it start
//! anew, and the next jobs are done as if nothing had happened.

use kerosene::otp::StartError;
use kerosene::prelude::*;

/// Divides 100 by this, and stores the result under the name of the job.
#[derive(Clone)]
struct Job {
    name: &'static str,
    divisor: u32,
}

/// A result, for the store.
struct Quotient(&'static str, u32);

/// Asks the store for all results.
struct List;

impl Request for List {
    type Reply = Vec<String>;
}

/// Asks the clerk to have a job done. The answer comes from the worker; if that crashes, the caller
/// hears why.
struct Do(Job);

impl Request for Do {
    type Reply = u32;
}

#[kerosene::supervisor(strategy = rest_for_one, intensity = 3, period = "5s")]
mod workshop {
    use kerosene::prelude::*;

    use super::{Do, List, Quotient};

    #[child(name = "store")]
    async fn store() {
        let mut results = Vec::new();
        loop {
            receive! {
                Quotient(job, quotient) => results.push(format!("{job} = {quotient}")),
                Call { request: List, reply_to } => reply_to.reply(results.clone()),
                "catch fire" => panic!("the store is on fire"),
            }
        }
    }

    #[child(kind = supervisor)]
    fn workers() -> ChildSpec {
        DynamicSupervisor::new().name("workers").max_children(10).child_spec("workers")
    }

    #[child(name = "clerk")]
    async fn clerk() {
        let workers = DynamicSupervisorRef::named("workers").expect("it starts before the clerk");
        loop {
            receive! { Call { request: Do(job), reply_to } => {
                let work = async move {
                    let quotient = 100 / job.divisor;
                    send("store", Quotient(job.name, quotient));
                    reply_to.reply(quotient);
                };
                if let Err(error) = workers.start_child(ChildSpec::once(job.name, work)).await {
                    println!("clerk: {}: {error}", job.name);
                }
            } }
        }
    }
}

/// Has jobs done, and prints how each went.
async fn have_done(jobs: &[Job]) -> Result<(), CallError> {
    for job in jobs {
        match call("clerk", Do(job.clone())).await {
            Ok(quotient) => println!("{}: {quotient}", job.name),
            Err(error) => println!("{}: {error}", job.name),
        }
    }
    println!("store: {:?}", call("store", List).await?);
    Ok(())
}

#[kerosene::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let workshop = workshop::start_link().await?;
    print_tree(workshop, "started").await?;

    println!("\nTwo good jobs and a broken one:");
    let jobs = [("half", 2), ("nothing", 0), ("quarter", 4)];
    have_done(&jobs.map(|(name, divisor)| Job { name, divisor })).await?;

    println!("\nThe store crashes, and takes with it what depends on it:");
    let clerk = whereis("clerk").ok_or(StartError::Ignored)?;
    let watch = monitor(clerk);
    send("store", "catch fire");
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        println!("the clerk has ended: {reason}");
    } }
    whereis_or_wait("clerk", Duration::from_secs(5)).await.ok_or(StartError::Timeout)?;
    print_tree(workshop, "restarted").await?;

    println!("\nIt works again, with an empty store:");
    have_done(&[Job { name: "fifth", divisor: 5 }]).await?;

    workshop.stop().await;
    println!("\nclosed; processes left: {}", process_count());
    Ok(())
}

async fn print_tree(workshop: SupervisorRef, what: &str) -> Result<(), CallError> {
    for child in workshop.which_children().await? {
        let pid = child.state.pid().map_or_else(String::new, |pid| pid.to_string());
        println!("{what}: {:8} {:10} {pid}", child.id, child.kind);
    }
    Ok(())
}
