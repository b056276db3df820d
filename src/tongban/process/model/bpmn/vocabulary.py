"""Which elements BPMN 2.0.2 has, and which attributes and children each may have.

The table follows the metamodel (clauses 8 to 11 of the standard): a line has a type, the type it
extends, its own attributes, and its own children. Children are elements, or groups in capitals.
Elements whose type has another name, or that exist only inside another, are listed after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

TYPES = """
documentation - | id textFormat |
extensionElements - | |
text - | |
script - | |
baseElement - | id | documentation extensionElements
expression baseElement | |
formalExpression expression | language evaluatesToTypeRef |
assignment baseElement | | from to
auditing baseElement | |
monitoring baseElement | |
dataState baseElement | name |
property baseElement | name itemSubjectRef | dataState
dataInput baseElement | name itemSubjectRef isCollection | dataState
dataOutput baseElement | name itemSubjectRef isCollection | dataState
inputSet baseElement | name | dataInputRefs optionalInputRefs whileExecutingInputRefs outputSetRefs
outputSet baseElement | name | dataOutputRefs optionalOutputRefs whileExecutingOutputRefs \
inputSetRefs
ioSpecification baseElement | | dataInput dataOutput inputSet outputSet
ioBinding baseElement | operationRef inputDataRef outputDataRef |
dataInputAssociation baseElement | | sourceRef targetRef transformation assignment
dataOutputAssociation baseElement | | sourceRef targetRef transformation assignment
resourceParameterBinding baseElement | parameterRef | EXPRESSION
resourceAssignmentExpression baseElement | | EXPRESSION
resourceRole baseElement | name | resourceRef resourceParameterBinding resourceAssignmentExpression
performer resourceRole | |
humanPerformer resourceRole | |
potentialOwner resourceRole | |
rendering baseElement | |
complexBehaviorDefinition baseElement | | condition event
standardLoopCharacteristics baseElement | testBefore loopMaximum | loopCondition
multiInstanceLoopCharacteristics baseElement | isSequential behavior oneBehaviorEventRef \
noneBehaviorEventRef | loopCardinality loopDataInputRef loopDataOutputRef inputDataItem \
outputDataItem complexBehaviorDefinition completionCondition
flowElement baseElement | name | auditing monitoring categoryValueRef
flowNode flowElement | | incoming outgoing
sequenceFlow flowElement | sourceRef targetRef isImmediate | conditionExpression
dataObject flowElement | itemSubjectRef isCollection | dataState
dataObjectReference flowElement | itemSubjectRef dataObjectRef | dataState
dataStoreReference flowElement | itemSubjectRef dataStoreRef | dataState
event flowNode | | property
catchEvent event | parallelMultiple | dataOutput dataOutputAssociation outputSet EVENT \
eventDefinitionRef
throwEvent event | | dataInput dataInputAssociation inputSet EVENT eventDefinitionRef
startEvent catchEvent | isInterrupting |
intermediateCatchEvent catchEvent | |
boundaryEvent catchEvent | cancelActivity attachedToRef |
endEvent throwEvent | |
intermediateThrowEvent throwEvent | |
implicitThrowEvent throwEvent | |
gateway flowNode | gatewayDirection |
exclusiveGateway gateway | default |
inclusiveGateway gateway | default |
parallelGateway gateway | |
complexGateway gateway | default | activationCondition
eventBasedGateway gateway | instantiate eventGatewayType |
activity flowNode | isForCompensation startQuantity completionQuantity default | ioSpecification \
property dataInputAssociation dataOutputAssociation ROLE LOOP
task activity | |
manualTask activity | |
userTask activity | implementation | rendering
serviceTask activity | implementation operationRef |
sendTask activity | implementation operationRef messageRef |
receiveTask activity | implementation operationRef messageRef instantiate |
businessRuleTask activity | implementation |
scriptTask activity | scriptFormat | script
callActivity activity | calledElement |
subProcess activity | triggeredByEvent | laneSet FLOW_ELEMENT ARTIFACT
transaction subProcess | method |
adHocSubProcess subProcess | cancelRemainingInstances ordering | completionCondition
laneSet baseElement | name | lane
childLaneSet laneSet | |
lane baseElement | name partitionElementRef | partitionElement flowNodeRef childLaneSet
textAnnotation baseElement | textFormat | text
group baseElement | categoryValueRef |
association baseElement | sourceRef targetRef associationDirection |
cancelEventDefinition baseElement | |
compensateEventDefinition baseElement | waitForCompletion activityRef |
conditionalEventDefinition baseElement | | condition
errorEventDefinition baseElement | errorRef |
escalationEventDefinition baseElement | escalationRef |
linkEventDefinition baseElement | name | source target
messageEventDefinition baseElement | messageRef | operationRef
signalEventDefinition baseElement | signalRef |
terminateEventDefinition baseElement | |
timerEventDefinition baseElement | | timeDate timeDuration timeCycle
message baseElement | name itemRef |
signal baseElement | name structureRef |
error baseElement | name errorCode structureRef |
escalation baseElement | name escalationCode structureRef |
itemDefinition baseElement | structureRef isCollection itemKind |
dataStore baseElement | name capacity isUnlimited itemSubjectRef | dataState
category baseElement | name | categoryValue
categoryValue baseElement | value |
resourceParameter baseElement | name type isRequired |
resource baseElement | name | resourceParameter
operation baseElement | name implementationRef | inMessageRef outMessageRef errorRef
interface baseElement | name implementationRef | operation
endPoint baseElement | |
partnerEntity baseElement | name | participantRef
partnerRole baseElement | name | participantRef
correlationProperty baseElement | name type | correlationPropertyRetrievalExpression
correlationPropertyRetrievalExpression baseElement | messageRef | messagePath
correlationKey baseElement | name | correlationPropertyRef
correlationPropertyBinding baseElement | correlationPropertyRef | dataPath
correlationSubscription baseElement | correlationKeyRef | correlationPropertyBinding
callableElement baseElement | name | supportedInterfaceRef ioSpecification ioBinding
globalTask callableElement | | ROLE
globalUserTask globalTask | implementation | rendering
globalManualTask globalTask | |
globalScriptTask globalTask | scriptLanguage | script
globalBusinessRuleTask globalTask | implementation |
process callableElement | processType isClosed isExecutable definitionalCollaborationRef | \
auditing monitoring property laneSet FLOW_ELEMENT ARTIFACT ROLE correlationSubscription supports
participantMultiplicity baseElement | minimum maximum |
participant baseElement | name processRef | interfaceRef endPointRef participantMultiplicity
participantAssociation baseElement | | innerParticipantRef outerParticipantRef
messageFlow baseElement | name sourceRef targetRef messageRef |
messageFlowAssociation baseElement | innerMessageFlowRef outerMessageFlowRef |
conversationAssociation baseElement | innerConversationNodeRef outerConversationNodeRef |
conversationLink baseElement | name sourceRef targetRef |
conversationNode baseElement | name | participantRef messageFlowRef correlationKey
conversation conversationNode | |
callConversation conversationNode | calledCollaborationRef | participantAssociation
subConversation conversationNode | | CONVERSATION
collaboration baseElement | name isClosed | participant messageFlow ARTIFACT CONVERSATION \
conversationAssociation participantAssociation messageFlowAssociation correlationKey \
choreographyRef conversationLink
globalConversation collaboration | |
choreographyActivity flowNode | initiatingParticipantRef loopType | participantRef correlationKey
choreographyTask choreographyActivity | | messageFlowRef
callChoreography choreographyActivity | calledChoreographyRef | participantAssociation
subChoreography choreographyActivity | | FLOW_ELEMENT ARTIFACT
choreography collaboration | | FLOW_ELEMENT
globalChoreographyTask choreography | initiatingParticipantRef |
import - | namespace location importType |
extension - | definition mustUnderstand | documentation
relationship baseElement | type direction | source target
definitions - | id name targetNamespace expressionLanguage typeLanguage exporter exporterVersion | \
import extension ROOT relationship
"""
ABSTRACT = frozenset(
    [
        "baseElement",
        "flowElement",
        "flowNode",
        "event",
        "catchEvent",
        "throwEvent",
        "gateway",
        "activity",
        "callableElement",
        "conversationNode",
        "choreographyActivity",
    ]
)
GROUPS: Mapping[str, str] = {
    "EXPRESSION": "expression formalExpression",
    "ROLE": "resourceRole performer humanPerformer potentialOwner",
    "LOOP": "standardLoopCharacteristics multiInstanceLoopCharacteristics",
    "EVENT": "cancelEventDefinition compensateEventDefinition conditionalEventDefinition "
    "errorEventDefinition escalationEventDefinition linkEventDefinition messageEventDefinition "
    "signalEventDefinition terminateEventDefinition timerEventDefinition",
    "FLOW_ELEMENT": "sequenceFlow dataObject dataObjectReference dataStoreReference startEvent "
    "intermediateCatchEvent boundaryEvent endEvent intermediateThrowEvent implicitThrowEvent "
    "exclusiveGateway inclusiveGateway parallelGateway complexGateway eventBasedGateway task "
    "manualTask userTask serviceTask sendTask receiveTask businessRuleTask scriptTask "
    "callActivity subProcess transaction adHocSubProcess choreographyTask callChoreography "
    "subChoreography",
    "ARTIFACT": "textAnnotation group association",
    "CONVERSATION": "conversation callConversation subConversation",
    "ROOT": "category choreography collaboration correlationProperty dataStore endPoint error "
    "escalation globalBusinessRuleTask globalChoreographyTask globalConversation globalManualTask "
    "globalScriptTask globalTask globalUserTask interface itemDefinition message partnerEntity "
    "partnerRole process resource signal EVENT",
}
# Elements that hold an expression, whatever they are called.
EXPRESSIONS = frozenset(
    [
        "conditionExpression",
        "condition",
        "timeDate",
        "timeDuration",
        "timeCycle",
        "loopCondition",
        "loopCardinality",
        "completionCondition",
        "activationCondition",
        "transformation",
        "from",
        "to",
        "messagePath",
        "dataPath",
    ]
)
# Elements that stand for another one of a known type.
OTHER_NAMES: Mapping[str, str] = {
    "inputDataItem": "dataInput",
    "outputDataItem": "dataOutput",
    "event": "implicitThrowEvent",
    "partitionElement": "baseElement",
}


@dataclass(frozen=True, slots=True)
class ElementKind:
    """What an element may have. ``mixed``: text counts."""

    name: str
    attributes: frozenset[str]
    children: frozenset[str]


def _members(names: str) -> frozenset[str]:
    found: set[str] = set()
    for name in names.split():
        found |= _members(GROUPS[name]) if name in GROUPS else {name}
    return frozenset(found)


def _kinds() -> dict[str, ElementKind]:
    kinds: dict[str, ElementKind] = {}
    for line in TYPES.strip().splitlines():
        head, attributes, children = (part.strip() for part in line.split("|"))
        name, parent = head.split()
        above = kinds.get(parent, ElementKind("", frozenset(), frozenset()))
        kinds[name] = ElementKind(
            name,
            above.attributes | frozenset(attributes.split()),
            above.children | _members(children),
        )
    return kinds


def _elements() -> dict[str, ElementKind]:
    kinds = _kinds()
    found = {name: kind for name, kind in kinds.items() if name not in ABSTRACT}
    found |= dict.fromkeys(EXPRESSIONS, kinds["formalExpression"])
    found |= {name: kinds[kind] for name, kind in OTHER_NAMES.items()}
    # What remains are references: elements that hold nothing but an id.
    reference = ElementKind("reference", frozenset(), frozenset())
    for kind in kinds.values():
        for child in kind.children - found.keys():
            found[child] = reference
    return found


ELEMENTS: Mapping[str, ElementKind] = MappingProxyType(_elements())
