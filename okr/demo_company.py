"""Larkfield, the hand-written company of the demo workbook: its teams, people, aims and notes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from okr.model import Commitment, Kind, Person, RollUp, State, Team


class Shape(StrEnum):
    """How a number moves over its cycle."""

    STEADY = "steady"
    NOISY = "noisy"
    STEPS = "steps"
    EARLY = "early"
    LATE = "late"
    STALLED = "stalled"
    SLIPPING = "slipping"


STEADY, NOISY, STEPS = Shape.STEADY, Shape.NOISY, Shape.STEPS
EARLY, LATE, STALLED, SLIPPING = Shape.EARLY, Shape.LATE, Shape.STALLED, Shape.SLIPPING


@dataclass(frozen=True, slots=True)
class Measure:
    """What a key result counts, and the course that its number takes.

    For increase and decrease, ``reach`` is the progress at the end (where STALLED stops, how far
    SLIPPING falls). For keep kinds ``start`` is the usual value. For done, ``reach`` is the share
    of the cycle after which it is done; above 1 it never is. ``at_most`` is where counting ends.
    """

    kind: Kind
    start: float | None
    target: float | None
    unit: str = ""
    shape: Shape = STEADY
    reach: float = 1.0
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class PlannedKeyResult:
    """A key result and its story: ``notes`` by the week of the cycle, 0 being the week before it.

    ``mood`` is added to the confidence that the numbers would give. ``silent`` is how many weeks
    ago the check-ins stopped. ``due`` is a week of the cycle. An unmeasured one never had a value.
    """

    title: str
    owner: str
    measure: Measure
    notes: Mapping[int, str] = field(default_factory=dict)
    weight: float | None = None
    due: int | None = None
    mood: float = 0.0
    silent: int = 0
    is_measured: bool = True
    state: State | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class PlannedObjective:
    """An objective with its key results; these take its number and a letter as their IDs."""

    id: str
    team: str
    title: str
    owner: str
    key_results: tuple[PlannedKeyResult, ...] = ()
    supports: str = ""
    commitment: Commitment | None = None
    weight: float | None = None
    state: State | None = None
    roll_up: RollUp | None = None
    closing_note: str = ""


def up(
    start: float, target: float, unit: str = "", shape: Shape = STEADY, reach: float = 1.0
) -> Measure:
    """Describe a number that should rise."""
    return Measure(Kind.INCREASE, start, target, unit, shape, reach)


def all_of(total: float, unit: str, shape: Shape = STEADY, reach: float = 1.0) -> Measure:
    """Describe a number that should rise from 0 to all there are."""
    return Measure(Kind.INCREASE, 0, total, unit, shape, reach, total)


def down(
    start: float, target: float, unit: str = "", shape: Shape = STEADY, reach: float = 1.0
) -> Measure:
    """Describe a number that should fall."""
    return Measure(Kind.DECREASE, start, target, unit, shape, reach)


def above(target: float, usual: float, unit: str = "", shape: Shape = STEADY) -> Measure:
    """Describe a number that should stay at a bound or above it."""
    return Measure(Kind.KEEP_ABOVE, usual, target, unit, shape)


def below(target: float, usual: float, unit: str = "", shape: Shape = STEADY) -> Measure:
    """Describe a number that should stay at a bound or below it."""
    return Measure(Kind.KEEP_BELOW, usual, target, unit, shape)


def done(after: float = 2.0) -> Measure:
    """Describe something that is done or not; ``after`` is a share of the cycle."""
    return Measure(Kind.DONE, None, None, "", STEADY, after)


KR = PlannedKeyResult
COMMITTED, ASPIRATIONAL = Commitment.COMMITTED, Commitment.ASPIRATIONAL

ORGANISATION = "Larkfield"

TEAMS = (
    Team(
        ORGANISATION,
        None,
        "Ada Brandt",
        "Espresso machines that can be repaired, and the beans to go with them",
    ),
    Team("Product", ORGANISATION, "Ivo Keller", "What we build: the machine, the app, the shop"),
    Team("Commercial", ORGANISATION, "Claire Dubois", "Everybody who talks to customers"),
    Team("Operations", ORGANISATION, "Henrik Dahl", "Making, mending, paying and hiring"),
    Team("Machines", "Product", "Mara Voss", "Design and testing of the M1 and the M2"),
    Team("App", "Product", "Priya Nair", "Recipes, reminders and repair guides on the phone"),
    Team("Platform", "Product", "Tomasz Wrona", "Shop, subscriptions, data and releases"),
    Team("Sales", "Commercial", "Nora Lindqvist", "Offices, hotels and dealers"),
    Team("Marketing", "Commercial", "Sofia Marin", "Being found, and being recommended"),
    Team("Customer Care", "Commercial", "Ruth Okafor", "Questions, repairs and returns"),
    Team("Workshop", "Operations", "Gita Rao", "Assembly line, spare parts and refurbishing"),
    Team("Finance & People", "Operations", "Martin Graf", "Books, contracts and colleagues"),
)

PEOPLE = (
    Person("ada.brandt@larkfield.example", "Ada Brandt", ORGANISATION),
    Person("ivo.keller@larkfield.example", "Ivo Keller", "Product"),
    Person("mara.voss@larkfield.example", "Mara Voss", "Machines"),
    Person("jonas.lind@larkfield.example", "Jonas Lind", "Machines"),
    Person("priya.nair@larkfield.example", "Priya Nair", "App"),
    Person("leo.santos@larkfield.example", "Leo Santos", "App"),
    Person("tomasz.wrona@larkfield.example", "Tomasz Wrona", "Platform"),
    Person("hanna.weiss@larkfield.example", "Hanna Weiss", "Platform"),
    Person("claire.dubois@larkfield.example", "Claire Dubois", "Commercial"),
    Person("nora.lindqvist@larkfield.example", "Nora Lindqvist", "Sales"),
    Person("felix.ott@larkfield.example", "Felix Ott", "Sales"),
    Person("sofia.marin@larkfield.example", "Sofia Marin", "Marketing"),
    Person("ben.acker@larkfield.example", "Ben Acker", "Marketing"),
    Person("ruth.okafor@larkfield.example", "Ruth Okafor", "Customer Care"),
    Person("emil.novak@larkfield.example", "Emil Novak", "Customer Care"),
    Person("lena.hofer@larkfield.example", "Lena Hofer", "Customer Care"),
    Person("henrik.dahl@larkfield.example", "Henrik Dahl", "Operations"),
    Person("gita.rao@larkfield.example", "Gita Rao", "Workshop"),
    Person("pavel.horak@larkfield.example", "Pavel Horak", "Workshop"),
    Person("rosa.klein@larkfield.example", "Rosa Klein", "Workshop"),
    Person("martin.graf@larkfield.example", "Martin Graf", "Finance & People"),
    Person("yara.haddad@larkfield.example", "Yara Haddad", "Finance & People"),
)

LAST_CYCLE = (
    PlannedObjective(
        "O-1",
        ORGANISATION,
        "Prove that people pay for a machine that lasts",
        "Ada Brandt",
        (
            KR(
                "Sell 1,500 machines in the quarter",
                "Claire Dubois",
                up(0, 1500, "machines", STEADY, 1.04),
                {4: "Best month so far, helped by the hotel order.", 13: "Closed above plan."},
            ),
            KR(
                "Raise customer NPS from 38 to 45",
                "Ruth Okafor",
                up(38, 45, "NPS", STEADY, 0.72),
                {
                    6: "Slow answers show up in the comments.",
                    13: "Ended short. Speed, not quality.",
                },
            ),
            KR(
                "Earn a gross margin of 41%",
                "Martin Graf",
                up(0.37, 0.41, "%", NOISY, 0.9),
                {9: "Steel went up again, the freight contract helped."},
            ),
        ),
        commitment=COMMITTED,
        closing_note="Demand is real. Margin and answers did not keep up with it.",
    ),
    PlannedObjective(
        "O-2",
        "Product",
        "Get the M2 through its trials",
        "Ivo Keller",
        (
            KR(
                "Run 10 trial machines for 1,000 hours each",
                "Jonas Lind",
                all_of(10, "machines", STEPS, 1.0),
                {5: "Two pumps failed at 600 hours. Restarted both.", 13: "All ten are through."},
            ),
            KR(
                "Cut parts in the brew group from 31 to 22",
                "Mara Voss",
                down(31, 22, "parts", EARLY, 1.25),
                {7: "The new seal replaces three parts at once."},
            ),
            KR(
                "Have the safety certificate in hand",
                "Ivo Keller",
                done(0.9),
                {10: "Second visit of the test house went well."},
            ),
        ),
        supports="O-1",
        commitment=COMMITTED,
        closing_note="Through, two weeks later than we hoped.",
    ),
    PlannedObjective(
        "O-3",
        "App",
        "Make the first week with the machine easy",
        "Priya Nair",
        (
            KR(
                "Raise first-week app installs from 44% to 60%",
                "Priya Nair",
                up(0.44, 0.60, "%", LATE, 0.95),
                {8: "The code inside the lid works far better than the leaflet."},
            ),
            KR(
                "Cut set-up questions from 120 to 60 a week",
                "Leo Santos",
                down(120, 60, "questions a week", STALLED, 0.45),
                {5: "Descaling is still the question that people ask."},
            ),
            KR(
                "Publish 12 repair guides",
                "Leo Santos",
                up(0, 12, "guides", STEPS, 1.0),
                {11: "Last two guides are with the translators."},
            ),
        ),
        supports="O-1",
        commitment=ASPIRATIONAL,
        closing_note="The lid code was the win. Guides come too late to prevent questions.",
    ),
    PlannedObjective(
        "O-4",
        "Platform",
        "Move subscriptions off the old shop",
        "Tomasz Wrona",
        (
            KR(
                "Move all 4,200 subscriptions",
                "Hanna Weiss",
                all_of(4200, "subscriptions", STEPS, 1.0),
                {6: "Halfway, nobody noticed. That is the aim.", 12: "The last batch went over."},
            ),
            KR(
                "Keep failed payments at 2% or below",
                "Hanna Weiss",
                below(0.02, 0.017, "%"),
                {3: "One bank changed its rules, a bad week."},
            ),
            KR(
                "Switch the old shop off",
                "Tomasz Wrona",
                done(2.0),
                {12: "Two dealers still order there. We keep it on for them."},
                mood=-0.2,
            ),
        ),
        supports="O-1",
        commitment=COMMITTED,
        closing_note="Moved, but the old shop still costs us. Dealers were not in the plan.",
    ),
    PlannedObjective(
        "O-5",
        "Sales",
        "Open the office market",
        "Nora Lindqvist",
        (
            KR(
                "Sign 40 offices",
                "Felix Ott",
                up(0, 40, "offices", LATE, 1.05),
                {
                    5: "Many trials, few signatures yet.",
                    12: "Trials turned into contracts at last.",
                },
            ),
            KR(
                "Book €300,000 of office revenue",
                "Nora Lindqvist",
                up(0, 300000, "€", LATE, 0.82),
                {9: "Offices start smaller than we priced for."},
            ),
            KR(
                "Agree on prices with 5 dealers",
                "Felix Ott",
                up(0, 5, "dealers", STEPS, 0.6),
                {13: "Two dealers wait for the M2."},
            ),
        ),
        supports="O-1",
        commitment=ASPIRATIONAL,
        closing_note="Offices sign after trying. Start trials in the first month next time.",
    ),
    PlannedObjective(
        "O-6",
        "Customer Care",
        "Answer before people get angry",
        "Ruth Okafor",
        (
            KR(
                "Cut the first answer from 31 to 20 hours",
                "Emil Novak",
                down(31, 20, "hours", STALLED, 0.35),
                {4: "Two colleagues ill, the queue grew.", 13: "Hiring came too late to help."},
            ),
            KR(
                "Keep satisfaction after a repair at 4.5 or above",
                "Lena Hofer",
                above(4.5, 4.65, "of 5"),
                {7: "People like the video of their own machine being mended."},
            ),
            KR(
                "Measure how many callers give up",
                "Emil Novak",
                up(0, 1, "", STEADY, 0),
                is_measured=False,
            ),
        ),
        supports="O-1",
        commitment=COMMITTED,
        closing_note="We aimed at speed without adding hands. The phone system cannot count.",
    ),
    PlannedObjective(
        "O-7",
        "Workshop",
        "Build forty machines a day",
        "Gita Rao",
        (
            KR(
                "Raise output from 28 to 40 machines a day",
                "Pavel Horak",
                up(28, 40, "machines a day", STEADY, 0.94),
                {8: "Forty on Thursday, for the first time."},
            ),
            KR(
                "Cut rework from 9% to 5%",
                "Rosa Klein",
                down(0.09, 0.05, "%", NOISY, 0.85),
                {6: "The torque drivers pay off.", 11: "A bad batch of gaskets cost us a point."},
            ),
            KR(
                "Keep lost-time accidents at zero",
                "Gita Rao",
                below(0, 0, "accidents"),
                {5: "One near miss at the press. Guard is fitted."},
            ),
        ),
        supports="O-1",
        commitment=COMMITTED,
        closing_note="Near enough to forty that parts, not people, are now the limit.",
    ),
    PlannedObjective(
        "O-8",
        "Finance & People",
        "Hire ahead of the growth",
        "Yara Haddad",
        (
            KR(
                "Fill 14 open positions",
                "Yara Haddad",
                all_of(14, "hires", STEADY, 0.86),
                {7: "Mechanics are quick to find, developers are not."},
            ),
            KR(
                "Cut days to hire from 62 to 45",
                "Yara Haddad",
                down(62, 45, "days", STEADY, 0.7),
                {10: "Two interviews instead of four."},
            ),
            KR(
                "Bring the monthly close to 6 days",
                "Martin Graf",
                down(9, 6, "days", STEPS, 1.0),
                {9: "Card receipts arrive by themselves now."},
            ),
        ),
        supports="O-1",
        closing_note="Twelve of fourteen. The two open ones are both in Platform.",
    ),
)

THIS_CYCLE = (
    PlannedObjective(
        "O-11",
        ORGANISATION,
        "Be the machine that people keep",
        "Ada Brandt",
        (
            KR(
                "Raise customer NPS from 43 to 52",
                "Ruth Okafor",
                up(43, 52, "NPS", STEADY, 1.04),
                {
                    0: "Baseline from the last survey.",
                    3: "Comments about repairs are turning friendly.",
                    6: "Faster answers show. Fewer people mention waiting.",
                    10: "Hotels rate us lower than homes do. Worth a look.",
                },
            ),
            KR(
                "Mend 70% of broken machines instead of replacing them",
                "Lena Hofer",
                up(0.52, 0.70, "%", STEADY, 0.84),
                {
                    2: "Counting is cleaner since returns get a reason.",
                    5: "Pump spares ran out for six days. Those became replacements.",
                    9: "Spares are back. The lost weeks are hard to win back.",
                },
            ),
            KR(
                "Grow machines in use after two years from 81% to 86%",
                "Ivo Keller",
                up(0.81, 0.86, "%", NOISY, 1.03),
                {
                    2: "Taken from the app, so machines without it are not seen.",
                    7: "The reminder to descale moves this more than anything else.",
                },
            ),
        ),
        commitment=ASPIRATIONAL,
        weight=2,
    ),
    PlannedObjective(
        "O-12",
        ORGANISATION,
        "Grow in offices without losing the kitchen",
        "Claire Dubois",
        (
            KR(
                "Earn €2.4 M of revenue in the quarter",
                "Claire Dubois",
                up(0, 2400000, "€", STEADY, 1.03),
                {
                    1: "Counted by invoice date, as agreed with Martin.",
                    4: "Offices ahead, kitchens a little behind.",
                    8: "A quiet week. The hotel group pays next month.",
                    11: "The hotel invoice is out.",
                },
                weight=2,
                link="https://finance.larkfield.example/revenue",
            ),
            KR(
                "Have 260 offices with a running contract",
                "Nora Lindqvist",
                up(180, 260, "offices", EARLY, 1.22),
                {
                    2: "Trials started on day one this time.",
                    5: "The co-working chain signed for eleven sites at once.",
                    9: "Renewals come in by themselves. We only ring those who wait.",
                },
            ),
            KR(
                "Keep returns from kitchens at 4% or below",
                "Emil Novak",
                below(0.04, 0.034, "%", SLIPPING),
                {
                    2: "Mostly colour, hardly ever faults.",
                    7: "More machines come back with leaks. Told Machines.",
                    10: "Above the line. It is the old gasket batch.",
                },
            ),
        ),
        commitment=COMMITTED,
    ),
    PlannedObjective(
        "O-13",
        "",
        "Pay for our own growth",
        "Martin Graf",
        (
            KR(
                "Raise gross margin from 39% to 43%",
                "Martin Graf",
                up(0.39, 0.43, "%", STALLED, 0.42),
                {
                    1: "Start is the audited figure.",
                    4: "Freight is better than planned.",
                    7: "Stuck. Steel takes what freight gives.",
                    10: "No movement without the second steel supplier.",
                },
                mood=0.25,
            ),
            KR(
                "Keep cash above €1.5 M",
                "Martin Graf",
                above(1500000, 1780000, "€"),
                {3: "The tax payment is in this number.", 9: "Comfortable."},
            ),
            KR(
                "Sign the new credit line",
                "Ada Brandt",
                done(0.62),
                {
                    2: "Two banks have the papers.",
                    5: "Terms agreed. The lawyers are reading.",
                    9: "Signed. Cheaper than the old one.",
                },
            ),
        ),
        commitment=COMMITTED,
    ),
    PlannedObjective(
        "O-14",
        "Product",
        "Ship machines that need less help",
        "Ivo Keller",
        (
            KR(
                "Cut repairs in the first year from 6.8% to 5.0%",
                "Ivo Keller",
                down(0.068, 0.050, "%", STEADY, 1.05),
                {
                    2: "Only machines built after the new seal count here.",
                    6: "The new seal holds. So far nothing else broke instead.",
                    10: "Looks real now, three months in a row.",
                },
            ),
            KR(
                "Bring help requests down from 90 to 60 for 100 machines",
                "Priya Nair",
                down(90, 60, "requests", STEADY, 0.96),
                {
                    3: "Down a little. The new set-up went live late.",
                    8: "Descaling still leads. The guided version is in test.",
                },
            ),
            KR(
                "Agree on one fault list with Care and Workshop",
                "Mara Voss",
                done(0.3),
                {
                    1: "Three lists exist. First session is on Thursday.",
                    4: "One list, printed, above every bench.",
                },
                due=6,
            ),
        ),
        supports="O-11",
        commitment=COMMITTED,
    ),
    PlannedObjective(
        "O-15",
        "Commercial",
        "Turn first cups into lasting customers",
        "Claire Dubois",
        supports="O-12",
        roll_up=RollUp.CHILDREN,
    ),
    PlannedObjective(
        "O-16",
        "Commercial",
        "Answer every customer within a day",
        "Claire Dubois",
        (
            KR(
                "Answer 90% of questions within 24 hours",
                "Ruth Okafor",
                up(0.61, 0.90, "%", LATE, 0.98),
                {
                    1: "Two new colleagues start in week three.",
                    4: "Training eats time before it saves any.",
                    8: "The new people answer alone now. It shows.",
                    11: "Weekends are the last gap.",
                },
            ),
            KR(
                "Reach office customers within 4 hours",
                "Felix Ott",
                down(11, 4, "hours", EARLY, 1.2),
                {3: "One shared inbox did most of it.", 7: "Evenings covered by Care. Thank you."},
            ),
        ),
        supports="O-11",
        commitment=COMMITTED,
    ),
    PlannedObjective(
        "O-17",
        "Operations",
        "Build to order within a week",
        "Henrik Dahl",
        (
            KR(
                "Ship 85% of orders within 7 days",
                "Henrik Dahl",
                up(0.58, 0.85, "%", STEADY, 0.80),
                {
                    2: "Black machines are fine, cream ones wait for paint.",
                    6: "The second paint shop delivers from Monday.",
                    9: "Better, though not as quick as the plan wants.",
                },
            ),
            KR(
                "Cut days from order to delivery from 13 to 11",
                "Pavel Horak",
                down(13, 11, "days", STEADY, 1.0),
                is_measured=False,
            ),
            KR(
                "Bring stock down from €940,000 to €700,000",
                "Rosa Klein",
                down(940000, 700000, "€", SLIPPING, 0.35),
                {
                    2: "We bought pumps early, before the price rise.",
                    5: "Up again. The M2 parts arrived all at once.",
                    8: "Nothing leaves until the M2 line runs.",
                    11: "Needs a decision about the old housings.",
                },
            ),
        ),
        supports="O-12; O-13",
        commitment=COMMITTED,
    ),
    PlannedObjective(
        "O-18",
        "Machines",
        "Bring the M2 to the line on time",
        "Mara Voss",
        (
            KR(
                "Freeze all 64 drawings",
                "Mara Voss",
                all_of(64, "drawings", EARLY, 1.35),
                {
                    1: "The easy half first.",
                    4: "Housing and frame are frozen.",
                    7: "Only the cable set is open.",
                },
                due=10,
            ),
            KR(
                "Have all 9 suppliers approved",
                "Jonas Lind",
                all_of(9, "suppliers", STEPS, 0.9),
                {
                    3: "The boiler maker passed without remarks.",
                    6: "Two samples came back out of tolerance.",
                    10: "The switch supplier is the late one.",
                },
            ),
            KR(
                "Build 50 machines on the real line",
                "Jonas Lind",
                up(0, 50, "machines", LATE, 1.02),
                {
                    2: "Nothing to build before week seven. As planned.",
                    7: "The first ones. Slow, but they brew.",
                    10: "A good week, twelve machines.",
                },
                mood=0.3,
            ),
        ),
        supports="O-14; O-17",
        commitment=COMMITTED,
        weight=2,
    ),
    PlannedObjective(
        "O-19",
        "Machines",
        "Stop the leaks",
        "Jonas Lind",
        (
            KR(
                "Cut leaks reported from 46 to 15 a month",
                "Jonas Lind",
                down(46, 15, "leaks a month", STALLED, 0.38),
                {
                    1: "Nearly all from one gasket.",
                    3: "New gasket is in production.",
                    6: "Old stock still goes out. We see no further drop.",
                    9: "Asked the Workshop to scrap the old gaskets.",
                },
            ),
            KR(
                "Pass the 2,000-cup test with 20 machines",
                "Mara Voss",
                all_of(20, "machines", STEPS, 1.06),
                {
                    2: "The rig runs day and night now.",
                    5: "One machine dripped. It was the hose, not the seal.",
                    9: "Quiet. As a test should be.",
                },
            ),
            KR(
                "Publish what we learned about seals",
                "Mara Voss",
                done(2.0),
                {4: "Draft is with Ivo.", 8: "Still no time for the pictures."},
                mood=-0.1,
                weight=0,
            ),
        ),
        supports="KR-12C; O-14",
        commitment=COMMITTED,
    ),
    PlannedObjective(
        "O-20",
        "App",
        "Make the app worth opening each morning",
        "Priya Nair",
        (
            KR(
                "Grow the number of weekly users",
                "Priya Nair",
                up(9400, 14000, "users", STEADY, 0.78),
                {
                    2: "Recipes of the week bring people back.",
                    4: "Raised the target to 14,000. The first one was too easy.",
                    6: "Two days on the front page of the store.",
                    10: "It slows down a bit, as it does when days get busy.",
                },
            ),
            KR(
                "Raise the store rating from 4.1 to 4.6",
                "Leo Santos",
                up(4.1, 4.6, "of 5", STEADY, 0.7),
                {
                    3: "We now ask after a good cup, not at the start.",
                    7: "The crash on old phones is gone from the reviews.",
                },
            ),
            KR(
                "Let 30% of owners save a recipe of their own",
                "Leo Santos",
                up(0.11, 0.30, "%", LATE, 0.62),
                {
                    4: "Saving takes five taps. Too many.",
                    8: "Down to two taps in the beta.",
                    11: "The beta group saves twice as often.",
                },
            ),
        ),
        supports="O-11",
        commitment=ASPIRATIONAL,
    ),
    PlannedObjective(
        "O-21",
        "App",
        "Guide owners through their first repair",
        "Leo Santos",
        (
            KR(
                "Finish 2,000 guided repairs",
                "Leo Santos",
                up(0, 2000, "repairs", EARLY, 1.3),
                {
                    2: "Far more than we thought, mostly descaling.",
                    5: "People film themselves. Marketing should see this.",
                    9: "Past the target already. The next one should be harder.",
                },
            ),
            KR(
                "Bring repairs that end in a call from 34% to 20%",
                "Priya Nair",
                down(0.34, 0.20, "%", NOISY, 0.98),
                {
                    3: "The pump guide loses people at step six.",
                    6: "Step six is two steps now.",
                    10: "Up and down, small numbers each week.",
                },
            ),
            KR(
                "Translate the 20 most used guides into 4 languages",
                "Hanna Weiss",
                all_of(80, "guides", STEPS, 0.95),
                {
                    3: "German and French are done.",
                    7: "Waiting for the Spanish translator.",
                    10: "Dutch has not started. We need a name for it.",
                },
            ),
        ),
        supports="O-11; O-16",
    ),
    PlannedObjective(
        "O-22",
        "Platform",
        "A shop that never loses an order",
        "Tomasz Wrona",
        (
            KR(
                "Keep the shop reachable 99.9% of the time",
                "Tomasz Wrona",
                above(0.999, 0.9995, "%"),
                {
                    2: "One restart, nobody noticed.",
                    6: "Ten minutes on Saturday, our own certificate. It renews itself now.",
                    9: "All quiet.",
                },
                link="https://status.larkfield.example",
            ),
            KR(
                "Bring orders that need a hand from 130 to 40 a week",
                "Hanna Weiss",
                down(130, 40, "orders a week", STEADY, 1.06),
                {
                    1: "Half of them are addresses.",
                    4: "Address check is live.",
                    8: "What is left is mostly gift cards.",
                },
            ),
            KR(
                "Cut failed payments from 2.6% to 1.5%",
                "Hanna Weiss",
                down(0.026, 0.015, "%", STEADY, 0.83),
                {
                    3: "The second try after three days helps.",
                    7: "One card network is down on our list. Support is slow.",
                },
            ),
            KR(
                "Switch the old shop off",
                "Tomasz Wrona",
                done(0.85),
                {
                    2: "One dealer left on it.",
                    6: "The last dealer moves after his stocktaking.",
                    12: "Off. We kept the sign.",
                },
                mood=0.1,
            ),
        ),
        supports="O-12",
        commitment=COMMITTED,
    ),
    PlannedObjective(
        "O-23",
        "Platform",
        "Make releases dull",
        "Hanna Weiss",
        (
            KR(
                "Release every working day",
                "Tomasz Wrona",
                up(1.5, 5, "releases a week", STEADY, 1.04),
                {
                    2: "Two a week feels normal already.",
                    5: "The slow tests run beside, not before.",
                    9: "One day off for the stocktaking, otherwise daily.",
                },
            ),
            KR(
                "Go 8 weeks without taking a release back",
                "Hanna Weiss",
                all_of(8, "weeks", STALLED, 0.25),
                {
                    2: "A clean start.",
                    4: "One taken back on Tuesday. The best run counts.",
                    8: "The same kind of mistake twice. We look at the check-list.",
                },
                mood=0.3,
            ),
            KR(
                "Cover all 12 payment paths with tests",
                "Tomasz Wrona",
                all_of(12, "paths", STEPS, 1.0),
                {3: "Cards are done.", 8: "Refunds are trickier than payments."},
            ),
        ),
        supports="O-22",
    ),
    PlannedObjective(
        "O-24",
        "Sales",
        "Win offices in the north",
        "Nora Lindqvist",
        (
            KR(
                "Sign 60 offices north of Hanover",
                "Felix Ott",
                up(0, 60, "offices", STEADY, 1.05),
                {
                    0: "Trials are running, contracts start at zero.",
                    2: "The first trials turn into contracts.",
                    4: "Hamburg moves, Bremen does not.",
                    7: "Three signed after the fair, all of them small.",
                    10: "The insurance company took two floors.",
                },
            ),
            KR(
                "Win 6 hotels with more than 50 rooms",
                "Nora Lindqvist",
                up(0, 6, "hotels", STALLED, 0.34),
                {
                    2: "Two are as good as signed.",
                    5: "Hotels decide in their quiet season. Not now.",
                    9: "The chain put its decision off.",
                },
                silent=3,
            ),
            KR(
                "Raise the average office order from €6,200 to €7,500",
                "Felix Ott",
                up(6200, 7500, "€", NOISY, 1.05),
                {
                    3: "The grinder in the package helps.",
                    8: "Large one this week, so do not frame it.",
                },
            ),
        ),
        supports="O-15; KR-12B",
        commitment=ASPIRATIONAL,
    ),
    PlannedObjective(
        "O-25",
        "Sales",
        "A pipeline that we can trust",
        "Felix Ott",
        (
            KR(
                "Have a next step and a date on 95% of deals",
                "Felix Ott",
                up(0.54, 0.95, "%", EARLY, 1.12),
                {
                    0: "Counted from the list, dead deals included.",
                    1: "Cleaned up the dead ones first.",
                    4: "The Monday list does it.",
                    9: "What is missing is mine. I fix it today.",
                },
            ),
            KR(
                "Miss the monthly forecast by 8% at most",
                "Nora Lindqvist",
                below(0.08, 0.065, "%"),
                {4: "The first month was closer than ever.", 9: "Hotels took us off by a little."},
            ),
            KR(
                "Cut days from trial to contract from 48 to 35",
                "Felix Ott",
                down(48, 35, "days", STEADY, 1.15),
                {3: "Procurement takes two weeks alone.", 7: "The short contract is with legal."},
                silent=3,
            ),
        ),
        supports="O-12",
    ),
    PlannedObjective(
        "O-26",
        "Marketing",
        "Be found by people who hate throwing things away",
        "Sofia Marin",
        (
            KR(
                "Bring 90,000 visitors from search",
                "Ben Acker",
                up(0, 90000, "visitors", STEADY, 0.76),
                {
                    2: "Repair guides rank better than product pages.",
                    6: "The page about descaling is number one.",
                    10: "A dip after the search update. Watching it.",
                },
            ),
            KR(
                "Be named in 12 independent tests",
                "Sofia Marin",
                up(0, 12, "tests", STEPS, 0.8),
                {
                    3: "Two magazines have machines on loan.",
                    7: "The big consumer test chose us. Out in three weeks.",
                    11: "It is out. Second place, first for repair.",
                },
            ),
            KR(
                "Lower the cost of a new customer from €74 to €58",
                "Ben Acker",
                down(74, 58, "€", SLIPPING, 0.3),
                {
                    2: "Everybody bids on the same words.",
                    5: "Paused the two dearest campaigns.",
                    8: "Paused too late. We pay more for fewer people.",
                },
                mood=-0.1,
            ),
            KR(
                "Hold the newsletter at 31,000 readers",
                "Ben Acker",
                up(31000, 31000, "readers"),
                {4: "As many leave as join."},
            ),
        ),
        supports="O-15",
        commitment=ASPIRATIONAL,
    ),
    PlannedObjective(
        "O-27",
        "Marketing",
        "Let every box make a friend",
        "Ben Acker",
        (
            KR(
                "Sell 700 machines on a recommendation",
                "Ben Acker",
                up(0, 700, "machines", STEADY, 1.06),
                {
                    2: "The card in the box is back.",
                    6: "Offices recommend us to their own people. Nice surprise.",
                    10: "Beans as a thank-you work better than money.",
                },
            ),
            KR(
                "Have 25% of new owners take a bean subscription",
                "Sofia Marin",
                up(0.16, 0.25, "%", STEADY, 1.1),
                {
                    3: "First month free, then people stay.",
                    7: "Decaf was missing. It sells.",
                },
            ),
            KR(
                "Learn why people leave the subscription",
                "Sofia Marin",
                up(0, 40, "interviews", STEADY, 1.0),
                is_measured=False,
            ),
        ),
        supports="O-15; O-11",
        weight=2,
    ),
    PlannedObjective(
        "O-28",
        "Customer Care",
        "First answer, right answer",
        "Ruth Okafor",
        (
            KR(
                "Cut the first answer from 27 to 16 hours",
                "Emil Novak",
                down(27, 16, "hours", STEADY, 0.74),
                {
                    1: "Start is last quarter's end.",
                    4: "Mondays are the trouble. Everybody writes on Sunday.",
                    7: "One more person on Mondays from now on.",
                    10: "Better. Still behind.",
                },
            ),
            KR(
                "Settle 75% of questions with one answer",
                "Emil Novak",
                up(0.58, 0.75, "%", STEADY, 1.02),
                {
                    2: "Photos in the form save a round of questions.",
                    6: "The fault list from Machines is a gift.",
                    9: "New people need more rounds. That will pass.",
                },
            ),
            KR(
                "Keep the satisfaction of callers at 4.4 or above",
                "Ruth Okafor",
                above(4.4, 4.52, "of 5", NOISY),
                {3: "Fine.", 5: "A rough week with the parcel strike.", 8: "Back to normal."},
            ),
            KR(
                "Bring callers who give up from 14% to 8%",
                "Lena Hofer",
                down(0.14, 0.08, "%", STEADY, 1.0),
                is_measured=False,
            ),
        ),
        supports="O-16",
        commitment=COMMITTED,
    ),
    PlannedObjective(
        "O-29",
        "Customer Care",
        "Repair before replace",
        "Lena Hofer",
        (
            KR(
                "Solve 45% of faults by phone or video",
                "Lena Hofer",
                up(0.29, 0.45, "%", STEADY, 1.08),
                {
                    2: "Video is worth ten mails.",
                    5: "We send the part while still on the phone.",
                    9: "Older customers like it more than we expected.",
                },
            ),
            KR(
                "Send spare parts within 2 days",
                "Emil Novak",
                down(4.5, 2, "days", STALLED, 0.3),
                {
                    2: "Fine when the part is there.",
                    5: "Pumps are out of stock again.",
                    8: "Asked the Workshop for a shelf of our own.",
                },
                mood=-0.15,
            ),
            KR(
                "Train 30 repair partners",
                "Lena Hofer",
                up(0, 30, "partners", STEPS, 1.05),
                {
                    3: "First evening course, everybody passed.",
                    6: "Partners ask for a price list. Fair.",
                    10: "The last course is booked out.",
                },
            ),
        ),
        supports="KR-11B",
        commitment=COMMITTED,
    ),
    PlannedObjective(
        "O-30",
        "Workshop",
        "Take the waiting out of the line",
        "Gita Rao",
        (
            KR(
                "Raise output from 38 to 46 machines a day",
                "Pavel Horak",
                up(38, 46, "machines a day", STEADY, 1.02),
                {
                    1: "Second shift on Fridays.",
                    5: "The new jig saves four minutes a machine.",
                    9: "Held the number with two people ill.",
                },
            ),
            KR(
                "Cut the change from home to office machines from 50 to 20 minutes",
                "Pavel Horak",
                down(50, 20, "minutes", EARLY, 1.25),
                {
                    2: "Filmed it. Half of it is looking for tools.",
                    4: "Tools hang at the line now.",
                    8: "Under twenty without running.",
                },
            ),
            KR(
                "Keep rework at 5% or below",
                "Rosa Klein",
                below(0.05, 0.044, "%", NOISY),
                {
                    3: "Well below.",
                    6: "The paint again.",
                    9: "Paint is better with the second shop.",
                },
            ),
            KR(
                "Have 98% of parts at hand when a build starts",
                "Rosa Klein",
                up(0.89, 0.98, "%", EARLY, 1.15),
                {
                    2: "Counted by hand for now.",
                    7: "Scanners are here. Numbers got worse, and truer.",
                },
                silent=4,
            ),
        ),
        supports="O-17",
        commitment=COMMITTED,
    ),
    PlannedObjective(
        "O-31",
        "Workshop",
        "Give returned machines a second life",
        "Rosa Klein",
        (
            KR(
                "Refurbish and sell returned machines",
                "Rosa Klein",
                up(0, 300, "machines", STEADY, 0.72),
                {
                    2: "Forty wait for boilers.",
                    6: "Sold out each Friday. Supply is the limit, not demand.",
                    10: "Offices start to ask for them.",
                },
            ),
            KR(
                "Use 60% of parts from machines that cannot be saved",
                "Gita Rao",
                up(0.35, 0.60, "%", LATE, 0.8),
                {
                    3: "The washing station is late.",
                    8: "Station works. Boilers come out like new.",
                },
            ),
            KR(
                "Find a second buyer for scrap copper",
                "Gita Rao",
                done(0.45),
                {2: "Two offers, both by phone.", 6: "Contract signed, better price."},
            ),
            KR(
                "Send every spare part in a used box",
                "Pavel Horak",
                done(),
                is_measured=False,
            ),
        ),
        supports="O-11; O-29",
        commitment=ASPIRATIONAL,
    ),
    PlannedObjective(
        "O-32",
        "Finance & People",
        "Close the month in four days",
        "Martin Graf",
        (
            KR(
                "Cut the monthly close from 6 to 4 days",
                "Martin Graf",
                down(6, 4, "days", STEPS, 1.04),
                {
                    4: "Stock counting is the long part.",
                    9: "Nearly there. Receipts are the rest.",
                },
            ),
            KR(
                "Have 95% of invoices arrive without paper",
                "Yara Haddad",
                up(0.70, 0.95, "%", STEADY, 1.04),
                {
                    2: "The three largest suppliers switched.",
                    7: "The long tail is one mail at a time.",
                },
                mood=-0.4,
            ),
            KR(
                "Bring open invoices over 30 days down to €60,000",
                "Martin Graf",
                down(185000, 60000, "€", EARLY, 1.15),
                {
                    3: "Ringing works. Writing does not.",
                    6: "One hotel makes up half of the rest.",
                    10: "The hotel paid.",
                },
            ),
            KR(
                "Move payroll to the new software",
                "Yara Haddad",
                done(),
                {3: "The maker stops selling it here. Dropped, we look again next year."},
                state=State.DROPPED,
            ),
        ),
        supports="O-13",
        commitment=COMMITTED,
    ),
    PlannedObjective(
        "O-33",
        "Finance & People",
        "Be a place where people stay and grow",
        "Yara Haddad",
        (
            KR(
                "Fill 9 open positions",
                "Yara Haddad",
                all_of(9, "hires", STEPS, 1.0),
                {
                    2: "Two in Care have signed.",
                    6: "A mechanic said no over the commute.",
                    9: "Platform has found its developer at last.",
                },
            ),
            KR(
                "Have a growth talk with all 112 people",
                "Yara Haddad",
                all_of(112, "people", LATE, 1.03),
                {
                    3: "Managers start after the stocktaking.",
                    7: "Product is done, Operations is not.",
                    11: "The last ones are in the calendar.",
                },
                due=12,
            ),
            KR(
                "Keep people leaving at 2% or below",
                "Yara Haddad",
                below(0.02, 0.013, "%"),
                {5: "One retirement, long planned."},
            ),
            KR(
                "Raise the mood in the pulse survey from 7.1 to 7.6",
                "Yara Haddad",
                up(7.1, 7.6, "of 10", STALLED, 0.55),
                {
                    2: "The Workshop wants quieter compressors.",
                    6: "Compressors ordered. The survey does not know yet.",
                    10: "Flat. People mention the parking lot.",
                },
            ),
        ),
        supports="O-13",
        weight=1,
    ),
    PlannedObjective(
        "O-34",
        "Sales",
        "Open a showroom with a repair bench",
        "Nora Lindqvist",
        (
            KR(
                "Sign a lease in the old town",
                "Nora Lindqvist",
                done(),
                is_measured=False,
                state=State.DRAFT,
            ),
            KR(
                "Welcome 1,200 visitors a month",
                "Felix Ott",
                up(0, 1200, "visitors"),
                is_measured=False,
                state=State.DRAFT,
            ),
        ),
        supports="O-12",
        commitment=ASPIRATIONAL,
        state=State.DRAFT,
    ),
    PlannedObjective(
        "O-35",
        "Marketing",
        "Try radio in two cities",
        "Sofia Marin",
        (
            KR(
                "Sell 120 machines to listeners",
                "Sofia Marin",
                up(0, 120, "machines", STALLED, 0.05),
                {
                    2: "A handful of codes used in two weeks.",
                    3: "Stopped. The money goes into tests.",
                },
                state=State.DROPPED,
            ),
            KR(
                "Reach 400,000 listeners",
                "Ben Acker",
                up(0, 400000, "listeners", STALLED, 0.2),
                {3: "Counted by the stations, not by us."},
                state=State.DROPPED,
            ),
        ),
        supports="O-12",
        commitment=ASPIRATIONAL,
        state=State.DROPPED,
        closing_note="Stopped in week three: hardly a code was used. The money goes into tests.",
    ),
    PlannedObjective(
        "O-36",
        "App",
        "Listen before we build",
        "Priya Nair",
        supports="O-14",
    ),
)
