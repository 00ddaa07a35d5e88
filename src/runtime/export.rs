//! `export` and key `x`: an incident bundle, from one poll or from what the screen shows.

pub(super) mod folder;

use super::drawing;
use super::look;
use super::signals::Signals;
use super::snapshot::{Once, complain, poll_once, replayed, unread};
use super::source::{Sources, app_options};
use super::{Ending, Failure, audit, tell};
use crate::app::pane::Pane;
use crate::app::{self, App, Msg, Target};
use crate::cli::Export;
use crate::config::{self, Config, display_path};
use crate::diagnose::Verdict;
use crate::plot::{PictureError, Scene};
use crate::report::export::{Bundle, Material, Selected, bundle};
use crate::store::{Reading, Store};
use crate::ui::theme::Theme;
use crate::view::Charset;
use crate::view::chart::Marker;
use crate::view::places::Places;
use jiff::Timestamp;
use std::path::PathBuf;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;

/// Columns and rows of the screens in a bundle.
const SIZE: (u16, u16) = (160, 48);

/// Polls once and writes a bundle of what was read, even if that is not everything.
pub(super) async fn run(config: &Config, flags: &Export) -> Result<Ending, Failure> {
    folder::check(&flags.folder)?;
    // A simulated world stands still, so that the same seed gives the same bundle everywhere.
    let sources = Sources::new(&config.target, 0.0)?;
    let mut signals = Signals::new()?;
    tokio::select! {
        ending = signals.next() => Ok(ending),
        ending = read_and_write(config, flags, &sources) => ending,
    }
}

async fn read_and_write(
    config: &Config,
    flags: &Export,
    sources: &Sources,
) -> Result<Ending, Failure> {
    let theme = drawing::theme(config)?;
    let mut options = app_options(config, sources);
    (options.marker, options.charset) = look::of_pictures(config);
    let Once { mut app, now } = poll_once(config, sources, options, (SIZE, Pane::Tables)).await?;
    // What a demo wrote, it wrote in another world than the one that was just made.
    if let config::Target::Live { .. } = config.target
        && let Some(file) = audit::journal(&config.target)
    {
        match file.read() {
            Ok(journal) => {
                app.handle(Msg::Journal(journal.unwrap_or_default(), None), now);
            }
            Err(error) => tell(&format!("own writes are left out: {error}")),
        }
    }
    let order = Order {
        simulated: simulated(&config.target),
        reveal_keys: flags.reveal_keys,
        selected: None,
        theme,
        app,
        now,
    };
    let (app, bundle) = order.make()?;
    folder::write(&bundle, &flags.folder)?;
    let readings = app.read(now);
    complain(&readings, app.profiles());
    Ok(if unread(&readings) { Ending::Unread } else { Ending::Fine })
}

/// Writes a bundle of a moment of a recording. `simulated` says that nothing of it happened, where that is so.
pub(super) fn of_recording(
    config: &Config,
    mut options: app::Options,
    store: Store,
    (flags, simulated): (&Export, Option<String>),
    now: Timestamp,
) -> Result<Ending, Failure> {
    folder::check(&flags.folder)?;
    let theme = drawing::theme(config)?;
    (options.marker, options.charset) = look::of_pictures(config);
    let app = replayed(options, store, (SIZE, Pane::Tables), now);
    let order =
        Order { simulated, reveal_keys: flags.reveal_keys, selected: None, theme, app, now };
    let (app, bundle) = order.make()?;
    folder::write(&bundle, &flags.folder)?;
    Ok(if unread(&app.read(now)) { Ending::Unread } else { Ending::Fine })
}

/// What is said of a simulated AWS.
pub(super) fn simulated(target: &config::Target) -> Option<String> {
    match target {
        config::Target::Live { .. } => None,
        config::Target::Simulated(simulated) => Some(format!(
            "Nothing of this happened: scenario {}, seed {}, of the simulated AWS.",
            simulated.scenario, simulated.seed
        )),
    }
}

/// What a bundle is made of.
struct Order {
    app: App,
    theme: Theme,
    selected: Option<(Target, i64)>,
    simulated: Option<String>,
    reveal_keys: bool,
    now: Timestamp,
}

