"""Reading the redirect of a provider."""

from connector_sdk.models import HandleAuthorizationCallbackRequest

__all__ = ["parse_auth_code_and_redirect_uri"]


def parse_auth_code_and_redirect_uri(args: HandleAuthorizationCallbackRequest) -> tuple[str, str]:
    """Return the code in a redirect, and the redirect without what the provider added to it.

    Raises:
        ConnectorError: as `connector_oauth.read_redirect`.
    """
    from connector_oauth import read_redirect

    request = args.request
    redirect = read_redirect(request.redirect_uri_with_code, state=request.state)
    return redirect.code, redirect.redirect_uri
