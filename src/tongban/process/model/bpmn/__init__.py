"""BPMN 2.0 XML: read strictly, written back without loss."""
