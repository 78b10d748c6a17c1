"""Linear text models: their features, their numbers, their scoring."""
