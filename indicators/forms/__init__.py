"""Shapes of input: values (`values`), definitions and targets (`catalogue`)."""

from indicators.forms.values import NumberField, ObservationForm, YesNoField, started_from, told

__all__ = ["NumberField", "ObservationForm", "YesNoField", "started_from", "told"]