impl Order {
    /// Makes the bundle, and gives the application back. Takes a moment: many pictures are drawn.
    fn make(mut self) -> Result<(App, Bundle), PictureError> {
        self.app.handle(Msg::Tick, self.now);
        let screens = self.screens();
        let (app, now) = (self.app, self.now);
        let judged: Vec<(Reading<'_>, &[Verdict])> = app
            .read(now)
            .into_iter()
            .map(|reading| (reading, app.verdicts(reading.scope())))
            .collect();
        let selected = self.selected.as_ref().map(|(target, minutes)| Selected {
            scope: &target.scope,
            resource: &target.resource,
            minutes: *minutes,
        });
        let bundle = bundle(&Material {
            judged: &judged,
            selected,
            screens: &screens,
            simulated: self.simulated.as_deref(),
            reveal_keys: self.reveal_keys,
            thresholds: app.thresholds(),
            now,
        })?;
        drop(judged);
        Ok((app, bundle))
    }

    /// Draws every pane.
    fn screens(&mut self) -> Vec<(String, Scene)> {
        let mut screens = vec![];
        for pane in Pane::ALL {
            self.app.show(pane, self.now);
            if self.reveal_keys {
                self.app.reveal_keys();
            }
            let name = pane.name().to_lowercase().replace(' ', "-");
            screens.push((name, drawing::scene(&self.app, &self.theme, SIZE, self.now)));
        }
        screens
    }
}

/// Writes bundles of what the screen shows, beside the loop.
pub(super) struct Exporter {
    look: look::Look,
    drawn_with: (Marker, Charset),
    parent: PathBuf,
    simulated: Option<String>,
    told: UnboundedSender<Msg>,
}

impl Exporter {
    /// Tells `told` what came of each bundle. `simulated` says that nothing of it happened, where that is so.
    ///
    /// # Errors
    /// A mistake in a shipped theme.
    pub(super) fn new(
        config: &Config,
        simulated: Option<String>,
        told: UnboundedSender<Msg>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            look: look::Look::for_pictures(config)?,
            drawn_with: look::of_pictures(config),
            parent: config.export_directory.clone().unwrap_or_default(),
            simulated,
            told,
        })
    }

    /// Begins to write a bundle; the folder is named by time and place.
    pub(super) fn export(&self, app: &App, now: Timestamp) {
        let told = self.told.clone();
        let theme = match self.look.theme(app.theme()) {
            Ok(theme) => theme,
            Err(error) => return drop(told.send(Msg::Exported(Err(error.to_string())))),
        };
        let selected = app.looked_at();
        let (app, now) = app.beside(self.drawn_with, SIZE, now);
        let folder = self.parent.join(name(&app, now));
        let simulated = self.simulated.clone();
        let order = Order { app, theme, selected, simulated, reveal_keys: false, now };
        let shown = display_path(&folder);
        let made = spawn_blocking(move || {
            let (_, bundle) = order.make()?;
            Ok::<(), Failure>(folder::write(&bundle, &folder)?)
        });
        tokio::spawn(async move {
            // The application takes no other order until it is told of this one, whatever became of it.
            let told_of = match made.await {
                Ok(Ok(())) => Ok(shown),
                Ok(Err(failure)) => Err(failure.to_string()),
                Err(error) => Err(error.to_string()),
            };
            // Nobody listens any more where the program is about to end.
            let _ = told.send(Msg::Exported(told_of));
        });
    }
}

/// `ddbtop-123456789012-us-east-1-20261122T120320Z`, or `ddbtop-2-regions-20261122T120320Z`.
fn name(app: &App, now: Timestamp) -> String {
    let mut parts = vec!["ddbtop".to_owned()];
    let places = Places::of(app.store().scopes());
    if places.is_one() {
        for scope in app.store().scopes() {
            parts.extend([scope.account().to_owned(), scope.region().to_owned()]);
        }
    } else {
        let (counts, _) = places.told();
        parts.push(counts.replace(", ", "-").replace(' ', "-"));
    }
    parts.retain(|part| !part.is_empty());
    parts.push(now.strftime("%Y%m%dT%H%M%SZ").to_string());
    parts.join("-")
}
