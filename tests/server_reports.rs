//! What servers report through `tracing` when they fail: SYS-2 of SEMANTICS.md, with OTP's content.
//!
//! One subscriber for all tests writes the reports down; each test looks for those of its own
//! server, by pid.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, Once};

use kerosene::prelude::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

type Report = BTreeMap<&'static str, String>;

static REPORTS: Mutex<Vec<Report>> = Mutex::new(Vec::new());

/// Writes the reports of servers down.
struct Reporter;

impl Subscriber for Reporter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "kerosene::server"
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        REPORTS.lock().expect("nobody panics here").push(fields.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Fields(Report);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

fn install_reporter() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        tracing::subscriber::set_global_default(Reporter).expect("the only one");
    });
}

fn reports_of(server: Pid) -> Vec<Report> {
    let reports = REPORTS.lock().expect("nobody panics here");
    let is_its = |report: &&Report| report.get("pid") == Some(&server.to_string());
    reports.iter().filter(is_its).cloned().collect()
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
