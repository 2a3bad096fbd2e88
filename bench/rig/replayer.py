"""A process that founds a house for `bench/replay.py`, and replays a draft on its past."""

import cProfile
import resource
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from types import CodeType

import msgspec

from bench.rig.replays import Founded, Measured
from makegood.ground import clock, tenancy
from makegood.people.joining import add_staff, create_organisation
from makegood.people.models import Organisation, Role, Site
from makegood.recover.access import policy_in_force
from makegood.recover.policy import Ladder, Policy
from makegood.recover.policy.conditions import compiled
from makegood.recover.policy.tables import LadderRow
from makegood.recover.policy.timing import read_by
from makegood.recover.replaying.running import Task, replay
from makegood.recover.versions.publishing import policy_of


def changed(policy: Policy) -> Policy:
    """The same with a step due sooner, richer offers, another ladder table and a shorter wait."""
    contact = replace(policy.steps["contact"], by=read_by("14 days at 18:00"))
    richer = tuple(
        replace(row, low=row.low + 10, high=row.high + 20) for row in policy.tables.remedies
    )
    graver = (LadderRow(compiled("case.severity >= 3"), "reach"),)
    reach = policy.ladders["reach"].rungs
    sooner = Ladder((replace(reach[0], wait_seconds=30), *reach[1:]))
    return replace(
        policy,
        tables=replace(policy.tables, remedies=richer, ladder=graver),
        ladders={**policy.ladders, "reach": sooner},
        steps={**policy.steps, "contact": contact},
    )


def main() -> None:
    """`found`, or `replay UNTIL [profile]`; the answer is JSON on standard output."""
    with tenancy.everywhere():
        answer = _found() if sys.argv[1] == "found" else _replay(*sys.argv[2:])
    sys.stdout.buffer.write(msgspec.json.encode(answer))


def _found() -> Founded:
    now = clock.now()
    organisation = create_organisation(
        name="Bench", site_name="Harbour", timezone="Europe/Madrid", currency="EUR",
        first_name="Di", last_name="O", email="di@bench.example", password="x" * 20,
        now=now - timedelta(days=400),
    )  # fmt: skip
    site = Site.objects.get(organisation=organisation)
    host, _ = (
        add_staff(
            site=site,
            first_name=name,
            last_name="B",
            email=f"{name}@bench.example",
            role=role,
            title="",
            now=now,
        )
        for name, role in (("Bo", Role.HOST), ("Cy", Role.MANAGER))
    )
    policy = policy_in_force(host)
    return Founded(
        str(organisation.pk), str(site.pk), str(policy.pk), str(host.pk), now.isoformat()
    )


def _replay(until: str, how: str = "") -> Measured:
    organisation = Organisation.objects.get()
    site = Site.objects.select_related("organisation").get()
    owner = site.staff.get(role=Role.OWNER)
    end = datetime.fromisoformat(until) + timedelta(minutes=1)
    running = policy_of(policy_in_force(owner).pk)
    task = Task(
        organisation=organisation,
        running=running,
        running_number=1,
        draft=changed(running),
        since=end - timedelta(days=91),
        until=end,
    )
    resting = _peak()
    profile = cProfile.Profile() if how == "profile" else None
    began, busy = time.perf_counter(), time.process_time()
    result = profile.runcall(replay, task) if profile else replay(task)
    lasted, processor = time.perf_counter() - began, time.process_time() - busy
    return Measured(
        signals=result.signals,
        opened=(result.running.opened, result.draft.opened),
        differing=result.differing,
        lasted=lasted,
        processor=processor,
        peak_mb=_peak(),
        grown_mb=_peak() - resting,
        hot=_hot(profile) if profile else [],
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _hot(profile: cProfile.Profile) -> list[tuple[str, float]]:
    spent = [(_named(entry.code), entry.inlinetime) for entry in profile.getstats()]
    return sorted(spent, key=lambda one: -one[1])[:25]


def _named(code: CodeType | str) -> str:
    if isinstance(code, str):
        return code
    return f"{code.co_filename.rpartition('makegood/')[2]}:{code.co_name}"
