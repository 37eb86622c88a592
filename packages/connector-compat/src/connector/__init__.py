"""The import paths of the predecessor's API, for connectors that were written for it.

Everything here comes from `connector_sdk`, `connector_oauth` and `connector_cli`, as it is or
through a few lines that translate a signature. How a connector leaves it: docs/migrating.md.
"""

from connector._generator_methods import GeneratorMethods
from connector._habits import give
from connector_sdk.models.base import WireModel

# Whichever module a connector imports first, its models can do what generated ones could.
give(GeneratorMethods, to=WireModel)
