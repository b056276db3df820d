from starlette.requests import Request
from starlette.responses import Response

from tongban.channels.shell.pages import OFFICER, action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation import jobs, outbox, trace
from tongban.foundation.work import Work


def home(request: Request, work: Work) -> Response:
    """Where officers of the console begin; shows what they may see."""
    reads = work.actor.may("operations.read")
    return show(
        request,
        "console/operations/home.html",
        waiting=outbox.waiting(work) if reads else None,
        dead=len(outbox.dead_letters(work)) if reads else None,
        jobs=jobs.unfinished(work) if reads else None,
    )


def dead_letters(request: Request, work: Work) -> Response:
    return show(request, "console/operations/dead_letters.html", letters=outbox.dead_letters(work))


def replay(request: Request, work: Work) -> Response:
    outbox.replay(work, delivery=request.path_params["id"])
    return go_to(request, "console.dead_letters", flash="已重新投递，结果稍后可见")


def job_list(request: Request, work: Work) -> Response:
    return show(request, "console/operations/jobs.html", jobs=jobs.unfinished(work))


def retry_job(request: Request, work: Work) -> Response:
    jobs.retry(work, job=request.path_params["id"])
    return go_to(request, "console.jobs", flash="已重新安排，结果稍后可见")


def trace_search(request: Request, work: Work) -> Response:
    """Find the whole trace of a subject; row-level security decides what of it is shown."""
    subject = request.query_params.get("subject", "").strip()
    return show(
        request,
        "console/operations/trace.html",
        subject=subject,
        entries=trace.trace(work, subject=subject) if subject else [],
    )


routes = [
    page("/console", home, name="console.home", permit=OFFICER),
    page(
        "/console/dead-letters", dead_letters, name="console.dead_letters", permit="operations.read"
    ),
    action(
        "/console/dead-letters/{id:int}/replay",
        replay,
        name="console.replay",
        permit="operations.replay",
    ),
    page("/console/jobs", job_list, name="console.jobs", permit="operations.read"),
    action(
        "/console/jobs/{id:int}/retry", retry_job, name="console.retry", permit="operations.replay"
    ),
    page("/console/trace", trace_search, name="console.trace", permit="trace.read"),
]
