# Who answers: names, question, method, parameters, result properties, figures; and the words of the page.
responsible = Who answers
    .question = Who answers for this place, and what does nobody answer for?
    .method = With a place, the grid cells in force on the day are listed level by level (patch, village, town), and the village, each with its person: of a cell the worker, else the leader, else the instructor; on the town's level the leader first; of a village the secretary, else the leader in charge; the others follow beside. A border belongs to both sides: all within a centimetre of the place (≤) are listed, and said to be shared. Where no cell of a level holds the place, the nearest within the search distance (≤) is listed with its distance; farther off, none. Without a place, the features of a layer that nobody answers for are listed (where there are cells below the town's, the town's do not count): those that touch no cell (within a centimetre), and those whose cells state no person; what is demolished, relocated or withdrawn is not counted. Names and telephones are masked, as the layers say, for those who may not see them.
responsible-at = Place
responsible-reach = Search distance
responsible-of = Features

property-order = Order
property-duty = Role
property-person = Person responsible
property-others = Others responsible
property-phone = Phone
property-cell_m = Distance to the cell
property-shared = On a shared border
property-orphan = What is missing
property-nearest = Nearest cell
property-nearest_cell = Nearest cell

option-administrative = Administrative village
option-worker = Grid worker
option-leader = Leader
option-instructor = Instructor
option-secretary = Party secretary
option-nobody = Cell without a person

figure-answering = Cells and villages answering
figure-only_near = Listed for being near
figure-levels_missing = Levels with no area here
figure-without_person = Without a stated person
figure-orphans = Nobody answers
figure-in_no_cell = In no cell
figure-with_nobody = Cell has nobody
figure-looked_at = Features looked at

responsible-of-nothing = This map has no layer of which anybody could answer for the features: give a place (at=longitude,latitude)

page-tab-responsible = Duty
page-head-responsible = Who answers for it
