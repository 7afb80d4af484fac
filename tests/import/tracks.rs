//! Tracks of patrols: what was walked, when, and what of it cannot have been.

use std::path::Path;

use xiangtu::geo::shape::ShapeKind;

use super::{Place, Source, codes, of, text};

/// A track point, with a time on the fifth of October in Greenwich.
fn point(lng: f64, lat: f64, time: &str) -> String {
    let time = if time.is_empty() { String::new() } else { format!("<time>2026-10-05T{time}Z</time>") };
    format!("<trkpt lat=\"{lat}\" lon=\"{lng}\"><ele>12</ele>{time}</trkpt>")
}

fn track(words: &str, segments: &[&[String]]) -> String {
    let segments: Vec<String> = segments.iter().map(|points| format!("<trkseg>{}</trkseg>", points.concat())).collect();
    format!("<trk>{words}{}</trk>", segments.concat())
}

fn gpx(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><gpx version=\"1.1\" creator=\"t\" xmlns=\"http://www.topografix.com/GPX/1/1\">{inside}</gpx>"
    )
}

fn patrols(file: &Path) -> Source {
    of("patrols", file)
}

#[test]
fn each_track_is_a_patrol_on_the_maps_own_day() {
    let place = Place::new();
    // Half past eleven at night in Greenwich: the next morning here.
    let late = track(
        "<name>早班</name><desc>112国道</desc>",
        &[&[point(117.40, 39.6, "23:30:00"), point(117.41, 39.6, "23:31:00"), point(117.42, 39.6, "23:32:30")]],
    );
    let words = "<name>晚班</name><extensions><officer>李四</officer><road>蓟海路</road></extensions>";
    let early = track(
        words,
        &[
            &[point(117.5, 39.6, "10:00:00"), point(117.5, 39.601, "10:00:20")],
            &[point(117.5, 39.61, "10:05:00"), point(117.5, 39.611, "10:05:20")],
        ],
    );
    let file = place.file("巡查.gpx", gpx(&(late + &early)));
    let report = place.run(&patrols(&file)).unwrap();
    assert_eq!((report.added, codes(&report)), (2, vec![]), "{:?}", report.flaws);
    let table = place.table("patrols");
    let by_name = |name: &str| table.rows().find(|row| row.named("name").to_text() == name).unwrap();
    let (late, early) = (by_name("早班"), by_name("晚班"));
    assert_eq!((late.named("on").to_text(), early.named("on").to_text()), ("2026-10-06".into(), "2026-10-05".into()));
    assert_eq!(late.named("started_at").to_text(), "2026-10-05T23:30:00Z");
    assert_eq!(late.named("ended_at").to_text(), "2026-10-05T23:32:30Z");
    assert_eq!((late.named("road").to_text(), late.named("officer").to_text()), ("G112".into(), String::new()));
    assert_eq!((early.named("road").to_text(), early.named("officer").to_text()), ("蓟海路".into(), "李四".into()));
    assert_eq!(late.shape().coords(), [[117.40, 39.6], [117.41, 39.6], [117.42, 39.6]]);
    // What lies between two segments was not recorded.
    assert_eq!((early.shape().kind, early.shape().parts().len()), (ShapeKind::MultiLine, 2));

    let before = place.state();
    let again = place.run(&patrols(&file)).unwrap();
    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 2));
    assert_eq!(place.state(), before);
}

#[test]
fn a_silence_of_more_than_half_an_hour_ends_a_patrol() {
    let place = Place::new();
    let points = |minutes: &[u32]| -> Vec<String> {
        let at = |m: &u32| point(117.4 + f64::from(*m) * 1e-4, 39.6, &format!("{:02}:{:02}:00", m / 60, m % 60));
        minutes.iter().map(at).collect()
    };
    let file = place.file("a.gpx", gpx(&track("<name>甲</name>", &[&points(&[0, 1, 31, 62, 63, 100])])));
    let report = place.run(&patrols(&file)).unwrap();
    // Thirty minutes are still the same patrol; thirty-one are another; the last point stands alone.
    assert_eq!((report.added, codes(&report)), (2, vec!["flaw-track-single", "flaw-track-parted"]));
    assert_eq!((report.refused(), report.kept()), (0, 2));
    let table = place.table("patrols");
    let mut lengths: Vec<usize> = table.rows().map(|row| row.shape().coords().len()).collect();
    lengths.sort_unstable();
    assert_eq!(lengths, [2, 3]);
}

