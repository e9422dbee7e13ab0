"""The seed's three-part dataset: photos with labels (`raw`), their tensors (`tensors`), and variations (`augmented`)."""
