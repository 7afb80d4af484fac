# Village indicators: names, question, method, parameters, result properties, figures; and the words of the page.
village-indicators = Village ranking
    .question = Which villages reach the targets, and how do they rank?
    .method = Everything is judged as it stood on the closing day: the period's last day, or the day of the question while the period goes on. The four rates are computed from the numerators and denominators that villages report, and pass at the target or above it. Where a village reports the rate alone, the rate is judged, its denominator is taken from the village's households (for manure, from its farms), the numerator follows from the rate, and both are marked as estimates. What is not reported, or has nothing to be a rate of, is missing: it is not zero and it is no failure. Toilets: the task is the houses in the ledger except those marked not in the task; a step is taken when its day is told or the state says so; a later step without the earlier one, or on an earlier day, is counted as inconsistent; old pits are only those said to stand, never derived. Issues: found and closed in the period, and open and overdue on the closing day; duplicates do not count. Cleanings are the period's events of the kinds listed as cleaning, without what was undone. Houses, issues and events belong to the village they name, else to the one they lie in; those of neither are told apart from the totals. The list is of the villages in force on the closing day; how many of them have estimated households is told. The score follows the sheet: each item's maximum less its deductions, never below zero; an item without data is left out of the maximum and the rest scaled to a hundred, and a village with too few points to be scored is not ranked. Scores are rounded to 0.01; equal scores share a rank and the next ranks are left out. The change of rank compares with the same question on the eve of the period. Black list: who fails the stated number of rates; red list: the first of the others; black as well: the last, unless red; ties are listed together. The town's totals are the sums of the villages. Targets, sheet and lists are data under the way of judging, and a county may set its own. With names masked, villages become letters, and codes, households, numerators, denominators and places are left out.
village-indicators-period = Period
village-indicators-indicators = Judged by
village-indicators-names = Village names

property-village_rank = Rank
property-score = Score
property-scored_share = Points that could be scored
property-rank_change = Change of rank
property-board = List
property-board_why = Listed because
property-rates_passed = Rates passed
property-rates_failed = Rates failed
property-rates_unknown = Rates missing
property-rates_estimated = Rates with estimated counts
property-water_rate = Safe drinking water
property-water_num = Households with safe water
property-water_den = Households judged for water
property-water_pass = Water passes
property-water_short = Households short for water
property-sewage_rate = Sewage treated
property-sewage_num = Households with treated sewage
property-sewage_den = Households with sewage to treat
property-sewage_pass = Sewage passes
property-sewage_short = Households short for sewage
property-waste_rate = Waste treated harmlessly
property-waste_num = Households with treated waste
property-waste_den = Households with waste to treat
property-waste_pass = Waste passes
property-waste_short = Households short for waste
property-manure_rate = Manure put to use
property-manure_num = Manure put to use: numerator
property-manure_den = Manure put to use: denominator
property-manure_pass = Manure passes
property-manure_short = Short for manure
property-task = Toilets in the task
property-started = Started
property-completed = Completed
property-accepted = Accepted
property-old_pits = Old pits standing
property-accepted_with_pit = Accepted, old pit standing
property-pits_demolished = Pits demolished in the period
property-funnel_breaks = Inconsistent toilet records
property-funnel_ok = Toilet steps never increase
property-found = Issues found in the period
property-closed = Issues closed in the period
property-open = Open issues
property-overdue_issues = Overdue issues
property-cleanings = Cleanings

option-shown = Shown
option-masked = Masked
option-red = Red list
option-black = Black list
option-top = Among the first
option-rates = Fails several rates
option-bottom = Among the last

figure-villages_listed = Villages
figure-villages_estimated = Villages with estimated households
figure-period = Period
figure-period_from = From
figure-period_to = Closing day
figure-list_as_of = List as of
figure-list_digest = Fingerprint of the list
figure-red = Red list
figure-black = Black list
figure-unranked = Not ranked for want of data
figure-water_rate = Safe drinking water, town
figure-water_num = Households with safe water
figure-water_den = Households judged for water
figure-water_passed = Villages passing for water
figure-water_unknown = Villages missing for water
figure-water_target = Target for water
figure-sewage_rate = Sewage treated, town
figure-sewage_num = Households with treated sewage
figure-sewage_den = Households with sewage to treat
figure-sewage_passed = Villages passing for sewage
figure-sewage_unknown = Villages missing for sewage
figure-sewage_target = Target for sewage
figure-waste_rate = Waste treated harmlessly, town
figure-waste_num = Households with treated waste
figure-waste_den = Households with waste to treat
figure-waste_passed = Villages passing for waste
figure-waste_unknown = Villages missing for waste
figure-waste_target = Target for waste
figure-manure_rate = Manure put to use, town
figure-manure_num = Manure put to use: numerator
figure-manure_den = Manure put to use: denominator
figure-manure_passed = Villages passing for manure
figure-manure_unknown = Villages missing for manure
figure-manure_target = Target for manure
figure-task = Toilets in the task
figure-started = Started
figure-completed = Completed
figure-accepted = Accepted
figure-old_pits = Old pits standing
figure-accepted_with_pit = Accepted, old pit standing
figure-pits_demolished = Pits demolished in the period
figure-funnel_breaks = Inconsistent toilet records
figure-found = Issues found in the period
figure-cleanings = Cleanings
figure-unplaced_households = Houses of no known village
figure-unplaced_issues = Open issues of no known village
figure-unplaced_cleanings = Cleanings in no known village

page-head-village-indicators = Villages ranked, { $period }
page-unit-mark = { $count ->
    [one] point
   *[other] points
}

page-period-kind = Kind of period
page-period-day = Day
page-period-week = Week
page-period-month = Month
page-period-quarter = Quarter
page-period-half = Half-year
page-period-year = Year
page-period-since = Since a day
page-period-between = From – to
page-period-before = The one before
page-period-after = The next
page-period-from = From
page-period-to = To
page-period-year-of = { $text }
page-period-half-of = { $value ->
    [1] First
   *[2] Second
} half of { $text }
page-period-quarter-of = Q{ $value } { $text }
page-period-week-of = Week { $value }, { $text }
page-period-since-of = since { $day }
page-period-between-of = { $day } – { $text }
page-rank = #
page-rank-village = Village
page-rank-water = Water
page-rank-water-full = Safe drinking water, lowest first
page-rank-sewage = Sew.
page-rank-sewage-full = Sewage treated, lowest first
page-rank-waste = Waste
page-rank-waste-full = Waste treated harmlessly, lowest first
page-rank-manure = Man.
page-rank-manure-full = Manure put to use, lowest first
page-rank-toilets = Toilets
page-rank-toilets-full = Toilets: accepted of the task
page-rank-score = Score
page-rank-missing = Missing
page-rank-target = { $value }, target { $text }
page-rank-up = Up { $count }
page-rank-down = Down { $count }
page-rank-same = Rank unchanged
page-rank-issues = { $value } open, { $text } late
page-rank-issues-full = Issues open on the closing day, and of them overdue
page-rank-open = { $value } open
page-rank-late = { $value } late
page-rank-town = The town
page-rank-list = List of villages: { $count }, as of { $day }; the households of { $value } are an estimate. Fingerprint { $text }.
page-rank-estimates = Where a village reports the rate alone, numerator and denominator follow from it and from the households (for manure, the farms).
page-nobody-told = Not stated
page-unit-place = { $count ->
    [one] place
   *[other] places
}
page-unit-rate = { $count ->
    [one] rate
   *[other] rates
}
