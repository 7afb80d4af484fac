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
page-export-catalogue = The catalogue, with every format
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
page-layer-far = Zoom in to pick one ({ $count } in all)
page-layer-thinned = Thinned out at this scale: { $value } in view are not shown ({ $count } in all)
page-layer-window = At this scale only the { $shown } in view are loaded, of { $count }
page-layer-part = Showing { $shown } of { $count }
page-layer-dense = Too dense at this scale
page-layer-asked = Too dense to draw unasked
page-layer-show = Show
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
page-tab-farms-near-schools = Schools
page-tab-uncleaned-waterbodies = Water
page-tab-corridor = Road
page-tab-hotspots = Hotspots
page-tab-siting = Siting
page-tab-farmland-overlap = Farmland
page-tab-grid-check = Grid
page-tab-village-indicators = Targets
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
page-empty-grid-check = No gap, overlap or wrong code found
page-empty-responsible = Each of these features has somebody who answers for it
page-hint-responsible = Enter a place, or choose Point and tap the map: then the list says who answers for it, from the cell to the town.
page-key-holes = { $count ->
    [one] The largest hole: as far from any service as one can be. Choose a row for its own.
   *[other] The { $count } largest holes: as far from any service as one can be. Choose a row or zoom in for the others.
 }
page-key-reach = Within the dashed circle, a new site is no farther than { $value }.
page-key-shares = { $title }, { $unit }
page-ticks-plain = Tables of scale
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
page-unit-min = min
page-unit-km-h = km/h
page-unit-d = { $count ->
    [one] day
   *[other] days
 }
page-unit-wk = per week
page-unit-CNY = CNY
page-unit-m3 = m³
page-unit-m3-d = m³/d
page-record = Record
page-record-past = A record will be of { $day }
page-record-something = Record something…
page-with-details = More…
page-record-of = Record: { $text }
page-record-do = Record
page-recorded = Recorded: { $text }, { $title }
page-nothing-to-record = There is nothing to record just now.
page-undo = Undo
page-undo-this = Undo { $title } of { $day }
page-undone = Undone
page-restore = Restore
page-restore-this = Restore { $title } of { $day }
page-restored = Restored
page-event = Event
page-on = Date
page-by = Done by
page-note = Note
page-quantity = Quantity
page-qualifier = How sure
page-unit = Unit
page-amount = { $kind ->
    [approx] about { $value }
    [at_least] { $value } or more
   *[exact] { $value }
 }
page-unset = Not filled in
page-emptied = empty
page-remove = Remove
page-save = Save
page-photos = Photos
page-photo-add = Add photo
page-photo-take = Camera
page-photo-choose = Choose
page-photo-number = Photo { $count }
page-photo-remove = Remove photo { $count }
page-photo-of = Photo of { $title }, { $day }
page-photo-sending = Sending photos
page-photo-taken = The photo was taken on { $day }, not on the day given.
page-photo-taken-use = Take that day
page-photo-away = The photo was taken { $value } away: is it of this?
page-photo-type = Only JPEG, PNG or WebP photos can be sent
page-proof-wanted = Please attach a photo as proof
page-before = Before
page-after = After
page-earlier = Earlier photo
page-later = Later photo
page-position = Position
page-position-add = Add my position
page-position-asking = Looking for the position
page-position-away = { $value } from it
page-position-failed = No position: the device gave none, or was not allowed to.
page-fault-number = A number is wanted here
page-fault-whole = A whole number is wanted here
page-fault-low = Not less than { $value }
page-fault-high = Not more than { $value }
page-fault-date = A date is wanted here
page-fault-future = Not later than today
page-fault-empty = This must be filled in
page-fault-place = Longitude, latitude: for example 117.50000, 39.60000
page-history = History
page-history-none = Nothing recorded yet.
page-history-all = Show all { $count }
page-history-failed = The history could not be loaded
page-late = Happened { $day } · recorded { $text }
page-author = entered by { $text }
page-after-day = After the day shown
page-undone-on = Undone { $day }
page-no-longer-result = No longer among the results.
page-edit = Edit
page-edit-of = Edit: { $text }
page-saved = Saved: { $text }
page-failed-to-open = Could not be opened
page-back-to-card = Back
page-masked = Now { $text }; to change it, type the whole number
page-place = Place
page-moved = moved
page-place-drag = The pin can be dragged on the map
page-place-moved = Moved by { $value }
page-place-back = Move back
page-withdraw = Withdraw
page-withdraw-of = Withdraw from the map: { $text }
page-withdraw-means = From today it is on no map and in no figure; its past and its history stay.
page-withdraw-why = Please give the reason
page-withdrawn = Withdrawn: { $text }
page-reason = Reason
page-conflict = Somebody else changed this too
page-conflict-how = Choose for each which to keep, then save.
page-conflict-none = The changes do not touch each other and can both be kept.
page-conflict-was = was { $value }
page-conflict-mine = Mine
page-conflict-theirs = Theirs
page-conflict-beside = They also changed:
page-conflict-drop = Drop my changes
page-report = Report a problem
page-report-do = Report
page-reporter = Reported by
page-create = New: { $title }
page-created = Added to { $title }
page-layer = Layer
page-place-where = Tap the map to place it ({ $title })
page-place-middle = At the middle of the map
page-place-here = Where I am
page-time = Day shown
page-today = Today
page-play = Play week by week
page-pause = Pause
page-time-count = { $count ->
    [one] 1 event
   *[other] { $count } events
 }
