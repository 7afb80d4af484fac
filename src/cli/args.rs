//! What may be typed. Help is read from `maps/text`, the analyses' parameters from their definitions.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::account::Role;
use crate::analysis::{self, Parameter};
use crate::fault::Fault;
use crate::text::Lang;
use crate::units::Day;

/// The language asked for by `--lang`, else by the locale; Chinese where neither says.
pub fn language(typed: &[OsString]) -> Lang {
    let words: Vec<&str> = typed.iter().filter_map(|word| word.to_str()).collect();
    let asked = words
        .iter()
        .position(|word| *word == "--lang")
        .and_then(|at| words.get(at + 1).copied())
        .or_else(|| words.iter().find_map(|word| word.strip_prefix("--lang=")));
    let locale =
        || ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    match asked {
        Some(asked) => Lang::preferred(asked).unwrap_or_default(),
        None => locale().and_then(|locale| Lang::preferred(&locale)).unwrap_or_default(),
    }
}

fn flag(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

fn option(name: &'static str, value: &'static str) -> Arg {
    // A value may begin with a minus sign: `--sortby -distance_m`, `--distance -5` (which is then refused by its range).
    Arg::new(name).long(name).value_name(value).allow_hyphen_values(true)
}

fn map() -> Arg {
    Arg::new("map").value_name("MAP").required(true).value_parser(value_parser!(PathBuf))
}

/// The parameters of all analyses, each once: which of them a collection takes is checked when it is bound.
fn parameters() -> Vec<&'static Parameter> {
    let mut all: Vec<&'static Parameter> = Vec::new();
    for parameter in analysis::ALL.iter().flat_map(|definition| definition.parameters) {
        if !all.iter().any(|known| known.name == parameter.name) {
            all.push(parameter);
        }
    }
    all
}

/// The whole command line.
pub fn command(lang: Lang) -> Command {
    let query = Command::new("query")
        .arg(map())
        .arg(Arg::new("collection").value_name("COLLECTION").required(true))
        .args(parameters().into_iter().map(|parameter| option(parameter.name, "V").help_heading("PARAM")))
        .args([
            option("as-of", "YYYY-MM-DD"),
            option("known-by", "YYYY-MM-DD"),
            option("bbox", "w,s,e,n"),
            option("crs", "EPSG:…"),
            option("filter", "CQL2"),
            option("filter-lang", "cql2-text|cql2-json").requires("filter"),
            option("sortby", "F"),
            option("properties", "F,…"),
            option("limit", "N").value_parser(value_parser!(u64).range(1..)),
            option("format", "F").short('f').default_value("geojson"),
            option("output", "FILE").short('o').value_parser(value_parser!(PathBuf)),
        ]);
    let import = Command::new("import")
        .arg(map())
        .arg(Arg::new("layer").value_name("LAYER").requires("file"))
        .arg(Arg::new("file").value_name("FILE").num_args(1..).value_parser(value_parser!(PathBuf)))
        .args([
            option("kind", "K"),
            option("key", "FIELD"),
            option("crs", "EPSG:…|gcj02|bd09"),
            option("encoding", "auto|gbk|utf-8"),
            option("fields", "attribute=field,…"),
            option("on", "YYYY-MM-DD"),
            option("on-field", "FIELD"),
        ]);
    let new = Command::new("new")
        .arg(Arg::new("dir").value_name("DIR").required(true).value_parser(value_parser!(PathBuf)))
        .args([
            option("from", "FILE.osm.pbf").value_parser(value_parser!(PathBuf)),
            option("bbox", "w,s,e,n"),
            option("title", "T"),
        ]);
    let serve = Command::new("serve")
        .arg(map())
        .args([option("listen", "ADDR:PORT").default_value("127.0.0.1:8112"), flag("open")]);
    let bench =
        Command::new("bench").arg(Arg::new("map").value_name("MAP").value_parser(value_parser!(PathBuf))).args([
            option("features", "N").value_parser(value_parser!(u32).range(100..)).default_value("100000"),
            option("runs", "N").value_parser(value_parser!(u32).range(1..)).default_value("3"),
            flag("ledger"),
            flag("tiles").conflicts_with("ledger"),
            flag("roads").conflicts_with_all(["ledger", "tiles"]),
            option("out", "DIR").value_parser(value_parser!(PathBuf)).requires("roads"),
            option("chainage", "DIR")
                .value_parser(value_parser!(PathBuf))
                .conflicts_with_all(["ledger", "tiles", "roads"]),
            option("events", "N").value_parser(value_parser!(u32).range(100..)).default_value("100000"),
        ]);
    let list = Command::new("list").arg(map());
    let check = Command::new("check").arg(map()).arg(option("as-of", "YYYY-MM-DD"));
    let record = Command::new("record")
        .arg(map())
        .arg(Arg::new("layer").value_name("LAYER").required_unless_present("from").conflicts_with("from"))
        .arg(Arg::new("id").value_name("ID").required_unless_present("from"))
        .arg(Arg::new("event").value_name("EVENT").required_unless_present("from"))
        .arg(Arg::new("fields").value_name("FIELD=VALUE").num_args(0..))
        .args([
            option("on", "YYYY-MM-DD"),
            option("by", "NAME"),
            option("note", "T"),
            option("quantity", "N…"),
            option("undoes", "EVENT"),
            option("from", "FILE.csv|.xlsx").value_parser(value_parser!(PathBuf)),
            option("crs", "EPSG:…|gcj02|bd09").requires("from"),
            option("encoding", "auto|gbk|utf-8").requires("from"),
            option("series", "S").requires("from"),
            option("evidence", "FILE").action(ArgAction::Append).value_parser(value_parser!(PathBuf)),
        ]);
    let issues = Command::new("issues").arg(map()).args([
        option("status", "S"),
        option("village", "V"),
        flag("overdue"),
        option("as-of", "YYYY-MM-DD"),
    ]);
    let named = |verb: &'static str| {
        Command::new(verb).arg(Arg::new("name").value_name("NAME").required(true).allow_hyphen_values(true))
    };
    let several = |name: &'static str| option(name, "ID").action(ArgAction::Append);
    let roles = Role::ALL.map(Role::word);
    let account = Command::new("account").arg(map()).subcommand_required(true).subcommands([
        named("add").arg(option("role", "R").required(true).value_parser(roles)).args([
            several("village"),
            several("cell"),
            flag("generate"),
        ]),
        Command::new("list"),
        named("password").arg(flag("generate")),
        named("disable"),
        named("enable"),
        named("token").args([
            option("token-name", "N").long("name"),
            option("days", "N").value_parser(value_parser!(u32).range(1..=36_500)),
        ]),
        named("revoke"),
        Command::new("audit").arg(option("limit", "N").value_parser(value_parser!(i64).range(1..))),
    ]);
    let command = Command::new("xiangtu")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args([
            flag("quiet").short('q').global(true),
            flag("json").global(true),
            option("lang", "zh|en").value_parser(["zh", "en"]).global(true),
        ])
        .subcommands([serve, new, import, list, query, check, record, issues, account, bench]);
    worded(command, "cli", lang)
}

