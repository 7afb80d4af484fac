# Farms on permanent basic farmland.
farmland-overlap = Farms on basic farmland
    .question = Which farms stand on basic farmland, in a village or outside?
    .method = A farm's ground is cut with all parcels of permanent basic farmland; areas are ellipsoidal, and where parcels overlap each other ground counts once. Less than 1 m² in common with a parcel is two surveys of one border and does not count. A farm of which only a point is known has no ground: it lies in a parcel or on its border (within 1 mm) or does not, and how much it covers is left empty, not 0. In or outside a village is not taken from the ledger but worked out from the settlements' ground: a farm with ground is inside from half of it on (≥ 50 %), a point where it lies in a settlement or on its border. Where the ledger says otherwise, that is marked. Listed is what stands on the day; what is demolished, relocated or withdrawn is not, but counts among the registered and in the two sums of inside and outside, so that the ledger balances. The largest overlap comes first.
farmland-overlap-farms = Farm layer
farmland-overlap-list = List
farmland-overlap-rules = Rule pack

property-overlap_share = Share of the farm
property-farm_m2 = Farm's ground
property-ground = Ground
property-parcels = Parcels
property-parcel_id = Main parcel
property-on_farmland = On basic farmland (worked out)
property-in_village = In a settlement (worked out)
property-village_share = Share in settlements
property-in_village_told = In a settlement (ledger)

option-on-farmland = On basic farmland
option-differing = Where the ledger differs
option-all-farms = All farms
option-area-known = Known
option-point-only = A point only
option-differs-village = In or outside
option-differs-farmland = On farmland or not
option-differs-both = Both

figure-on_farmland = On basic farmland
figure-overlap_mu = Ground in common
figure-ground_unknown = Ground unknown
figure-farms_registered = Farms registered
figure-in_village = In settlements
figure-out_of_village = Outside
figure-farms_standing = Farms standing

page-head-farmland-overlap = Farms on basic farmland
