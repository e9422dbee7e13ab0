"""Makes a data set of distorted pictures that teachers score: agreement with it is not agreement with people."""
