"""BPMN files as other tools write them, and what becomes of them in memory."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from conftest import MONDAY
from tongban.process import Definition, Faulty, compiled, read, write
from tongban.process.model.memory import Memory

HEAD = """<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:own"
 xmlns:own="urn:own" xmlns:other="urn:engine">"""


def file(body: str, roots: str = "") -> bytes:
    return (
        f'{HEAD}{roots}<process id="p" isExecutable="true">{body}</process></definitions>'
    ).encode()


def one_step(step: str, roots: str = "") -> bytes:
    flow = '<sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
    return file(f'<startEvent id="s"/>\n{step}{flow}', roots)


def refusal(data: bytes) -> str:
    with pytest.raises(Faulty) as refused:
        compiled(read(data))
    # Every language is told, since a detail of a message might clash with what tells it.
    assert refused.value.told("en")
    return refused.value.told()


def ran(data: bytes, facts: Mapping[str, object] | None = None) -> Memory:
    """The first process of a file, as far as it comes by itself."""
    memory = Memory([compiled(read(data))], MONDAY)
    memory.start(facts or {})
    return memory


def written_from_its_parts(definition: Definition) -> Definition:
    return read(write(replace(definition, source=b"")))
