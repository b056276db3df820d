"""Bad ratings: speak with the rater, then put right what was wrong."""
