"""A process that founds a house for `bench/replay.py`, and replays a draft on its past."""

import cProfile
import io
import pstats
import resource
import sys
import time
from datetime import datetime, timedelta

import msgspec

from bench.rig.replays import Founded, Measured
from makegood.ground import clock, tenancy
from makegood.people.joining import add_staff, create_organisation
from makegood.people.models import Organisation, Role, Site
from makegood.recover.access import policy_in_force
from makegood.recover.policy import parse
from makegood.recover.publishing import DEFAULT_TEXT, policy_of
from makegood.recover.replaying.running import Task, replay

CHANGES = (
    ("by: 30 days at 18:00", "by: 14 days at 18:00"),
    ("offer: 40 to 80", "offer: 60 to 90"),
    ("visit.here || case.severity >= 4", "case.severity >= 3"),
    ("{who: manager, wait: 60 seconds}", "{who: manager, wait: 50 seconds}"),
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
    text = DEFAULT_TEXT
    for before, after in CHANGES:
        assert before in text, before
        text = text.replace(before, after, 1)
    site = Site.objects.select_related("organisation").get()
    owner = site.staff.get(role=Role.OWNER)
    end = datetime.fromisoformat(until) + timedelta(minutes=1)
    task = Task(
        organisation=organisation,
        running=policy_of(policy_in_force(owner).pk),
        running_number=1,
        draft=parse(text),
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
    stats = pstats.Stats(profile, stream=io.StringIO())
    spent = [
        (f"{file.rpartition('makegood/')[2]}:{name}", own)
        for (file, _, name), (_, _, own, _, _) in stats.stats.items()  # type: ignore[attr-defined]
    ]
    return sorted(spent, key=lambda one: -one[1])[:25]
