//! What servers say through `tracing`: messages they do not know, and, when asked to, those they
//! handle.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, Once};

use kerosene::otp::{StartError, sys};
use kerosene::prelude::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// The fields of one report, and its target.
type Report = BTreeMap<&'static str, String>;

static REPORTS: Mutex<Vec<Report>> = Mutex::new(Vec::new());

/// Writes the reports of servers down.
struct Reporter;

impl Subscriber for Reporter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        ["kerosene::unknown_message", "kerosene::sys"].contains(&metadata.target())
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        fields.0.insert("target", event.metadata().target().to_owned());
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
        tracing::subscriber::set_global_default(Reporter).expect("there is no other");
    });
}

/// Takes the reports about messages whose type has this name at its end.
fn messages_reported(target: &str, type_name: &str) -> usize {
    let mut reports = REPORTS.lock().expect("nobody panics here");
    let wanted =
        |report: &mut Report| report["target"] == target && report["message"].ends_with(type_name);
    reports.extract_if(.., wanted).count()
}

#[kerosene::actor]
mod puzzled {
    pub(crate) struct Riddle;
    pub(crate) struct Puzzle;

    #[derive(Default)]
    pub(crate) struct Puzzled;

    impl Puzzled {
        #[call]
        pub(crate) fn ping(&self, _: u64) {}

        #[info]
        fn puzzle(&mut self, Puzzle: Puzzle) {}
    }
}

use puzzled::{Puzzle, Riddle};

#[kerosene::test]
async fn what_no_callback_takes_is_reported_once_for_its_type() -> Result<(), StartError> {
    install_reporter();
    for _ in 0..2 {
        let puzzled = puzzled::start_link().await?;
        for _ in 0..3 {
            send(puzzled, Riddle);
            send(puzzled, Puzzle);
        }
        assert_eq!(puzzled.ping(1).await, Ok(()));
    }
    assert_eq!(messages_reported("kerosene::unknown_message", "Riddle"), 1);
    assert_eq!(messages_reported("kerosene::unknown_message", "Puzzle"), 0);
    Ok(())
}

#[kerosene::test]
async fn a_server_that_is_traced_reports_each_message() -> Result<(), CallError> {
    install_reporter();
    let puzzled = puzzled::start_link().await.expect("it starts");
    puzzled.ping(1).await?;
    sys::trace(puzzled, true).await?;
    puzzled.ping(2).await?;
    puzzled.ping(3).await?;
    sys::trace(puzzled, false).await?;
    puzzled.ping(4).await?;
    assert_eq!(messages_reported("kerosene::sys", "puzzled::Callback"), 2);
    Ok(())
}
