"""Series: photos that show one scene, seconds apart, and are labelled as one look."""
