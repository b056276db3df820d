"""The data of files of other tools: objects, references, inputs and outputs, associations."""

import pytest

from conftest import MONDAY
from given_files import one_step, ran, refusal, written_from_its_parts
from tongban.process import compiled, read
from tongban.process.model.memory import Memory

DATA_BY_ID = """
 <dataObjectReference id="r1" dataObjectRef="from-here.1"/><dataObject id="from-here.1"/>
 <dataObjectReference id="r2" dataObjectRef="o2"/><dataObject id="o2" name="to there (2nd)"/>
 <userTask id="t">
  <ioSpecification><dataInput id="in-1"/><dataOutput id="out-1" name="what came out"/>
   <inputSet><dataInputRefs>in-1</dataInputRefs></inputSet>
   <outputSet><dataOutputRefs>out-1</dataOutputRefs></outputSet></ioSpecification>
  <dataInputAssociation><sourceRef>r1</sourceRef><targetRef>in-1</targetRef>
   </dataInputAssociation>
  <dataOutputAssociation><sourceRef>out-1</sourceRef><targetRef>r2</targetRef>
   </dataOutputAssociation></userTask>"""


def test_data_without_a_name_is_copied_by_its_id_whatever_letters_that_has() -> None:
    memory = ran(one_step(DATA_BY_ID), {"from-here.1": 7})
    [task] = memory.waiting()
    assert memory.variables[task.id] == {"in-1": 7}
    memory.complete(task, {"what came out": 8})
    assert memory.variables[0]["to there (2nd)"] == 8
    definition = read(one_step(DATA_BY_ID))
    assert written_from_its_parts(definition).processes == definition.processes


OVER_A_LIST = """
 <dataObject id="d1" name="all requests"/><dataObject id="d2" name="all answers"/>
 <userTask id="t">
  <ioSpecification><dataInput id="in-all"/><dataInput id="in-one" name="request"/>
   <dataOutput id="out-one" name="answer"/><dataOutput id="out-all"/>
   <inputSet/><outputSet/></ioSpecification>
  <dataInputAssociation><sourceRef>d1</sourceRef><targetRef>in-all</targetRef>
   </dataInputAssociation>
  <dataInputAssociation><sourceRef>each-in</sourceRef><targetRef>in-one</targetRef>
   </dataInputAssociation>
  <dataOutputAssociation><sourceRef>out-one</sourceRef><targetRef>each.out</targetRef>
   </dataOutputAssociation>
  <dataOutputAssociation><sourceRef>out-all</sourceRef><targetRef>d2</targetRef>
   </dataOutputAssociation>
  <multiInstanceLoopCharacteristics isSequential="{}">
   <loopDataInputRef>in-all</loopDataInputRef><loopDataOutputRef>out-all</loopDataOutputRef>
   <inputDataItem id="each-in"/><outputDataItem id="each.out"/>
  </multiInstanceLoopCharacteristics></userTask>"""


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_a_task_over_a_list_gets_and_gives_through_its_own_data(sequential: str) -> None:
    """The collection is a data input of the task, the results a data output (10.3.8)."""
    data = one_step(OVER_A_LIST.format(sequential))
    memory = ran(data, {"all requests": ["a", "b"]})
    for _ in range(2):
        task = memory.waiting()[0]
        request = memory.variables[task.id]["request"]
        memory.complete(task, {"answer": f"{request}!"})
    assert memory.outcome == "completed"
    assert memory.variables[0]["all answers"] == ["a!", "b!"]
    definition = read(data)
    assert written_from_its_parts(definition).processes == definition.processes


def test_what_a_step_gives_under_the_same_name_is_given() -> None:
    step = """<dataObject id="d1" name="x"/><dataObject id="d2" name="z"/><userTask id="t">
     <ioSpecification><dataOutput id="o1" name="x"/><dataOutput id="o2" name="y"/>
      <inputSet/><outputSet/></ioSpecification>
     <dataOutputAssociation><sourceRef>o1</sourceRef><targetRef>d1</targetRef>
      </dataOutputAssociation>
     <dataOutputAssociation><sourceRef>o2</sourceRef><targetRef>d2</targetRef>
      </dataOutputAssociation></userTask>"""
    memory = ran(one_step(step))
    memory.complete(memory.waiting()[0], {"x": 1, "y": 2, "w": 3})
    assert memory.variables == {0: {"x": 1, "z": 2}}


def test_references_to_one_data_object_are_one_variable_whatever_they_are_called() -> None:
    steps = """<dataObject id="o"/>
     <dataObjectReference id="r1" name="the order" dataObjectRef="o"/>
     <dataObjectReference id="r2" name="the order [paid]" dataObjectRef="o"/>
     <userTask id="t"><ioSpecification><dataOutput id="out"/><inputSet/><outputSet/>
      </ioSpecification><dataOutputAssociation><sourceRef>out</sourceRef><targetRef>r1</targetRef>
      </dataOutputAssociation></userTask>
     <userTask id="u"><ioSpecification><dataInput id="in"/><inputSet/><outputSet/>
      </ioSpecification><dataInputAssociation><sourceRef>r2</sourceRef><targetRef>in</targetRef>
      </dataInputAssociation></userTask><sequenceFlow id="g" sourceRef="t" targetRef="u"/>"""
    memory = ran(one_step(steps))
    memory.complete(memory.waiting()[0], {"out": 5})
    assert memory.variables[0] == {"the order": 5}
    assert memory.variables[memory.waiting()[0].id] == {"in": 5}


def test_a_data_object_drawn_beside_a_call_does_not_shut_the_called_process_off() -> None:
    steps = """<dataObject id="o"/><dataObjectReference id="r" name="x" dataObjectRef="o"/>
     <callActivity id="t" calledElement="q"><property id="anchor" name="__targetRef_placeholder"/>
      <dataInputAssociation><sourceRef>r</sourceRef><targetRef>anchor</targetRef>
      </dataInputAssociation></callActivity>"""
    below = '<process id="q"><userTask id="u"/></process>'
    definition = read(one_step(steps, below))
    graphs = [compiled(definition, process=name) for name in ("p", "q")]
    memory = Memory(graphs, MONDAY)
    memory.start({"x": 1})
    memory.complete(memory.waiting()[0], {"y": 2})
    assert memory.variables[0] == {"x": 1, "y": 2}


def test_a_path_is_no_name_of_a_variable_to_assign_to() -> None:
    step = """<userTask id="t"><ioSpecification><dataInput id="i"/><inputSet/><outputSet/>
     </ioSpecification><dataInputAssociation><targetRef>i</targetRef><assignment><from>1</from>
     <to>getDataInput('i')/part</to></assignment></dataInputAssociation></userTask>"""
    assert "目标“getDataInput('i')/part”不是变量的名称" in refusal(one_step(step))
    assert ran(one_step(step.replace("getDataInput('i')/part", "i"))).waiting()
