//! What servers report through `tracing` when they fail: SYS-2 of SEMANTICS.md, with OTP's content.
//!
//! Each test looks for the reports of its own server, by pid.

#[path = "common/reporter.rs"]
mod reporter;

use kerosene::prelude::*;
use reporter::Report;

fn install_reporter() {
    reporter::install(&["kerosene::server"]);
}

fn reports_of(server: Pid) -> Vec<Report> {
    reporter::take(|report| report.get("pid") == Some(&server.to_string()))
}

struct Bad;

#[kerosene::actor]
mod account {
    use kerosene::prelude::*;

    use super::Bad;

    #[derive(Debug, Default)]
    pub(crate) struct Account {
        balance: u64,
    }

    impl Account {
        #[call]
        pub(crate) fn deposit(&mut self, amount: u64) -> u64 {
            self.balance += amount;
            self.balance
        }

        #[info]
        fn bad(&mut self, Bad: Bad) -> Next {
            Next::Stop("no more money".into())
        }
    }
}

/// Real, as a simulated process may have the pid of another test's.
#[kerosene::test(real)]
async fn a_server_that_fails_tells_what_it_did_and_had() {
    install_reporter();
    let account = account::start().await.expect("it starts");
    account.deposit(7).await.expect("it answers");
    let watch = monitor(account.pid());
    send(account, Bad);
    receive! { Down { monitor, .. } if monitor == watch => () }
    let reports = reports_of(account.pid());
    let [report] = &reports[..] else { panic!("not one report: {reports:?}") };
    assert_eq!(report["reason"], "no more money");
    assert!(report["last_message"].ends_with("Bad"), "{report:?}");
    assert_eq!(report["messages"], "2");
    assert_eq!(report["state"], "Account { balance: 7 }");
    assert_eq!(report["ancestors"], format!("[{}]", pid()));
}

#[kerosene::test(real)]
async fn a_server_that_stops_in_order_reports_nothing() {
    install_reporter();
    let account = account::start().await.expect("it starts");
    account.stop().await.expect("it stops");
    assert!(reports_of(account.pid()).is_empty());
}
