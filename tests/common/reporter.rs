//! Writes down what Kerosene reports through `tracing`: for tests of reports.
//!
//! There is one subscriber in an OS process, and so for all tests of a file. Each test takes the
//! reports of its own processes, known by a label, a name or a pid.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// The fields of one report, and its `level` and `target`.
pub(crate) type Report = BTreeMap<&'static str, String>;

static REPORTS: Mutex<Vec<Report>> = Mutex::new(Vec::new());

/// Writes down what has one of these targets.
struct Reporter(&'static [&'static str]);

/// Installs the subscriber, for reports of these targets. All tests of a file name the same.
pub(crate) fn install(targets: &'static [&'static str]) {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        tracing::subscriber::set_global_default(Reporter(targets)).expect("there is no other");
    });
}

/// Takes the reports that are wanted.
pub(crate) fn take(wanted: impl Fn(&Report) -> bool) -> Vec<Report> {
    let mut reports = REPORTS.lock().expect("nobody panics here");
    reports.extract_if(.., |report| wanted(report)).collect()
}

impl Subscriber for Reporter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.0.contains(&metadata.target())
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        fields.0.insert("level", event.metadata().level().to_string());
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
