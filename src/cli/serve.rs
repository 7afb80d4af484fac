//! `xiangtu serve MAP`: the map page and its HTTP interface.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::ArgMatches;

use crate::account::Accounts;
use crate::catalog::Catalog;
use crate::cli::{Voice, args};
use crate::fault::Fault;
use crate::http;

pub fn run(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    let value = args::text(matches, "listen").unwrap_or_default();
    let listen: SocketAddr = value.parse().map_err(|_| Fault::invalid("listen-malformed").with("value", value))?;
    let catalog = Arc::new(Catalog::open(args::path(matches, "map")?)?);
    // Without accounts, whoever asks from this machine may do everything: a browser that looks at any page at all does.
    if catalog.map().origins.iter().any(|origin| origin == "*")
        && !Accounts::at(&catalog.map().accounts_path()).exist()?
    {
        return Err(Fault::invalid("origins-without-accounts"));
    }
    // Without somebody to look after it, nobody but this machine may come in.
    if !listen.ip().is_loopback() {
        if !Accounts::at(&catalog.map().accounts_path()).have_administrator()? {
            return Err(Fault::invalid("listen-not-loopback").with("value", value));
        }
        voice.note(&voice.lang.word("cli-serving-plain"));
    }
    let open = matches.get_flag("open");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(http::serve(catalog, listen, move |address| {
        let url = format!("http://{address}/");
        voice.note(&format!("{} {url}", voice.lang.word("cli-serving")));
        if open {
            // Where there is no browser to open, the address above is enough.
            let _ = std::process::Command::new("xdg-open")
                .arg(&url)
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn();
        }
    }))
}
