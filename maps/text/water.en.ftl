# Water bodies: not cleaned in time, due for a look-back, judged by samples, on the lists.

uncleaned-waterbodies = Overdue ponds and ditches
    .question = Which ponds and ditches were not cleaned in time?
    .method = Water bodies whose last cleaning lies more days back than the given number, or that were never cleaned; exactly that number still counts as cleaned, and what is dated after the day of the question (cleaning, inspection, sample) does not count yet. A body without a stated condition counts as unknown; one that its samples find black and odorous counts as black whatever the ledger says. “Show” can ask instead for those due for a look-back, the black ones, or all; interval and condition then do not matter. Look-back: due the given number of days after the cleaning, that day included (the default is in maps/rules/limits/water.toml and rests on no rule); an inspection on the day of the cleaning or later is one, unless nobody got in, and where the ledger knows of no cleaning any inspection is one, for what was surveyed is looked back at; a relapse stands until the next cleaning. Judgement: the newest sample up to the day decides, of several on one day the one that fails most. A sample belongs to the body whose id, or unique name, it states; else to the nearest within the given distance (≤) of where it was taken. One as near to two bodies, one that states another body than it was taken in, and one without a date belong to none and are counted apart. By the limits in force on the day of the sample (maps/rules/limits/water.toml, with source and whether it was verified) clarity below 25 cm (where the water is not 25 cm deep, below 40 % of the depth), dissolved oxygen below 2.0 mg/L or ammonia nitrogen above 15 mg/L make it black and odorous; at a limit it passes; passing all three it is not. Where not all was measured and nothing failed, 60 % or more of those asked, or a strong smell or clearly abnormal colour, make it black and odorous; else the judgement is incomplete. The text of these limits and of the share has yet to be verified. Lists: a body that is black by ledger or sample is on the national list from 2000 m² on, below it on the provincial one, and below the given least area on none. A pond is one body; of a ditch or river each continuous black stretch is one: pieces in one village, of one name (or none), at most 1 m apart; it is cut at village borders, unless less than 1 m² (of a line 1 m) lies beyond. A ditch in several stretches shows the weightiest list among them. Areas are ellipsoidal; a line has its length times its width, and without a width no area and no list. Sources are farms, public toilets, waste points and outfalls within the given distance (≤), edge to edge; outfalls that are plugged or treated do not count. Upstream: a body flows into the one that it states, and a line of known direction into what lies within 1 m of its lower end; sources beside the water upstream, up to the given length, are counted without those beside the body itself. A line is cut at that length; the polygon of a ditch counts with its reported length, else with half its outline, a pond with none. Where bodies are connected and no direction is known, that is said, and what is connected is counted; nothing is guessed. Priority runs from 0 to 100: black-odorous 40, poor 20; waiting up to 30, a year or never cleaned being 30; 3 for each source, up to 30. All figures but the uncleaned, the never cleaned, the water area and those with sources are of all bodies that stand in the ledger.
uncleaned-waterbodies-days = Cleaning interval
uncleaned-waterbodies-condition = Condition
uncleaned-waterbodies-source_distance = Distance to sources
uncleaned-waterbodies-waterbodies = Water body layer
uncleaned-waterbodies-show = Show
uncleaned-waterbodies-look_back = Look-back after
uncleaned-waterbodies-upstream = Length upstream
uncleaned-waterbodies-sample_distance = Samples within
uncleaned-waterbodies-min_area = Least area for a list

black-odorous-list = Black-odorous water bodies
    .question = Which water bodies are black and odorous, and on which list?
    .method = Bodies that the ledger says are black, or whose newest sample up to the day of the question finds so, judged as “Overdue ponds and ditches” does. A pond is one body, counted once wherever it lies; all its villages are named, the largest share first. Of a ditch or river each continuous black stretch is one body: pieces in one village, of one name (or none), at most 1 m apart; it is cut at village borders, unless less than 1 m² (of a line 1 m) lies beyond. It bears the smallest id of its pieces, with the village's behind it where it is cut. Areas are ellipsoidal, overlaps counted once; a line has its length times its width, and without a width no area and no list. From 2000 m² on a body is on the national list, below it on the provincial one, and below the given least area on none, by the limit in force on the day of the question (maps/rules/limits/water.toml). A stretch begins and ends at the two vertices that lie farthest apart, the western one first.
black-odorous-list-waterbodies = Water body layer
black-odorous-list-min_area = Least area for a list
black-odorous-list-sample_distance = Samples within

property-area_basis = Area from
property-last_inspected = Last inspected
property-look_back = Look-back
property-look_back_on = Look-back due on
property-judgement = Judged by sample
property-failed_limits = Limits failed
property-differs = Differs from the ledger
property-sampled = Sampled
property-sample_id = Sample
property-clarity_cm = Clarity
property-clarity_limit_cm = Clarity limit
property-oxygen_mg_l = Dissolved oxygen
property-ammonia_mg_l = Ammonia nitrogen
property-depth_cm = Depth
property-source_id = Nearest source
property-source_kind = Kind of nearest source
property-source_m = To nearest source
property-upstream = Upstream
property-upstream_sources = Sources upstream
property-connected = Connected waters
property-connected_sources = Sources by connected waters
property-lies_in = Villages
property-begins_at = Begins at
property-ends_at = Ends at
property-drawn_parts = Pieces drawn
property-drawn_as = Ids of the pieces

option-uncleaned = Not cleaned in time
option-look-back = Look-back due, or relapsed
option-black-odorous = Black and odorous
option-surveyed = All
option-list-below = Below the least area
option-basis-drawn = As drawn
option-basis-width = Length × width
option-basis-unknown = Unknown
option-look-back-waiting = Not yet due
option-look-back-due = Due
option-look-back-done = Done
option-look-back-relapsed = Relapsed
option-judgement-black-odorous = Black and odorous
option-judgement-not-black-odorous = Not black and odorous
option-judgement-incomplete = Not fully measured
option-failed-clarity = Clarity
option-failed-oxygen = Dissolved oxygen
option-failed-clarity-oxygen = Clarity, dissolved oxygen
option-failed-ammonia = Ammonia nitrogen
option-failed-clarity-ammonia = Clarity, ammonia nitrogen
option-failed-oxygen-ammonia = Dissolved oxygen, ammonia nitrogen
option-failed-clarity-oxygen-ammonia = Clarity, dissolved oxygen, ammonia nitrogen
option-failed-appraisal = Public appraisal
option-failed-senses = Smell or colour
option-upstream-known = Direction known
option-upstream-partial = Direction partly unknown
option-upstream-unknown = Direction unknown
option-upstream-none = Not connected

figure-surveyed = Bodies surveyed
figure-black_by_samples = Black by samples
figure-differing = Differing from the ledger
figure-black_bodies = Black-odorous
figure-black_m2 = Black-odorous area
figure-national = National list
figure-national_m2 = Area on the national list
figure-provincial = Provincial list
figure-provincial_m2 = Area on the provincial list
figure-area_unknown = Area unknown
figure-samples = Samples
figure-samples_unjoined = Samples of no body

page-unit-sample = { $count ->
    [one] sample
   *[other] samples
 }
page-tab-black-odorous-list = Black
page-head-black-odorous-list = Black-odorous water bodies and their lists
page-area-unknown = area unknown
