//! Ledgers as townships keep them.

use rust_xlsxwriter::{Format, Workbook};

use super::{Place, Source, codes, of, text};

/// A spreadsheet with a title, a two-line header, merged cells, sums, and digits kept as text.
fn ledger(place: &Place) -> std::path::PathBuf {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 7, "某镇养殖户台账（2026年）", &plain).unwrap();
    for (column, name) in ["编号", "村名", "户主", "联系电话", "存栏（头/只）", "状态日期"].iter().enumerate()
    {
        sheet.merge_range(1, column as u16, 2, column as u16, name, &plain).unwrap();
    }
    sheet.merge_range(1, 6, 1, 7, "坐标", &plain).unwrap();
    sheet.write(2, 6, "经度").unwrap();
    sheet.write(2, 7, "纬度").unwrap();
    sheet.merge_range(3, 1, 4, 1, "东庄", &plain).unwrap();
    let rows =
        [("f-001", "张三", "013800000000", "120", "2026年9月1日"), ("f-002", "李四", "13900000000", "约50", "46266")];
    for (k, (id, owner, phone, head, on)) in rows.iter().enumerate() {
        let row = 3 + k as u32;
        sheet.write(row, 0, *id).unwrap();
        sheet.write(row, 2, *owner).unwrap();
        sheet.write(row, 3, *phone).unwrap();
        sheet.write(row, 4, *head).unwrap();
        sheet.write(row, 5, *on).unwrap();
        sheet.write(row, 6, 117.3 + k as f64 * 0.01).unwrap();
        sheet.write(row, 7, "39°42′0″").unwrap();
    }
    sheet.write(5, 0, "合  计").unwrap();
    sheet.write(5, 4, 170).unwrap();
    let path = place.dir.path().join("台账.xlsx");
    book.save(&path).unwrap();
    path
}

#[test]
fn a_ledger_with_title_merged_cells_and_sums_comes_in_as_its_rows() {
    let place = Place::new();
    let file = ledger(&place);
    let wanted = Source { crs: text("EPSG:4490"), key: text("编号"), ..of("farms", &file) };
    let report = place.run(&wanted).unwrap();
    assert_eq!((report.added, codes(&report)), (2, vec!["flaw-total-row", "flaw-not-a-number"]), "{:#?}", report.flaws);
    let farms = place.table("farms");
    let (first, second) = (farms.find("f-001").unwrap(), farms.find("f-002").unwrap());
    assert_eq!(first.named("phone").to_text(), "013800000000");
    assert_eq!(first.named("head").to_text(), "120");
    assert_eq!((first.named("village").to_text(), second.named("village").to_text()), ("东庄".into(), "东庄".into()));
    assert_eq!(
        (first.named("status_on").to_text(), second.named("status_on").to_text()),
        ("2026-09-01".into(), "2026-09-01".into())
    );
    assert_eq!(first.shape().coords(), [[117.3, 39.7]]);
    let before = place.state();
    place.run(&wanted).unwrap();
    assert_eq!(place.state(), before);
}

#[test]
fn a_gbk_csv_of_a_three_degree_zone_with_x_to_the_north_lands_in_its_town() {
    let place = Place::new();
    let text_ = "编号,名称,X坐标,Y坐标\np1,东小学,4395000.5,40412345.25\n";
    let (bytes, ..) = encoding_rs::GB18030.encode(text_);
    let file = place.file("学校.csv", bytes);
    let report = place.run(&Source { crs: text("EPSG:4528"), key: text("编号"), ..of("schools", &file) }).unwrap();
    assert_eq!((report.added, codes(&report)), (1, vec!["flaw-axes-swapped"]));
    let table = place.table("schools");
    let row = table.find("p1").unwrap();
    assert_eq!(row.named("name").to_text(), "东小学");
    let [lng, lat] = row.shape().coords()[0];
    assert!((118.9..119.0).contains(&lng) && (39.6..39.8).contains(&lat), "{lng} {lat}");
}

#[test]
fn unknown_terms_and_columns_are_kept_in_sight() {
    let place = Place::new();
    let file = place.file("a.csv", "名称,学段,建校,lon,lat\n一小,小学,1998,117.3,39.7\n二小,私塾,2003,117.4,39.8\n");
    let report = place.run(&Source { crs: text("EPSG:4326"), ..of("schools", &file) }).unwrap();
    assert_eq!((codes(&report), report.foreign.clone()), (vec!["flaw-unknown-term"], vec!["建校".to_owned()]));
    assert_eq!(report.flaws[0].value, "私塾");
    let table = place.table("schools");
    assert!(table.rows().any(|row| row.named("level").to_text() == "primary" && row.named("建校").to_text() == "1998"));
}
