# Service areas: name, question, method, parameters, properties and figures.
service-areas = Service areas
    .question = How far does a service reach: which ground, which stretches of road, how much for each facility?
    .method = By the rules of "Coverage gaps": what is listed here is what is taken away there. Only facilities in use count: those demolished, withdrawn, closed or broken do not, planned ones and those under construction only with "with planned ones". Straight: measured on the ellipsoid from the facility's edge; what is no farther than the reach (≤) is within it. Along the roads: lengths on the ellipsoid; a facility joins the nearest road, and the ways off the roads count at both ends, each no longer than the allowance. By drive: only the time on the roads counts, and what takes no longer than the given minutes (≤) is within reach; each road at its speed limit or, where none is given, at what is usual for its class; one-way roads are obeyed. "Ground" lists of each village what is within reach, by its area on the ellipsoid, nothing under 1 m². "Stretches of road" lists those within reach, of all classes, cut at the reach, joined where they meet, nothing under a centimetre; from and to are measured from where the road's line begins, and the distance to the nearest facility from the stretch's middle. "Each facility" lists what every facility reaches by itself, as if there were no other, so that areas may overlap; along the roads and by drive it also tells how far the facility is from its road, and the length of road within reach.
service-areas-facility = Facilities
service-areas-where = Only facilities where
service-areas-show = Show
service-areas-reach = Reach
service-areas-measure = Measured
service-areas-minutes = Drive
service-areas-planned = Facilities counted
service-areas-off_road = Walk off the road
service-areas-oneway = One-way roads

page-tab-service-areas = Reach
page-head-service-areas = { $measure_is ->
    [drive] { $show_is ->
        [roads] Stretches of road
       *[other] Ground
     } within { $minutes } by car of { $show_is ->
        [facilities] each of { $facility }
       *[other] { $facility }
     }
   *[other] { $show_is ->
        [roads] Stretches of road
       *[other] Ground
     } within { $reach } of { $show_is ->
        [facilities] each of { $facility }
       *[other] { $facility }
     }
 }

property-reached_m2 = Within reach
property-reached_share = Share within reach
property-reached_m = Length within reach

option-ground = Ground
option-roads = Stretches of road
option-facilities = Each facility

figure-reached_km2 = Within reach
figure-reached_share = Share within reach
figure-reached_road_km = Road within reach
figure-villages_reached = Villages within reach
figure-stretches = Stretches
figure-reached_least_km2 = Smallest area
figure-reached_most_km2 = Largest area

service-areas-several-layers = "Each facility" looks at facilities of one layer at a time. Choose a single layer, and ask again for the next
