//! The man page and the shells' completions, made from the definition of the command line.

use super::Cli;
use clap::{Arg, Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};
use std::io;

/// A section that no definition of an argument tells: its title, and its terms with what they mean.
type Section = (&'static str, &'static [(&'static str, &'static str)]);

/// The same version has the same page whenever it is made; what is empty would be left out.
const NO_DATE: &str = " ";

/// In the order of man-pages(7).
const SECTIONS: [Section; 2] = [
    (
        "EXIT STATUS",
        &[
            ("0", "All is well."),
            ("1", "snapshot --fail-on found trouble, or lint what does not work."),
            ("2", "The command line or the settings cannot be used."),
            ("3", "AWS could not be read; what was read is still printed."),
            ("129, 130, 143", "A signal ended it: SIGHUP, SIGINT, SIGTERM."),
        ],
    ),
    (
        "FILES",
        &[
            ("$XDG_CONFIG_HOME/ddbtop/config.toml", "Settings; ddbtop config prints them all."),
            ("$XDG_CONFIG_HOME/ddbtop/themes/", "Themes of one's own."),
            (
                "$XDG_STATE_HOME/ddbtop/state.toml",
                "Order, folding, theme and filters as they were.",
            ),
            ("$XDG_STATE_HOME/ddbtop/journal.jsonl", "What was written to AWS; see ddbtop audit."),
            ("$XDG_STATE_HOME/ddbtop/recordings/", "What was read last; see ddbtop replay."),
        ],
    ),
];

/// The man page of all commands, in roff.
///
/// # Errors
/// What writing to memory may bring: nothing.
pub fn man_page() -> io::Result<Vec<u8>> {
    let mut command = Cli::command()
        .disable_help_subcommand(true)
        .override_usage("ddbtop [OPTIONS]\nddbtop [OPTIONS] COMMAND [OPTIONS]");
    command.build();
    let man = Man::new(command.clone()).date(NO_DATE).manual("User Commands");
    let mut page = vec![];
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    Roff::new().control("SH", ["COMMANDS"]).to_writer(&mut page)?;
    for inner in command.get_subcommands() {
        add_command(&mut page, inner, inner.get_name())?;
    }
    for (title, terms) in SECTIONS {
        let mut section = Roff::new();
        section.control("SH", [title]);
        for (term, meaning) in terms {
            section.control("TP", []).text([bold(*term)]).text([roman(*meaning)]);
        }
        section.to_writer(&mut page)?;
    }
    Ok(page)
}

/// A command as typed after `ddbtop`, with the flags that it alone takes, and then what is in it.
fn add_command(page: &mut Vec<u8>, command: &Command, typed: &str) -> io::Result<()> {
    let own = command.clone().mut_args(|flag| {
        let is_everywhere = flag.is_global_set() || flag.get_id().as_str() == "help";
        flag.hide(is_everywhere)
    });
    let mut heading = vec![bold(typed)];
    heading.extend(own.get_positionals().flat_map(positional));
    let about = own.get_about().map(ToString::to_string).unwrap_or_default();
    let mut text = Roff::new();
    text.control("SS", []).text(heading).text([roman(about)]);
    text.to_writer(page)?;
    let mut options = vec![];
    Man::new(own).render_options_section(&mut options)?;
    // They belong to the command, and are no section of the page.
    let options = String::from_utf8_lossy(&options).replace(".SH OPTIONS\n", "");
    page.extend(options.as_bytes());
    for inner in command.get_subcommands() {
        add_command(page, inner, &format!("{typed} {}", inner.get_name()))?;
    }
    Ok(())
}

/// An argument without a name of its own, as manuals write it.
fn positional(argument: &Arg) -> [Inline; 1] {
    let name = argument.get_value_names().unwrap_or_default().join(" ");
    let optional = if argument.is_required_set() { name } else { format!("[{name}]") };
    [roman(format!(" {optional}"))]
}

/// What `shell` has to be told to complete commands and flags.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut script = vec![];
    clap_complete::generate(shell, &mut Cli::command(), "ddbtop", &mut script);
    script
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    /// Every command as typed, and its own long flags.
    fn defined(command: &Command, typed: &str, found: &mut Vec<(String, Vec<String>)>) {
        for inner in command.get_subcommands() {
            let typed = format!("{typed} {}", inner.get_name()).trim().to_owned();
            let flags = inner.get_arguments().filter_map(Arg::get_long).map(str::to_owned);
            found.push((typed.clone(), flags.collect()));
            defined(inner, &typed, found);
        }
    }

    fn all() -> Vec<(String, Vec<String>)> {
        let mut found = vec![];
        defined(&Cli::command(), "", &mut found);
        assert!(found.iter().any(|(typed, _)| typed == "replay snapshot"), "{found:?}");
        found
    }

    #[test]
    fn the_man_page_has_every_command_with_its_flags() {
        let page = String::from_utf8(man_page().unwrap()).unwrap().replace("\\-", "-");
        let sections: Vec<&str> = page.split("\n.SS\n").skip(1).collect();
        for (typed, flags) in all() {
            let heading = format!("\\fB{typed}\\fR");
            let section = sections.iter().find(|section| section.starts_with(&heading));
            let section = section.unwrap_or_else(|| panic!("{typed}: {page}"));
            for flag in flags {
                assert!(section.contains(&format!("--{flag}")), "{typed} --{flag}\n{section}");
            }
        }
    }

    #[test]
    fn the_man_page_tells_what_holds_everywhere_once() {
        let page = String::from_utf8(man_page().unwrap()).unwrap().replace("\\-", "-");
        assert_eq!(page.matches("\\fB--endpoint-url\\fR").count(), 1, "{page}");
        assert!(page.contains("DDBTOP_ENDPOINT_URL"), "{page}");
        for section in ["NAME", "SYNOPSIS", "COMMANDS", "EXIT STATUS", "FILES"] {
            assert!(page.contains(section), "{section}: {page}");
        }
        assert_eq!(page.matches(".SH OPTIONS").count(), 1, "{page}");
    }

    #[test]
    fn every_shell_completes_every_command_and_flag() {
        for shell in Shell::value_variants() {
            let script = String::from_utf8(completions(*shell)).unwrap();
            for (typed, flags) in all() {
                for word in typed.split(' ').map(str::to_owned).chain(flags) {
                    assert!(script.contains(&word), "{shell}: {typed} {word}");
                }
            }
        }
    }
}
