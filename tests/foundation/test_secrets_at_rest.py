"""Personal data at rest: encrypted with one key, found by hash, masked by default."""

import multiprocessing
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from tongban.foundation import secrets
from tongban.foundation.secrets import Vault, WrongKey, masked, vault

OURS, THEIRS = Vault(bytes(range(32))), Vault(bytes(range(1, 33)))


@for_all(st.text())
def test_what_is_sealed_is_read_again_with_the_same_key_only(text: str) -> None:
    sealed = OURS.encrypt(text)
    assert OURS.decrypt(sealed) == text
    with pytest.raises(WrongKey):
        THEIRS.decrypt(sealed)


def test_the_same_text_is_never_sealed_alike() -> None:
    assert OURS.encrypt("13800001234") != OURS.encrypt("13800001234")
    assert b"13800001234" not in OURS.encrypt("13800001234")


@for_all(st.integers(0, 200), st.integers(1, 255))
def test_a_changed_byte_is_noticed(place: int, change: int) -> None:
    sealed = bytearray(OURS.encrypt("330105199001011234"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(WrongKey):
        OURS.decrypt(bytes(sealed))


@for_all(st.binary(), st.binary(min_size=1))
def test_sealed_bytes_are_read_again_in_the_place_they_are_bound_to_only(
    content: bytes, place: bytes
) -> None:
    sealed = OURS.seal(content, bound_to=place)
    assert OURS.unseal(sealed, bound_to=place) == content
    for elsewhere in (b"", place + b"x"):
        with pytest.raises(WrongKey):
            OURS.unseal(sealed, bound_to=elsewhere)


@pytest.mark.parametrize("sealed", [b"", b"x", b"x" * 27])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(WrongKey):
        OURS.decrypt(sealed)


def test_the_hash_finds_a_number_however_it_is_typed_and_depends_on_the_key() -> None:
    assert len(OURS.keyed_hash("33010519900101123x")) == 32
    assert OURS.keyed_hash(" 33010519900101123x ") == OURS.keyed_hash("33010519900101123X")
    assert OURS.keyed_hash("1") != OURS.keyed_hash("2")
    assert OURS.keyed_hash("1") != THEIRS.keyed_hash("1")


def test_the_key_does_not_show_when_a_vault_is_printed() -> None:
    assert "key" not in repr(OURS)


def test_the_ciphers_are_the_national_ones() -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    # The examples of GM/T 0002 (SM4) and GM/T 0004 (SM3).
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    block = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert block.update(key).hex() == "681edf34d206965e86b3e94f536e4246"
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex().startswith("66c7f0f462eeedd9d1f2d46bdc10e4e2")


def key_in(folder: str) -> bytes:
    os.environ["TONGBAN_DATA"] = folder
    os.environ.pop("TONGBAN_KEY_FILE", None)
    vault.cache_clear()
    return vault().key


def test_many_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as starts:
        keys = starts.map(key_in, [str(tmp_path / "var")] * 8)
    assert len(set(keys)) == 1
    assert len(keys[0]) == 32
    file = tmp_path / "var" / "key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_damaged_key_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"short")
    monkeypatch.setenv("TONGBAN_KEY_FILE", str(file))
    with pytest.raises(WrongKey, match="32 bytes expected"):
        secrets.vault.__wrapped__()


@pytest.mark.parametrize(
    ("text", "head", "tail", "shown"),
    [
        ("13800001234", 3, 4, "138****1234"),
        ("张小明", 1, 1, "张*明"),
        ("张三", 1, 1, "张*"),
        ("张", 1, 1, "*"),
        ("", 1, 1, ""),
        ("12345", 3, 4, "1****"),
        ("abc", 0, 0, "***"),
    ],
)
def test_personal_data_are_masked(text: str, head: int, tail: int, shown: str) -> None:
    assert masked(text, head=head, tail=tail) == shown


@for_all(st.text(), st.integers(0, 8), st.integers(0, 8))
def test_a_mask_keeps_the_length_and_never_shows_all(text: str, head: int, tail: int) -> None:
    shown = masked(text, head=head, tail=tail)
    assert len(shown) == len(text)
    assert not text or "*" in shown
