"""What each village of the demonstration town comes to, worked out anew from the files in maps/demo/sources.

Reads the ledgers and replays the work logs by itself, then scores, ranks and lists by maps/indicators/village.toml.
Needs openpyxl and dbfread. Prints a JSON object a line: a question and its answer.

    python tests/oracle/villages/indicators.py > tests/oracle/villages/indicators.jsonl
"""

import csv
import datetime as dt
import io
import json
import pathlib
import tomllib
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
from dbfread import DBF

ROOT = pathlib.Path(__file__).resolve().parents[3]
SOURCES = ROOT / "maps/demo/sources"
SHEET = tomllib.loads((ROOT / "maps/indicators/village.toml").read_text(encoding="utf-8"))
EVE = dt.date(2026, 8, 31)


def table(name, encoding):
    return list(csv.DictReader(io.StringIO((SOURCES / name).read_text(encoding=encoding))))


def sheet(name, header):
    rows = list(openpyxl.load_workbook(SOURCES / name).active.iter_rows(values_only=True))
    names = rows[header]
    return [dict(zip(names, row)) for row in rows[header + 1 :] if row[0] != "合计"]


def day(text):
    if not text:
        return None
    if isinstance(text, dt.datetime):
        return text.date()
    return dt.date(*map(int, text.replace("/", "-").split("-")))


VILLAGES = [dict(row) for row in DBF(SOURCES / "行政村.dbf", encoding="gbk")]
HOUSES = table("改厕台账.csv", "utf-8-sig")
FARMS = sheet("养殖台账.xlsx", 1)
PONDS = {row["编号"]: row["所在村"] for row in DBF(SOURCES / "坑塘沟渠.dbf", encoding="gbk")}
WORK = table("工作台账.csv", "gbk")
TOILET_WORK = sheet("改厕工作台账.xlsx", 1)
ISSUE_WORK = table("问题台账.csv", "utf-8-sig")

VILLAGE_ITEMS = {"清垃圾", "清杂物、柴草垛", "清塘沟", "清河道", "拆违建", "清路域"}
POND_ITEMS = {"清理", "清淤"}


def houses(to):
    """Each house as it stood on an evening."""
    state = {}
    for row in HOUSES:
        state[row["编号"]] = {
            "village": row["所在村"],
            "state": row["改厕进度"],
            "days": [day(row[name]) for name in ("动工日期", "完工日期", "验收日期")],
            "pit": row["旱厕"],
            "pit_on": day(row["旱厕拆除日期"]),
        }
    for row in TOILET_WORK:
        on = day(row["日期"])
        if on > to:
            continue
        house = state[row["对象"]]
        match row["事项"]:
            case "动工":
                house["state"], house["days"][0] = "已动工", on
            case "完工":
                house["state"], house["days"][1] = "已完工", on
            case "验收合格":
                house["state"], house["days"][2] = "验收合格", on
            case "验收不合格":
                house["state"], house["days"][2] = "验收不合格", None
            case "拆除旱厕":
                house["pit"], house["pit_on"] = "已拆除", on
            case other:
                raise ValueError(other)
    return state.values()


def farms(to):
    status = {row["编号"]: row["状态"] for row in FARMS}
    words = {"拆除": "已拆除", "搬迁": "已搬迁", "关闭": "已关闭", "责令整改": "整改中", "整改完成": "已整改"}
    for row in WORK:
        if row["图层"] == "养殖户" and row["事项"] in words and day(row["日期"]) <= to:
            status[row["对象"]] = words[row["事项"]]
    return Counter(row["所在村"] for row in FARMS if status[row["编号"]] not in ("已拆除", "已搬迁"))


def issues(to):
    state = {}
    for row in ISSUE_WORK:
        on = day(row["日期"])
        if on > to:
            continue
        if row["事项"] == "发现":
            state[row["对象"]] = {"status": "发现", "village": row["所在村"], "found": on, "due": None, "closed": None, "why": ""}
        issue = state[row["对象"]]
        if row["整改期限"]:
            issue["due"] = day(row["整改期限"])
        match row["事项"]:
            case "发现":
                pass
            case "核查不通过":
                issue["status"] = "派发"
            case "恢复办理":
                issue["status"], issue["why"] = "登记", ""
            case "退回":
                issue["status"], issue["why"] = "退回", row["退回原因"]
            case "销号":
                issue["status"], issue["closed"] = "销号", on
            case "回头看：反弹":
                issue["status"], issue["closed"] = "反弹", None
            case item:
                issue["status"] = item
    return [issue for issue in state.values() if issue["why"] != "重复"]


def cleanings(since, to):
    count = Counter()
    for row in WORK:
        if not since <= day(row["日期"]) <= to:
            continue
        if row["图层"] == "行政村" and row["事项"] in VILLAGE_ITEMS:
            count[row["对象"]] += 1
        if row["图层"] == "坑塘沟渠" and row["事项"] in POND_ITEMS:
            count[PONDS[row["对象"]]] += 1
    village = {row["编号"]: row["所在村"] for row in HOUSES}
    for row in TOILET_WORK:
        if row["事项"] == "拆除旱厕" and since <= day(row["日期"]) <= to:
            count[village[row["对象"]]] += 1
    return count


