"""How a network is trained: the recipes' settings (`recipe`), from photos to a network (`learn`), and the loop's parts.

`loop` takes the steps towards an `objective`, `loss` says what is made small, `optimiser` how far a step goes, `head`
what training begins with, `curve` how well it goes, `unfinished` what a killed run goes on from. `augment/` changes
photos, `coral/` aligns two kinds of light.
"""
