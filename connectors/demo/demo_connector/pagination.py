"""How the app's lists come in pages, and which lists there are."""

from connector_sdk.http import Endpoint, OffsetPages

PAGES = OffsetPages(largest_size=100, total="total")
"""`?offset=200&limit=100`; the body says how many items there are in all."""

USERS = Endpoint(url="/users", pages=PAGES, items="items")
GROUPS = Endpoint(url="/groups", pages=PAGES, items="items")
MEMBERSHIPS = Endpoint(url="/memberships", pages=PAGES, items="items")