/// Gives a command, its arguments and its subcommands the words that the catalogue has for them.
fn worded(command: Command, prefix: &str, lang: Lang) -> Command {
    let word = |key: String| if lang.knows(&key) { Some(lang.word(&key)) } else { None };
    let mut command = command;
    if let Some(about) = word(prefix.to_owned()) {
        command = command.about(about);
    }
    let own = prefix.to_owned();
    command = command.mut_args(move |arg| {
        let name = arg.get_id().as_str().to_owned();
        let parameter =
            analysis::ALL.iter().find_map(|d| d.parameter(&name).map(|p| d.parameter_title(p).get(lang).to_owned()));
        match word(format!("{own}-{name}")).or_else(|| word(format!("cli-{name}"))).or(parameter) {
            Some(help) => arg.help(help),
            None => arg,
        }
    });
    let prefix = prefix.to_owned();
    command.mut_subcommands(move |sub| {
        let prefix = format!("{prefix}-{}", sub.get_name());
        worded(sub, &prefix, lang)
    })
}

/// A required path.
pub fn path<'a>(matches: &'a ArgMatches, name: &str) -> Result<&'a PathBuf, Fault> {
    matches.get_one(name).ok_or_else(|| Fault::internal(format!("no {name}")))
}

/// An optional text.
pub fn text<'a>(matches: &'a ArgMatches, name: &str) -> Option<&'a str> {
    matches.get_one::<String>(name).map(String::as_str)
}

/// An optional day.
///
/// # Errors
/// `date-malformed`.
pub fn day(matches: &ArgMatches, name: &str) -> Result<Option<Day>, Fault> {
    text(matches, name)
        .map(|value| Day::parse(value).ok_or_else(|| Fault::invalid("date-malformed").with("value", value)))
        .transpose()
}

/// The analyses' parameters that were typed.
pub fn typed_parameters(matches: &ArgMatches) -> impl Iterator<Item = (String, String)> + '_ {
    parameters().into_iter().filter_map(|parameter| {
        text(matches, parameter.name).map(|value| (parameter.name.to_owned(), value.to_owned()))
    })
}
