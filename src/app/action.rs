//! What keys do: one table of actions feeds the key map, the footer, the help, the palette and the
//! manual.

mod table;

pub use table::ACTIONS;

use super::key::Key;
use super::pane::Pane;

/// Something a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Selects the next row.
    Down,
    /// Selects the previous row.
    Up,
    /// Selects the first row.
    Top,
    /// Selects the last row.
    Bottom,
    /// Moves half a page down.
    HalfPageDown,
    /// Moves half a page up.
    HalfPageUp,
    /// Moves a page down.
    PageDown,
    /// Moves a page up.
    PageUp,
    /// Gives the keys to the next chart.
    NextChart,
    /// Gives the keys to the previous chart.
    PreviousChart,
    /// Opens the selected table, index or DAX cluster.
    Open,
    /// Goes to a pane.
    Pane(Pane),
    /// Goes to the next pane.
    NextPane,
    /// Goes to the previous pane.
    PreviousPane,
    /// Opens the filter box.
    Filter,
    /// Shows only what is in trouble, or everything again.
    OnlyTrouble,
    /// Folds what seldom matters, or unfolds it: indexes and DAX nodes that are calm, what is on-demand,
    /// autoscaling's own alarms.
    Indexes,
    /// Lists the alarms of all namespaces, or only those on `DynamoDB` and what belongs to it.
    AllAlarms,
    /// Chooses the column to sort by.
    Sort,
    /// Turns the order round.
    Reverse,
    /// Gives the list or the chart the whole pane, or takes it back.
    Expand,
    /// Shows verdict and settings of a table in full, or its charts again.
    Details,
    /// Stops the screen while reading goes on, or lets it go on.
    Freeze,
    /// Charts show less time.
    ZoomIn,
    /// Charts show more time.
    ZoomOut,
    /// Charts show the usual time.
    ZoomReset,
    /// Chooses how much time charts show.
    Range,
    /// Moves the time cursor back.
    CursorBack,
    /// Moves the time cursor on.
    CursorForward,
    /// Copies the selected name.
    CopyName,
    /// Copies the selected resource's ARN.
    CopyArn,
    /// Shows times in local time, or in UTC again.
    LocalTime,
    /// Shows keys in full, or masked again.
    Mask,
    /// Takes the mouse, or leaves it to the terminal.
    Mouse,
    /// Chooses the regions that are read.
    Regions,
    /// Chooses the profiles that are read with.
    Profiles,
    /// Chooses the theme.
    Theme,
    /// Lists every key.
    Help,
    /// Lists everything that can be done, and every table and DAX cluster.
    Palette,
    /// Goes back one step.
    Back,
    /// Plays a recording, or goes through its time.
    Replay(Transport),
    /// Reads from AWS now.
    Refresh,
    /// Changes the selected table, index or alarm, by a plan that is to be confirmed.
    Edit,
    /// Takes back the last write, by a plan that is to be confirmed.
    Undo,
    /// Writes an incident bundle.
    Export,
    /// Marks the selected row, to change several at once.
    Mark,
    /// Paints the screen anew.
    Redraw,
    /// Stops the program as job control does.
    Suspend,
    /// Ends the program.
    Quit,
    /// Ends the program and leaves the screen to read.
    QuitKeepScreen,
}

/// What keys do to a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// Plays it, or lets it stand still.
    Play,
    /// Plays it slower.
    Slower,
    /// Plays it faster.
    Faster,
    /// Goes back a minute.
    Back,
    /// Goes on a minute.
    On,
    /// Goes to what happened next.
    Next,
    /// Goes to what happened before.
    Previous,
}

/// Where an action means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Valid {
    /// Always.
    Always,
    /// While the pane has rows to choose from.
    WithRows,
    /// On the Tables pane while a table is known.
    WithTables,
    /// On a pane whose rows can be filtered, while there is something to filter.
    WithList,
    /// On the Alarms pane while an alarm is known.
    WithAlarms,
    /// While a row is selected that leads to a table, an index, the account or a DAX cluster.
    OnRow,
    /// While something is selected that has a name and can be told of in words.
    WithResource,
    /// While something is selected that can be changed: nothing of DAX can.
    Editable,
    /// While there are charts on screen.
    WithCharts,
    /// While there are charts on screen, or rows that the time cursor goes along.
    WithTime,
    /// On a pane whose rows can be marked, while there are any.
    OnMarkable,
    /// While keys are on screen.
    WithKeys,
    /// Where one of several charts can be chosen: on the Table pane, and where a DAX cluster is open.
    OnTable,
    /// While there is something to go back from.
    WithWayBack,
    /// While AWS is read, and no recording is on screen.
    Live,
    /// While a recording is on screen.
    InReplay,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// What is done.
    pub action: Action,
    /// Its name in the settings file.
    pub name: &'static str,
    /// The key sequences that do it; the first is the one that is shown.
    pub keys: &'static [&'static [Key]],
    /// What it does, for help and manual: an imperative sentence.
    pub doc: &'static str,
    /// What the footer calls it; empty keeps it out of the footer.
    pub label: &'static str,
    /// Where room lacks, the footer leaves out hints of the greatest rank first.
    pub rank: u8,
    /// Where it means something.
    pub valid: Valid,
}

impl Action {
    /// Its row of the table.
    pub fn spec(self) -> Option<&'static Spec> {
        ACTIONS.iter().find(|spec| spec.action == self)
    }

    /// The action that the settings file calls so.
    pub fn named(name: &str) -> Option<Self> {
        ACTIONS.iter().find(|spec| spec.name == name).map(|spec| spec.action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_has_one_row_and_a_name_of_its_own() {
        let names: BTreeSet<&str> = ACTIONS.iter().map(|spec| spec.name).collect();
        assert_eq!(names.len(), ACTIONS.len());
        for spec in ACTIONS {
            let found = spec.action.spec().map(|found| found.name);
            assert_eq!(found, Some(spec.name));
            // What 80 columns have room for in the help box.
            assert!(spec.doc.chars().count() <= 58, "{}", spec.doc);
        }
    }
}
