//! Signing in and out, tokens, and the doors that stay shut.

use std::time::Duration;

use serde_json::Value;

use super::town::{PASSWORD, account, done, make, own_town, sign_in};
use crate::api::server::{Server, serve};
use crate::support::{run, xiangtu};

fn map(server: &Server) -> std::path::PathBuf {
    server.folder().join("town")
}

fn status(server: &Server, path: &str, headers: &[(&str, &str)]) -> u16 {
    server.get_with(path, headers).status
}

/// The audit log as `action account subject`.
fn log(server: &Server) -> Vec<String> {
    let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let lines = done(&map(server), &["audit", "--json"], "");
    let read = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    read.map(|line| format!("{} {} {}", text(&line, "action"), text(&line, "account"), text(&line, "subject")))
        .collect()
}

#[test]
fn without_accounts_the_machine_itself_may_do_everything_and_nobody_signs_in() {
    let folder = tempfile::tempdir().unwrap();
    xiangtu(&["new", folder.path().join("town").to_str().unwrap()]);
    let server = serve(folder, "town", "127.0.0.1:0");
    let session = server.get("/session").json();
    assert_eq!(session, serde_json::json!({"accounts": false, "account": null, "may_read": true, "may_write": true}));
    assert_eq!(server.get("/metrics").status, 200);
    assert!(!server.get("/collections").header("vary").contains("Cookie"));
    assert_eq!(sign_in(&server, "anybody", PASSWORD).0.json()["code"], "accounts-none");
    // The first account shuts the door, while the server runs.
    done(&map(&server), &["add", "wang", "--role", "planner"], PASSWORD);
    assert_eq!(status(&server, "/collections", &[]), 401);
    assert_eq!(server.get("/session").json()["may_write"], false);
}

#[test]
fn with_accounts_nothing_is_read_without_signing_in_but_what_everybody_needs_for_it() {
    let server = own_town("none");
    let json = [("accept", "application/json")];
    for path in [
        "/",
        "/conformance",
        "/api",
        "/collections",
        "/collections/farms",
        "/collections/farms/queryables",
        "/collections/farms/schema",
        "/collections/farms/items",
        "/collections/farms/items/f-1",
        "/processes",
        "/processes/coverage-gaps",
        "/map",
        "/metrics",
    ] {
        let answer = server.get_with(path, &json);
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, "Bearer realm=\"xiangtu\""), "{path}");
        assert_eq!(answer.json()["code"], "sign-in-needed", "{path}");
    }
    assert_eq!(server.post("/processes/coverage-gaps/execution", "{}").status, 401);
    let page = [("accept", "text/html")];
    for (path, headers) in [("/", &page), ("/health", &json), ("/session", &json), ("/text/zh.ftl", &json)] {
        assert_eq!(status(&server, path, headers), 200, "{path}");
    }
    assert_eq!(status(&server, "/assets/nothing.js", &json), 404);
    let (answer, cookie) = sign_in(&server, "Viewer", PASSWORD);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.json()["account"]["role"], "viewer");
    let signed = server.get_with("/collections", &[("cookie", &cookie)]);
    assert_eq!((signed.status, signed.header("cache-control")), (200, "private, no-cache"));
    assert_eq!(signed.header("vary"), "Accept, Accept-Language, Cookie, Authorization");
    // How the server does is for who looks after it.
    assert_eq!(server.get_with("/metrics", &[("cookie", &cookie)]).json()["code"], "administrator-needed");
    let (_, administrator) = sign_in(&server, "administrator", PASSWORD);
    assert_eq!(status(&server, "/metrics", &[("cookie", &administrator)]), 200);
}

