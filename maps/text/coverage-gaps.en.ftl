# Service gaps: name, question, method, parameters, result properties and figures.
coverage-gaps = Service gaps
    .question = Which ground, which households and which roads does a service not reach?
    .method = Facilities in use count: not those demolished, withdrawn, closed or broken, and those planned or being built only where “with planned” is chosen; where there is none, everything is a gap. Straight: from the edge of the facility on the ellipsoid; what lies no farther than the reach (≤) is served. Along roads: roads meet where they share a vertex or where one ends on another (within 1 m); lines that cross without a shared vertex are a bridge. Lengths are ellipsoidal. A facility is joined to its nearest road; walking off the road counts at both ends, at each end for no more than the limit, and a facility within that limit may be walked to directly; ground and households are judged alike, by the shortest such way. By drive: only time on the roads counts, and at no more than the stated time (≤) one is served; each road is driven at its own speed limit or design speed, and where the ledger has none at what is usual for its class (motorway 100, national and provincial 60, county 40, township 30, village 20, track 15 km/h, estimated from the design speeds of JTG B01-2014; roads of no stated class as village roads), one-way roads always as signed; waiting and turning take no time, and the way off the roads at both ends is limited but takes none. By village, the served ground is taken out of the village’s ground and what remains is the gap, its area ellipsoidal; less than 1 m² is left out. The largest empty circle is the largest that has room in the gap, its radius proven to a metre, with its centre and how far the centre is from the nearest facility. By household, those beyond the reach are listed with how far the nearest facility is, and along roads with how far the road is; where no road leads to any facility that is said. By road, the stretches beyond the reach are listed, measured from where the road’s line begins and cut exactly at the reach; less than a centimetre is left out; how far the nearest facility is is measured from a stretch’s middle; roads of no stated class are counted. Households in a gap are counted one by one where the map keeps them, else estimated by the gap’s share of the village, and marked so.
coverage-gaps-facility = Facility
coverage-gaps-where = Only these facilities
coverage-gaps-demand = For whom
coverage-gaps-reach = Reach
coverage-gaps-measure = Distance by
coverage-gaps-minutes = Drive
coverage-gaps-planned = Facilities counted
coverage-gaps-off_road = Walk off the road
coverage-gaps-oneway = One-way roads
coverage-gaps-classes = Classes of road to be served

page-tab-coverage-gaps = Gaps
page-head-coverage-gaps = { $demand_is ->
    [households] Households
    [road] Roads
   *[other] Ground
 } more than { $measure_is ->
    [drive] { $minutes } by car
   *[other] { $reach }
 } from { $facility }

page-unreachable = out of reach

property-hole_radius_m = Largest empty circle, radius
property-hole_nearest_m = Its centre from a facility
property-hole_nearest_min = Drive from its centre
property-nearest_min = Drive to nearest facility
property-hole_lng = Its centre, longitude
property-hole_lat = Its centre, latitude
property-uncovered_m = Length of the gap
property-snap_m = From the road
property-unreachable = No way

option-road = Along roads
option-drive = Drive
option-existing = In use
option-with_planned = With planned
option-ignored = Both ways
option-obeyed = As signed

figure-hole_radius_m = Largest empty circle, radius
figure-uncovered_road_km = Road out of reach
figure-longest_gap_m = Longest gap
figure-gaps = Stretches out of reach
figure-farthest_min = Longest drive
figure-speed_estimated_share = Road at an estimated speed
figure-speed_basis = Speeds rest on
figure-snap_farthest_m = Facility farthest from a road
figure-facilities_off_road = Facilities off the roads
figure-unreachable = Households with no way
