"""Full-reference image quality in absolute luminance: data sets, models, and training that goes from SDR to HDR."""