#[test]
fn a_cookie_is_for_this_site_alone_and_out_of_reach_of_scripts() {
    let server = own_town("none");
    let body = format!(r#"{{"name":"planner","password":"{PASSWORD}"}}"#);
    let plain = sign_in(&server, "planner", PASSWORD).0;
    let behind = [("content-type", "application/json"), ("x-forwarded-proto", "https")];
    let secure = server.request("POST", "/session", &behind, &body);
    let flags = |cookie: &str| cookie.split("; ").skip(1).map(str::to_owned).collect::<Vec<_>>();
    let (plain, secure) = (flags(plain.header("set-cookie")), flags(secure.header("set-cookie")));
    assert_eq!(plain, ["Path=/", "Max-Age=604800", "HttpOnly", "SameSite=Strict"]);
    assert_eq!(secure.last().unwrap(), "Secure");
}

#[test]
fn sessions_end_by_signing_out_by_a_new_password_and_by_disabling() {
    let server = own_town("none");
    let inside = |cookie: &str| status(&server, "/collections", &[("cookie", cookie)]) == 200;
    let cookie = sign_in(&server, "viewer", PASSWORD).1;
    assert!(inside(&cookie));
    let out = server.request("DELETE", "/session", &[("cookie", &cookie)], "");
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").starts_with("xiangtu_session=; Path=/; Max-Age=0"));
    assert!(!inside(&cookie));

    let (here, there) = (sign_in(&server, "viewer", PASSWORD).1, sign_in(&server, "viewer", PASSWORD).1);
    assert!(inside(&here) && inside(&there));
    done(&map(&server), &["password", "viewer"], "another long password");
    assert!(!inside(&here) && !inside(&there));
    assert_eq!(sign_in(&server, "viewer", PASSWORD).0.status, 401);

    let cookie = sign_in(&server, "viewer", "another long password").1;
    let token = done(&map(&server), &["token", "viewer", "--name", "qgis"], "");
    let bearer = format!("Bearer {}", token.trim());
    let with_token = || status(&server, "/collections", &[("authorization", &bearer)]);
    assert_eq!(with_token(), 200);
    done(&map(&server), &["disable", "viewer"], "");
    assert!(!inside(&cookie));
    assert_eq!(with_token(), 401);
    let refused = sign_in(&server, "viewer", "another long password").0.json();
    assert_eq!(refused["code"], "sign-in-failed", "a disabled account is told nothing else");
    done(&map(&server), &["enable", "viewer"], "");
    assert_eq!(with_token(), 200);
    assert!(!inside(&cookie), "what has ended does not begin again");
    done(&map(&server), &["revoke", "qgis"], "");
    assert_eq!(with_token(), 401);
    assert!(!account(&map(&server), &["revoke", "qgis"], "").status.success());
}

#[test]
fn signing_in_again_leaves_no_session_behind() {
    let server = own_town("none");
    let first = sign_in(&server, "planner", PASSWORD).1;
    let body = format!(r#"{{"name":"planner","password":"{PASSWORD}"}}"#);
    let headers = [("content-type", "application/json"), ("cookie", first.as_str())];
    let second = server.request("POST", "/session", &headers, &body);
    let second = second.header("set-cookie").split(';').next().unwrap();
    assert_ne!(first, second);
    assert_eq!(status(&server, "/collections", &[("cookie", &first)]), 401);
    assert_eq!(status(&server, "/collections", &[("cookie", second)]), 200);
}

#[test]
fn a_wrong_name_and_a_wrong_password_are_told_alike_and_slowed() {
    let server = own_town("none");
    let told = |name: &str| {
        let started = std::time::Instant::now();
        let answer = sign_in(&server, name, "not the password").0;
        (answer.status, answer.json()["detail"].clone(), started.elapsed())
    };
    // The quickest of three: others use this machine, too.
    let quickest = |name: &str| (0..3).map(|_| told(name)).min_by_key(|told| told.2).unwrap();
    let (wrong, unknown) = (quickest("planner"), quickest("nobody"));
    assert_eq!((wrong.0, &wrong.1), (401, &unknown.1));
    assert!(unknown.2 * 4 > wrong.2, "the work is the same: {:?} {:?}", wrong.2, unknown.2);
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(told("planner").0);
    }
    assert!(statuses.contains(&429), "{statuses:?}");
    // The right password does not help before its time.
    let slowed = sign_in(&server, "planner", PASSWORD).0;
    let seconds: u64 = slowed.header("retry-after").parse().unwrap();
    assert_eq!((slowed.status, slowed.json()["code"].as_str()), (429, Some("sign-in-slowed")));
    std::thread::sleep(Duration::from_secs(seconds));
    assert_eq!(sign_in(&server, "planner", PASSWORD).0.status, 200);
    // Nobody else was slowed, and of names that nobody bears nothing was written down.
    assert_eq!(sign_in(&server, "viewer", PASSWORD).0.status, 200);
    let log = log(&server);
    assert!(
        log.contains(&"sign-in-failed planner ".to_owned()) && log.contains(&"sign-in planner ".to_owned()),
        "{log:?}"
    );
    assert!(log.contains(&"sign-in-failed  ".to_owned()), "{log:?}");
    assert!(!log.iter().any(|line| line.contains("nobody")), "{log:?}");
}

#[test]
fn what_another_site_sends_in_somebodys_name_is_not_carried_out() {
    let server = own_town("none");
    let cookie = sign_in(&server, "planner", PASSWORD).1;
    let own = server.base.clone();
    let json = ("content-type", "application/json");
    let send = |headers: &[(&str, &str)], body: &str| {
        let mut all = vec![("cookie", cookie.as_str())];
        all.extend(headers);
        let answer = server.request("POST", "/processes/coverage-gaps/execution", &all, body);
        let code = if answer.status < 400 { Value::Null } else { answer.json()["code"].clone() };
        (answer.status, code.as_str().unwrap_or_default().to_owned())
    };
    let foreign = (403, "origin-foreign".to_owned());
    assert_eq!(send(&[json], "{}"), (303, String::new()), "a program names no origin");
    assert_eq!(send(&[json, ("origin", &own)], "{}").0, 303);
    assert_eq!(send(&[json, ("sec-fetch-site", "same-origin")], "{}").0, 303);
    assert_eq!(send(&[json, ("origin", "http://evil.example")], "{}"), foreign);
    assert_eq!(send(&[json, ("origin", "null")], "{}"), foreign);
    assert_eq!(send(&[json, ("origin", &format!("{own}0"))], "{}"), foreign, "another port");
    assert_eq!(send(&[json, ("sec-fetch-site", "cross-site")], "{}"), foreign);
    assert_eq!(send(&[json, ("sec-fetch-site", "same-site")], "{}"), foreign);
    // What a form can send is not read, whoever sends it.
    for media in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""] {
        assert_eq!(send(&[("content-type", media)], "{}"), (415, "media-unsupported".to_owned()), "{media}");
    }
    // Signing in and out are changes, too.
    let body = format!(r#"{{"name":"planner","password":"{PASSWORD}"}}"#);
    let evil = ("origin", "http://evil.example");
    assert_eq!(server.request("POST", "/session", &[json, evil], &body).status, 403);
    assert_eq!(server.request("DELETE", "/session", &[("cookie", &cookie), evil], "").status, 403);
    assert_eq!(status(&server, "/collections", &[("cookie", &cookie)]), 200);
    // A token is sent by no browser of its own accord.
    let token = done(&map(&server), &["token", "planner"], "");
    let bearer = format!("Bearer {}", token.trim());
    let headers = [json, evil, ("authorization", bearer.as_str())];
    assert_eq!(server.request("POST", "/processes/coverage-gaps/execution", &headers, "{}").status, 303);
    let wrong = server.get_with("/collections", &[("authorization", "Bearer xt_nonsense")]);
    assert_eq!((wrong.status, wrong.json()["code"].as_str()), (401, Some("token-not-known")));
}

#[test]
fn the_network_is_not_listened_to_without_somebody_who_looks_after_the_map() {
    let folder = tempfile::tempdir().unwrap();
    let town = folder.path().join("town");
    make(&town);
    let serve_on = |address: &str| run(&["serve", town.to_str().unwrap(), "--listen", address]);
    let complaint = |out: std::process::Output| String::from_utf8(out.stderr).unwrap();
    assert!(complaint(serve_on("0.0.0.0:0")).contains("管理员"));
    done(&town, &["add", "wang", "--role", "planner"], PASSWORD);
    done(&town, &["add", "li", "--role", "administrator"], PASSWORD);
    done(&town, &["disable", "li"], "");
    assert!(complaint(serve_on("0.0.0.0:0")).contains("管理员"), "one who may not come in does not count");
    done(&town, &["enable", "li"], "");
    let server = serve(folder, "town", "0.0.0.0:0");
    // Asked under any name: the network has more of them than we know.
    let port = server.base.rsplit(':').next().unwrap().to_owned();
    let answer = server.get_with("/session", &[("host", &format!("map.town.example:{port}"))]);
    assert_eq!((answer.status, answer.json()["accounts"].clone()), (200, true.into()));
    assert_eq!(status(&server, "/collections", &[]), 401);
}

#[test]
fn the_command_line_says_no_to_what_will_not_do() {
    let folder = tempfile::tempdir().unwrap();
    let town = folder.path().join("town");
    make(&town);
    let refused = |args: &[&str], line: &str| {
        let out = account(&town, args, line);
        assert_eq!(out.status.code(), Some(1), "{args:?}");
        String::from_utf8(out.stderr).unwrap()
    };
    assert!(refused(&["add", "wang", "--role", "viewer"], "short").contains("10 characters"));
    assert!(refused(&["add", "wangxiaoming", "--role", "viewer"], "WangXiaoMing").contains("account's name"));
    for name in ["local", "Anonymous", "a b", "-x", "a\"b", &"x".repeat(65)] {
        assert!(refused(&["add", name, "--role", "viewer"], PASSWORD).contains("cannot be a name"), "{name}");
    }
    assert!(refused(&["add", "wang", "--role", "village"], PASSWORD).contains("--village"));
    assert!(refused(&["add", "wang", "--role", "village", "--village", "v-x"], PASSWORD).contains("v-x"));
    assert!(refused(&["add", "wang", "--role", "grid_worker", "--cell", "v-a"], PASSWORD).contains("v-a"));
    assert!(refused(&["disable", "nobody"], "").contains("nobody"));
    let made = done(&town, &["add", "wang", "--role", "viewer", "--generate"], "");
    assert_eq!(made.trim().len(), 23);
    assert!(refused(&["add", "WANG", "--role", "planner"], PASSWORD).contains("already"));
    let list = done(&town, &["list", "--json"], "");
    assert!(
        list.contains(r#""name":"wang","role":"viewer""#) && !list.contains("argon2") && !list.contains(made.trim())
    );
    let file = town.join("accounts.sqlite");
    let bytes = std::fs::read(&file).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains(made.trim()));
    use std::os::unix::fs::PermissionsExt;
    for file in [file, town.join("accounts.sqlite-wal")].iter().filter(|file| file.exists()) {
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
}

#[test]
fn a_file_of_accounts_that_does_not_open_lets_nobody_in() {
    let folder = tempfile::tempdir().unwrap();
    let town = folder.path().join("town");
    xiangtu(&["new", town.to_str().unwrap()]);
    std::fs::write(town.join("accounts.sqlite"), "this is no database at all, and long enough to be taken for one")
        .unwrap();
    let server = serve(folder, "town", "127.0.0.1:0");
    let answer = server.get("/collections");
    assert!(answer.status >= 400, "{}", answer.status);
}

#[test]
fn the_audit_log_cannot_be_rewritten() {
    let folder = tempfile::tempdir().unwrap();
    let town = folder.path().join("town");
    xiangtu(&["new", town.to_str().unwrap()]);
    done(&town, &["add", "wang", "--role", "viewer"], PASSWORD);
    let db = rusqlite::Connection::open(town.join("accounts.sqlite")).unwrap();
    for sql in ["UPDATE audit SET account = 'li'", "DELETE FROM audit"] {
        let refused = db.execute(sql, []).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
}
