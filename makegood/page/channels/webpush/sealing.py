"""Seals a message for one browser: RFC 8291 over RFC 8188 (aes128gcm), in one record.

The only library for it comes without a wheel, which our lock does not take; this is the RFC's own
recipe over `cryptography`, held to its published example by tests.
"""

import os
import struct
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

RECORD: Final = 4096  # what every push service takes
SALT_BYTES: Final = 16
HEADER: Final = SALT_BYTES + 4 + 1 + 65
LONGEST: Final = RECORD - HEADER - 16 - 1  # without the header, the tag and the delimiter
LAST_RECORD: Final = b"\x02"


def seal(
    plain: bytes,
    theirs: ec.EllipticCurvePublicKey,
    auth: bytes,
    *,
    ours: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of the push: only the browser can open it. A key and a salt of its own each time."""
    if len(plain) > LONGEST:
        raise ValueError(f"a push holds {LONGEST} bytes, not {len(plain)}")
    ours = ours or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(SALT_BYTES)
    sender, receiver = point(ours.public_key()), point(theirs)
    shared = ours.exchange(ec.ECDH(), theirs)
    secret = _derive(shared, auth, b"WebPush: info\0" + receiver + sender, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + struct.pack("!IB", RECORD, len(sender)) + sender
    return header + AESGCM(key).encrypt(nonce, plain + LAST_RECORD, None)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as push speaks of it: the uncompressed point."""
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
