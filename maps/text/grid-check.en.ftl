# Grid check: names, question, method, parameters, result properties, figures; and the words of the page.
grid-check = Grid check
    .question = Do the responsibility grids leave gaps, overlap, leave their village, or bear wrong codes?
    .method = Cells and villages in force on the day are checked, each level (town, village, patch) against itself: a cell within one of a higher level is no overlap. Borders are joined first: vertices no farther apart than the snap (≤) become one, and an edge that passes a vertex within it is led through it (a long edge may pass as a straight line of longitude and latitude or as a geodesic). Then shapes are cut in a local plane of the ellipsoid, and areas are ellipsoidal. Gap: ground of a village that has cells on a level and that no cell of the level covers. Overlap: ground that two cells of a level share. Outside: what of a village's or a patch's cell lies beyond its village, with the village it lies in; of a town's cell, what lies beyond the town. A cell's village is the one whose code it states, else whose name, else whose code its own begins with, else the one with most of it; one that touches none is in no village. Villages that no cell belongs to are listed. A code has to begin with its village's twelve digits (for the town's level, nine); codes that two cells bear are listed. Pieces smaller than the tolerance, or narrower (twice the area by the outline) than the snap, are slivers: left out, and counted in the summary.
grid-check-tolerance = Smallest area
grid-check-snap = Snap

property-flaw = Flaw
property-level = Level
property-flaw_m2 = Area
property-width_m = Width
property-cells = Cell ids
property-cell_names = Cells
property-lies_in_village = Lies in
property-code_prefix = Has to begin with

option-gap = Gap
option-overlap = Overlap
option-outside = Outside its village
option-no_village = In no village
option-no_cell = No cells
option-code = Wrong code
option-duplicate = Code borne twice

figure-flaws = Flaws
figure-grid_gaps = Gaps
figure-grid_gaps_m2 = Gap area
figure-grid_overlaps = Overlaps
figure-grid_overlaps_m2 = Overlap area
figure-cells_outside = Outside their village
figure-cells_outside_m2 = Area outside
figure-cells_of_no_village = Cells of no village
figure-villages_without_cells = Villages without cells
figure-wrong_codes = Wrong codes
figure-double_codes = Codes borne twice
figure-slivers = Slivers left out
figure-slivers_m2 = Area of slivers
figure-cells_checked = Cells checked
figure-villages_checked = Villages checked

page-head-grid-check = Gaps, overlaps and wrong codes of the grids
page-unit-code = { $count ->
    [one] code
   *[other] codes
}