def half_up(x, places):
    return float(Decimal(repr(x)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


RATES = {"water": "饮水合格率", "sewage": "污水治理率", "waste": "垃圾处理率", "manure": "粪污利用率"}


def judge(since, to):
    """The villages of a period, by code."""
    found = {}
    count_farms, clean = farms(to), cleanings(since, to)
    by_house, by_issue = defaultdict(list), defaultdict(list)
    for house in houses(to):
        by_house[house["village"]].append(house)
    for issue in issues(to):
        by_issue[issue["village"]].append(issue)
    target = {rate["id"]: rate["target"] for rate in SHEET["rate"]}
    for village in VILLAGES if to >= EVE else []:
        name = village["ZLDWMC"]
        one = {}
        for rate, column in RATES.items():
            den = count_farms[name] if rate == "manure" else village["户数"]
            one[f"{rate}_rate"] = village[column]
            one[f"{rate}_den"] = den
            one[f"{rate}_num"] = int(half_up(den * village[column] / 100, 0))
            one[f"{rate}_pass"] = village[column] >= target[rate]
        own = by_house[name]
        done = lambda at, states: [h for h in own if h["days"][at] or h["state"] in states]
        accepted = done(2, {"验收合格"})
        one["task"] = len(own)
        one["started"] = len(done(0, {"已动工", "已完工", "验收合格", "验收不合格"}))
        one["completed"] = len(done(1, {"已完工", "验收合格", "验收不合格"}))
        one["accepted"] = len(accepted)
        one["old_pits"] = sum(h["pit"] == "未拆" for h in own)
        one["accepted_with_pit"] = sum(h["pit"] == "未拆" for h in accepted)
        one["pits_demolished"] = sum(bool(h["pit_on"]) and since <= h["pit_on"] <= to for h in own)
        closed = {"销号", "回头看：保持"}
        own = by_issue[name]
        one["found"] = sum(since <= i["found"] <= to for i in own)
        one["closed"] = sum(i["status"] in closed and since <= i["closed"] <= to for i in own)
        one["open"] = sum(i["status"] not in closed | {"退回"} for i in own)
        late = closed | {"退回", "挂起", "核查通过"}
        one["overdue"] = sum(bool(i["due"]) and i["due"] < to and i["status"] not in late for i in own)
        one["cleanings"] = clean[name]
        found[village["ZLDWDM"]] = one
    score(found, (to - since).days + 1, target)
    return found


def score(found, days, target):
    for one in found.values():
        measures = dict(one)
        if one["task"]:
            measures["accepted_share"] = one["accepted"] * 100 / one["task"]
        measures["cleanings_per_week"] = one["cleanings"] * 7 / days
        got = most = 0
        for item in SHEET["item"]:
            if item["of"] not in measures:
                continue
            value = measures[item["of"]]
            if "above" in item:
                over = value - item["above"]
            else:
                over = item.get("below", target.get(item["of"].removesuffix("_rate"))) - value
            got += max(0, item["max"] - item["deduct"] * max(0, over))
            most += item["max"]
        one["score"] = round(got * 10000 / most + 1e-9) / 100
    scores = [one["score"] for one in found.values()]
    board = SHEET["board"]
    for one in found.values():
        one["rank"] = 1 + sum(other > one["score"] for other in scores)
        last = 1 + sum(other < one["score"] for other in scores)
        failed = sum(one[f"{rate}_pass"] is False for rate in RATES)
        if failed >= board["failing"]:
            one["board"], one["board_why"] = "black", "rates"
        elif one["rank"] <= board["top"]:
            one["board"], one["board_why"] = "red", "top"
        elif last <= board["bottom"]:
            one["board"], one["board_why"] = "black", "bottom"
        else:
            one["board"], one["board_why"] = None, None


def ask(question, since, to, before_since):
    now = judge(since, to)
    before = judge(before_since, since - dt.timedelta(1))
    for code, one in now.items():
        one["rank_change"] = before[code]["rank"] - one["rank"] if code in before else None
    print(json.dumps({"question": question, "villages": now}, ensure_ascii=False))


D = dt.date
ask("village-indicators@2026-10-31", D(2026, 10, 1), D(2026, 10, 31), D(2026, 9, 1))
ask("village-indicators~period=2026-09@2026-10-31", D(2026, 9, 1), D(2026, 9, 30), D(2026, 8, 1))
ask("village-indicators~period=2026-09-01..@2026-10-31", D(2026, 9, 1), D(2026, 10, 31), D(2026, 7, 2))
ask("village-indicators~period=2026-Q4@2026-10-15", D(2026, 10, 1), D(2026, 10, 15), D(2026, 7, 1))
ask("village-indicators~period=2026-W41@2026-10-31", D(2026, 10, 5), D(2026, 10, 11), D(2026, 9, 28))
