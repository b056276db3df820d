"""The public lists (清单公开): powers, duties, negative list, fees, intermediary services."""
