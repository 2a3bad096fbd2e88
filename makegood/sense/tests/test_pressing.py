"""A press through Django."""

from functools import partial

import pytest

from makegood.ground.refusals import Invalid, Refused
from makegood.sense.models import Signal
from makegood.sense.placing import retire_touchpoint
from makegood.sense.pressing import receive_press

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]


def test_a_press_is_kept_once(table_14, now):
    first = receive_press(touchpoint=table_14, key="key-0001", now=now)
    assert receive_press(touchpoint=table_14, key="key-0001", now=now) == first
    assert first.site == table_14.site


def test_a_key_no_sender_makes_is_refused(table_14, now):
    with pytest.raises(Invalid) as refused:
        receive_press(touchpoint=table_14, key="\x00", now=now)
    assert refused.value.field == "key"


def test_a_retired_button_is_refused(table_14, now):
    retire_touchpoint(touchpoint=table_14, now=now)
    with pytest.raises(Refused) as refused:
        receive_press(touchpoint=table_14, key="key-0001", now=now)
    assert refused.value.status == 410
    assert not Signal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_pressed_at_once_with_one_key_is_one_press(table_14, now, at_once):
    press = partial(receive_press, touchpoint=table_14, key="key-0001", now=now)
    pressed = at_once(*[press] * 6)
    assert len({signal.pk for signal in pressed}) == 1