page-past = The map of { $day }
page-sign-in = Sign in
page-sign-in-why = Recording and editing take an account.
page-sign-in-to-record = Sign in to record
page-signed-in = Signed in: { $text }
page-signed-out = Signed out
page-sign-out = Sign out
page-account-name = Account
page-password = Password
page-not-now = Not now
page-own-villages = Villages
page-own-cells = Grid cells
page-board-empty = No issues yet
page-board-empty-how = Report one by tapping the map, or pick results of an analysis and dispatch them: they appear here.
page-board-empty-dispatch = Dispatch from the water analysis
page-board-flow = Progress
page-board-exits = Overdue and other states
page-board-group = Group by
page-board-total = { $count ->
    [one] 1 issue
   *[other] { $count } issues
 }
page-stage-look-back = Look-back
page-by-stage = State
page-by-village = Village
page-by-assignee = Person
page-by-deadline = Deadline
page-all-villages = All villages
page-all-people = All people
page-no-village = No village given
page-no-assignee = Not assigned
page-overdue = Overdue
page-overdue-count = { $count } overdue
page-over-by = { $count ->
    [one] 1 day over
   *[other] { $count } days over
 }
page-due-today = Due today
page-days-left = { $count ->
    [one] 1 day left
   *[other] { $count } days left
 }
page-due-week-over = Over by more than a week
page-due-over = Over by up to a week
page-due-soon = Due within three days
page-due-later = Due later
page-due-none = No deadline
page-due-done = Done
page-days-open = { $count ->
    [one] open 1 day
   *[other] open { $count } days
 }
page-days = { $count ->
    [one] 1 day
   *[other] { $count } days
 }
page-dispatch = Dispatch
page-dispatch-count = { $count ->
    [one] Dispatch 1 issue
   *[other] Dispatch { $count } issues
 }
page-dispatch-means = One issue for each; what is already under way is not opened twice, what was closed counts as relapsed.
page-dispatch-do = Dispatch
page-dispatched = Dispatched: { $count }
page-rectify-by = Rectify by
page-assignee = Assignee
page-outcome-opened = Opened
page-outcome-known = Already known
page-outcome-relapsed = Relapsed
page-to-board = To the issue board
page-pick = Pick { $text }
page-picked = Picked { $count } / { $shown }
page-pick-all = Pick all
page-pick-first = First
page-pick-how-many = How many to pick
page-times = Times
page-unit-times = times
page-tally-days = From – to
page-tally-part = { $title } { $value }
page-tally-sentence = From { $day } to { $text }: { $value }.
page-tally-of = { $title } ({ $text })
page-tally-hedged = { $value }+
page-tally-area = { $value } ({ $text } m²)
page-tally-copy = Copy this sentence
page-tally-copied = Copied
page-tally-none = Nothing recorded in this time
page-tally-none-how = What is recorded on a village's card (rubbish cleared, structures demolished) is added up here; or take an earlier first day.
page-tab-issue-board = Issues
page-tab-tallies = Work
page-tab-patrol-coverage = Patrols
page-head-issue-board = Issue board
page-head-tallies = { $by_is ->
    [village] Work done, by village
   *[other] Work done in the town
 }
page-board-open = Open
page-board-closure = Closed
page-board-on-time = On time
page-board-median = Median
page-never-patrolled = Never patrolled
page-usual = Default
page-head-patrol-coverage = Patrols of the last { $days }
page-issue-name = { $title }: { $text }
page-more-questions = More
page-theme-ledger = Ledger
page-theme-rules = Rules and land
page-theme-villages = Villages and grids
page-theme-places = Places
page-point-at = Point
page-made-of = As of { $day }; method version { $version }; from { $inputs }; result { $revision }
page-day-choose = Choose a day
page-day-none = Clear
page-month-before = Month before
page-month-after = Month after
page-day-any = Any day
page-day-wrong = A date is wanted, such as 2026-11-28
page-weigh-none = Not weighted (each counts 1)
page-weigh-unit = { " " }({ $unit })
page-key-served = Ground within reach now
page-key-nameless = A ranking without names is not drawn on the map, and the map names no village.
page-key-reached = Within reach
page-key-reached-roads = Roads within reach
page-key-gap = Out of reach
page-gain = Before and after
page-gain-change = { $from } → { $to }
page-gain-before = Within reach now
page-gain-gained = Newly within reach
page-gain-left = Still out of reach
page-unit-stretch = { $count ->
    [one] stretch
   *[other] stretches
 }
