# The words of the map page.
page-demo-data = Demo data
page-search = Search a name, code or coordinates
page-search-label = Search
page-search-none = Nothing found for “{ $text }”
page-search-more = { $count } more: type a little further
page-search-go = Go to these coordinates
page-share = Share
page-shared = Link copied
page-share-failed = Could not copy; take the link from the address bar
page-export = Export
page-export-what = Export what
page-export-result = This result ({ $count })
page-export-note = All of the data is exported, not only what is shown.
page-language = 中文
page-language-label = 切换到中文
page-layers = Layers
page-layers-open = Open layers
page-close = Close
page-group-base = Boundaries and roads
page-group-facility = Facilities
page-group-risk = Risks and sensitive sites
page-group-work = Work
page-layer-switch = Show { $title }
page-layer-only = Only { $title }
page-layer-far = Not shown at this scale: zoom in ({ $count } in all)
page-layer-window = At this scale only the { $shown } in view are loaded, of { $count }
page-layer-part = Showing { $shown } of { $count }
page-layer-dense = Too dense at this scale
page-layer-now = Show anyway
page-layer-later = Hide where too dense
page-layer-empty = No data
page-layer-failed = Could not be loaded
page-loading = Loading
page-retry = Retry
page-detail = Details
page-map = Map. Arrow keys move it, plus and minus zoom; everything on it can be reached from the list.
page-north = N
page-zoom-in = Zoom in
page-zoom-out = Zoom out
page-fit = Whole map
page-here = { $count } things here
page-no-webgl = This browser cannot draw the map
page-no-webgl-hint = The map needs WebGL 2: use a recent Chrome, Edge or Firefox. List, search and export work all the same.
page-webgl-lost = The graphics card is away; the map will come back by itself.
page-analyses = Analyses
page-tab-coverage-gaps = Gaps
page-tab-farms-near-schools = Schools
page-tab-uncleaned-waterbodies = Water
page-tab-corridor = Road
page-tab-hotspots = Hotspots
page-tab-siting = Siting
page-tab-farmland-overlap = Farmland
page-tab-grid-check = Grid
page-tab-village-indicators = Targets
page-head-coverage-gaps = { $demand_is ->
    [households] Households more than { $reach } from { $facility }
   *[other] Ground more than { $reach } from { $facility }
 }
page-head-farms-near-schools = Farms within { $distance } of a school
page-head-uncleaned-waterbodies = Water not cleaned in the last { $days }
page-method = How it is computed
page-more-controls = More parameters
page-any = Any
page-bars-village = By village
page-bars-of = By { $title }
page-bars-rest = { $count } more
page-total = { $count ->
    [one] 1 result
   *[other] { $count } results
 }
page-shown-of = Showing { $shown } of { $count }
page-more = Show more
page-running = Computing
page-cancel = Cancel
page-cancelled = Cancelled
page-run-again = Compute again
page-empty = Nothing under these conditions
page-relax = Set { $title } to { $value }
page-clear-filter = Clear filter
page-failed = Could not be computed
page-cannot-run = Cannot run here
page-never-cleaned = Never cleaned
page-figure-count = Results
page-back = Back
page-locate = Locate
page-no-value = Not filled in
page-unnamed = Unnamed
page-card-result = Result
page-card-own = Particulars
page-missing = Not found: it may have been removed, or is not in the result under these conditions.
page-data-date = Data to { $day }
page-as-of = As of
page-as-of-clear = Back to today
page-crs = CGCS2000 (shown as WGS 84)
page-crs-short = CGCS2000
page-sheet = Change the height of the panel
page-server-gone = The server does not answer
page-yes = Yes
page-no = No
page-unit-feature = {""}
page-unit-facility = {""}
page-unit-farm = {""}
page-unit-waterbody = {""}
page-unit-head = head
page-unit-household = { $count ->
    [one] household
   *[other] households
 }
page-unit-person = { $count ->
    [one] person
   *[other] people
 }
page-unit-school = { $count ->
    [one] school
   *[other] schools
 }
page-unit-village = { $count ->
    [one] village
   *[other] villages
 }
page-unit-group = { $count ->
    [one] group
   *[other] groups
 }
page-unit-seat = { $count ->
    [one] seat
   *[other] seats
 }
page-unit-bin = { $count ->
    [one] bin
   *[other] bins
 }
page-unit-source = { $count ->
    [one] source
   *[other] sources
 }
page-unit-outfall = { $count ->
    [one] outfall
   *[other] outfalls
 }
page-unit-issue = { $count ->
    [one] issue
   *[other] issues
 }
page-unit-patrol = { $count ->
    [one] patrol
   *[other] patrols
 }
page-unit-time = { $count ->
    [one] time
   *[other] times
 }
page-unit-km = km
page-unit-d = { $count ->
    [one] day
   *[other] days
 }
page-unit-wk = per week
page-unit-CNY = CNY
page-unit-m3 = m³
page-unit-m3-d = m³/d
