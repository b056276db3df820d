"""What rules do of their own: replays, batch by batch."""

from typing import Any
from uuid import UUID

from tongban.foundation import jobs
from tongban.foundation.work import Work
from tongban.rulebook.commands import replay


@jobs.job(replay.JOB)
def replay_on(work: Work, payload: dict[str, Any]) -> None:
    """Do one batch: how far it is becomes visible with its commit."""
    replay.go_on(work, id=UUID(payload["id"]))
