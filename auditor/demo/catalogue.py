"""What the shop of the demo sells, to whom, and who works there. Prices are cents per piece."""

from typing import NamedTuple

from auditor.demo.events import Address, Contact


class Article(NamedTuple):
    """What can be ordered."""

    sku: str
    name: str
    price: int


ARTICLES = tuple(
    Article(f"SKU-{4000 + 37 * number}", name, price)
    for number, (name, price) in enumerate(
        (
            ("Wool blanket, grey", 5990),
            ("Wool blanket, ochre", 5990),
            ("Linen pillow case", 1240),
            ("Linen sheet, double", 8450),
            ("Candle, beeswax", 690),
            ("Candle holder, brass", 1875),
            ("Oak tray, large", 3420),
            ("Oak tray, small", 2180),
            ("Bath towel, white", 1495),
            ("Hand towel, white", 795),
            ("Bath mat, cork", 2650),
            ("Table runner, linen", 2290),
            ("Napkins, set of 4", 1650),
            ("Espresso cup, stoneware", 980),
            ("Dinner plate, stoneware", 1720),
            ("Soup bowl, stoneware", 1540),
            ("Carafe, 1 l", 1990),
            ("Water glass", 460),
            ("Wine glass", 890),
            ("Bread knife", 3990),
            ("Cutting board, beech", 2750),
            ("Apron, canvas", 2890),
            ("Tea towel, set of 2", 1190),
            ("Laundry basket, willow", 4480),
            ("Storage jar, 0.5 l", 840),
            ("Storage jar, 1.5 l", 1320),
            ("Soap dish, slate", 1150),
            ("Olive soap", 425),
            ("Coat hook, ash", 960),
            ("Door mat, coir", 3150),
            ("Wall clock, birch", 6900),
            ("Desk lamp, green", 8990),
            ("Paper lantern", 1380),
            ("Felt slippers", 3650),
            ("Hot-water bottle, knitted", 2480),
            ("Flower vase, clear", 2140),
            ("Plant pot, terracotta", 1060),
            ("Watering can, 2 l", 2790),
            ("Picture frame, A4", 1690),
            ("Notebook, dotted", 1280),
        )
    )
)

_FIRST_WORDS = (
    *("Hotel", "Pension", "Café", "Restaurant", "Guesthouse", "Studio", "Bistro", "Inn", "Atelier"),
    *("Wellness", "Bakery", "Bookshop"),
)
_SECOND_WORDS = (
    *("Amstel", "Zoë", "Nordlicht", "Ærø", "Linde", "Seeblick", "Fjord", "Kastanje", "Duin", "Zum Löwen"),
    *("Beausoleil", "Molen", "Halyard", "Sankt Florian", "Oosterpark", "Tivoli", "Meridian", "Kranich"),
    *("Vesper", "Primavera"),
)
_GIVEN_NAMES = (
    *("Anna", "Bram", "Chiara", "Daan", "Elif", "Femke", "Gustav", "Hanneke", "Ines", "Joris", "Karin"),
    *("Lotte", "Milan", "Noor", "Ole", "Pia", "Ruben", "Sanne", "Timo", "Yara"),
)
_FAMILY_NAMES = (
    *("de Vries", "Bakker", "Møller", "Schäfer", "Janssen", "Visser", "Okonkwo", "Lindqvist", "Meijer"),
    *("Dubois", "Peeters", "Kowalski", "Hansen", "Mulder", "Şahin", "Brandt", "Smit", "Rossi"),
)
_STREETS = (
    "Hoofdstraat",
    "Kerkweg",
    "Stationsplein",
    "Prinsengracht",
    "Markt",
    "Lindenallee",
    "Havnegade",
    "Parklaan",
)
_PLACES = (
    ("1017 AB", "Amsterdam", "NL"),
    ("3511 LX", "Utrecht", "NL"),
    ("9711 LM", "Groningen", "NL"),
    ("6211 AX", "Maastricht", "NL"),
    ("2000", "Antwerpen", "BE"),
    ("9000", "Gent", "BE"),
    ("48143", "Münster", "DE"),
    ("50667", "Köln", "DE"),
    ("24937", "Flensburg", "DE"),
    ("8000", "Aarhus C", "DK"),
)

CARRIERS = (("PostNL", "3S"), ("DHL", "JD01"), ("DPD", "0534"))
WAREHOUSES = ("Utrecht 1", "Utrecht 1", "Utrecht 2")
PACKERS = ("warehouse/m.dekker", "warehouse/s.bos", "warehouse/r.nowak", "warehouse/t.claes")
PRICE_DESK = ("prices/a.koster", "prices/h.lindqvist")
CLERKS = ("service/e.vermeer", "service/j.dijkstra", "service/p.hansen")
AGING_DRAFTS = "policy/aging-drafts"
ADDRESS_POLICY = "policy/delivery-address"

PRICE_REASONS = (
    "Volume discount of the framework contract was not applied",
    "Catalogue price of last year",
    "Price of the offer differs from the order",
    "Promotion had started a day earlier",
)
CANCEL_REASONS = ("Ordered twice", "No longer needed", "Delivery would be too late", "Found elsewhere")

ODD_CORRECTOR = "warehouse/t.claes"
ODD_REASON = "Damaged box, agreed by phone"


def place(pick: int) -> Address:
    """One of many addresses; the same for the same number."""
    rest, house = divmod(pick, 120)
    rest, street = divmod(rest, len(_STREETS))
    postal_code, city, country = _PLACES[rest % len(_PLACES)]
    return Address(f"{_STREETS[street]} {house + 1}", postal_code, city, country)


def company(pick: int) -> str:
    rest, first = divmod(pick, len(_FIRST_WORDS))
    return f"{_FIRST_WORDS[first]} {_SECOND_WORDS[rest % len(_SECOND_WORDS)]}"


def person(pick: int, customer_id: str) -> Contact:
    """Somebody who orders for that customer; the e-mail address is also the user's id."""
    rest, given = divmod(pick, len(_GIVEN_NAMES))
    name = f"{_GIVEN_NAMES[given]} {_FAMILY_NAMES[rest % len(_FAMILY_NAMES)]}"
    return Contact(name, f"{_GIVEN_NAMES[given].lower()}@{customer_id}.example")
