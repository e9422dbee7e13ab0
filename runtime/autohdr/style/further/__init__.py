"""The sliders beside the eight, and white balance: a small model of their own, in a style whose edits move them."""
