"""The catalogue of services (事项): what is offered, by whom, under which conditions, how fast.

A published version of an item never changes; a case pins the version it began with.
Publishing the same content again changes nothing.
"""

from tongban.catalogue import events
from tongban.catalogue.adapters.guide import Guide
from tongban.catalogue.adapters.lines import UnreadableFile
from tongban.catalogue.adapters.mapping import BadMapping, Mapping, read_mapping
from tongban.catalogue.adapters.mapping import shipped as shipped_mapping
from tongban.catalogue.adapters.reading import BadGuide, read_guide
from tongban.catalogue.adapters.translation import item_of
from tongban.catalogue.commands import (
    ImportReport,
    import_guides,
    import_items,
    publish,
    publish_all,
)
from tongban.catalogue.finding.find import Asked, find
from tongban.catalogue.finding.live import index_of, keep_current
from tongban.catalogue.model import (
    BASIC,
    CONTACT,
    KINDS,
    Audience,
    Basis,
    Channels,
    Choice,
    Code,
    Faq,
    Fee,
    Field,
    Handling,
    Item,
    Limit,
    Material,
    Need,
    NoSuchItem,
    Option,
    Question,
    Redress,
    Result,
    Source,
    SpecialProcedure,
    Status,
    Step,
    Unit,
    Widget,
    schema,
)
from tongban.catalogue.model.search import Match
from tongban.catalogue.queries import (
    By,
    Count,
    Filter,
    Found,
    ItemLine,
    Version,
    browse,
    counts,
    item,
    popular,
    search,
    versions,
)
from tongban.catalogue.store import PublishedMeanwhile

__all__ = [
    "BASIC",
    "CONTACT",
    "KINDS",
    "Asked",
    "Audience",
    "BadGuide",
    "BadMapping",
    "Basis",
    "By",
    "Channels",
    "Choice",
    "Code",
    "Count",
    "Faq",
    "Fee",
    "Field",
    "Filter",
    "Found",
    "Guide",
    "Handling",
    "ImportReport",
    "Item",
    "ItemLine",
    "Limit",
    "Mapping",
    "Match",
    "Material",
    "Need",
    "NoSuchItem",
    "Option",
    "PublishedMeanwhile",
    "Question",
    "Redress",
    "Result",
    "Source",
    "SpecialProcedure",
    "Status",
    "Step",
    "Unit",
    "UnreadableFile",
    "Version",
    "Widget",
    "browse",
    "counts",
    "events",
    "find",
    "import_guides",
    "import_items",
    "index_of",
    "item",
    "item_of",
    "keep_current",
    "popular",
    "publish",
    "publish_all",
    "read_guide",
    "read_mapping",
    "schema",
    "search",
    "shipped_mapping",
    "versions",
]
