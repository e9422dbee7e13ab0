"""Four experts on a photographer's sliders, and the mix of what they say."""
