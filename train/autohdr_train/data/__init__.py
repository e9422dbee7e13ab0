"""The seed's three-part dataset: photos with labels (`raw`), their tensors (`tensors`), variations (`augmented`)."""
