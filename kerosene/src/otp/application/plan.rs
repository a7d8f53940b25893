//! In which order applications are started and stopped. Functions from data to data.

use std::collections::BTreeMap;

use super::{Application, ApplicationError};
use crate::Name;

/// The applications that there are.
pub(super) type Loaded = BTreeMap<Name, Application>;

/// What an application needs, each behind what it depends on, itself last.
pub(super) fn start_order(loaded: &Loaded, name: &Name) -> Result<Vec<Name>, ApplicationError> {
    let mut order = Vec::new();
    visit(loaded, name, &mut Vec::new(), &mut order)?;
    Ok(order)
}

fn visit(
    loaded: &Loaded,
    name: &Name,
    path: &mut Vec<Name>,
    order: &mut Vec<Name>,
) -> Result<(), ApplicationError> {
    if order.contains(name) {
        return Ok(());
    }
    if let Some(first) = path.iter().position(|other| other == name) {
        return Err(ApplicationError::Cycle(path.split_off(first)));
    }
    let application = loaded.get(name).ok_or_else(|| ApplicationError::Unknown(name.clone()))?;
    path.push(name.clone());
    for dependency in &application.dependencies {
        visit(loaded, dependency, path, order)?;
    }
    path.pop();
    order.push(name.clone());
    Ok(())
}

/// Which of those that run, in the order in which they were started, depend on an application,
/// itself included.
pub(super) fn dependents(loaded: &Loaded, running: &[Name], name: &Name) -> Vec<Name> {
    let mut found: Vec<Name> = Vec::new();
    for other in running {
        let depends = |name: &Name| found.contains(name);
        let dependencies = loaded.get(other).map(|application| &application.dependencies);
        if other == name || dependencies.into_iter().flatten().any(depends) {
            found.push(other.clone());
        }
    }
    found
}
