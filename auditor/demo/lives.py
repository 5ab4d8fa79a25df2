"""What happens to an order, to a customer's address, to a standing order: one generator each.

Each resumption of a life runs at most one command, and so makes at most one event; it yields how much working time
passes until the next.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import timedelta

from auditor.core.events import DomainEvent
from auditor.demo import catalogue
from auditor.demo.commands import (
    AddItem,
    CancelOrder,
    ChangeCustomerAddress,
    ChangeCustomerContact,
    ChangeDeliveryAddress,
    ChangeQuantity,
    ConfirmOrder,
    CorrectPrice,
    CreateOrder,
    OrderCommand,
    RemoveItem,
    ShipOrder,
)
from auditor.demo.events import Item
from auditor.demo.shop import Account, Shop
from auditor.demo.working_time import DAY, HOUR, MINUTE, SECOND

Life = Generator[int, None, None]
"""Yields durations in working time."""

ODD_DAY = 42
"""After this working day the odd price is corrected: 3 March."""
_OVERTIME = timedelta(hours=1, minutes=46, seconds=38, microseconds=204_118)


@dataclass
class Basket:
    """What the people who deal with an order know of it."""

    order_id: str
    account: Account
    user: str
    chain: str | None = None
    quantities: dict[str, int] = field(default_factory=dict)
    prices: dict[str, int] = field(default_factory=dict)


class OrderLife:
    """One order from the first basket to the parcel, or to where it was given up."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def live(self) -> Life:
        shop = self._shop
        account, cause = None, None
        if not shop.accounts or shop.chance(0.1):
            account, cause = shop.register()
            yield shop.between(MINUTE, 9 * MINUTE)
        items = some_items(shop, 1 + shop.below(3))
        basket, created = begin_order(shop, account or shop.account(), items, cause)
        for _ in range(shop.below(7)):
            yield shop.between(20 * SECOND, 4 * MINUTE)
            edit(shop, basket, most=8)
        if shop.chance(0.06):
            yield shop.between(8 * DAY, 12 * DAY)
            self._end(
                CancelOrder(basket.order_id, "Not confirmed in time"), catalogue.AGING_DRAFTS, basket, created
            )
            return
        yield shop.between(MINUTE, 20 * MINUTE)
        confirmed = self._confirm(basket)
        yield from self._fulfil(basket, confirmed)

    def _confirm(self, basket: Basket) -> DomainEvent:
        return self._shop.order(ConfirmOrder(basket.order_id), basket.user, chain=basket.chain)

    def _fulfil(self, basket: Basket, confirmed: DomainEvent) -> Life:
        shop = self._shop
        if shop.chance(0.03):
            yield shop.between(HOUR, 6 * HOUR)
            self._correct(basket, confirmed)
        yield shop.between(2 * HOUR, 25 * HOUR)
        if shop.chance(0.03):
            reason = shop.one_of(catalogue.CANCEL_REASONS)
            self._end(CancelOrder(basket.order_id, reason), shop.one_of(catalogue.CLERKS), basket, confirmed)
            return
        shipped = self._end(parcel(shop, basket), shop.one_of(catalogue.PACKERS), basket, confirmed)
        if shop.chance(0.01):
            yield shop.between(DAY, 6 * DAY)
            self._correct(basket, shipped)

    def _correct(self, basket: Basket, cause: DomainEvent) -> None:
        shop = self._shop
        skus = list(basket.prices)
        sku = skus[shop.below(len(skus))]
        price = basket.prices[sku] * (80 + shop.below(16)) // 100
        command = CorrectPrice(basket.order_id, sku, price, shop.one_of(catalogue.PRICE_REASONS))
        basket.prices[sku] = price
        shop.order(command, shop.one_of(catalogue.PRICE_DESK), cause)

    def _end(self, command: OrderCommand, user: str, basket: Basket, cause: DomainEvent) -> DomainEvent:
        basket.account.open_orders.remove(basket.order_id)
        return self._shop.order(command, user, cause)


def some_items(shop: Shop, most: int) -> tuple[Item, ...]:
    """Up to `most` different articles: one that is drawn twice counts once."""
    drawn = {article.sku: article for article in (shop.article() for _ in range(most))}
    return tuple(
        Item(article.sku, article.name, 1 + shop.below(12), article.price) for article in drawn.values()
    )


def begin_order(
    shop: Shop,
    account: Account,
    items: tuple[Item, ...],
    cause: DomainEvent | None = None,
    order_id: str | None = None,
) -> tuple[Basket, DomainEvent]:
    basket = Basket(
        order_id or shop.next_order_id(),
        account,
        account.contact.email,
        quantities={item.sku: item.quantity for item in items},
        prices={item.sku: item.unit_price for item in items},
    )
    command = CreateOrder(
        basket.order_id,
        account.customer_id,
        items,
        contact=account.contact,
        delivery_address=account.address,
    )
    created = shop.order(command, basket.user, cause)
    basket.chain = created.metadata.correlation_id
    account.open_orders.append(basket.order_id)
    return basket, created


