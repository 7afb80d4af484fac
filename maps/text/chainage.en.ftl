# Chainage: from a point to what the stones say, and back.
chainage = Chainage of a road
    .question = What do the kilometre stones say here, and where does this chainage stand?
    .method = Chainage is measured along the road's centre line by ellipsoidal length, from the place and number that the map declares (chainage in map.toml), growing towards the declared place; where nothing is declared and the layer gives the chainage of both ends of every piece, it runs in proportion between them; else nought is taken to stand at the western end, and this is marked. Where the map declares several stones (stones, in the order in which one comes to them), numbers run evenly between two that follow each other, and by the metre before the first and after the last; stones whose distance along the road differs from their numbers by more than 20 % and more than 20 m contradict each other, and nothing is answered. At a break the numbers jump: those that a short chain leaves out stand nowhere, those that a long chain repeats stand twice and both are given; the break itself has the number with which the road goes on. Pieces whose ends lie within 1 m of each other run on, whatever order and direction they are drawn in; a declared road takes the straightest way where three or more meet, and gaps up to 5 km count by their straight length, though nothing stands in them. A line within 60 m beside another for most of its length is the other carriageway and has no chainage of its own: both are one road (by the one marked as with the chainage, else the longer). A ring begins at the declared place, else at its western corner. A point takes the chainage of the nearest place on the centre line (of several as near, the first along); left and right are seen the way the numbers grow; the offset is the ellipsoidal distance to that place, and within 1 mm the point is on the line. A point before the beginning or past the end takes the number of that end and says so. Points farther than 20 km from the road are refused. Asked for neither point nor chainage, it lists the stretches of the road with their numbers and lengths.
chainage-road = Road (name or number)
chainage-point = Place
chainage-at = Chainage

property-chainage = Chainage
property-chainage_to = Chainage at the end
property-length_m = Length
property-side = Side
property-offset_m = Offset
property-beyond = Beyond an end
property-numbered_by = Chainage from

option-left = Left
option-right = Right
option-axis = On the line
option-declared = Declared by the map
option-recorded = Road layer
option-assumed = Assumed (nought in the west)

figure-chain_breaks = Breaks

chainage-nowhere = { $value } stands nowhere on this road; there is: { $known }
chainage-too-far = This place is more than { $km } km from the road
chainage-start-astray = The start of { $road } in map.toml lies more than { $metres } m from the road: mend start
chainage-undirected = The direction of { $road } in map.toml cannot be told: towards should be a place at the road, well away from its start, where the numbers are higher
chainage-break-astray = The break { $at } = { $continues } of { $road } in map.toml contradicts the start or the breaks about it
chainage-stone-astray = The stone { $at } of { $road } in map.toml lies more than { $metres } m from the road: mend stones
chainage-stones-contradict = The stones { $at } and { $next } of { $road } in map.toml contradict each other: along the road they are { $metres } m apart (list them in the order in which one comes to them; a break between them is declared as break)
parameter-not-chainage = Parameter { $parameter } takes a chainage, written K12+300; received “{ $value }”

page-tab-chainage = Chainage
page-head-chainage = Chainage of { $road }
page-unit-break = { $count ->
    [one] break
   *[other] breaks
 }
