//! The issue board.

use serde_json::json;

use super::{figure, told};

/// Fourteen issues, one of each fate.
pub const ISSUES: &str = "\
id,type,status,found_on,rectify_by,closed_on,look_back_on,looked_back_on,round,reject_reason,lon,lat
i01,垃圾,assigned,2026-10-01,2026-10-30,,,,1,,117.401,39.6
i02,垃圾,in_progress,2026-10-01,2026-10-31,,,,1,,117.402,39.6
i03,违建,rectified,2026-09-20,2026-10-10,,,,1,,117.403,39.6
i04,违建,verified,2026-09-20,2026-10-10,,,,1,,117.404,39.6
i05,条幅,closed,2026-09-01,2026-09-15,2026-09-11,2026-10-11,,1,,117.405,39.6
i06,条幅,closed,2026-09-01,2026-09-15,2026-09-21,2026-10-31,,1,,117.406,39.6
i07,条幅,held,2026-09-01,2026-09-10,2026-09-08,,2026-10-08,1,,117.407,39.6
i08,垃圾,relapsed,2026-09-01,2026-09-20,,,2026-10-20,2,,117.408,39.6
i09,垃圾,suspended,2026-09-05,2026-09-30,,,,1,,117.409,39.6
i10,垃圾,rejected,2026-09-05,2026-09-30,,,,1,重复,117.401,39.601
i11,其他,rejected,2026-09-05,,,,,1,不属实,117.402,39.601
i12,其他,closed,2026-10-01,,2026-10-03,2026-11-02,,1,,117.403,39.601
i13,其他,,,,,,,,,117.404,39.601
i14,垃圾,closed,2026-08-01,2026-10-30,2026-10-30,2026-11-29,2026-09-30,2,,117.405,39.601
";

#[test]
fn overdue_issues_come_first_and_the_longest_overdue_leads() {
    let found = told("issue-board@2026-10-31", &["overdue", "days_over", "days_open", "look_back_due"]);
    let expected = [
        // A relapse runs against its old deadline until it is given another.
        ["i08", "true", "41", "60", "false"],
        ["i03", "true", "21", "41", "false"],
        ["i01", "true", "1", "30", "false"],
        ["i07", "false", "", "7", "false"],
        ["i05", "false", "", "10", "true"],
        ["i06", "false", "", "20", "true"],
        // Suspended and rejected: no deadline runs.
        ["i09", "false", "", "56", "false"],
        ["i10", "false", "", "", "false"],
        ["i04", "false", "", "41", "false"],
        ["i14", "false", "", "90", "false"],
        // The last day is still in time.
        ["i02", "false", "", "30", "false"],
        ["i11", "false", "", "", "false"],
        ["i12", "false", "", "2", "false"],
        ["i13", "false", "", "", "false"],
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_duplicate_is_shown_and_counted_nowhere() {
    let board = "issue-board@2026-10-31";
    for (name, value) in [
        ("count", json!(14)),
        ("registered", json!(13)),
        ("open", json!(7)),
        ("overdue", json!(3)),
        ("closed", json!(5)),
        ("closure_rate", json!(0.385)),
        ("on_time_rate", json!(0.75)),
        ("median_days", json!(10.0)),
        ("look_back_due", json!(2)),
        ("looked_back", json!(3)),
        ("relapsed", json!(2)),
        ("relapse_rate", json!(0.667)),
    ] {
        assert_eq!(figure(board, name), value, "{name}");
    }
}

#[test]
fn another_day_is_another_board() {
    assert_eq!(figure("issue-board@2026-10-30", "overdue"), 2);
    assert_eq!(figure("issue-board@2026-10-30", "look_back_due"), 1);
    assert_eq!(figure("issue-board@2026-11-02", "overdue"), 4);
    assert_eq!(figure("issue-board@2026-11-02", "look_back_due"), 3);
}