def edit(shop: Shop, basket: Basket, most: int, least: int = 1) -> None:
    """Adds an article, changes a quantity or removes an article, so that between `least` and `most` remain."""
    article = shop.article()
    skus = list(basket.quantities)
    sku = skus[shop.below(len(skus))]
    choice = shop.below(10)
    command: OrderCommand
    if choice < 6 and article.sku not in basket.quantities and len(skus) < most:
        basket.quantities[article.sku] = quantity = 1 + shop.below(12)
        basket.prices[article.sku] = article.price
        command = AddItem(basket.order_id, article.sku, quantity, article.price, article.name)
    elif choice == 6 and len(skus) > least:
        del basket.quantities[sku], basket.prices[sku]
        command = RemoveItem(basket.order_id, sku)
    else:
        # From 1 to 24, and never the quantity that it has.
        basket.quantities[sku] = quantity = (basket.quantities[sku] + shop.below(23)) % 24 + 1
        command = ChangeQuantity(basket.order_id, sku, quantity)
    basket.chain = shop.order(command, basket.user, chain=basket.chain).metadata.correlation_id


def parcel(shop: Shop, basket: Basket) -> ShipOrder:
    """The parcel as the warehouse hands it over."""
    carrier, prefix = catalogue.CARRIERS[shop.below(len(catalogue.CARRIERS))]
    number = f"{prefix}{shop.below(10**12):012}"
    return ShipOrder(basket.order_id, number, carrier, shop.clock.now(), shop.one_of(catalogue.WAREHOUSES))


def odd_order(shop: Shop, account: Account) -> Life:
    """The order with the story: it waits weeks for goods, and the evening before it is shipped somebody of the
    warehouse, who never does such things, halves a price.
    """
    blanket, lamp, candle = (catalogue.ARTICLES[number] for number in (0, 31, 4))
    items = (Item(blanket.sku, blanket.name, 24, blanket.price),)
    basket, _ = begin_order(shop, account, items, order_id=shop.kept_order_id)
    for article, quantity in ((lamp, 6), (candle, 40)):
        yield shop.between(MINUTE, 3 * MINUTE)
        command = AddItem(basket.order_id, article.sku, quantity, article.price, article.name)
        shop.order(command, basket.user, chain=basket.chain)
    yield 5 * MINUTE
    confirmed = shop.order(ConfirmOrder(basket.order_id), basket.user, chain=basket.chain)
    working = shop.clock.working
    closing = DAY * max(ODD_DAY, working // DAY + 2) - 1
    yield closing - working
    shop.clock.stay_late(_OVERTIME)
    shop.order(
        CorrectPrice(basket.order_id, lamp.sku, lamp.price // 2, catalogue.ODD_REASON),
        catalogue.ODD_CORRECTOR,
    )
    yield shop.between(30 * MINUTE, HOUR)
    account.open_orders.remove(basket.order_id)
    shop.order(parcel(shop, basket), catalogue.ODD_CORRECTOR, confirmed)


def standing_order(shop: Shop, length: int) -> Life:
    """An order with exactly `length` events, that a customer's people change for months and confirm at the end.

    Time is not its own: its events happen between others. The customer is the first one.
    """
    account = shop.accounts[0]
    colleagues = [catalogue.person(number, account.customer_id).email for number in (3, 8, 14)]
    basket, _ = begin_order(shop, account, some_items(shop, 9))
    account.open_orders.remove(basket.order_id)  # no policy may add events of its own
    delivered_to = account.address
    for number in range(2, length):
        yield 0
        if number % 9 == 0:  # somebody sits down at it anew
            basket.user, basket.chain = colleagues[shop.below(len(colleagues))], None
        if number % 400 == 0:
            delivered_to = shop.other_address(delivered_to)
            command = ChangeDeliveryAddress(basket.order_id, delivered_to)
            basket.chain = shop.order(command, basket.user, chain=basket.chain).metadata.correlation_id
        else:
            edit(shop, basket, most=24, least=6)
    if length > 1:
        yield 0
        shop.order(ConfirmOrder(basket.order_id), basket.user, chain=basket.chain)


def moves(shop: Shop, pause: int) -> Life:
    """Customers move or change their buyer now and then; open orders follow those who move."""
    while True:
        yield shop.between(pause // 2, pause * 3 // 2)
        account = shop.account()
        if shop.chance(0.3):
            account.contact = shop.other_contact(account)
            command = ChangeCustomerContact(account.customer_id, account.contact)
            shop.customer(command, shop.one_of(catalogue.CLERKS))
            continue
        account.address = shop.other_address(account.address)
        moved = shop.customer(
            ChangeCustomerAddress(account.customer_id, account.address), account.contact.email
        )
        for order_id in list(account.open_orders):
            yield shop.between(SECOND, 3 * SECOND)
            if order_id in account.open_orders:
                shop.order(ChangeDeliveryAddress(order_id, account.address), catalogue.ADDRESS_POLICY, moved)
