"""Where a list goes on."""

from connector.utils.pagination import PaginationBase, create_next_page_token

PAGE_SIZE = 2


class Pagination(PaginationBase):
    """A place in the pages of an endpoint."""

    offset: int


NextPageToken = create_next_page_token(Pagination, "NextPageToken", "Places in two endpoints.")
