# Siting
siting = Siting
    .question = Where should the next facilities go?
    .method = Those to be served are the households that the map keeps, one each (or by people); where it keeps none, each village's count of households at one point on its ground, and marked so. Distances are straight lines on the ellipsoid, edge to edge; by road, candidates and facilities are put on the nearest road within the distance walked off the roads, and who is served takes to a road wherever within that distance the way is shortest, or walks straight to what is no farther; a way is what is walked and what is gone along the roads; where none leads, nobody is reached, and one-way roads count only if asked for (the rule of coverage gaps); by drive only time on the roads counts, at a road's own speed limit or design speed, else at what is usual for its class (estimated from the design speeds of JTG B01-2014), one-way roads as signed, the way off the roads limited but not timed. At no more than the reach, or the stated drive (≤), one is served. Candidates are the features of the given layers; without any, the points of a square grid in the settlements (in the villages, where the map has no settlements), and one point of each that lies between the grid's. Candidates on forbidden ground are struck out, and, with a clearance, those nearer than it; at exactly the clearance they stay. Four models: maximal covering (MCLP), most within the reach with so many sites; set covering (LSCP), the fewest sites for all who can be reached, whatever the number asked for, with those whom no candidate reaches counted apart; p-median, the least sum of all ways; p-centre, the least farthest way, sites left over shortening the others. Existing facilities serve on where they are kept. With a capacity each site, existing ones too, serves so many at the most, a village may be divided between sites, and a site's gain is who goes there. Greedy choice and exchanges give a plan, a Lagrangean relaxation bounds it and strikes out candidates, and HiGHS settles the rest exactly. Work is limited by nodes and sizes, never by time, so the same question always has the same answer. With a gap of 0, proven, no plan is better; otherwise the gap is the most by which one could be. Sites stand in the order of what each adds to those before, equals by the candidate's id. The gain is the households newly within the reach once the site is built. Ways to households are rounded to 10 m, drives to 0.1 min.
siting-facility = Facility
siting-where = Only these existing facilities
siting-model = Aim
siting-n = New sites
siting-reach = Reach
siting-measure = Distance by
siting-minutes = Drive
siting-off_road = Walked off the roads
siting-oneway = One-way roads
siting-keep = Keep existing facilities
siting-forbid = Not to be built on
siting-clearance = Clearance from it
siting-candidates = Candidates from
siting-spacing = Grid spacing
siting-demand = To be served
siting-weight = Counted by
siting-capacity = Capacity of a site (0: any)

option-mclp = Most reached
option-lscp = All reached
option-p-median = Shortest ways
option-p-centre = Shortest farthest way
option-yes = Yes
option-no = No
option-by-village = Villages' counts
option-each = Household
option-people = People

property-site_rank = Order
property-gain_households = Newly reached
property-gain_people = People newly reached
property-covered_households = Reached so far
property-covered_share = Share reached so far
property-assigned_households = Nearest to
property-assigned_mean_m = Mean way
property-assigned_mean_min = Mean drive
property-capacity_use = Capacity used
property-nearest_facility = Nearest existing facility
property-facility_m = From the nearest existing
property-facility_min = Drive from the nearest existing
property-candidate = Candidate

figure-sites = New sites
figure-gain_households = Newly reached
figure-covered_share = Reached then
figure-covered_before = Reached now
figure-covered_households_before = Households reached now
figure-covered_households = Households reached then
figure-households = To be served
figure-unreachable_households = Beyond any candidate
figure-mean_m = Mean way
figure-mean_min = Mean drive
figure-gap = Gap to the optimum
figure-proven = Proven optimal
figure-candidates = Candidates
figure-barred = Candidates struck out
figure-basis = Households from
figure-curve = What each number comes to

siting-no-demand = There is nobody to be served: the map keeps no households, and no village has a count of { $weight ->
        [people] people
       *[other] households
    }.
siting-no-candidates = There is no candidate: all stand on forbidden ground ({ $barred } struck out; forbidden: { $forbid }). A smaller grid spacing (now { $spacing } m) or fewer forbidden layers may leave some.
siting-too-many-candidates = Too many candidates: { $count }, at most { $most }. Widen the grid spacing, or name a layer of candidates.
siting-too-large = Too large: { $clients } to be served and { $candidates } candidates make { $pairs } pairs, at most { $most }. Widen the grid spacing, or count by village.
siting-too-large-for-capacity = Too large with a capacity: { $clients } to be served, { $candidates } candidates. Widen the grid spacing, or count by village.
siting-too-little-capacity = Too little capacity: { $capacity } a site serve { $places } at the most, { $demand } are to be served, and within reach. Add sites or capacity.

page-head-siting = { $model_is ->
    [lscp] Fewest { $facility } for all within { $measure_is ->
        [drive] { $minutes } by car
       *[other] { $reach }
     }
    [p-median] { $n } new { $facility } for the shortest { $measure_is ->
        [drive] drives
       *[other] ways
     }
    [p-centre] { $n } new { $facility }, nobody far
   *[other] { $n } new { $facility } for most within { $measure_is ->
        [drive] { $minutes } by car
       *[other] { $reach }
     }
 }
page-unit-site = {""}
page-curve = How many are worth it
page-curve-point = { $n }: { $share }
page-curve-way = { $n }: { $way }
page-curve-share = Share reached, by number of sites
page-curve-mean = Mean way, by number of sites
page-curve-mean-drive = Mean drive, by number of sites
page-curve-farthest = Farthest way, by number of sites
page-curve-farthest-drive = Longest drive, by number of sites
