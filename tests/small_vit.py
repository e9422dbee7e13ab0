"""A ViT small enough for tests."""

from transformers import ViTConfig


def small_config() -> ViTConfig:
    """Two layers over the four patches of 32 x 32 pixels."""
    return ViTConfig(
        hidden_size=24,
        num_attention_heads=2,
        num_hidden_layers=2,
        intermediate_size=48,
        image_size=32,
        patch_size=16,
    )
