# Screening, and the rule packs.
screening = Screening by rules
    .question = Which farms (or other things) are up against which rule?
    .method = Each rule is held against each subject; a subject has a row for each rule that it hits, under the id subject:rule. Rules of distance measure the shortest way on the ellipsoid from the subject's edge to the target's; no farther than the distance (≤) is a hit. Rules of ground ask whether the subject stands in the target: for subjects with ground by the area in common (less than 1 m² is two surveys of one border and does not count; where targets overlap each other, ground counts once), for points by lying in it or on its border (within 1 mm). Rules that something has to be near list the subjects without a target within the distance (≤). Roads count from the outer edge of the road land: to the edge of the mapped parcel where one holds the road's point that is nearest to the subject; where only a centre line is mapped, the edge is estimated from the carriageway's width (by class where it is not stated) with shoulder, slope, ditch and 1 m beyond, and marked so; for the edge of the control zone its width is added. All layers of a kind are searched. What is demolished, relocated or withdrawn does not count, as subject or as target. Force is that of the day: what is not yet in force is left out, what is suspended is marked, for looking back and not for enforcing. Where a statute binds only farms above scale, stock or yearly output is held against the packs' scale (a province's own, where it is chosen): below it the advice is guidance, unknown scale has to be found out first. Rules whose target layer the map lacks, or whose condition a layer cannot answer, are listed in the summary as unchecked, never as kept. Ordered by force, then by distance.
screening-subject = Subjects
screening-rules = Rule packs
screening-force = Force

property-subject_id = Subject id
property-force_rank = Rank of force
property-target_layer = Target layer
property-target_id = Target id
property-target_name = Target
property-target_distance = Distance to target
property-limit_m = Distance of the rule
property-measured_from = Measured from
property-edge_basis = Edge
property-overlap_m2 = Ground in common
property-bearing_deg = Direction of the target
property-targets_within = Targets hit
property-rules_hit = Rules hit
property-worst_force = Strongest force
property-scale = Scale
property-action = Suggested action
property-compensation = Compensation
property-legal_basis = Legal basis
property-citation = Source
property-region = Region
property-unverified = Source unverified

option-any-force = All, suspended ones too
option-in-force = In force
option-target-edge = The target's edge
option-boundary = The zone's boundary
option-road-land = Edge of the road land
option-control-zone = Edge of the control zone
option-embankment = Toe of the embankment
option-as-mapped = As mapped
option-estimated-edge = Estimated
option-above = Above scale
option-below = Below scale
option-unknown-scale = Scale unknown
option-close-or-relocate = Close or relocate
option-demolish = Demolish
option-restore-land = Restore the land
option-rectify = Rectify
option-review = Refer to the authority
option-provide = Build what is missing
option-risk-assessment = Assess the risk, not metres
option-guide = Guide, never force out
option-verify-scale = Find out the scale first
option-required = Required by statute
option-unstated = Not stated
option-not-needed = Does not arise

figure-subjects_hit = Subjects that hit a rule
figure-worst_mandatory = Mandatory
figure-worst_local = Local only
figure-worst_recommended = Standards only
figure-worst_suspended = Suspended only
figure-rules_checked = Rules checked
figure-rules_unchecked = Rules unchecked
figure-unchecked = Ids of the unchecked

rules-bind-nothing = Parameter { $parameter }: “{ $value }” has no rule that binds the layer { $layer }; packs that have: { $known }

page-tab-screening = Rules
page-head-screening = Checked against { $rules }

page-unit-rule = { $count ->
    [one] rule
   *[other] rules
 }
page-unit-target = { $count ->
    [one] target
   *[other] targets
 }
page-unit-parcel = { $count ->
    [one] parcel
   *[other] parcels
 }
page-unit-deg = °
