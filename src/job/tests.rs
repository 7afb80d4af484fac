//! Jobs in a folder of their own, with work that waits for a word.

use std::path::Path;
use std::time::Duration;

use super::*;
use crate::fault::Fault;

const LIMITS: Limits = Limits { at_once: 1, of_one: 3, known: 4, bytes: 1 << 20, age: Duration::from_secs(3600) };

fn wait(job: &Job<()>) -> Standing {
    for _ in 0..500 {
        if job.standing().status.is_over() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    job.standing()
}

fn files(dir: &Path) -> usize {
    std::fs::read_dir(dir).map_or(0, Iterator::count)
}

#[test]
fn a_job_says_truly_how_far_it_is_and_is_its_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let jobs = Jobs::new(dir.path(), LIMITS);
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let job = jobs
        .start("ann", (), move |job, out| {
            job.in_steps(4);
            job.step(3)?;
            gate.recv().map_err(Fault::internal)?;
            out.write_all(b"whole")?;
            job.step(1)
        })
        .unwrap();
    while job.progress() < 75 {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!((job.progress(), job.standing().status), (75, Status::Running));
    assert!(job.result().unwrap().is_none());
    assert_eq!(jobs.get("bob", &job.id).map(|_| ()).map_err(|fault| fault.code()), Err("job-unknown"));
    assert!(jobs.of("bob").is_empty());
    go.send(()).unwrap();
    assert_eq!(wait(&job).status, Status::Successful);
    assert_eq!(job.progress(), 100);
    assert_eq!(job.result().unwrap().unwrap().1, 5);
    let id = job.id.clone();
    drop(job);
    assert_eq!(files(dir.path()), 1);
    drop(jobs.dismiss("ann", &id).unwrap());
    assert_eq!(files(dir.path()), 0);
}

#[test]
fn what_is_called_off_stops_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let jobs = Jobs::new(dir.path(), LIMITS);
    let (told, ended) = std::sync::mpsc::channel();
    let job = jobs
        .start("ann", (), move |job, out| {
            job.in_steps(1 << 40);
            let done = std::iter::repeat(()).try_for_each(|()| {
                out.write_all(b"x")?;
                std::thread::sleep(Duration::from_millis(1));
                job.step(1)
            });
            told.send(()).map_err(Fault::internal)?;
            done
        })
        .unwrap();
    while job.standing().status != Status::Running {
        std::thread::sleep(Duration::from_millis(5));
    }
    jobs.dismiss("ann", &job.id).unwrap();
    ended.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(job.standing().status, Status::Dismissed);
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(files(dir.path()), 0);
}

#[test]
fn more_than_there_is_room_for_is_refused_and_a_panic_is_a_failure() {
    let dir = tempfile::tempdir().unwrap();
    let jobs = Jobs::new(dir.path(), LIMITS);
    let large = jobs.start("ann", (), |_, out| Ok(out.write_all(&[0; 2 << 20])?)).unwrap();
    let failed = wait(&large);
    // The first write that is too much goes through: the next thing that is tried is refused.
    assert!(failed.status == Status::Successful || failed.fault.is_some_and(|f| f.code() == "jobs-no-room"));
    let full = jobs.start("ann", (), |_, _| Ok(())).map(|_| ()).map_err(|fault| fault.code());
    assert_eq!(full, Err("jobs-no-room"));
    let id = large.id.clone();
    drop(large);
    drop(jobs.dismiss("ann", &id));
    let broken = jobs.start("ann", (), |_, _| panic!("no")).unwrap();
    assert_eq!(wait(&broken).status, Status::Failed);
    for _ in 0..2 {
        jobs.start("ann", (), |_, _| Ok(())).unwrap();
    }
    assert_eq!(jobs.start("ann", (), |_, _| Ok(())).map(|_| ()).map_err(|f| f.code()), Err("jobs-full"));
    jobs.start("bob", (), |_, _| Ok(())).unwrap();
    assert_eq!(jobs.start("bob", (), |_, _| Ok(())).map(|_| ()).map_err(|f| f.code()), Err("jobs-full-all"));
}
