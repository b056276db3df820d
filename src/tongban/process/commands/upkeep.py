"""What a start of the installation does with the rows that older versions have written."""

from dataclasses import dataclass

from tongban.foundation.work import Work
from tongban.process.store import definition


@dataclass(frozen=True, slots=True)
class _Definition:
    id: int


def note_acts(work: Work) -> None:
    """Note at work items that were opened by an older version which act completes them.

    Permits everyone: a start of the installation does it, and what may be done stays the same.
    """
    acting = [
        (row.id, node.id, node.attributes.act)
        for row in work.all(
            _Definition,
            """
            select distinct definition as id from process.token
             where state = 'work' and act is null
            """,
        )
        for node in definition.graph(work, row.id).nodes
        if node.attributes.act
    ]
    work.run(
        """
        update process.token t set act = k.act
          from unnest(%(definitions)s::bigint[], %(nodes)s::text[], %(acts)s::text[])
               as k (definition, node, act)
         where t.state = 'work' and t.act is null and t.definition = k.definition
           and t.node = k.node
        """,
        definitions=[one for one, _, _ in acting],
        nodes=[one for _, one, _ in acting],
        acts=[one for _, _, one in acting],
    )
