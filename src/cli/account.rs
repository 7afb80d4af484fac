//! `xiangtu account MAP …`: who may come in. Passwords come by standard input, so that no list of processes shows one.

use std::io::{BufRead, IsTerminal};

use clap::ArgMatches;
use serde_json::json;

use crate::account::{Accounts, NewAccount, Places, Role, generate_password};
use crate::catalog::Catalog;
use crate::cli::{Voice, args};
use crate::fault::Fault;
use crate::map::MapFolder;
use crate::store::AccountRecord;

pub fn run(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    let map = MapFolder::open(args::path(matches, "map")?)?;
    let accounts = Accounts::at(&map.accounts_path());
    let Some((verb, own)) = matches.subcommand() else { return list(&accounts, voice) };
    let name = || args::text(own, "name").unwrap_or_default();
    match verb {
        "add" => add(&map, &accounts, own, voice),
        "password" => {
            let password = password(own, voice)?;
            accounts.set_password(name(), &password.text)?;
            password.show(voice);
            Ok(())
        }
        "disable" => accounts.set_disabled(name(), true),
        "enable" => accounts.set_disabled(name(), false),
        "token" => {
            let days = own.get_one::<u32>("days").copied();
            let (name, token) = accounts.add_token(name(), args::text(own, "token-name"), days)?;
            if voice.json {
                voice.answer(&json!({"name": name, "token": token}).to_string());
            } else {
                voice.note(&format!("{} {name}", voice.lang.word("cli-account-token-made")));
                voice.answer(&token);
            }
            Ok(())
        }
        "revoke" => accounts.revoke(name()),
        "audit" => audit(&accounts, own.get_one::<i64>("limit").copied().unwrap_or(i64::MAX), voice),
        _ => list(&accounts, voice),
    }
}

fn add(map: &MapFolder, accounts: &Accounts, own: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    let several = |name| own.get_many::<String>(name).into_iter().flatten().cloned().collect::<Vec<_>>();
    let role = args::text(own, "role").and_then(Role::parse).unwrap_or(Role::Viewer);
    let (villages, cells) = (several("village"), several("cell"));
    for (kind, ids) in [("village", &villages), ("grid_cell", &cells)] {
        check_areas(map, kind, ids)?;
    }
    let name = args::text(own, "name").unwrap_or_default().to_owned();
    let password = password(own, voice)?;
    accounts.add(NewAccount { name, role, villages, cells, password: password.text.clone() })?;
    password.show(voice);
    Ok(())
}

/// An area that the map does not have is a slip of the hand: the account would work nowhere.
fn check_areas(map: &MapFolder, kind: &str, ids: &[String]) -> Result<(), Fault> {
    if ids.is_empty() {
        return Ok(());
    }
    let layers = Catalog::open(&map.dir)?.layers_of(kind)?;
    let known = |id: &&String| layers.iter().any(|layer| layer.table().find(id).is_some());
    match ids.iter().find(|id| !known(id)) {
        None => Ok(()),
        Some(id) => Err(Fault::not_found("area-unknown").with("id", id).with("kind", kind)),
    }
}

/// A password, and whether it was made here, so that somebody has to be told.
struct Password {
    text: String,
    made: bool,
}

impl Password {
    fn show(&self, voice: Voice) {
        if self.made {
            voice.note(&voice.lang.word("cli-account-password-made"));
            voice.answer(&self.text);
        }
    }
}

/// The password: made here, or the first line of standard input, which a terminal does not show.
fn password(own: &ArgMatches, voice: Voice) -> Result<Password, Fault> {
    if own.get_flag("generate") {
        return Ok(Password { text: generate_password()?, made: true });
    }
    let input = std::io::stdin();
    let typed = input.is_terminal();
    if typed {
        voice.note(&voice.lang.word("cli-account-password-ask"));
        echo(false);
    }
    let mut line = String::new();
    let read = input.lock().read_line(&mut line);
    if typed {
        echo(true);
    }
    read?;
    Ok(Password { text: line.trim_end_matches(['\r', '\n']).to_owned(), made: false })
}

/// Has the terminal show what is typed, or not. Where it cannot be told, it shows it.
fn echo(shown: bool) {
    let _ = std::process::Command::new("stty").arg(if shown { "echo" } else { "-echo" }).status();
}

fn list(accounts: &Accounts, voice: Voice) -> Result<(), Fault> {
    let tokens = accounts.tokens()?;
    for AccountRecord { name, role, disabled, villages, cells, created_at, .. } in accounts.all()? {
        let own: Vec<&str> = tokens.iter().filter(|token| token.account == name).map(|t| t.name.as_str()).collect();
        let line = if voice.json {
            json!({
                "name": name, "role": role, "disabled": disabled, "villages": villages, "cells": cells,
                "created_at": created_at, "tokens": own,
            })
            .to_string()
        } else {
            let state = if disabled { voice.lang.word("account-state-disabled") } else { String::new() };
            let areas = villages.iter().chain(&cells).cloned().collect::<Vec<_>>().join(",");
            [name, voice.lang.word(&format!("role-{role}")), areas, own.join(","), state].join("\t")
        };
        voice.answer(&line);
    }
    Ok(())
}

fn audit(accounts: &Accounts, most: i64, voice: Voice) -> Result<(), Fault> {
    for line in accounts.audit(most)? {
        let text = if voice.json {
            json!({
                "at": line.at, "action": line.action, "account": line.account, "peer": line.peer,
                "subject": line.subject, "format": line.format, "features": line.features,
            })
            .to_string()
        } else {
            let action = voice.lang.word(&format!("audit-{}", line.action));
            let features = line.features.map(|n| n.to_string()).unwrap_or_default();
            [line.at, action, line.account, line.peer, line.subject, line.format, features].join("\t")
        };
        voice.answer(&text);
    }
    Ok(())
}