#[test]
fn what_cannot_have_been_walked_is_left_out_and_counted() {
    let place = Place::new();
    let good = |k: u32| point(117.4 + f64::from(k) * 1e-4, 39.6, &format!("01:00:{:02}", k * 5));
    // Lost at the start, for two points; lost on the way, for one; and three points that do not say when.
    let points = [
        point(118.4, 39.6, "00:59:50"),
        point(118.4001, 39.6, "00:59:55"),
        good(0),
        good(1),
        point(117.4, 39.7, "01:00:07"),
        good(2),
        point(117.41, 39.6, ""),
        point(117.42, 39.6, ""),
        good(3),
        point(117.43, 39.6, ""),
    ];
    let lone = track("<name>独点</name>", &[&[point(117.4, 39.6, "02:00:00")]]);
    let drawn = track("<name>画的</name>", &[&[point(117.4, 39.6, ""), point(117.5, 39.6, "")]]);
    let inside = track("<name>甲</name>", &[&points]) + &lone + &drawn;
    let waypoint = "<wpt lat=\"39.6\" lon=\"117.4\"><name>门口</name></wpt>";
    let file = place.file("a.gpx", gpx(&(waypoint.to_owned() + &inside)));
    let report = place.run(&patrols(&file)).unwrap();
    let found: Vec<_> = report.flaws.iter().map(|f| (f.code, &f.field[..], &f.value[..], f.outcome.word())).collect();
    assert_eq!(
        found,
        [
            ("flaw-gpx-beside", "waypoints", "1", "kept"),
            ("flaw-track-untimed", "甲", "3", "kept"),
            ("flaw-track-jumps", "甲", "3", "kept"),
            ("flaw-track-single", "独点", "1", "refused"),
            ("flaw-track-untimed", "画的", "2", "refused"),
        ]
    );
    let table = place.table("patrols");
    assert_eq!(table.len(), 1);
    let expected: Vec<[f64; 2]> = (0..4).map(|k| [117.4 + f64::from(k) * 1e-4, 39.6]).collect();
    assert_eq!(table.row(0).shape().coords(), expected);
    let text = std::fs::read_to_string(report.flaws_file.unwrap()).unwrap();
    assert!(text.contains("时速超过 150 公里") && text.contains("独点"), "{text}");
}

#[test]
fn points_of_a_sheet_become_patrols_by_track_and_officer() {
    let place = Place::new();
    let file = place.file(
        "轨迹.csv",
        "轨迹,巡查人,时间,经度,纬度,路名\n\
         A,张三,2026/10/5 8:00:00,117.40,39.6,G112\n\
         B,李四,2026-10-05T08:00:30+08:00,117.50,39.6,\n\
         A,张三,2026/10/5 8:01:00,117.41,39.6,G112\n\
         A,张三,2026/10/5 8:00:30,117.405,39.6,G112\n\
         B,李四,2026年10月5日 8时1分,117.503,39.6,\n\
         B,李四,2026/10/5 8:02:00,没有,39.6,\n",
    );
    let bare = place.run(&patrols(&file)).unwrap_err();
    assert_eq!(bare.code(), "import-crs-missing");
    let report = place.run(&Source { crs: text("EPSG:4490"), ..patrols(&file) }).unwrap();
    assert_eq!((report.added, codes(&report)), (2, vec!["flaw-coordinates-unreadable"]), "{:?}", report.flaws);
    let table = place.table("patrols");
    let a = table.rows().find(|row| row.named("name").to_text() == "A").unwrap();
    // In the order of the times, whatever that of the lines.
    assert_eq!(a.shape().coords(), [[117.40, 39.6], [117.405, 39.6], [117.41, 39.6]]);
    assert_eq!(a.named("started_at").to_text(), "2026-10-05T00:00:00Z");
    assert_eq!((a.named("officer").to_text(), a.named("road").to_text()), ("张三".into(), "G112".into()));
}

#[test]
fn a_sheet_in_metres_with_day_and_clock_apart_and_no_name_is_called_as_its_file() {
    let place = Place::new();
    let file = place.file(
        "112国道.csv",
        "日期,时间,X,Y\n2026-10-05,08:00:00,40412345.25,4395000.5\n2026-10-05,08:00:10,40412445.25,4395000.5\n",
    );
    let report = place.run(&Source { crs: text("EPSG:4528"), ..patrols(&file) }).unwrap();
    assert_eq!((report.added, codes(&report)), (1, vec![]), "{:?}", report.flaws);
    let table = place.table("patrols");
    let row = table.row(0);
    assert_eq!((row.named("name").to_text(), row.named("on").to_text()), ("112国道".into(), "2026-10-05".into()));
    assert!((118.9..119.1).contains(&row.shape().coords()[0][0]));
}

#[test]
fn a_list_of_patrols_is_no_track() {
    let place = Place::new();
    let file = place.file(
        "巡查记录.csv",
        "日期,时间,巡查人,发现情况,经度,纬度\n2026-10-05,08:00,张三,占道,117.4,39.6\n2026-10-06,08:00,张三,,117.5,39.6\n",
    );
    let report = place.run(&Source { crs: text("EPSG:4490"), ..patrols(&file) }).unwrap();
    assert_eq!(report.added, 2, "{:?}", report.flaws);
    assert!(place.table("patrols").rows().all(|row| row.shape().kind == ShapeKind::Point));
}

#[test]
fn a_gpx_that_breaks_off_or_holds_no_track_is_refused_whole() {
    let place = Place::new();
    let whole = gpx(&track("<name>甲</name>", &[&[point(117.4, 39.6, "01:00:00"), point(117.41, 39.6, "01:01:00")]]));
    let cut = place.file("cut.gpx", &whole[..whole.len() - 30]);
    let before = place.state();
    assert_eq!(place.run(&patrols(&cut)).unwrap_err().code(), "import-unreadable");
    let empty = place.file("empty.gpx", gpx("<wpt lat=\"39.6\" lon=\"117.4\"/>"));
    assert_eq!(place.run(&patrols(&empty)).unwrap_err().code(), "import-nothing");
    let page = place.file("page.gpx", "<html></html>");
    assert_eq!(place.run(&patrols(&page)).unwrap_err().code(), "import-unreadable");
    assert_eq!(place.state(), before);
}
