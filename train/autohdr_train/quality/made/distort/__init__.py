"""The twenty-five distortions of the made data set, by what they do to a picture."""
