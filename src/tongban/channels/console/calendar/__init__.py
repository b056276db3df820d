"""The working-day calendar: look at a year, correct a day, stop work, import a notice."""
