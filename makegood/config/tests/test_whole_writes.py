"""What is written within one turn of the loop leaves as one piece, in order, and before the end."""

import asyncio

from makegood.config.whole_writes import WholeWrites


class Wire(asyncio.Transport):
    """Remembers what reached it."""

    def __init__(self):
        super().__init__()
        self.pieces = []
        self.closed = False

    def write(self, data):
        self.pieces.append(bytes(data))

    def close(self):
        self.closed = True

    def is_closing(self):
        return self.closed


def test_head_and_body_leave_together_and_the_next_answer_by_itself():
    async def answer_twice():
        wire = Wire()
        transport = WholeWrites(wire, asyncio.get_running_loop())
        transport.write(b"head ")
        transport.write(b"body")
        assert wire.pieces == []
        await asyncio.sleep(0)
        transport.write(b"next")
        await asyncio.sleep(0)
        return wire.pieces

    assert asyncio.run(answer_twice()) == [b"head body", b"next"]


def test_hanging_up_first_passes_on_what_was_written():
    async def answer_and_close():
        wire = Wire()
        transport = WholeWrites(wire, asyncio.get_running_loop())
        transport.write(b"goodbye")
        transport.close()
        await asyncio.sleep(0)
        return wire

    wire = asyncio.run(answer_and_close())
    assert (wire.pieces, wire.closed) == ([b"goodbye"], True)


def test_a_client_that_hung_up_meanwhile_is_written_nothing():
    async def answer_nobody():
        wire = Wire()
        transport = WholeWrites(wire, asyncio.get_running_loop())
        transport.write(b"too late")
        wire.close()
        await asyncio.sleep(0)
        return wire.pieces

    assert asyncio.run(answer_nobody()) == []
