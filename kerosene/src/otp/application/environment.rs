//! The values that the processes of an application can read.
//!
//! They travel in the inherited part of the dictionary, from the master to all that it starts and
//! what those start. So a process knows its application without asking anybody.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::{Name, get, put_inherited};

/// Where processes have what they belong to.
const APPLICATION: &str = "$application";

/// The values of an application.
#[derive(Clone, Default)]
pub(super) struct Environment {
    values: BTreeMap<String, Arc<dyn Any + Send + Sync>>,
}

/// What a process belongs to.
#[derive(Clone)]
struct Belonging {
    name: Name,
    environment: Arc<Environment>,
}

impl Environment {
    pub(super) fn insert<T: Send + Sync + 'static>(&mut self, key: String, value: T) {
        self.values.insert(key, Arc::new(value));
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

/// From here on the current process, and all that it starts, belongs to an application.
pub(super) fn belong(name: &Name, environment: &Environment) {
    let environment = Arc::new(environment.clone());
    put_inherited(APPLICATION, Belonging { name: name.clone(), environment });
}

/// The name of the application that the current process belongs to, which is that of who spawned
/// it.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `application:get_application/0`.
#[track_caller]
pub fn application() -> Option<Name> {
    get::<Belonging>(APPLICATION).map(|belonging| belonging.name)
}

/// A value of the application that the current process belongs to, if the key is there and its
/// value is a `T`.
///
/// ```
/// use kerosene::otp::application::{self, Application, Applications, StartType};
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let test = pid();
///     let app = Application::new("app", move || async move {
///         send(test, application::env::<u16>("port"));
///         Ok::<_, kerosene::otp::StartError>(spawn_link(sleep(Duration::MAX)))
///     });
///     let applications = Applications::new().with(app.env("port", 7300_u16)).start_link().await?;
///     applications.start("app", StartType::Temporary).await?;
///     receive! { port: Option<u16> => assert_eq!(port, Some(7300)) }
///     assert_eq!(application::env::<u16>("port"), None);
///     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `application:get_env/1`.
#[track_caller]
pub fn env<T: Any + Clone>(key: impl AsRef<str>) -> Option<T> {
    let belonging = get::<Belonging>(APPLICATION)?;
    let value: &dyn Any = &**belonging.environment.values.get(key.as_ref())?;
    value.downcast_ref::<T>().cloned()
}
