# Along a road: control zone, issues, frontages and patrols, section by section and side by side.
corridor = Along a road
    .question = How does it stand along the road, section by section?
    .method = The road is cut into sections by its chainage (see “Chainage of a road”), each with a left and a right side, seen the way the numbers grow. The building control zone is measured from the edge of the road land, not from the centre line: from the parcels of road land where they are known, else from an estimated edge, marked so: half the carriageway (by class where the layer has no width), shoulder, ditch and the metre of article 34 of the Highway Law; what the estimate takes for granted stands in maps/roads and is no rule. The width of the zone is by default the least that article 11 of the Regulations on Highway Safety Protection asks for the class: motorways 30 m, national roads 20 m, provincial 15 m, county 10 m, township 5 m; for village roads there is no national rule, and the 3 m of Shandong and Henan are taken; a width that is given holds instead. Parcels that name another road are not used. The zone is cut square to the road, without overlaps or gaps at bends; areas are ellipsoidal. Issues, frontages, farms and other facilities count where the ellipsoidal distance from their edge to that of the road land is no more than the width (≤), or on the land itself; each counts once, in the section where it comes nearest to the road, at a border in the later one, on the centre line on the right, and not at all before the beginning or past the end. Where an issue or a frontage names its road, that decides: of this one it counts within 200 m, of another it does not. Issues are open or closed (held included) on the day; rejected ones and those with a private place are not counted. Contracts signed, renewed or violated are signed, the others unsigned. A track within 30 m of at least half of a section is a patrol of it, for both sides; patrols after the day do not count, and a section is unpatrolled when its last one lies more days back than given or there was none. What is demolished, relocated or withdrawn is not counted. Where no road is given, it is the one that most patrols name.
corridor-road = Road (name or number)
corridor-section = Length of a section
corridor-zone = Zone width (0: by law)
corridor-days = Interval of patrols

property-basis = Edge from
property-zone_m = Width of the zone
property-zone_m2 = Area of the zone
property-issues = Open issues
property-issues_closed = Closed issues
property-illegal = Open illegal structures
property-frontages = Frontages
property-contracts = Contracts signed
property-unsigned = Unsigned
property-farms = Farms
property-structures = Other facilities

option-parcels = Parcels of road land
option-partly = Parcels in part

figure-issues = Open issues
figure-unsigned = Unsigned fronts
figure-signed_share = Share signed
figure-frontages = Frontages
figure-contracts = Contracts signed
figure-issues_closed = Closed issues
figure-illegal = Open illegal structures
figure-structures = Other facilities in the zone
figure-estimated_km = With an estimated edge
figure-zone_m = Width of the zone
figure-zone_law = By what rule

corridor-no-distance = { $road } has no class, or there is no rule for its class: give the width of the zone

page-head-corridor = Along { $road }, every { $section }
page-strip = The road as a strip: left and right arrows go from section to section, up and down change the side
page-strip-key = Key
page-strip-patrolled = Patrolled in time
page-strip-unpatrolled = Unpatrolled
page-strip-estimated = Estimated edge
page-strip-section = { $from }–{ $to } { $side }: { $issues } open issues, { $unsigned } unsigned, last patrol { $patrol }
page-unit-front = { $count ->
    [one] front
   *[other] fronts
 }
page-unit-unsigned = unsigned
page-search-chainage = Chainage
figure-edge_basis = What the estimated edge rests on
page-strip-sides = Left side above, right below
